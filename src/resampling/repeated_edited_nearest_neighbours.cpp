// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "class_helpers.hpp"
#include "editing_passes.hpp"

#include <recokit/core/all_rows.hpp>
#include <recokit/resampling/repeated_edited_nearest_neighbours.hpp>

#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::repeated_edited_nearest_neighbours {

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params) {
  auto rows = detail::all_rows(static_cast<index_t>(classes.rows()));
  for (int pass = 0; pass < params.passes; ++pass) {
    auto kept = detail::edited_again(search, classes, rows, params.strategy, params.k_neighbors,
                                     params.keep);
    const bool same = kept.size() == rows.size();
    rows = std::move(kept);
    const auto sizes = detail::class_sizes(classes, rows);
    if (same || detail::lost_class(sizes) || detail::below_minority(classes, sizes)) break;
  }
  return {detail::grouped(classes, rows)};
}

}  // namespace recokit::inline RECOKIT_ABI::repeated_edited_nearest_neighbours
