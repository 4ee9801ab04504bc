// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "sgd_kernels_x86.hpp"

#include <recokit/factorization/sgd_kernel.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::sgd::detail {

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
std::array<kernel<float>, 2> x86_kernels() noexcept {
  return usable(avx512_kernel_float(), avx2_kernel_float());
}
template <>
std::array<kernel<double>, 2> x86_kernels() noexcept {
  return usable(avx512_kernel_double(), avx2_kernel_double());
}

}  // namespace recokit::inline RECOKIT_ABI::sgd::detail

#endif
