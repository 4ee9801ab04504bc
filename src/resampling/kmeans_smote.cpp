// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/resampling/kmeans_smote.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace recokit::inline RECOKIT_ABI::kmeans_smote::detail_kmeans_smote {

void check(const params& params, std::int64_t rows) {
  if (params.clusters > rows) {
    throw value_error("params.clusters", std::to_string(params.clusters),
                      "must be at most the number of rows, " + std::to_string(rows));
  }
  if (params.balance_threshold && std::isnan(*params.balance_threshold)) {
    throw value_error("params.balance_threshold", "nan", "must be a number, or none");
  }
  if (params.density_exponent && !std::isfinite(*params.density_exponent)) {
    throw value_error("params.density_exponent", std::to_string(*params.density_exponent),
                      "must be finite, or none");
  }
}

std::vector<std::vector<index_t>> usable_clusters(const kernels::kmeans_result& clusters,
                                                  const class_table& classes,
                                                  const detail::class_target& target,
                                                  std::int64_t wanted_in_all,
                                                  const params& params) {
  std::vector<std::vector<index_t>> members(clusters.counts.size());
  for (const index_t r : classes.rows_of(target.position)) {
    members[static_cast<std::size_t>(clusters.assignments[static_cast<std::size_t>(r)])].push_back(
        r);
  }
  if (members.size() == 1) return members;
  const double threshold = params.balance_threshold.value_or(
      static_cast<double>(target.rows) / static_cast<double>(wanted_in_all) / 2);
  std::vector<std::vector<index_t>> usable;
  for (std::size_t c = 0; c < members.size(); ++c) {
    const double share =
        static_cast<double>(members[c].size()) / static_cast<double>(clusters.counts[c]);
    if (share >= threshold && std::ssize(members[c]) > params.k_neighbors) {
      usable.push_back(std::move(members[c]));
    }
  }
  if (usable.empty()) {
    throw value_error("params.clusters", std::to_string(params.clusters),
                      "in no cluster are more than " + std::to_string(params.k_neighbors) +
                          " rows and a share of " + std::to_string(threshold) + " of class " +
                          std::to_string(target.label) +
                          ": lower params.balance_threshold, or take another number of clusters");
  }
  return usable;
}

std::vector<double> sparsity_weights(std::span<const double> mean_distances,
                                     std::span<const std::size_t> rows,
                                     const std::optional<double>& exponent) {
  // In logarithms: the powers themselves leave the range of a double.
  std::vector<double> logs;
  for (std::size_t c = 0; c < rows.size(); ++c) {
    const auto n = static_cast<double>(rows[c]);
    const double power = exponent.value_or(0.16 * std::pow(std::log(n) / std::log(1.6), 1.8));
    logs.push_back((power == 0 ? 0 : power * std::log(mean_distances[c])) - std::log(n));
  }
  const double most = *std::max_element(logs.begin(), logs.end());
  std::vector<double> weights;
  for (const double log : logs) {
    weights.push_back(std::isinf(most) ? (log == most ? 1.0 : 0.0) : std::exp(log - most));
  }
  return weights;
}

}  // namespace recokit::inline RECOKIT_ABI::kmeans_smote::detail_kmeans_smote
