// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gemm_kernels.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

template <class Kernel>
std::array<Kernel, 2> usable(const Kernel& avx512, const Kernel& avx2) noexcept {
  std::array<Kernel, 2> kernels{};
  std::size_t count = 0;
  if (__builtin_cpu_supports("avx512f")) kernels[count++] = avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) kernels[count++] = avx2;
  return kernels;
}

}  // namespace

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
