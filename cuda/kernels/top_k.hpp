// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The k best of each row of a tile of scores, on the device, in the order of ranks_before.
#pragma once

#include "runtime/stream.hpp"

#include <cstdint>

namespace recokit::cuda_kernels {

inline constexpr std::int64_t most_top_k = 1024;

/// What to select from: row r holds the scores of items first_item, first_item + 1, … at
/// scores + r · stride.
struct score_tile {
  const float* scores;
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t stride;           ///< at least columns
  std::int64_t first_item = 0;   ///< first_item + columns must fit in int32
  const float* added = nullptr;  ///< one a column, added to its scores first; null: nothing
};

/// What must not be selected; all of it on the device.
struct top_k_filter {
  const unsigned char* allowed = nullptr;  ///< one an item number, 0: none may have it; null: all
  const std::int64_t* seen_offsets = nullptr;  ///< rows + 1; null: nothing
  const std::int32_t* seen_items = nullptr;    ///< of each row, ascending
};

/// Writes the min(k, columns) best of every row, best first, to items and best + r · k: score
/// descending, then item ascending, NaN after all numbers. The places behind them get item -1 and
/// score 0.
///
/// @param filter items to leave out before selection: a list has min(k, allowed items) of them
/// @param more   items and best hold lists of tiles before this one, with lower item numbers, which
///               are merged with it; -0 then may become 0
///
/// One block a row, one read of the tile; shared memory 16 bytes for each of k and at least 256.
/// @throws value_error unless 1 <= k <= 1024 and the sizes are as stated; backend_error
void top_k(const score_tile& tile, std::int64_t k, std::int32_t* items, float* best,
           stream_t stream, const top_k_filter& filter = {}, bool more = false);

}  // namespace recokit::cuda_kernels
