// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/inference.hpp"

#include "some_results.hpp"
#include "support/catch.hpp"

#include <limits>

using namespace recokit_test;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

// One metric, a vector of users a fold.
recokit_bench::bench_results of_users(
    const std::vector<std::pair<std::string, std::vector<std::vector<double>>>>& models,
    const recokit_bench::bench_metric& metric = recokit::ndcg(10)) {
  auto r = some_results(static_cast<int>(models.front().second.size()));
  r.metrics = {metric};
  for (const auto& [label, folds] : models) add_user_values(r, label, folds);
  recokit_bench::rank_models(r);
  return r;
}

const std::vector<double> best{0.9, 0.8, 0.7, 0.9, 0.6, 0.8};
const std::vector<double> worse{0.5, 0.6, 0.4, 0.7, 0.5, 0.4};
const std::vector<double> near_best{0.8, 0.9, 0.6, 0.7, 0.7, 0.7};

}  // namespace

TEST_CASE("an interval over users is mean ± t times the standard error") {
  auto r = of_users({{"a", {{0.1, 0.2, 0.3, 0.4}}}});
  recokit_bench::infer({}, {}, r);
  const auto& interval = r.models[0].inferred(0).interval;
  REQUIRE(interval);
  // scipy.stats.t.interval(0.95, 3, mean, sem)
  CHECK(interval->low == Approx(0.0445739743239121));
  CHECK(interval->high == Approx(0.4554260256760879));
  CHECK(r.inference.intervals == "95 % t interval");
}

TEST_CASE("p values against the best are adjusted as Holm does by hand") {
  auto r = of_users({{"near", {near_best}}, {"worse", {worse}}, {"best", {best}}});
  recokit_bench::infer({}, {}, r);
  CHECK(r.inference.best == "best");
  CHECK(r.inference.method == "paired t test, two-sided, Holm over 2 comparisons");
  const auto& near = r.models[1].inferred(0).comparison;
  const auto& far = r.models[2].inferred(0).comparison;
  REQUIRE((near && far));
  // scipy.stats.ttest_rel; the smaller p value counts twice, the larger once.
  CHECK(far->p_value == Approx(0.002957553220484705));
  CHECK(near->p_value == Approx(0.36321746764912266));
  CHECK(far->adjusted_p_value == Approx(2 * 0.002957553220484705));
  CHECK(near->adjusted_p_value == Approx(0.36321746764912266));
  CHECK(far->significantly_worse);
  CHECK_FALSE(near->significantly_worse);
  CHECK(far->difference.mean == Approx(-1.6 / 6));
  CHECK_FALSE(r.models[0].inferred(0).comparison);
  CHECK(recokit_bench::p_value_text(r, r.models[0]) == "best");
  CHECK_THAT(recokit_bench::p_value_text(r, r.models[1]), ContainsSubstring(" ≈"));
  CHECK(recokit_bench::p_value_text(r, r.models[2]).find("≈") == std::string::npos);
}

TEST_CASE("folds are pooled and a pair is a user in a fold") {
  auto whole = of_users({{"best", {best}}, {"worse", {worse}}});
  const auto head = [](const std::vector<double>& v) {
    return std::vector<double>(v.begin(), v.begin() + 3);
  };
  const auto tail = [](const std::vector<double>& v) {
    return std::vector<double>(v.begin() + 3, v.end());
  };
  auto folds =
      of_users({{"best", {head(best), tail(best)}}, {"worse", {head(worse), tail(worse)}}});
  recokit_bench::infer({}, {}, whole);
  recokit_bench::infer({}, {}, folds);
  CHECK(folds.models[1].inferred(0).comparison->p_value ==
        whole.models[1].inferred(0).comparison->p_value);
  CHECK(folds.models[1].inferred(0).interval->low == whole.models[1].inferred(0).interval->low);
}

TEST_CASE("failed models, NaN, other users and a single model are not compared") {
  auto r = of_users(
      {{"best", {best}}, {"worse", {worse}}, {"nan", {std::vector<double>(6, no_number)}}});
  add_failure(r, "broken", "why");
  recokit_bench::infer({}, {}, r);
  CHECK(r.models[1].inferred(0).comparison);
  CHECK_FALSE(r.models[2].inferred(0).comparison);
  CHECK_FALSE(r.models[2].inferred(0).interval);
  CHECK(recokit_bench::p_value_text(r, r.models[2]) == "n/a");
  CHECK(r.inference.method == "paired t test, two-sided, Holm over 1 comparison");

  auto strangers = of_users({{"best", {best}}, {"fewer", {{0.1, 0.2}}}});
  recokit_bench::infer({}, {}, strangers);
  CHECK_FALSE(strangers.models[1].inferred(0).comparison);

  auto one = of_users({{"best", {best}}});
  recokit_bench::infer({}, {}, one);
  CHECK(one.models[0].inferred(0).interval);
  CHECK(one.inference.method.empty());
  CHECK(recokit_bench::p_value_text(one, one.models[0]).empty());

  auto none = some_results();
  add_failure(none, "broken", "why");
  recokit_bench::infer({}, {}, none);
  CHECK(none.inference.method.empty());
}

TEST_CASE("where low is better the higher model is the worse one") {
  auto r = of_users({{"high", {best}}, {"low", {worse}}}, recokit::average_rank());
  recokit_bench::infer({}, {}, r);
  CHECK(r.inference.best == "low");
  CHECK(r.models[1].inferred(0).comparison->significantly_worse);
}

TEST_CASE("the test and the intervals are those asked for") {
  recokit_bench::inference_options options;
  options.test = recokit::significance::paired_test::wilcoxon;
  options.intervals = recokit::significance::interval_method::bca;
  auto r = of_users({{"best", {best}}, {"worse", {worse}}});
  recokit_bench::infer({}, options, r);
  // scipy.stats.wilcoxon
  CHECK(r.models[1].inferred(0).comparison->p_value == Approx(0.03125));
  CHECK_THAT(r.inference.method, ContainsSubstring("Wilcoxon signed-rank test"));
  CHECK_THAT(r.inference.intervals, ContainsSubstring("BCa bootstrap interval (10000 resamples)"));
  options.intervals.reset();
  recokit_bench::infer({}, options, r);
  CHECK_FALSE(r.models[0].inferred(0).interval);
  CHECK(r.inference.intervals.empty());
  CHECK(r.models[1].inferred(0).comparison);
}

TEST_CASE("a weighted mean has no interval and no test") {
  auto metric = recokit::precision(10);
  metric.average = recokit::user_average::micro;
  auto r = of_users({{"best", {best}}, {"worse", {worse}}}, metric);
  recokit_bench::infer({}, {}, r);
  CHECK_FALSE(r.models[0].inferred(0).interval);
  CHECK_FALSE(r.models[1].inferred(0).comparison);
}
