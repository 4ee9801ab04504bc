// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The kernels of the matrix product for the vector instructions of x86-64.
#pragma once

#include <recokit/kernels/gemm.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

// Only call what x86_gemm_kernels() hands out: it has asked the processor.
gemm_kernel<float> avx2_gemm_float() noexcept;
gemm_kernel<double> avx2_gemm_double() noexcept;
gemm_kernel<float> avx512_gemm_float() noexcept;
gemm_kernel<double> avx512_gemm_double() noexcept;

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
