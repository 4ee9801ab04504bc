// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Measures the metrics of all kinds from one evaluation of lists and one of ratings.
#pragma once

#include "models.hpp"

#include <recokit/metrics/beyond_accuracy.hpp>

#include <optional>
#include <vector>

namespace recokit_bench {

/// Holds on to the task, which must outlive it. Neither copied nor moved: evaluate calls back.
class task_metrics {
 public:
  explicit task_metrics(const task& task);
  task_metrics(const task_metrics&) = delete;
  task_metrics& operator=(const task_metrics&) = delete;

  /// What evaluate computes itself.
  const std::vector<recokit::ranking_metric>& ranking() const noexcept { return ranking_; }
  /// Whether any metric needs lists, and whether any needs predicted ratings.
  bool of_lists() const noexcept { return !ranking_.empty(); }
  bool of_ratings() const noexcept { return of_ratings_; }
  /// Lets the metrics beyond accuracy see the lists.
  recokit::evaluation_options options();
  /// Values in the order of task.metrics, counts and warnings.
  void fill(recokit::evaluation_report&& report, const recokit::rating_report& ratings,
            measurement& result) const;

 private:
  const task& task_;
  std::vector<recokit::ranking_metric> ranking_;
  bool of_ratings_ = false;
  std::optional<recokit::beyond_accumulator> beyond_;
};

}  // namespace recokit_bench
