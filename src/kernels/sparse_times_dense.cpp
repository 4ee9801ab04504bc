// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "sparse_times_dense_x86.hpp"

#if defined(RECOKIT_COMPILED) && defined(__x86_64__) && defined(__GNUC__)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

namespace {

template <class Kernel>
std::vector<Kernel> usable_kernels(const Kernel& avx512, const Kernel& avx2) {
  std::vector<Kernel> kernels;
  if (__builtin_cpu_supports("avx512f")) kernels.push_back(avx512);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) kernels.push_back(avx2);
  return kernels;
}

}  // namespace

template <>
std::vector<weighted_rows_kernel<float>> x86_weighted_rows() {
  return usable_kernels(avx512_weighted_rows_float(), avx2_weighted_rows_float());
}
template <>
std::vector<weighted_rows_kernel<double>> x86_weighted_rows() {
  return usable_kernels(avx512_weighted_rows_double(), avx2_weighted_rows_double());
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
