// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation_sweeps_x86.hpp"
#include "x86_choice.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

std::array<rotation_kernel, 2> x86_rotation_kernels() noexcept {
  return usable(avx512_rotation_kernel(), avx2_rotation_kernel());
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
