// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What an evaluation found: means, and the values of every user behind them.
#pragma once

#include <recokit/core/errors.hpp>
#include <recokit/metrics/ranking.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// One metric, averaged over the evaluated users.
struct metric_value {
  ranking_metric metric;
  double mean = 0;
};

/// What evaluate found. Names carry their conventions.
struct evaluation_report {
  std::vector<metric_value> values;
  /// Users that the means are over: those with a relevant test item, and the others too when
  /// ranking_options::empty_users counts them. Without any, all means are NaN.
  std::int64_t evaluated_users = 0;
  /// Users left out of the means.
  std::int64_t skipped_users = 0;
  /// How the data was split; empty when matrices were given.
  std::string protocol;
  /// What a reader of the numbers must know, such as that candidates were sampled.
  std::vector<std::string> warnings;
  /// Time spent in ranking and in counting.
  double seconds = 0;
  /// The evaluated users in ascending order (rows of the test part); empty when they were not kept.
  std::vector<index_t> users;
  /// users × metrics; a column is one metric. 0 × 0 when they were not kept.
  Eigen::MatrixXd user_values;

  /// The mean of a metric by name, such as "ndcg@10". @throws value_error when it was not measured
  double operator[](std::string_view name) const { return values[position(name)].mean; }

  /// One value an evaluated user, in the order of `users`.
  /// @throws value_error when the metric was not measured or users were not kept
  Eigen::VectorXd per_user(std::string_view name) const {
    const auto column = static_cast<Eigen::Index>(position(name));
    if (user_values.rows() != evaluated_users) {
      throw value_error("per_user", "\"" + std::string(name) + "\"",
                        "needs evaluation_options::keep_users = true");
    }
    return user_values.col(column);
  }

 private:
  std::size_t position(std::string_view name) const {
    const ranking_metric wanted = parse_metric(name);
    for (std::size_t m = 0; m < values.size(); ++m) {
      if (values[m].metric == wanted) return m;
    }
    throw value_error("metric", "\"" + std::string(name) + "\"", "was not measured");
  }
};

}  // namespace recokit::inline RECOKIT_ABI
