// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Dense products on the device: the one call into cuBLAS beside gram_cublas.
#pragma once

#include "kernels/factor_array.hpp"
#include "runtime/stream.hpp"

#include <cstdint>

namespace recokit::cuda_kernels {

/// A row-major operand as it lies in memory.
struct operand {
  const void* data;
  storage type;
  std::int64_t stride;
  bool transposed = false;  ///< the product takes its transpose
};

/// out (m × n, row-major, `stride` apart) = scale · a · b + keep · out, with a m × k and b k × n
/// after their transposes; both of one storage. Sums are in fp32, in cuBLAS's order; the emulator's
/// version is a naive loop. @param tf32 products of fp32 operands may be rounded to ten bits on the
/// way, which tensor cores take; ignored for other storage
/// @throws value_error when the storages differ, backend_error
void multiply(blas_t blas, std::int64_t m, std::int64_t n, std::int64_t k, float scale,
              const operand& a, const operand& b, float* out, std::int64_t stride, bool tf32,
              float keep = 0);

}  // namespace recokit::cuda_kernels
