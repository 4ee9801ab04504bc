// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Edited nearest neighbours, once more on what is left.
#pragma once

#include <recokit/resampling/edited_nearest_neighbours.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// The rows that stay after one more pass over `among`, ascending. The classes to clean are worked
/// out from what is left: "not the smallest" means the smallest of these rows.
std::vector<index_t> edited_again(const row_search& search, const class_table& classes,
                                  std::span<const index_t> among, const sampling_strategy& strategy,
                                  int k, agreement keep);

/// Rows left of each class, by position.
std::vector<std::int64_t> class_sizes(const class_table& classes, std::span<const index_t> rows);

/// Whether a class has no row left.
bool lost_class(const std::vector<std::int64_t>& sizes);

/// Whether a class other than the smallest of the input has fewer rows left than that had.
bool below_minority(const class_table& classes, const std::vector<std::int64_t>& sizes);

}  // namespace recokit::inline RECOKIT_ABI::detail
