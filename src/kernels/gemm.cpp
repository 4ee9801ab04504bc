// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gemm_kernels.hpp"
#include "x86_choice.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

template <>
std::array<gemm_kernel<float>, 2> x86_gemm_kernels() noexcept {
  return usable(avx512_gemm_float(), avx2_gemm_float());
}
template <>
std::array<gemm_kernel<double>, 2> x86_gemm_kernels() noexcept {
  return usable(avx512_gemm_double(), avx2_gemm_double());
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
