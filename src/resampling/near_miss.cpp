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
  const bool own = c == classes.minority();
  detail::check_neighbors("params.candidates", count, classes.count(c) - (own ? 1 : 0),
                          detail::size_text(classes, c));
  const auto near = search(classes.rows_of(c), classes.rows_of(classes.minority()), count).rows;
  std::vector<index_t> rows(near.data(), near.data() + near.size());
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

std::vector<index_t> best_rows(const detail::row_search& search, const class_table& classes,
                               std::size_t c, std::size_t wanted, const params& params) {
  const std::size_t smallest = classes.minority();
  detail::check_neighbors("params.k_neighbors", params.k_neighbors,
                          classes.count(smallest) - (c == smallest ? 1 : 0),
                          "the smallest " + detail::size_text(classes, smallest));
  std::vector<index_t> rows(classes.rows_of(c).begin(), classes.rows_of(c).end());
  if (params.version == 3) rows = around_minority(search, classes, c, params.candidates);
  const auto order =
      params.version == 2 ? kernels::neighbor_order::farthest : kernels::neighbor_order::nearest;
  const auto distances =
      search(classes.rows_of(smallest), rows, params.k_neighbors, order).distances;
  std::vector<double> sums;
  for (Eigen::Index q = 0; q < distances.rows(); ++q) {
    double sum = 0;
    for (int n = 0; n < params.k_neighbors; ++n) {
      // Always from the least up, which is how sums of one set of distances come out equal.
      sum += distances(q, params.version == 2 ? params.k_neighbors - 1 - n : n);
    }
    sums.push_back(params.version == 3 ? -sum : sum);
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
