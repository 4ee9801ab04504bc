// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/ranking_metrics.hpp"
#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/metrics/ranking.hpp>

#include <map>
#include <numeric>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;

namespace {

std::vector<rk::ranking_metric> many_metrics() {
  std::vector<rk::ranking_metric> metrics;
  for (const int k : {1, 5, 10, 33}) {
    for (const auto& metric : rk::all_ranking_metrics(k)) metrics.push_back(metric);
    metrics.push_back(rk::recall(k, rk::metric_divisor::truncated));
    metrics.push_back(rk::precision(k, rk::metric_divisor::listed));
    metrics.push_back(rk::precision(k, rk::metric_divisor::truncated));
    for (const auto divisor : {rk::metric_divisor::all, rk::metric_divisor::k,
                               rk::metric_divisor::hits, rk::metric_divisor::truncated_listed}) {
      metrics.push_back(rk::map(k, divisor));
    }
    for (const auto gain :
         {rk::gain_function::binary, rk::gain_function::linear, rk::gain_function::exponential}) {
      for (const auto ideal : {rk::ideal_list::truncated, rk::ideal_list::full,
                               rk::ideal_list::listed, rk::ideal_list::filled}) {
        for (const auto discount :
             {rk::discount_function::log2_next, rk::discount_function::log2_rank}) {
          if (ideal == rk::ideal_list::filled && gain != rk::gain_function::binary) continue;
          rk::ranking_metric metric = rk::ndcg(k, gain, ideal);
          metric.discount = discount;
          metrics.push_back(metric);
        }
      }
      metrics.push_back(rk::dcg(k, gain));
    }
    metrics.push_back(rk::f_beta(k, 2.5));
    metrics.push_back(rk::rbp(k, 0.3));
    metrics.push_back(rk::parse_metric("rbp(exponential,max=3)@" + std::to_string(k)));
    metrics.push_back(rk::err(k, 2));
    metrics.push_back(rk::r_precision(k));
  }
  for (auto metric : std::vector<rk::ranking_metric>(metrics)) {
    if (metric.k != 5 || metric.measure == rk::ranking_measure::partial_auc) continue;
    metric.k = 0;
    metrics.push_back(metric);
  }
  return metrics;
}

}  // namespace

TEST_CASE("every metric in one pass equals its definition on random lists") {
  const auto metrics = many_metrics();
  constexpr int items = 60;
  std::vector<double> values(metrics.size());
  for (const double level : {1.0, 2.0, -std::numeric_limits<double>::infinity()}) {
    const rk::ranking_evaluator evaluator(metrics, items, {.relevance_level = level});
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      rk::random_stream random(seed, rk::random_purpose::user);
      std::vector<int> all(items);
      std::iota(all.begin(), all.end(), 0);
      for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random.below(i)]);
      // Lists of no, one, some and all items.
      const std::size_t length = seed % 10 == 0 ? 0 : seed % 10 == 1 ? items : random.below(50);
      const std::vector<int> list(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(length));
      std::map<int, double> grades;
      const std::uint64_t judged = 1 + random.below(seed % 5 == 0 ? 40 : 8);
      while (grades.size() < judged) {
        grades[static_cast<int>(random.below(items))] = static_cast<double>(random.below(5)) - 1;
      }
      const bool has_relevant = std::any_of(grades.begin(), grades.end(),
                                            [&](const auto& g) { return g.second >= level; });
      std::vector<rk::scored_item<>> scored;
      for (const int item : list) {
        scored.push_back({item, static_cast<float>(items) - static_cast<float>(scored.size())});
      }
      std::vector<rk::index_t> judged_items;
      std::vector<double> judged_grades;
      for (const auto& [item, grade] : grades) {
        judged_items.push_back(item);
        judged_grades.push_back(grade);
      }
      REQUIRE(evaluator.evaluate({scored, judged_items, judged_grades, items}, values) ==
              has_relevant);
      if (!has_relevant) continue;
      for (std::size_t m = 0; m < metrics.size(); ++m) {
        const double expected = recokit_test::ranking_value(metrics[m], list, grades, level, items);
        INFO(metrics[m].name() << ", seed " << seed << ", level " << level);
        REQUIRE(values[m] == Approx(expected).epsilon(1e-12).margin(1e-15));
      }
    }
  }
}
