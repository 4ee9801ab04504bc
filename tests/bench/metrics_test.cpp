// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/metrics.hpp"

#include "bench/text.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace recokit_bench;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {
std::string refusal(const std::string& word) {
  return error_text<usage_error>([&] { parse_metric_word(word); });
}
}  // namespace

TEST_CASE("a metric is of ranking or beyond accuracy by its name") {
  CHECK(parse_metric_word("ndcg@10").ranking() != nullptr);
  CHECK(parse_metric_word("f1@10").ranking() != nullptr);
  CHECK(parse_metric_word("gauc").ranking() != nullptr);
  CHECK(parse_metric_word("gini(normalised)@5") ==
        recokit::parse_beyond_metric("gini(normalised)@5"));
  for (const auto& metric : offered_beyond_metrics(7)) {
    CHECK(parse_metric_word(metric.name()) == bench_metric(metric));
  }
}

TEST_CASE("an unknown metric is answered with both kinds") {
  const auto text = refusal("nosuch@10");
  CHECK_THAT(text, ContainsSubstring("ndcg"));
  CHECK_THAT(text, ContainsSubstring("personalisation"));
  CHECK_THAT(refusal("noveltyy@10"), ContainsSubstring("did you mean \"novelty\""));
  CHECK_THAT(refusal("novelty"), ContainsSubstring("measure@k"));
}

TEST_CASE("metrics that need item features are refused with that reason") {
  for (const char* const word :
       {"category_diversity@10", "calibration_error@10", "group_share@10"}) {
    CHECK_THAT(refusal(word), ContainsSubstring("needs item features"));
  }
}

TEST_CASE("a distance from training is named in the convention") {
  CHECK_THAT(parse_metric_word("diversity@10").convention(),
             ContainsSubstring("distance: 1 - cosine"));
  CHECK(parse_metric_word("novelty@10").convention().find("distance") == std::string::npos);
}

TEST_CASE("only ranking metrics have a good end, and only plain means an interval") {
  CHECK(parse_metric_word("ndcg@10").good() == good_end::high);
  CHECK(parse_metric_word("average_rank").good() == good_end::low);
  CHECK(parse_metric_word("gini@10").good() == good_end::neither);
  CHECK(parse_metric_word("novelty@10").mean_over_users());
  CHECK_FALSE(parse_metric_word("novelty(micro)@10").mean_over_users());
  CHECK_FALSE(parse_metric_word("coverage@10").mean_over_users());
  CHECK_FALSE(parse_metric_word("popularity_lift@10").mean_over_users());
  CHECK_FALSE(parse_metric_word("gauc").mean_over_users());
}

TEST_CASE("a metric of predicted ratings has a name, a good end and no interval over users") {
  for (const auto& metric : all_rating_metrics()) {
    const auto parsed = parse_metric_word(metric.name());
    CHECK(parsed == bench_metric(metric));
    CHECK(parsed.ranking() == nullptr);
    CHECK(parsed.beyond() == nullptr);
    CHECK_FALSE(parsed.mean_over_users());
    CHECK_THAT(parsed.convention(), ContainsSubstring("over all test ratings"));
  }
  CHECK(parse_metric_word("rmse").good() == good_end::low);
  CHECK(parse_metric_word("r2").good() == good_end::high);
  CHECK(parse_metric_word("mean_error").good() == good_end::neither);
  recokit::rating_report report;
  report.mae = 0.25;
  CHECK(parse_metric_word("mae").rating()->value(report) == 0.25);
  CHECK_THAT(refusal("rmse@10"), ContainsSubstring("takes no @k"));
  CHECK_THAT(refusal("rmes"), ContainsSubstring("did you mean \"rmse\""));
}
