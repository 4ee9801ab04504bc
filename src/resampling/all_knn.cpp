// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "class_helpers.hpp"
#include "editing_passes.hpp"

#include <recokit/core/all_rows.hpp>
#include <recokit/resampling/all_knn.hpp>
#include <recokit/resampling/new_rows.hpp>

#include <vector>

namespace recokit::inline RECOKIT_ABI::all_knn {

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params) {
  detail::check_all_neighbors("params.k_neighbors", params.k_neighbors, classes.rows());
  auto rows = detail::all_rows(static_cast<index_t>(classes.rows()));
  for (int k = 1; k <= params.k_neighbors; ++k) {
    rows = detail::edited_again(search, classes, rows, params.strategy, k, params.keep);
    const auto sizes = detail::class_sizes(classes, rows);
    if (detail::lost_class(sizes)) break;
    if (!params.allow_minority && detail::below_minority(classes, sizes)) break;
  }
  return {detail::grouped(classes, rows)};
}

}  // namespace recokit::inline RECOKIT_ABI::all_knn
