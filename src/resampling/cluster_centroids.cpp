// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "class_helpers.hpp"

#include <recokit/core/all_rows.hpp>
#include <recokit/resampling/cluster_centroids.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace recokit::inline RECOKIT_ABI::cluster_centroids::detail_cluster_centroids {
namespace {

/// By position: the rows that stand for the class, or null when it is not targeted.
std::vector<const class_clusters*> by_position(const class_table& classes,
                                               const std::vector<class_clusters>& clusters) {
  std::vector<const class_clusters*> found(classes.classes(), nullptr);
  for (const auto& each : clusters) found[each.position] = &each;
  return found;
}

}  // namespace

std::vector<index_t> rows_at_centers(const kernels::kmeans_result& clusters,
                                     std::span<const index_t> rows) {
  const auto cluster = [&](std::size_t n) {
    return static_cast<std::size_t>(clusters.assignments[n]);
  };
  std::vector<double> least(clusters.counts.size(), std::numeric_limits<double>::infinity());
  for (std::size_t n = 0; n < rows.size(); ++n) {
    least[cluster(n)] = std::min(least[cluster(n)], clusters.squared_distances[n]);
  }
  // Two rows are equally far from their mean, but for rounding.
  constexpr double rounding = 1e-9;
  std::vector<index_t> found(clusters.counts.size(), -1);
  for (std::size_t n = 0; n < rows.size(); ++n) {
    const double most = least[cluster(n)] * (1 + rounding);
    if (found[cluster(n)] < 0 && clusters.squared_distances[n] <= most) found[cluster(n)] = rows[n];
  }
  return found;
}

selection kept_by_class(const class_table& classes, const std::vector<class_clusters>& clusters) {
  const auto of = by_position(classes, clusters);
  selection kept;
  for (std::size_t c = 0; c < classes.classes(); ++c) {
    const std::span<const index_t> rows = of[c] ? of[c]->rows : classes.rows_of(c);
    kept.rows.insert(kept.rows.end(), rows.begin(), rows.end());
  }
  return kept;
}

std::vector<index_t> untouched_rows(const class_table& classes,
                                    const std::vector<class_clusters>& clusters) {
  const auto of = by_position(classes, clusters);
  auto rows = detail::all_rows(static_cast<index_t>(classes.rows()));
  std::erase_if(rows, [&](index_t r) { return of[detail::class_of(classes, r)] != nullptr; });
  return rows;
}

}  // namespace recokit::inline RECOKIT_ABI::cluster_centroids::detail_cluster_centroids
