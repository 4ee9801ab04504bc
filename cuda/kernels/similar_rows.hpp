// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The k rows of a sparse matrix that are most like a row, by what the two share.
#pragma once

#include "runtime/stream.hpp"

#include <recokit/kernels/pair_measures.hpp>

#include <cstdint>

namespace recokit::cuda_kernels {

inline constexpr std::uint32_t most_similarity_threads = 512;

/// A sparse matrix on the device; indices of a row rise. Null values: all 1.
template <class Value>
struct sparse_rows {
  const std::int64_t* offsets;
  const std::int32_t* indices;
  const Value* values;
};

/// The work of one block: what row `row` shares with the rows in some tiles.
struct similarity_task {
  std::int32_t row;
  std::uint32_t first_tile;
  std::uint32_t end_tile;
};

/// All of it on the device.
template <class Value>
struct similarity_plan {
  sparse_rows<Value> vectors;     ///< rows × columns
  sparse_rows<Value> transposed;  ///< columns × rows
  const similarity_task* tasks;
  std::uint64_t count;  ///< of tasks
  /// Tile t is the rows [edges[t · (warps + 1)], edges[t · (warps + 1) + warps]); the edges
  /// between, not falling, say which of them each warp of the block adds up.
  const std::int32_t* edges;
  std::int32_t rows;          ///< of vectors
  std::uint32_t threads;      ///< of a block: a power of two, 32 to most_similarity_threads
  std::int64_t tile_rows;     ///< no tile has more
  std::int64_t least_common;  ///< of columns that a pair shares, at least 1
  std::int64_t k;
};

/// A place in a list; scored_item of the host.
struct similar_row {
  std::int32_t row;  ///< −1: none
  float score;
};

/// Shared memory of a block beside the sums of a tile, and for each row of a tile.
std::uint64_t similarity_list_bytes(std::uint32_t threads, std::int64_t k);
template <class Measure>
constexpr std::uint64_t similarity_sum_bytes() {
  using sums = typename Measure::sums_type;
  return sums::needs_values ? sizeof(sums) : sizeof(std::uint32_t);
}

/// Writes the k best of the tiles of every task, best first, to lists + task · k: score descending,
/// then row ascending, the row itself left out.
///
/// Sums with values run in ascending order of the shared columns; a column is counted in any order.
/// @param measure points to device memory
/// @throws value_error unless 1 <= k <= most_top_k, threads and tile_rows are as stated and what
///         they take fits 2^31 bytes; backend_error
template <class Value, class Measure>
void similar_rows(const similarity_plan<Value>& plan, const Measure& measure, similar_row* lists,
                  stream_t stream);

}  // namespace recokit::cuda_kernels
