// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation_sweeps_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

// Switched on for these functions alone, as in gemm_avx2.cpp.
#define RECOKIT_TARGET __attribute__((target("avx2,fma")))

#include "rotation_sweeps_micro_kernel.hpp"

namespace recokit::inline RECOKIT_ABI::kernels::detail {

rotation_kernel avx2_rotation_kernel() noexcept { return kernel<32, 6>("avx2"); }

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
