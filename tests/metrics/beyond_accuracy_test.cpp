// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/lists.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/beyond_accuracy.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::index_rows;
using recokit_test::lists_of;
using recokit_test::pattern_of;
using variant = rk::beyond_variant;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

void check_values(const Eigen::VectorXd& found, const std::vector<double>& wanted,
                  double tolerance = 1e-12) {
  REQUIRE(static_cast<std::size_t>(found.size()) == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double value = found[static_cast<Eigen::Index>(i)];
    CAPTURE(i, value, wanted[i]);
    if (std::isnan(wanted[i])) {
      CHECK(std::isnan(value));
    } else {
      CHECK(std::abs(value - wanted[i]) <= tolerance);
    }
  }
}

rk::beyond_metric with(rk::beyond_metric metric, rk::metric_divisor divisor) {
  metric.divisor = divisor;
  return metric;
}

}  // namespace

// RecTools, tests/metrics/test_novelty.py: items i1, i2, i3 are 0, 1, 2.
TEST_CASE("novelty is RecTools' mean inverse user frequency") {
  const auto train = pattern_of(3, {{0, 1}, {0}, {0}});
  const auto report =
      rk::beyond_accuracy(lists_of({{2}, {1, 2}, {0, 1}}), train, {rk::novelty(1), rk::novelty(2)});
  const double rare = std::log2(3.0);
  check_values(report.at("novelty@1").per_user, {rare, rare, 0});
  check_values(report.at("novelty@2").per_user, {rare, rare, rare / 2});
  CHECK(report["novelty@1"] == Approx(2 * rare / 3));
  CHECK(report["novelty@2"] == Approx(2.5 * rare / 3));
  CHECK(report.at("novelty@2").users == 3);
}

// RecTools, tests/metrics/test_serendipity.py, a catalogue of four items.
TEST_CASE("serendipity is RecTools' surprise of the relevant items") {
  const auto train = pattern_of(4, {{0, 1}, {0, 1}, {0}, {}});
  const auto test = pattern_of(4, {{0, 1}, {1, 2}, {1}, {1}});
  const auto report =
      rk::beyond_accuracy(lists_of({{0, 1}, {1, 2}, {2}, {1, 2}}), train,
                          {rk::serendipity(1), rk::serendipity(2)}, {.relevant = test.view()});
  check_values(report.at("serendipity@1").per_user, {0, 0.25, 0, 0.25});
  check_values(report.at("serendipity@2").per_user, {0, 0.5, 0, 0.125});
  CHECK(report["serendipity@1"] == Approx(0.125));
}

// RecTools, tests/metrics/test_popularity.py.
TEST_CASE("average popularity is RecTools' ARP") {
  const auto train = pattern_of(4, {{0, 1}, {0, 2}, {0, 1}});
  const std::vector<rk::beyond_metric> metrics{rk::average_popularity(1),
                                               rk::average_popularity(3)};
  auto report = rk::beyond_accuracy(lists_of({{0, 1}, {2, 0, 1}, {2, 1}}), train, metrics);
  check_values(report.values[0].per_user, {3, 1, 1});
  check_values(report.values[1].per_user, {2.5, 2, 1.5});

  // Item 3 is new.
  report = rk::beyond_accuracy(lists_of({{0, 1}, {2, 0, 3}, {2, 1}}), train, metrics);
  check_values(report.values[0].per_user, {3, 1, 1});
  check_values(report.values[1].per_user, {2.5, 4.0 / 3, 1.5});

  // No interactions at all.
  report =
      rk::beyond_accuracy(lists_of({{0, 1}, {2, 0, 1}, {2, 1}}), pattern_of(4, {{}, {}, {}}),
                          {rk::average_popularity(2), rk::average_popularity(2, variant::users),
                           rk::average_popularity(2, variant::interactions), rk::novelty(2)});
  for (const auto& value : report.values) check_values(value.per_user, {0, 0, 0});
}

TEST_CASE("average popularity can be a share of the users or of the interactions") {
  const auto train = pattern_of(4, {{0, 1}, {0, 2}, {0, 1}, {}});
  const auto report = rk::beyond_accuracy(lists_of({{0, 1}, {2}, {}, {3}}), train,
                                          {rk::average_popularity(2, variant::users),
                                           rk::average_popularity(2, variant::interactions)});
  check_values(report.values[0].per_user, {5.0 / 6, 1.0 / 3, not_a_number, 0});
  check_values(report.values[1].per_user, {2.5 / 6, 1.0 / 6, not_a_number, 0});
}

// RecTools, tests/metrics/test_diversity.py: i4 has no features, u3 has one item.
TEST_CASE("diversity is RecTools' intra-list diversity, NaN where features are missing") {
  rk::row_major_matrix<double> features(4, 2);
  features << 0, 0, 0, 1, 1, 1, not_a_number, not_a_number;
  const auto train = pattern_of(4, {{}, {}, {}});
  const auto report = rk::beyond_accuracy(lists_of({{0, 1, 2}, {0, 3}, {0}}), train,
                                          {rk::diversity(1), rk::diversity(2), rk::diversity(3),
                                           rk::diversity(3, rk::undefined_value::left_out)},
                                          {.distance = rk::hamming_distance(features)});
  check_values(report.at("diversity@1").per_user, {0, 0, 0});
  check_values(report.at("diversity@2").per_user, {1, not_a_number, 0});
  check_values(report.at("diversity@3").per_user, {4.0 / 3, not_a_number, 0});
  CHECK(report["diversity@3"] == Approx(2.0 / 3));
  CHECK(report.at("diversity@3").users == 2);
  check_values(report.at("diversity(left_out)@3").per_user, {4.0 / 3, not_a_number, not_a_number});
  CHECK(report.distance == "hamming");
}

// RecTools, tests/metrics/test_dq.py: ranks that hold nothing are written as shorter lists.
TEST_CASE("empty places and duplicates are RecTools' data quality metrics") {
  const auto train = pattern_of(6, {{}, {}, {}});
  const auto empty = rk::beyond_accuracy(
      lists_of({{1, 2, 3}, {1}, {}}), train,
      {rk::empty_places(2), rk::user_coverage(2), rk::user_coverage(2, variant::full)});
  check_values(empty.values[0].per_user, {0, 0.5, 1});
  check_values(empty.values[1].per_user, {1, 1, 0});
  check_values(empty.values[2].per_user, {1, 0, 0});
  CHECK(empty.lists == 3);
  CHECK(empty.empty_lists == 1);
  const auto doubled = rk::beyond_accuracy(lists_of({{1, 2}, {1, 1, 3}, {1, 2, 2, 1, 5}}), train,
                                           {rk::duplicates(4), rk::duplicates(3)});
  check_values(doubled.values[0].per_user, {0, 0.25, 0.5});
  check_values(doubled.values[1].per_user, {0, 1.0 / 3, 1.0 / 3});
}

// Microsoft's recommenders, diversity_data in tests/unit/recommenders/evaluation/conftest.py; items
// and users count from 0 here. The expected numbers are those of test_python_evaluation.py.
TEST_CASE("the variants of Microsoft's recommenders give the numbers of its tests") {
  const auto train = pattern_of(5, {{0, 1, 3}, {2, 3}, {2, 3, 4}});
  const auto lists = lists_of({{2, 4}, {1, 4}, {0, 1}});
  const auto relevant = pattern_of(5, {{2}, {1, 4}, {0}});
  auto novelty = rk::novelty(2, variant::interactions);
  novelty.average = rk::user_average::micro;
  novelty.unseen = rk::unseen_item::zero;
  const std::vector<rk::beyond_metric> metrics{
      novelty,
      rk::coverage(2, variant::seen),
      rk::entropy(2),
      rk::diversity(2, rk::undefined_value::left_out),
      rk::serendipity(2, variant::distance),
  };
  auto report = rk::beyond_accuracy(
      lists, train, metrics,
      {.relevant = relevant.view(), .distance = rk::cooccurrence_distance(train)});
  CHECK(report[novelty.name()] == Approx(2.83333).margin(1e-5));
  CHECK(report["coverage(seen)@2"] == Approx(0.8));
  CHECK(report["entropy@2"] == Approx(1.9183).margin(1e-4));
  check_values(report.at("diversity(left_out)@2").per_user, {0.29289, 1.0, 0.0}, 1e-5);
  CHECK(report["diversity(left_out)@2"] == Approx(0.43096).margin(1e-5));
  check_values(report.at("serendipity(distance)@2").per_user, {0.363915, 0.53455, 0.403775}, 1e-5);
  CHECK(report["serendipity(distance)@2"] == Approx(0.43408).margin(1e-5));

  rk::row_major_matrix<double> features(5, 5);
  features << 0, 1, 1, 0, 0,  //
      0, 1, 0, 1, 0,          //
      0, 0, 1, 1, 0,          //
      0, 0, 1, 0, 1,          //
      0, 0, 0, 1, 1;
  report =
      rk::beyond_accuracy(lists, train, metrics,
                          {.relevant = relevant.view(), .distance = rk::cosine_distance(features)});
  check_values(report.at("diversity(left_out)@2").per_user, {0.5, 0.5, 0.5});
  check_values(report.at("serendipity(distance)@2").per_user, {0.25, 0.625, 1.0 / 3});
  CHECK(report["serendipity(distance)@2"] == Approx(0.4028).margin(1e-4));
}

TEST_CASE("in micro novelty every recommendation counts the same") {
  const auto train = pattern_of(4, {{0, 1}, {0}});
  auto micro = rk::novelty(3);
  micro.average = rk::user_average::micro;
  auto zero = micro;
  zero.unseen = rk::unseen_item::zero;
  const auto report =
      rk::beyond_accuracy(lists_of({{1, 2, 3}, {0}}), train, {rk::novelty(3), micro, zero});
  CHECK(report.values[0].value == Approx(0.5));   // mean of 1 and 0
  CHECK(report.values[1].value == Approx(0.75));  // three of four recommendations have 1 bit
  CHECK(report.values[2].value == Approx(0.25));  // items 2 and 3 were never seen
}

// RePlay, tests/metrics/conftest.py and test_metrics.py; items 1 to 11, the first column is unused.
TEST_CASE("the variants of RePlay give the numbers of its tests") {
  const index_rows recommended{{3, 7, 10, 11, 2}, {5, 8, 11, 1, 3}, {4, 9, 2}};
  const auto truth = pattern_of(12, {{5, 6, 7, 8, 9, 10}, {4, 6, 7, 10, 11}, {1, 2, 3, 4, 5}});
  const auto same = pattern_of(12, {{2, 3, 7, 10, 11}, {1, 3, 5, 8, 11}, {2, 4, 9}});
  const auto surprisal = [](int k) {
    return with(rk::novelty(k, variant::surprisal), rk::metric_divisor::k);
  };
  auto report = rk::beyond_accuracy(
      lists_of(recommended), same,
      {rk::coverage(3, variant::seen), rk::coverage(5, variant::seen), surprisal(3), surprisal(5),
       rk::unexpectedness(3), rk::unexpectedness(5)});
  CHECK(report["coverage(seen)@3"] == Approx(0.9));
  CHECK(report["coverage(seen)@5"] == Approx(1.0));
  CHECK(report[surprisal(3).name()] == Approx(0.78969).margin(1e-5));
  CHECK(report[surprisal(5).name()] == Approx(0.614294).margin(1e-5));
  CHECK(report["unexpectedness@3"] == 0);
  CHECK(report["unexpectedness@5"] == 0);

  report = rk::beyond_accuracy(
      lists_of(recommended), truth,
      {surprisal(3), surprisal(5), rk::unexpectedness(3), rk::unexpectedness(5)});
  CHECK(report.values[0].value == Approx(0.719586).margin(1e-5));
  CHECK(report.values[1].value == Approx(0.698418).margin(1e-5));
  CHECK(report.values[2].value == Approx(0.444444).margin(1e-5));  // RePlay's Novelty
  CHECK(report.values[3].value == Approx(0.577777).margin(1e-5));

  // RePlay's Unexpectedness against the same five items: only missing places are unexpected.
  const auto missing = with(rk::unexpectedness(5), rk::metric_divisor::k);
  report = rk::beyond_accuracy(lists_of(recommended), truth, {missing, rk::unexpectedness(5)},
                               {.expected = same.view()});
  CHECK(report.values[0].value == Approx(0.133333).margin(1e-5));
  CHECK(report.values[1].value == 0);

  // Every item is a category of its own.
  index_rows own;
  for (rk::index_t item = 0; item < 12; ++item) own.push_back({item});
  const auto categories = pattern_of(12, own);
  report = rk::beyond_accuracy(lists_of(recommended), truth,
                               {rk::category_diversity(3), rk::category_diversity(5)},
                               {.categories = categories.view()});
  CHECK(report.values[0].value == Approx(1.0));
  CHECK(report.values[1].value == Approx(0.866666).margin(1e-5));
}

TEST_CASE("coverage counts the distinct items of all lists") {
  const auto train = pattern_of(8, {{0, 1}, {0}, {}});
  const auto report =
      rk::beyond_accuracy(lists_of({{4, 0, 1}, {4, 2}, {}}), train,
                          {rk::coverage(1), rk::coverage(2), rk::coverage(2, variant::count),
                           rk::coverage(2, variant::seen), rk::coverage(100)});
  CHECK(report["coverage@1"] == Approx(1.0 / 8));
  CHECK(report["coverage@2"] == Approx(3.0 / 8));
  CHECK(report["coverage(count)@2"] == 3);
  CHECK(report["coverage(seen)@2"] == Approx(1.5));
  CHECK(report["coverage@100"] == Approx(0.5));
  CHECK(report.values[0].users == 2);
  CHECK(report.values[0].per_user.size() == 0);
}

TEST_CASE("gini of exposures 0, 1, 3 follows from its formula") {
  // (2 · 1 − 4) · 0 + (2 · 2 − 4) · 1 + (2 · 3 − 4) · 3 = 6, total 4, n 3.
  const auto train = pattern_of(3, {{}, {}, {}});
  const auto report = rk::beyond_accuracy(lists_of({{2, 1}, {2}, {2}}), train,
                                          {rk::gini(2), rk::gini(2, variant::normalised)});
  CHECK(report["gini@2"] == Approx(0.5));
  CHECK(report["gini(normalised)@2"] == Approx(0.75));
  const auto one = rk::beyond_accuracy(lists_of({{1}, {1}, {1}}), train,
                                       {rk::gini(1), rk::gini(1, variant::normalised)});
  CHECK(one["gini@1"] == Approx(2.0 / 3));
  CHECK(one["gini(normalised)@1"] == Approx(1.0));
  const auto all =
      rk::beyond_accuracy(lists_of({{0, 1, 2}, {2, 1, 0}, {1, 0, 2}}), train, {rk::gini(3)});
  CHECK(all["gini@3"] == Approx(0).margin(1e-15));
}

// A run of irspack 0.5.2: get_metrics_f64 with cutoff 2 gave entropy 1.0114042647073518, gini_index
// 0.4166666666666667 and appeared_item 3 for these lists in a catalogue of four items.
TEST_CASE("gini, entropy and distinct items are those of irspack") {
  const auto report = rk::beyond_accuracy(
      lists_of({{0, 1}, {0, 2}, {0, 1}}), pattern_of(4, {{}, {}, {}}),
      {rk::gini(2), rk::entropy(2, variant::nats), rk::coverage(2, variant::count)});
  CHECK(report.values[0].value == Approx(0.4166666666666667));
  CHECK(report.values[1].value == Approx(1.0114042647073518));
  CHECK(report.values[2].value == 3);
}

TEST_CASE("entropy comes in bits, nats, nats per distinct item and as a share of the most") {
  const auto train = pattern_of(4, {{}, {}});
  const auto report = rk::beyond_accuracy(
      lists_of({{0, 1}, {0, 2}}), train,
      {rk::entropy(2), rk::entropy(2, variant::nats), rk::entropy(2, variant::nats_a_item),
       rk::entropy(2, variant::normalised), rk::entropy(1)});
  CHECK(report["entropy@2"] == Approx(1.5));
  CHECK(report["entropy(nats)@2"] == Approx(1.5 * std::log(2.0)));
  CHECK(report["entropy(nats_a_item)@2"] == Approx(0.5 * std::log(2.0)));
  CHECK(report["entropy(normalised)@2"] == Approx(0.75));
  CHECK(report["entropy@1"] == 0);
  CHECK_FALSE(std::signbit(report["entropy@1"]));
}

TEST_CASE("personalisation is 1 for lists that share nothing and 0 for equal ones") {
  const auto train = pattern_of(6, {{}, {}, {}});
  const std::vector<rk::beyond_metric> metrics{rk::personalisation(2),
                                               rk::personalisation(2, variant::cosine)};
  auto report = rk::beyond_accuracy(lists_of({{0, 1}, {2, 3}, {4, 5}}), train, metrics);
  CHECK(report.values[0].value == 1);
  CHECK(report.values[1].value == Approx(1));
  report = rk::beyond_accuracy(lists_of({{0, 1}, {1, 0}, {0, 1}}), train, metrics);
  CHECK(report.values[0].value == 0);
  CHECK(report.values[1].value == Approx(0).margin(1e-12));
  // Lists of 2, 1 and 0 items: one pair, one item in common.
  report = rk::beyond_accuracy(lists_of({{0, 1}, {1}, {}}), train, metrics);
  CHECK(report.values[0].value == Approx(0.5));
  CHECK(report.values[1].value == Approx(1 - 1 / std::sqrt(2.0)));
  CHECK(report.values[0].users == 2);
  report = rk::beyond_accuracy(lists_of({{0, 1}, {}, {}}), train, metrics);
  CHECK(std::isnan(report.values[0].value));
}

TEST_CASE("calibration error compares the categories of list and history") {
  // Items 0 and 1 are in category 0, item 2 in both, item 3 in category 1, item 4 in none.
  const auto categories = pattern_of(2, {{0}, {0}, {0, 1}, {1}, {}});
  const auto train = pattern_of(5, {{0, 1, 2, 3}, {0, 4}, {4}, {}});
  const auto lists = lists_of({{3, 0}, {1}, {0}, {0}});
  auto coarse = rk::calibration_error(2);
  coarse.alpha = 0.5;
  const auto report =
      rk::beyond_accuracy(lists, train,
                          {rk::calibration_error(2), coarse, rk::calibration_error(2, variant::js),
                           rk::calibration_error(2, variant::hellinger),
                           rk::calibration_error(2, variant::absolute), rk::calibration_error(1)},
                          {.categories = categories.view()});
  // User 0 had p = (2.5, 1.5) / 4 and gets q = (1, 1) / 2, or (0, 1) within the first place.
  const double p = 2.5 / 4;
  const auto kl = [&](double q, double a) {
    return p * std::log(p / ((1 - a) * q + a * p)) +
           (1 - p) * std::log((1 - p) / ((1 - a) * (1 - q) + a * (1 - p)));
  };
  const double nan = not_a_number;  // no category in the history, and no history
  check_values(report.at("calibration_error@2").per_user, {kl(0.5, 0.01), 0, nan, nan});
  check_values(report.at("calibration_error(alpha=0.5)@2").per_user, {kl(0.5, 0.5), 0, nan, nan});
  check_values(report.at("calibration_error@1").per_user, {kl(0, 0.01), 0, nan, nan});
  const double m = (p + 0.5) / 2;
  const double js = (p * std::log2(p / m) + (1 - p) * std::log2((1 - p) / (1 - m)) +
                     0.5 * std::log2(0.5 / m) + 0.5 * std::log2(0.5 / (1 - m))) /
                    2;
  check_values(report.at("calibration_error(js)@2").per_user, {js, 0, nan, nan});
  check_values(report.at("calibration_error(absolute)@2").per_user, {p - 0.5, 0, nan, nan});
  const double apart = std::sqrt(1 - std::sqrt(p * 0.5) - std::sqrt((1 - p) * 0.5));
  check_values(report.at("calibration_error(hellinger)@2").per_user, {apart, 0, nan, nan});
  CHECK(report["calibration_error@2"] == Approx(kl(0.5, 0.01) / 2));
  CHECK(report.at("calibration_error@2").users == 2);
}

TEST_CASE("the weights of an item's categories are scaled to sum 1") {
  const rk::csr_matrix<> categories(2, 2, {0, 2, 3}, {0, 1, 1}, {3, 1, 7});
  const auto train = pattern_of(2, {{0}});
  const auto report =
      rk::beyond_accuracy(lists_of({{1}}), train, {rk::calibration_error(1, variant::absolute)},
                          {.categories = categories.view()});
  CHECK(report.values[0].value == Approx(0.75));
}

TEST_CASE("group shares compare lists with histories") {
  const auto train = pattern_of(4, {{0, 1, 2, 3}, {0, 1}, {}});
  const std::vector<int> groups{0, 0, 1, -1};
  const auto lists = lists_of({{0, 2, 3}, {2}, {1}});
  const auto report = rk::beyond_accuracy(
      lists, train,
      {rk::group_share(0, 3), rk::group_share(1, 3), rk::group_share(1, 2),
       rk::group_share(0, 3, variant::profile), rk::group_share(0, 3, variant::change),
       rk::group_share(0, 3, variant::exposure),
       with(rk::group_share(0, 3), rk::metric_divisor::k)},
      {.item_groups = groups});
  const double nan = not_a_number;
  check_values(report.values[0].per_user, {1.0 / 3, 0, 1});
  check_values(report.values[1].per_user, {1.0 / 3, 1, 0});
  check_values(report.values[2].per_user, {0.5, 1, 0});
  check_values(report.values[3].per_user, {0.5, 1, nan});
  check_values(report.values[4].per_user, {1.0 / 3 - 0.5, -1, nan});
  CHECK(report.values[5].value == Approx(2.0 / 5));
  check_values(report.values[6].per_user, {1.0 / 3, 0, 1.0 / 3});
}

TEST_CASE("popularity lift compares the popularity of list and history, by user group") {
  // Counts 3, 2, 1, 0.
  const auto train = pattern_of(4, {{0, 1, 2}, {0, 1}, {0}, {}});
  const std::vector<int> groups{0, 0, 1, 1};
  const auto report =
      rk::beyond_accuracy(lists_of({{0}, {2, 3}, {1}, {0}}), train,
                          {rk::popularity_lift(2), rk::popularity_lift(2, variant::per_user),
                           rk::average_popularity(2)},
                          {.user_groups = groups});
  // Popularity of list and history: 3 and 2, 0.5 and 2.5, 2 and 3; user 3 has no history.
  check_values(report.values[0].per_user, {0.5, -0.8, -1.0 / 3, not_a_number});
  CHECK(report.values[0].value == Approx((5.5 - 7.5) / 7.5));
  CHECK(report.values[1].value == Approx((0.5 - 0.8 - 1.0 / 3) / 3));
  CHECK(report.values[0].users == 3);
  check_values(report.values[0].by_group, {(3.5 - 4.5) / 4.5, -1.0 / 3});
  check_values(report.values[1].by_group, {-0.15, -1.0 / 3});
  check_values(report.values[2].by_group, {1.75, 2.5});
}

TEST_CASE("unexpectedness by distance looks at the mean or the nearest item of the history") {
  const rk::item_distance apart("apart", [](rk::index_t a, rk::index_t b) {
    return std::abs(static_cast<double>(a) - static_cast<double>(b));
  });
  const auto train = pattern_of(10, {{0, 4}, {}, {9}});
  auto zero = rk::unexpectedness(2, variant::distance);
  zero.undefined = rk::undefined_value::zero;
  const auto report = rk::beyond_accuracy(
      lists_of({{3, 8}, {1}, {7}}), train,
      {rk::unexpectedness(1, variant::distance), rk::unexpectedness(2, variant::distance),
       rk::unexpectedness(2, variant::nearest), zero},
      {.distance = apart});
  check_values(report.values[0].per_user, {2, not_a_number, 2});
  check_values(report.values[1].per_user, {4, not_a_number, 2});
  check_values(report.values[2].per_user, {2.5, not_a_number, 2});
  check_values(report.values[3].per_user, {4, 0, 2});
  CHECK(report.values[3].value == Approx(2));
}

TEST_CASE("histories other than the training rows serve users who were not trained on") {
  const auto train = pattern_of(4, {{0, 1}, {0}, {0, 2}});
  const auto histories = pattern_of(4, {{3}, {0, 1}});
  const auto report = rk::beyond_accuracy(
      lists_of({{3, 0}, {2, 3}}), train,
      {rk::unexpectedness(2), rk::novelty(2), rk::popularity_lift(2, variant::per_user)},
      {.histories = histories.view()});
  check_values(report.values[0].per_user, {0.5, 1});
  check_values(report.values[1].per_user, {std::log2(3.0) / 2, std::log2(3.0)});
  // A history that training does not know has popularity 0, and nothing is so many times that.
  check_values(report.values[2].per_user, {not_a_number, 0.5 / 2 - 1});
}

TEST_CASE("lists may come for some users, in any order, and values may be left unkept") {
  const auto train = pattern_of(3, {{0, 1}, {0}, {0}});
  rk::beyond_accumulator accumulator(train, {rk::unexpectedness(2), rk::coverage(1)},
                                     {.per_user = false});
  CHECK(accumulator.depth() == 2);
  CHECK(accumulator.metrics().size() == 2);
  const std::vector<rk::index_t> first{2};
  const std::vector<rk::index_t> second{0};
  accumulator.add(first, lists_of({{1, 2}}));
  CHECK(accumulator.finish().values[0].value == 1);
  accumulator.add(rk::cpu{.threads = 1}, second, lists_of({{1, 2}}));
  const auto report = accumulator.finish();
  CHECK(report.values[0].value == Approx(0.75));
  CHECK(report.values[0].users == 2);
  CHECK(report.values[0].per_user.size() == 0);
  CHECK(report.users.empty());
  CHECK(report.lists == 2);
}

TEST_CASE("without lists every value is NaN or nothing") {
  const auto train = pattern_of(3, {{0, 1}, {0}, {0}});
  const auto report =
      rk::beyond_accumulator(train, {rk::novelty(2), rk::gini(2), rk::entropy(2), rk::coverage(2),
                                     rk::personalisation(2), rk::popularity_lift(2)})
          .finish();
  for (const auto& value : report.values) {
    CAPTURE(value.metric.name());
    if (value.metric.measure == rk::beyond_measure::coverage) {
      CHECK(value.value == 0);
    } else {
      CHECK(std::isnan(value.value));
    }
    CHECK(value.users == 0);
  }
}

TEST_CASE("a metric whose input is missing names the input") {
  const auto train = pattern_of(3, {{0, 1}, {0}});
  const auto text = [&](const rk::beyond_metric& metric, const rk::beyond_inputs& inputs = {}) {
    return error_text<rk::value_error>([&] { rk::beyond_accumulator(train, {metric}, inputs); });
  };
  CHECK_THAT(text(rk::diversity(5)), ContainsSubstring("inputs.distance = missing: diversity@5"));
  CHECK_THAT(text(rk::unexpectedness(5, variant::nearest)), ContainsSubstring("inputs.distance"));
  CHECK_THAT(text(rk::serendipity(5)), ContainsSubstring("inputs.relevant"));
  CHECK_THAT(text(rk::serendipity(5, variant::distance)), ContainsSubstring("inputs.distance"));
  CHECK_THAT(text(rk::category_diversity(5)), ContainsSubstring("inputs.categories"));
  CHECK_THAT(text(rk::calibration_error(5)), ContainsSubstring("inputs.categories"));
  CHECK_THAT(text(rk::group_share(0, 5)), ContainsSubstring("inputs.item_groups"));
  const std::vector<int> groups{0, 1, 0};
  CHECK_THAT(text(rk::group_share(2, 5), {.item_groups = groups}),
             ContainsSubstring("group = 2") && ContainsSubstring("[0, 2)"));
  CHECK_THAT(error_text<rk::value_error>([&] { rk::beyond_accumulator(train, {}); }),
             ContainsSubstring("at least one"));
  CHECK_THAT(text({.measure = rk::beyond_measure::gini}), ContainsSubstring("no variant"));
}

TEST_CASE("inputs of another shape than the training part are refused") {
  const auto train = pattern_of(3, {{0, 1}, {0}});
  const auto refuse = [&](const rk::beyond_inputs& inputs) {
    return error_text<rk::dimension_error>(
        [&] { rk::beyond_accumulator(train, {rk::novelty(1)}, inputs); });
  };
  const auto narrow = pattern_of(2, {{0, 1}, {0}});
  const auto longer = pattern_of(3, {{0, 1}, {0}, {}});
  CHECK_THAT(refuse({.histories = narrow.view()}), ContainsSubstring("histories.cols() is 2"));
  CHECK_THAT(refuse({.relevant = narrow.view()}), ContainsSubstring("relevant.cols() is 2"));
  CHECK_THAT(refuse({.relevant = longer.view()}),
             ContainsSubstring("relevant.rows() is 3 but train.rows() is 2"));
  CHECK_THAT(refuse({.histories = longer.view(), .expected = train.view()}),
             ContainsSubstring("expected.rows() is 2 but histories.rows() is 3"));
  CHECK_THAT(refuse({.categories = train.view()}), ContainsSubstring("categories.rows() is 2"));
  const std::vector<int> two{0, 1};
  const std::vector<int> three{0, 1, 2};
  CHECK_THAT(refuse({.item_groups = two}), ContainsSubstring("item_groups.size() is 2"));
  CHECK_THAT(refuse({.user_groups = three}), ContainsSubstring("user_groups.size() is 3"));
  const rk::row_major_matrix<float> features = rk::row_major_matrix<float>::Ones(2, 2);
  CHECK_THAT(refuse({.distance = rk::cosine_distance(features)}),
             ContainsSubstring("distance.items() is 2"));
}

TEST_CASE("inputs with impossible values are refused") {
  const auto train = pattern_of(3, {{0, 1}, {0}});
  const auto refuse = [&](const rk::beyond_inputs& inputs) {
    return error_text<rk::value_error>(
        [&] { rk::beyond_accumulator(train, {rk::novelty(1)}, inputs); });
  };
  const std::vector<int> below{0, -2, 1};
  CHECK_THAT(refuse({.item_groups = below}), ContainsSubstring("item_groups[1] = -2"));
  const rk::csr_matrix<> negative(3, 2, {0, 1, 1, 2}, {0, 1}, {1, -1});
  CHECK_THAT(refuse({.categories = negative.view()}), ContainsSubstring("weight of item 2"));
  const rk::csr_matrix<> none(3, 0, {0, 0, 0, 0}, {});
  CHECK_THAT(refuse({.categories = none.view()}), ContainsSubstring("categories.cols()"));
}

TEST_CASE("lists that do not fit are refused and leave nothing behind") {
  const auto train = pattern_of(3, {{0, 1}, {0}});
  rk::beyond_accumulator accumulator(train, {rk::coverage(2), rk::novelty(2)});
  const std::vector<rk::index_t> both{0, 1};
  const std::vector<rk::index_t> twice{1, 1};
  const std::vector<rk::index_t> outside{0, 2};
  const auto add = [&](const std::vector<rk::index_t>& users, const index_rows& lists) {
    accumulator.add(users, lists_of(lists));
  };
  CHECK_THAT(error_text<rk::dimension_error>([&] { add(both, {{0}}); }),
             ContainsSubstring("lists.size() is 1 but users.size() is 2"));
  CHECK_THAT(error_text<rk::value_error>([&] {
               add(outside, {{0}, {0}});
             }),
             ContainsSubstring("user = 2"));
  CHECK_THAT(error_text<rk::value_error>([&] {
               add(twice, {{0}, {0}});
             }),
             ContainsSubstring("user = 1: came before"));
  CHECK_THAT(error_text<rk::value_error>([&] {
               add(both, {{0}, {1, 3}});
             }),
             ContainsSubstring("item in the list of user 1 = 3"));
  CHECK(accumulator.finish().lists == 0);
  add(both, {{0}, {1, 2, 99}});  // the third place is beyond every k
  CHECK(accumulator.finish()["coverage@2"] == 1);
  CHECK_THROWS_AS(add({0}, {{0}}), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([&] { accumulator.finish().at("gini@2"); }),
             ContainsSubstring("was not measured"));
  CHECK_THAT(error_text<rk::dimension_error>(
                 [&] { rk::beyond_accuracy(lists_of({{0}}), train, {rk::coverage(1)}); }),
             ContainsSubstring("train.rows() is 2") && ContainsSubstring("name the users"));
}

TEST_CASE("interactions in another form than the usual are taken too") {
  Eigen::SparseMatrix<double, Eigen::RowMajor> train(3, 3);
  train.insert(0, 0) = 4;
  train.insert(0, 1) = 0;
  train.insert(1, 0) = 2;
  train.insert(2, 0) = 1;
  train.makeCompressed();
  const auto report = rk::beyond_accuracy(lists_of({{2}, {1, 2}, {0, 1}}), train, {rk::novelty(2)});
  CHECK(report["novelty@2"] == Approx(2.5 * std::log2(3.0) / 3));
}
