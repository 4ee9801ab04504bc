// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../kernels/x86_choice.hpp"
#include "sgd_kernels_x86.hpp"

#include <recokit/factorization/sgd_kernel.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::sgd::detail {

template <>
std::array<kernel<float>, 2> x86_kernels() noexcept {
  return kernels::detail::usable(avx512_kernel_float(), avx2_kernel_float());
}
template <>
std::array<kernel<double>, 2> x86_kernels() noexcept {
  return kernels::detail::usable(avx512_kernel_double(), avx2_kernel_double());
}

}  // namespace recokit::inline RECOKIT_ABI::sgd::detail

#endif
