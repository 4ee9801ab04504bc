// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "inference.hpp"

#include "results.hpp"

#include <algorithm>
#include <cmath>

namespace recokit_bench {
namespace {

namespace stats = recokit::significance;

// The values of all users of all folds; empty when a fold has none.
Eigen::VectorXd pooled(const model_result& model, std::size_t m) {
  Eigen::Index size = 0;
  for (const auto& fold : model.folds) {
    if (fold.values[m].per_user.size() == 0) return {};
    size += fold.values[m].per_user.size();
  }
  Eigen::VectorXd values(size);
  Eigen::Index at = 0;
  for (const auto& fold : model.folds) {
    const auto& part = fold.values[m].per_user;
    values.segment(at, part.size()) = part;
    at += part.size();
  }
  return values;
}

// Pairs exist when every fold judged the same users for both.
bool same_users(const model_result& a, const model_result& b, std::size_t m) {
  if (a.folds.size() != b.folds.size()) return false;
  for (std::size_t f = 0; f < a.folds.size(); ++f) {
    if (a.folds[f].values[m].users() != b.folds[f].values[m].users()) return false;
  }
  return true;
}

void compare_with_best(const recokit::cpu& policy, const stats::compare_options& options,
                       std::size_t m, bench_results& results) {
  const bench_metric& metric = results.metrics[m];
  const model_result& best = results.models.front();
  std::vector<std::size_t> numbers;
  std::vector<Eigen::VectorXd> columns;
  for (std::size_t i = 0; i < results.models.size(); ++i) {
    const auto& model = results.models[i];
    if (model.failed() || !std::isfinite(model.mean(0)) || !std::isfinite(model.mean(m))) continue;
    auto column = pooled(model, m);
    if (column.size() == 0 || !same_users(model, best, m)) continue;
    numbers.push_back(i);
    columns.push_back(std::move(column));
  }
  // The best model may itself have no value of this metric.
  if (numbers.size() < 2 || numbers.front() != 0) return;
  Eigen::MatrixXd values(columns.front().size(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t c = 0; c < columns.size(); ++c) {
    values.col(static_cast<Eigen::Index>(c)) = columns[c];
  }
  const auto found = stats::compare(policy, values, options);
  for (const auto& pair : found.pairs) {
    const double loss = metric.good() == good_end::low ? pair.summary.mean_difference
                                                       : -pair.summary.mean_difference;
    results.models[numbers[static_cast<std::size_t>(pair.first)]].inference[m].comparison =
        against_best{pair.difference, pair.p_value, pair.adjusted_p_value,
                     metric.good() != good_end::neither && loss > 0 &&
                         pair.adjusted_p_value <= significance_level};
  }
  // Intervals have a line of their own.
  if (m == 0) results.inference.method = found.method.substr(0, found.method.find(';'));
}

}  // namespace

void infer(const recokit::cpu& policy, const inference_options& options, bench_results& results) {
  results.inference = {};
  stats::interval_options intervals;
  intervals.seed = results.seed;
  intervals.level = 1 - significance_level;
  const bool of_users =
      std::any_of(results.metrics.begin(), results.metrics.end(),
                  [](const bench_metric& metric) { return metric.mean_over_users(); });
  if (options.intervals && of_users) {
    intervals.method = *options.intervals;
    results.inference.interval_method = stats::name(*options.intervals);
    results.inference.intervals = "95 % " + results.inference.interval_method + " interval";
    if (*options.intervals != stats::interval_method::student_t) {
      results.inference.intervals += " (" + std::to_string(intervals.resamples) + " resamples)";
    }
  }
  for (auto& model : results.models) {
    model.inference.assign(results.metrics.size(), {});
    if (model.failed() || !options.intervals) continue;
    for (std::size_t m = 0; m < results.metrics.size(); ++m) {
      if (!results.metrics[m].mean_over_users()) continue;
      const auto values = pooled(model, m);
      if (values.size() == 0) continue;
      const auto interval = stats::mean_interval(policy, values, intervals);
      if (std::isfinite(interval.low) && std::isfinite(interval.high)) {
        model.inference[m].interval = interval;
      }
    }
  }
  if (results.models.empty() || results.models.front().failed() ||
      !std::isfinite(results.models.front().mean(0))) {
    return;
  }
  stats::compare_options comparing;
  comparing.pairs = stats::comparison_set::with_baseline;  // the first, as the leaderboard has it
  comparing.test = options.test;
  comparing.intervals = intervals.method;
  comparing.level = intervals.level;
  comparing.seed = results.seed;
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    if (results.metrics[m].mean_over_users()) compare_with_best(policy, comparing, m, results);
  }
  if (results.inference.method.empty()) return;
  results.inference.best = results.models.front().label;
  results.inference.test = stats::name(options.test);
}

}  // namespace recokit_bench
