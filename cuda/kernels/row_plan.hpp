// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Which kernel solves which rows of a matrix, in which order; decided on the host by the
/// lengths of the rows alone.
#pragma once

#include "kernels/row_system.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::cuda_kernels {

/// Rows [begin_row, end_row) and their entries [begin, end).
struct row_batch {
  std::uint32_t begin_row;
  std::uint32_t end_row;
  std::int64_t begin;
  std::int64_t end;
};

/// Consecutive rows for each of `count` devices, with about as much work; some may be none.
/// @param offsets rows + 1
std::vector<row_batch> share_rows(std::span<const std::int64_t> offsets, std::size_t count);
/// Rows in batches of at most `most` entries, or of one longer row; at least one batch.
std::vector<row_batch> cut_batches(std::span<const std::int64_t> offsets, const row_batch& rows,
                                   std::int64_t most);

/// Entries of a row that one block sums; longer rows are cut into segments of as many.
inline constexpr std::int64_t segment_entries = 4096;

/// Long rows whose segments share the scratch: first their segments, then the rest. The count of a
/// segment is the number of its row among the rests.
struct long_rows {
  std::vector<row_task> segments;
  std::vector<row_task> rests;
};

/// Rows of an exact solve.
struct row_plan {
  std::vector<std::uint32_t> empty;
  std::vector<row_task> whole;  ///< longest first
  std::vector<long_rows> in_parts;
  std::vector<std::uint32_t> dual[6];  ///< by system_sizes
};

/// @param offsets rows + 1
/// @param batch   the rows meant
/// @param stride  of the factors
/// @param dual    whether short rows may take the dual form
/// @param forced  rows take it whatever it costs, as long as it exists
/// @param slots   most segments whose partial sums are held at once
row_plan plan_rows(std::span<const std::int64_t> offsets, const row_batch& batch,
                   std::uint32_t stride, bool dual, bool forced, std::uint32_t slots);

/// Rows of a batch with entries, longest first, and those without.
struct row_order {
  std::vector<std::uint32_t> full;
  std::vector<std::uint32_t> empty;
};
row_order order_rows(std::span<const std::int64_t> offsets, const row_batch& batch);

/// How many rows of an order, from its begin, are longer than a segment.
std::size_t count_long(std::span<const std::int64_t> offsets, std::span<const std::uint32_t> full);
/// Cuts rows into segments, in groups of at most `slots` segments, or of one row.
std::vector<long_rows> cut_rows(std::span<const std::int64_t> offsets,
                                std::span<const std::uint32_t> rows, std::uint32_t slots);

/// Whether the dual form of the short rows saves more than eigenvectors on the host cost.
bool dual_pays(std::span<const std::int64_t> offsets, std::uint32_t stride,
               std::int64_t fixed_rows);

}  // namespace recokit::cuda_kernels
