// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/beyond_metric.hpp>

#include <string>
#include <vector>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using variant = rk::beyond_variant;

TEST_CASE("every measure beyond accuracy with its default choices is called measure@k") {
  std::vector<std::string> names;
  for (const auto& metric : rk::all_beyond_metrics(7)) names.push_back(metric.name());
  CHECK(names == std::vector<std::string>{
                     "coverage@7", "user_coverage@7", "diversity@7", "category_diversity@7",
                     "novelty@7", "serendipity@7", "unexpectedness@7", "gini@7", "entropy@7",
                     "average_popularity@7", "popularity_lift@7", "group_share(group=0)@7",
                     "personalisation@7", "calibration_error@7", "empty_places@7", "duplicates@7"});
}

TEST_CASE("each variant has the name of its choice") {
  CHECK(rk::coverage(5, variant::seen).name() == "coverage(seen)@5");
  CHECK(rk::coverage(5, variant::count).name() == "coverage(count)@5");
  CHECK(rk::user_coverage(5, variant::full).name() == "user_coverage(full)@5");
  CHECK(rk::category_diversity(5, variant::categories).name() ==
        "category_diversity(categories)@5");
  CHECK(rk::novelty(5, variant::surprisal).name() == "novelty(surprisal)@5");
  CHECK(rk::novelty(5, variant::interactions).name() == "novelty(interactions)@5");
  CHECK(rk::serendipity(5, variant::distance).name() == "serendipity(distance)@5");
  CHECK(rk::unexpectedness(5, variant::distance).name() == "unexpectedness(distance)@5");
  CHECK(rk::unexpectedness(5, variant::nearest).name() == "unexpectedness(nearest)@5");
  CHECK(rk::gini(5, variant::normalised).name() == "gini(normalised)@5");
  CHECK(rk::entropy(5, variant::nats).name() == "entropy(nats)@5");
  CHECK(rk::entropy(5, variant::nats_a_item).name() == "entropy(nats_a_item)@5");
  CHECK(rk::entropy(5, variant::normalised).name() == "entropy(normalised)@5");
  CHECK(rk::average_popularity(5, variant::users).name() == "average_popularity(users)@5");
  CHECK(rk::average_popularity(5, variant::interactions).name() ==
        "average_popularity(interactions)@5");
  CHECK(rk::popularity_lift(5, variant::per_user).name() == "popularity_lift(per_user)@5");
  CHECK(rk::group_share(2, 5, variant::profile).name() == "group_share(group=2,profile)@5");
  CHECK(rk::group_share(2, 5, variant::change).name() == "group_share(group=2,change)@5");
  CHECK(rk::group_share(2, 5, variant::exposure).name() == "group_share(group=2,exposure)@5");
  CHECK(rk::personalisation(5, variant::cosine).name() == "personalisation(cosine)@5");
  CHECK(rk::calibration_error(5, variant::js).name() == "calibration_error(js)@5");
  CHECK(rk::calibration_error(5, variant::hellinger).name() == "calibration_error(hellinger)@5");
  CHECK(rk::calibration_error(5, variant::absolute).name() == "calibration_error(absolute)@5");
  CHECK(rk::diversity(5, rk::undefined_value::left_out).name() == "diversity(left_out)@5");
}

TEST_CASE("the name of a metric beyond accuracy reads back to the same metric") {
  auto metrics = rk::all_beyond_metrics(3);
  auto micro = rk::novelty(4, variant::interactions);
  micro.average = rk::user_average::micro;
  micro.unseen = rk::unseen_item::zero;
  metrics.push_back(micro);
  auto surprisal = rk::novelty(4, variant::surprisal);
  surprisal.divisor = rk::metric_divisor::k;
  surprisal.undefined = rk::undefined_value::zero;
  metrics.push_back(surprisal);
  auto calibration = rk::calibration_error(12);
  calibration.alpha = 0.05;
  metrics.push_back(calibration);
  metrics.push_back(rk::diversity(9, rk::undefined_value::left_out));
  metrics.push_back(rk::group_share(3, 20, variant::change));
  for (const auto& metric : metrics) {
    CAPTURE(metric.name());
    CHECK(rk::parse_beyond_metric(metric.name()) == metric);
    CHECK_FALSE(metric.convention().empty());
  }
  CHECK(micro.name() == "novelty(interactions,unseen=0,micro)@4");
  CHECK(surprisal.name() == "novelty(surprisal,k,zero)@4");
  CHECK(calibration.name() == "calibration_error(alpha=0.05)@12");
}

TEST_CASE("choices that are the default may be written out") {
  CHECK(rk::parse_beyond_metric("novelty(users,listed,left_out,unseen=1,macro)@10") ==
        rk::novelty(10));
  CHECK(rk::parse_beyond_metric("diversity(mean,zero)@10") == rk::diversity(10));
  CHECK(rk::parse_beyond_metric("calibration_error(kl,alpha=0.01)@10") ==
        rk::calibration_error(10));
}

TEST_CASE("conventions say what is divided by what") {
  CHECK(rk::coverage(10).convention() ==
        "distinct items in the first 10 of all lists / items of the catalogue");
  CHECK_THAT(rk::gini(10).convention(), ContainsSubstring("/ (n * sum of x)"));
  CHECK_THAT(rk::gini(10, variant::normalised).convention(), ContainsSubstring("((n - 1) *"));
  CHECK_THAT(rk::novelty(10).convention(), ContainsSubstring("/ length of the list") &&
                                               ContainsSubstring("unseen item has one") &&
                                               ContainsSubstring("undefined is left out"));
  CHECK_THAT(rk::diversity(10).convention(), ContainsSubstring("undefined is 0"));
  CHECK_THAT(rk::entropy(10, variant::nats_a_item).convention(),
             ContainsSubstring("/ distinct items recommended"));
}

TEST_CASE("measures of all lists together say so") {
  CHECK(rk::coverage(1).aggregate());
  CHECK(rk::gini(1).aggregate());
  CHECK(rk::entropy(1).aggregate());
  CHECK(rk::personalisation(1).aggregate());
  CHECK(rk::group_share(0, 1, variant::exposure).aggregate());
  CHECK_FALSE(rk::group_share(0, 1).aggregate());
  CHECK_FALSE(rk::novelty(1).aggregate());
  CHECK_FALSE(rk::user_coverage(1).aggregate());
}

TEST_CASE("a metric beyond accuracy that cannot be read is an error that says why") {
  const auto text = [](std::string_view metric) {
    return error_text<rk::value_error>([&] { rk::parse_beyond_metric(metric); });
  };
  CHECK_THAT(text("noveltee@10"), ContainsSubstring("unknown measure; known are coverage"));
  CHECK_THAT(text("novelty"), ContainsSubstring("measure@k"));
  for (const auto* bad : {"novelty@", "novelty@0", "novelty@-3", "novelty@1x", "novelty@all"}) {
    CHECK_THAT(text(bad), ContainsSubstring("whole number"));
  }
  CHECK_THAT(text("novelty()@5"), ContainsSubstring("parentheses are empty"));
  CHECK_THAT(text("novelty(bits)@5"), ContainsSubstring("\"bits\" is no choice of novelty"));
  CHECK_THAT(text("group_share(group=x)@5"), ContainsSubstring("whole number"));
  CHECK_THAT(text("group_share(group=-1)@5"), ContainsSubstring("negative"));
  CHECK_THAT(text("novelty(group=1)@5"), ContainsSubstring("only group_share"));
  CHECK_THAT(text("calibration_error(alpha=1)@5"), ContainsSubstring("must be in (0, 1)"));
  CHECK_THAT(text("calibration_error(alpha=nan)@5"), ContainsSubstring("must be in (0, 1)"));
  CHECK_THAT(text("calibration_error(alpha=z)@5"), ContainsSubstring("number"));
  CHECK_THAT(text("calibration_error(js,alpha=0.1)@5"), ContainsSubstring("has an alpha"));
  CHECK_THAT(text("gini(k)@5"), ContainsSubstring("no choice of divisor"));
  CHECK_THAT(text("group_share(group=0,profile,k)@5"), ContainsSubstring("no choice of divisor"));
  CHECK_THAT(text("gini(zero)@5"), ContainsSubstring("no choice for undefined"));
  CHECK_THAT(text("gini(micro)@5"), ContainsSubstring("weigh by recommendations"));
  CHECK_THAT(text("coverage(unseen=0)@5"), ContainsSubstring("only novelty"));
}

TEST_CASE("a variant of another measure is refused with those there are") {
  const auto text = error_text<rk::value_error>([] { rk::gini(10, variant::surprisal); });
  CHECK_THAT(text, ContainsSubstring("gini = surprisal") && ContainsSubstring("items, normalised"));
  CHECK_THROWS_AS(rk::coverage(0), rk::value_error);
}
