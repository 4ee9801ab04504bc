// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Users of like history and items of like audience, found when asked for.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/scored_item.hpp>

#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// The k rows of a matrix with the largest cosine to the given row among those that share a column
/// with it, best first. One pass over the matrix, O(columns) scratch.
/// @throws value_error when row is out of range or k < 1
std::vector<scored_item<>> row_neighbors(const csr_view<>& matrix, index_t row, int k = 10);

/// The same for columns. One pass over the matrix, O(columns) scratch.
/// @throws value_error when column is out of range or k < 1
std::vector<scored_item<>> column_neighbors(const csr_view<>& matrix, index_t column, int k = 10);

}  // namespace recokit::inline RECOKIT_ABI
