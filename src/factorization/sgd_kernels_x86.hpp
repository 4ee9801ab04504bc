// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The kernels of stochastic gradient descent for the vector instructions of x86-64.
#pragma once

#include <recokit/factorization/sgd_block.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::sgd::detail {

// Only call what x86_kernels() hands out: it has asked the processor.
kernel<float> avx2_kernel_float() noexcept;
kernel<double> avx2_kernel_double() noexcept;
kernel<float> avx512_kernel_float() noexcept;
kernel<double> avx512_kernel_double() noexcept;

}  // namespace recokit::inline RECOKIT_ABI::sgd::detail

#endif
