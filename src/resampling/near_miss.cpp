// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "class_helpers.hpp"

#include <recokit/resampling/near_miss.hpp>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace recokit::inline RECOKIT_ABI::near_miss {
namespace {

/// Rows of a class that are among the nearest to any row of the smallest class, ascending.
std::vector<index_t> around_minority(const detail::row_search& search, const class_table& classes,
                                     std::size_t c, int count) {
  const auto near = search(classes.rows_of(c), classes.rows_of(classes.minority()), count).rows;
  std::vector<index_t> rows(near.data(), near.data() + near.size());
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

/// For each row the sum of the distances to k rows of the smallest class. In that class itself the
/// row counts as one of the k nearest, at distance 0.
std::vector<double> distance_sums(const detail::row_search& search, const class_table& classes,
                                  bool in_smallest, const std::vector<index_t>& rows,
                                  const params& params) {
  const auto smallest = classes.rows_of(classes.minority());
  const bool farthest = params.version == 2;
  int k = params.k_neighbors;
  if (in_smallest) k = farthest ? std::min(k, static_cast<int>(smallest.size()) - 1) : k - 1;
  std::vector<double> sums(rows.size(), 0.0);
  if (k == 0) return sums;
  const auto order =
      farthest ? kernels::neighbor_order::farthest : kernels::neighbor_order::nearest;
  const auto distances = search(smallest, rows, k, order).distances;
  for (std::size_t q = 0; q < rows.size(); ++q) {
    // Always from the least up, so that sums of the same distances come out equal.
    for (int n = 0; n < k; ++n) {
      sums[q] += distances(static_cast<Eigen::Index>(q), farthest ? k - 1 - n : n);
    }
  }
  return sums;
}

std::vector<index_t> best_rows(const detail::row_search& search, const class_table& classes,
                               std::size_t c, std::size_t wanted, const params& params) {
  const std::size_t smallest = classes.minority();
  detail::check_neighbors("params.k_neighbors", params.k_neighbors, classes.count(smallest),
                          "the smallest " + detail::size_text(classes, smallest));
  std::vector<index_t> rows(classes.rows_of(c).begin(), classes.rows_of(c).end());
  if (params.version == 3) {
    detail::check_neighbors("params.candidates", params.candidates, classes.count(c),
                            detail::size_text(classes, c));
    // In the smallest class every row is near a row of it: itself.
    if (c != smallest) rows = around_minority(search, classes, c, params.candidates);
  }
  auto sums = distance_sums(search, classes, c == smallest, rows, params);
  if (params.version == 3) {
    for (double& sum : sums) sum = -sum;
  }
  std::vector<std::size_t> ranks(rows.size());
  std::iota(ranks.begin(), ranks.end(), std::size_t{0});
  wanted = std::min(wanted, ranks.size());
  std::partial_sort(
      ranks.begin(), ranks.begin() + static_cast<std::ptrdiff_t>(wanted), ranks.end(),
      [&](std::size_t a, std::size_t b) { return sums[a] != sums[b] ? sums[a] < sums[b] : a < b; });
  std::vector<index_t> best;
  for (std::size_t n = 0; n < wanted; ++n) best.push_back(rows[ranks[n]]);
  return best;
}

}  // namespace

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params) {
  const class_counts targets = under_targets(params.strategy, classes);
  selection kept;
  for (std::size_t c = 0; c < classes.classes(); ++c) {
    const auto target = targets.find(classes.label(c));
    std::vector<index_t> part(classes.rows_of(c).begin(), classes.rows_of(c).end());
    if (target != targets.end()) {
      part = best_rows(search, classes, c, static_cast<std::size_t>(target->second), params);
    }
    kept.rows.insert(kept.rows.end(), part.begin(), part.end());
  }
  return kept;
}

}  // namespace recokit::inline RECOKIT_ABI::near_miss
