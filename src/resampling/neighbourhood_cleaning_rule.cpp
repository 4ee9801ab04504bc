// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "class_helpers.hpp"

#include <recokit/core/all_rows.hpp>
#include <recokit/resampling/neighbourhood_cleaning_rule.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace recokit::inline RECOKIT_ABI::neighbourhood_cleaning_rule {

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params) {
  const auto rows = detail::all_rows(static_cast<index_t>(classes.rows()));
  auto cleaned = detail::is_cleaned(params.strategy, classes);
  const auto edited = edited_nearest_neighbours::kept_rows(search, classes, rows, cleaned,
                                                           params.k_neighbors, params.keep);
  std::vector<bool> stays(rows.size(), false);
  for (const index_t r : edited) stays[static_cast<std::size_t>(r)] = true;

  const std::size_t smallest = classes.minority();
  for (std::size_t c = 0; c < classes.classes(); ++c) {
    if (static_cast<double>(classes.count(c)) <=
        static_cast<double>(classes.count(smallest)) * params.threshold) {
      cleaned[c] = false;
    }
  }
  const auto near = search(rows, classes.rows_of(smallest), params.k_neighbors).rows;
  std::vector<int> votes(classes.classes());
  for (Eigen::Index q = 0; q < near.rows(); ++q) {
    std::fill(votes.begin(), votes.end(), 0);
    ++votes[smallest];
    for (int n = 0; n + 1 < params.k_neighbors; ++n) ++votes[detail::class_of(classes, near(q, n))];
    const auto predicted = std::max_element(votes.begin(), votes.end()) - votes.begin();
    if (predicted == static_cast<std::ptrdiff_t>(smallest)) continue;
    for (int n = 0; n < params.k_neighbors; ++n) {
      const index_t r = near(q, n);
      if (cleaned[detail::class_of(classes, r)]) stays[static_cast<std::size_t>(r)] = false;
    }
  }
  selection kept;
  for (const index_t r : rows) {
    if (stays[static_cast<std::size_t>(r)]) kept.rows.push_back(r);
  }
  return kept;
}

}  // namespace recokit::inline RECOKIT_ABI::neighbourhood_cleaning_rule
