// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The inner loops of row solves for the vector instructions of x86-64.
#pragma once

#include <recokit/kernels/row_kernel_table.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

// Only call what x86_row_kernels() hands out: it has asked the processor.
row_kernels<float> avx2_row_kernels_float() noexcept;
row_kernels<double> avx2_row_kernels_double() noexcept;
row_kernels<float> avx512_row_kernels_float() noexcept;
row_kernels<double> avx512_row_kernels_double() noexcept;

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
