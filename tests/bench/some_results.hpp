// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Results that no run produced, for tests of the reports.
#pragma once

#include "bench/results.hpp"

#include <string>
#include <vector>

namespace recokit_test {

/// One fold with these metric means.
inline recokit_bench::measurement measured(const std::vector<recokit::ranking_metric>& metrics,
                                           const std::vector<double>& means) {
  recokit_bench::measurement m;
  m.fit_seconds = 1.5;
  m.recommend_seconds = 0.5;
  m.recommended_users = 100;
  for (std::size_t i = 0; i < metrics.size(); ++i)
    m.report.values.push_back({metrics[i], means[i]});
  m.report.evaluated_users = 100;
  m.memory_before = 10 << 20;
  m.peak_memory = 20 << 20;
  m.scope = recokit_bench::peak_scope::since_reset;
  return m;
}

/// Two metrics, `folds` parts and no models.
inline recokit_bench::bench_results some_results(int folds = 1) {
  recokit_bench::bench_results r;
  r.data.source = "file";
  r.data.files = {"sets/<b>&\"quoted\".csv"};
  r.data.weighting = "none";
  r.data.users = 1000;
  r.data.items = 200;
  r.data.interactions = 12345;
  r.split = folds > 1 ? "k_fold" : "random";
  r.split_settings = {{"seed", std::uint64_t{42}}};
  for (int f = 0; f < folds; ++f)
    r.parts.push_back({"part " + std::to_string(f), 10000, 2345, 100});
  r.metrics = {recokit::ndcg(10), recokit::recall(20)};
  r.where = recokit_bench::describe_environment({.threads = 2},
                                                {"recokit-bench", "run", "--data", "a b"});
  r.seed = 42;
  r.depth = 20;
  return r;
}

/// Adds a model with these means a fold.
inline void add_model(recokit_bench::bench_results& r, const std::string& label,
                      const std::vector<std::vector<double>>& folds) {
  recokit_bench::model_result model{label, "ials", {{"factors", std::int64_t{8}}}, {}, {}};
  for (const auto& means : folds) model.folds.push_back(measured(r.metrics, means));
  r.models.push_back(model);
}

inline void add_failure(recokit_bench::bench_results& r, const std::string& label,
                        const std::string& error) {
  r.models.push_back({label, "ials", {}, {}, error});
}

}  // namespace recokit_test
