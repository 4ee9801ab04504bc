// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Adagrad steps of logistic factorization on the device, negatives drawn there.
#pragma once

#include "runtime/stream.hpp"

#include <recokit/kernels/logistic_step.hpp>

#include <cstdint>

namespace recokit::cuda_kernels {

/// Interactions by row, on the device; ids of a row rise. Null values: all 1.
struct logistic_matrix {
  const std::int64_t* offsets;
  const std::uint32_t* indices;
  const float* values;
  std::uint64_t rows;
  std::uint64_t entries;
};

/// Steps all rows of a side: a block a row, a warp an interaction or a negative.
/// @param own    interactions whose rows step; @param others their transpose
/// @param moving rows of the side, @param squares their sums of squared gradients, @param fixed
///        rows of the other; all row-major with `stride` columns
/// @param failed lowered to 0 when a row is not finite
/// @throws value_error for a stride out of range, backend_error
/// 4 bytes and 4 flops an interaction or negative and column; the draws are those of the CPU.
void logistic_rows(const logistic_step::half_terms& terms, const logistic_matrix& own,
                   const logistic_matrix& others, float* moving, float* squares, const float* fixed,
                   std::uint32_t stride, std::uint32_t* failed, stream_t stream);

}  // namespace recokit::cuda_kernels
