// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "class_helpers.hpp"

#include <recokit/core/all_rows.hpp>
#include <recokit/resampling/tomek_links.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace recokit::inline RECOKIT_ABI::tomek_links {

std::vector<index_t> linked_rows(const detail::row_search& search, const class_table& classes,
                                 std::span<const index_t> among) {
  if (among.size() < 2) return {};
  const auto nearest = search(among, among, 1).rows;
  const auto nearest_to = [&](index_t row) {
    const auto at = std::lower_bound(among.begin(), among.end(), row) - among.begin();
    return nearest(at, 0);
  };
  std::vector<index_t> linked;
  for (const index_t row : among) {
    const index_t other = nearest_to(row);
    if (detail::class_of(classes, row) != detail::class_of(classes, other) &&
        nearest_to(other) == row) {
      linked.push_back(row);
    }
  }
  return linked;
}

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params) {
  const auto cleaned = detail::is_cleaned(params.strategy, classes);
  const auto rows = detail::all_rows(static_cast<index_t>(classes.rows()));
  auto removed = linked_rows(search, classes, rows);
  std::erase_if(removed, [&](index_t r) { return !cleaned[detail::class_of(classes, r)]; });
  return {detail::without(rows, std::move(removed))};
}

}  // namespace recokit::inline RECOKIT_ABI::tomek_links
