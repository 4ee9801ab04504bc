// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The kernels of rotation sweeps for the vector instructions of x86-64.
#pragma once

#include <recokit/kernels/rotation_sweeps.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

// Only call what x86_rotation_kernels() hands out: it has asked the processor.
rotation_kernel avx2_rotation_kernel() noexcept;
rotation_kernel avx512_rotation_kernel() noexcept;

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
