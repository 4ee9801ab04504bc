// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief alpha · YᵀY + beta · I on the device, by cuBLAS and by kernels of our own.
#pragma once

#include "runtime/stream.hpp"

#include <cstdint>

namespace recokit::cuda_kernels {

/// Scalars of scratch that gram() needs for rows × columns factors.
/// @throws value_error as gram()
std::uint64_t gram_scratch(std::int64_t rows, std::int64_t columns);

/// out = alpha · YᵀY + beta · I for the row-major rows × columns matrix Y; out is columns ×
/// columns, both triangles. Rows are added in slices and the slices in double, in an order that
/// depends on the sizes alone: the same bits on every GPU and on the emulator. rows · columns² / 2
/// fused multiply-adds at a fraction of what cuBLAS reaches; the reference for gram_cublas.
/// @throws value_error unless rows >= 0 and 0 <= columns <= 16384; backend_error
void gram(const float* y, std::int64_t rows, std::int64_t columns, double alpha, double beta,
          float* out, float* scratch, stream_t stream);
void gram(const double* y, std::int64_t rows, std::int64_t columns, double alpha, double beta,
          double* out, double* scratch, stream_t stream);

/// The same through cublas<t>syrk; the order of the sum is cuBLAS's own. The handle's stream must
/// be `stream`. Not part of the emulator.
void gram_cublas(blas_t blas, const float* y, std::int64_t rows, std::int64_t columns, double alpha,
                 double beta, float* out, stream_t stream);
void gram_cublas(blas_t blas, const double* y, std::int64_t rows, std::int64_t columns,
                 double alpha, double beta, double* out, stream_t stream);

/// Adds beta to the diagonal of the row-major size × size matrix and copies what is above it below.
void mirror_upper(float* matrix, std::int64_t size, double beta, stream_t stream);
void mirror_upper(double* matrix, std::int64_t size, double beta, stream_t stream);

}  // namespace recokit::cuda_kernels
