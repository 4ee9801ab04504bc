// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "sparse_times_dense_x86.hpp"
#include "x86_choice.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

template <>
std::array<weighted_rows_kernel<float>, 2> x86_weighted_rows() noexcept {
  return usable(avx512_weighted_rows_float(), avx2_weighted_rows_float());
}
template <>
std::array<weighted_rows_kernel<double>, 2> x86_weighted_rows() noexcept {
  return usable(avx512_weighted_rows_double(), avx2_weighted_rows_double());
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
