// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "task_metrics.hpp"

#include <algorithm>
#include <utility>

namespace recokit_bench {

task_metrics::task_metrics(const task& task) : task_(task) {
  std::vector<recokit::beyond_metric> beyond;
  bool by_distance = false;
  for (const auto& metric : task.metrics) {
    if (metric.ranking() != nullptr) {
      ranking_.push_back(*metric.ranking());
    } else if (metric.rating() != nullptr) {
      of_ratings_ = true;
    } else {
      beyond.push_back(*metric.beyond());
      by_distance = by_distance || metric.by_distance();
    }
  }
  if (beyond.empty()) return;
  recokit::beyond_inputs inputs;
  inputs.relevant = task.split.test.view();
  if (task.split.fold_in) inputs.histories = task.split.fold_in->view();
  if (by_distance) inputs.distance = recokit::cooccurrence_distance(task.split.train.view());
  beyond_.emplace(task.split.train.view(), std::move(beyond), inputs);
}

recokit::evaluation_options task_metrics::options() {
  recokit::evaluation_options options;
  if (beyond_) {
    options.min_depth = beyond_->depth();
    options.on_lists = [this](std::span<const recokit::index_t> users,
                              const recokit::ranked_lists& lists) {
      beyond_->add(task_.policy, users, lists);
    };
  }
  return options;
}

void task_metrics::fill(recokit::evaluation_report&& report, const recokit::rating_report& ratings,
                        measurement& result) const {
  recokit::beyond_report beyond;
  if (beyond_) beyond = beyond_->finish();
  const auto judged =
      std::make_shared<const std::vector<recokit::index_t>>(std::move(report.users));
  const auto listed =
      std::make_shared<const std::vector<recokit::index_t>>(std::move(beyond.users));
  std::size_t ranking = 0, other = 0;
  for (const auto& metric : task_.metrics) {
    if (metric.ranking() != nullptr) {
      result.values.push_back({report.values[ranking].mean,
                               report.user_values.col(static_cast<Eigen::Index>(ranking)), judged});
      ++ranking;
    } else if (metric.rating() != nullptr) {
      result.values.push_back({metric.rating()->value(ratings)});
    } else {
      auto& value = beyond.values[other++];
      result.values.push_back({value.value, std::move(value.per_user), listed});
    }
  }
  if (!of_lists()) {
    const auto test = task_.split.test.view();
    for (recokit::index_t u = 0; u < test.rows(); ++u) {
      ++(test.row(u).size() > 0 ? report.evaluated_users : report.skipped_users);
    }
  }
  result.evaluated_users = report.evaluated_users;
  result.skipped_users = report.skipped_users;
  result.warnings = std::move(report.warnings);
}

}  // namespace recokit_bench
