// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Results that no run produced, for tests of the reports.
#pragma once

#include "bench/results.hpp"

#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace recokit_test {

/// One fold with these means, one a metric.
inline recokit_bench::measurement measured(const std::vector<double>& means) {
  recokit_bench::measurement m;
  m.fit_seconds = 1.5;
  m.recommend_seconds = 0.5;
  m.recommended_users = 100;
  for (const double mean : means) m.values.push_back({mean});
  m.evaluated_users = 100;
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
  for (const auto& means : folds) model.folds.push_back(measured(means));
  r.models.push_back(model);
}

/// Adds a model with values of the first metric for users 0, 1, … of each fold.
inline void add_user_values(recokit_bench::bench_results& r, const std::string& label,
                            const std::vector<std::vector<double>>& folds) {
  std::vector<std::vector<double>> means;
  for (const auto& users : folds) {
    means.push_back(
        {Eigen::Map<const Eigen::VectorXd>(users.data(), static_cast<Eigen::Index>(users.size()))
             .mean()});
  }
  add_model(r, label, means);
  for (std::size_t f = 0; f < folds.size(); ++f) {
    std::vector<recokit::index_t> users(folds[f].size());
    std::iota(users.begin(), users.end(), 0);
    auto& value = r.models.back().folds[f].values.front();
    value.per_user =
        Eigen::Map<const Eigen::VectorXd>(folds[f].data(), static_cast<Eigen::Index>(users.size()));
    value.whose = std::make_shared<const std::vector<recokit::index_t>>(std::move(users));
  }
}

inline void add_failure(recokit_bench::bench_results& r, const std::string& label,
                        const std::string& error) {
  r.models.push_back({label, "ials", {}, {}, error});
}

}  // namespace recokit_test
