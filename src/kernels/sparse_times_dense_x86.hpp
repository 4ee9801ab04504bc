// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The inner loop of a sparse times a dense matrix for the vector instructions of x86-64.
#pragma once

#include <recokit/kernels/sparse_times_dense.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

// Only call what x86_weighted_rows() hands out: it has asked the processor.
weighted_rows_kernel<float> avx2_weighted_rows_float() noexcept;
weighted_rows_kernel<double> avx2_weighted_rows_double() noexcept;
weighted_rows_kernel<float> avx512_weighted_rows_float() noexcept;
weighted_rows_kernel<double> avx512_weighted_rows_double() noexcept;

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
