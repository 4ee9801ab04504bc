// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a half-step of alternating least squares asks of the device: row_problem and
/// als_side of the CPU kernels as plain pointers and numbers.
#pragma once

#include "kernels/factor_array.hpp"
#include "runtime/stream.hpp"

#include <recokit/core/host_device.hpp>

#include <cstdint>

namespace recokit::cuda_kernels {

/// Compressed sparse rows on the device.
struct sparse_rows {
  const std::int64_t* offsets;
  const std::uint32_t* columns;
  const float* values;     ///< null: all are 1
  std::int64_t first = 0;  ///< entry that columns and values begin with
};

/// The ridge regression of every row. Without `rated` it is that of kernels/row_problem.hpp; with
/// it, that of kernels/als_solve.hpp, whose bias is one more column of the regression.
struct row_system {
  sparse_rows entries;
  factor_array fixed;
  factor_array solved;  ///< the same stride
  std::uint32_t width;  ///< columns of a row in use
  /// stride × stride, row-major, both triangles, 0 in the padding; null: 0
  const float* gram;
  /// What is on the diagonal of the Gram matrix, for solvers that want it diagonal; null: 0
  const float* spectrum;

  float ridge_scale;  ///< of the ridge scale · (n + offset · row scale)^exponent
  float ridge_offset;
  float ridge_exponent;
  const float* row_scales;     ///< one a row; null: 1
  const float* column_scales;  ///< one a column; null: 1
  float target_base;

  bool rated;                  ///< values are targets, all of weight 1
  bool has_bias;               ///< false: the bias stays 0
  std::uint32_t bias_column;   ///< of a solved row; in `fixed` it holds ones
  std::uint32_t other_column;  ///< the bias of the other side in `fixed`, ones in a solved row
  float shift;                 ///< taken off the values, added to the bias that is stored
  float bias_ridge_scale;

  std::uint32_t* failed;  ///< gets the least row whose system is not positive definite
};

/// A row to solve, or a part of one.
struct row_task {
  enum : std::uint32_t {
    whole,    ///< sum the entries and solve
    segment,  ///< sum entries [begin, end) into partial sums number `slot`
    rest,     ///< add the partial sums slot … slot + count - 1 and solve
  };
  std::uint32_t row;
  std::uint32_t kind;
  std::uint32_t slot;
  std::uint32_t count;  ///< of a segment: the number of its row among the rests
  std::int64_t begin;
  std::int64_t end;
};

/// Rows cut into segments: the work of each step is first done for the segments, then for the
/// rests.
struct cut_list {
  const row_task* segments;
  std::uint32_t segment_count;
  const row_task* rests;
  std::uint32_t rest_count;
};

/// Rows by one kernel call.
struct row_list {
  const std::uint32_t* rows;
  std::uint32_t count;
};

/// Sizes of systems that are solved in registers; the largest is also the most entries of a row
/// that the dual form takes.
inline constexpr std::uint32_t system_sizes[] = {32, 64, 96, 128, 192, 256};
inline constexpr std::uint32_t largest_system = 256;

/// The least of system_sizes that is at least n; 0 when there is none.
constexpr std::uint32_t system_size_for(std::uint64_t n) {
  for (const std::uint32_t size : system_sizes) {
    if (n <= size) return size;
  }
  return 0;
}

/// Floats that the partial sum of a segment takes. @param stride one of system_sizes
std::uint64_t partial_floats(std::uint32_t stride);

/// Rows without entries: zeros, and the constants of rated rows. @throws backend_error
void solve_empty_rows(const row_system& system, const row_list& list, stream_t stream);

/// Exact, by the width × width system of each row: sums and Cholesky factor stay in the registers
/// of one block. n · d² / 2 + d³ / 6 multiply-adds a row, one gather of its factors.
/// @param system of a stride that is one of system_sizes
/// @param partial partial_floats(stride) for each segment
/// @throws value_error for another stride, backend_error
void primal_rows(const row_system& system, const row_task* tasks, std::uint32_t count,
                 float* partial, stream_t stream);

/// Exact, by the entries × entries system of each row, for a diagonal Gram matrix: n² · d / 2 + n³
/// / 6 multiply-adds, two gathers.
/// @param size one of system_sizes; no row has more entries. Needs weights above 0 for targets that
///        count
void dual_rows(const row_system& system, const row_list& list, std::uint32_t size, stream_t stream);

/// Exact, for any stride: the system of a block's row is in `scratch`, stride² floats a block.
/// @param partial wide_partial_floats(stride) for each segment
void wide_rows(const row_system& system, const row_task* tasks, std::uint32_t count, float* partial,
               float* scratch, std::uint32_t blocks, stream_t stream);
RECOKIT_HOST_DEVICE constexpr std::uint64_t wide_partial_floats(std::uint32_t stride) {
  return (std::uint64_t{stride} + 1) * stride;
}

/// `steps` steps of conjugate gradients from the rows as they are; the Gram matrix is `spectrum`.
/// The factors of a row are gathered once and kept in shared memory, `shared_bytes` of it a block,
/// or, where they do not fit, gathered again each step.
void cg_rows(const row_system& system, const row_list& list, std::uint32_t steps,
             std::uint64_t shared_bytes, stream_t stream);
/// The least shared_bytes that cg_rows takes, and what it takes to keep n entries.
std::uint64_t cg_shared_bytes(std::uint32_t stride, std::uint64_t entries);
/// The same for long rows, a block a segment: two launches a step.
/// @param partial a stride of floats for each segment
/// @param state   cg_state_floats(stride) for each rest
void cg_long_rows(const row_system& system, const cut_list& list, std::uint32_t steps,
                  std::uint64_t shared_bytes, float* partial, float* state, stream_t stream);
RECOKIT_HOST_DEVICE constexpr std::uint64_t cg_state_floats(std::uint32_t stride) {
  return 3 * std::uint64_t{stride} + 4;
}

/// `sweeps` sweeps over `block` factors at a time from the rows as they are; the Gram matrix is
/// `spectrum`. @param block a multiple of 4, at most 256 @param residual one float an entry
/// from entries.first on
void block_rows(const row_system& system, const row_list& list, std::uint32_t block,
                std::uint32_t sweeps, float* residual, stream_t stream);
/// The same for long rows, a block a segment: two launches a block of factors.
/// @param partial partial_floats(system_size_for(block)) for each segment
/// @param state   block_state_floats(stride) for each rest
void block_long_rows(const row_system& system, const cut_list& list, std::uint32_t block,
                     std::uint32_t sweeps, float* residual, float* partial, float* state,
                     stream_t stream);
RECOKIT_HOST_DEVICE constexpr std::uint64_t block_state_floats(std::uint32_t stride) {
  return std::uint64_t{stride} + largest_system;
}
/// One factor at a time, `threads` of them a row.
void coordinate_rows(const row_system& system, const row_list& list, std::uint32_t sweeps,
                     float* residual, stream_t stream, std::uint32_t threads = 128);

}  // namespace recokit::cuda_kernels
