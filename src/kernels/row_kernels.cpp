// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/row_kernels.hpp>

#include "row_kernels_x86.hpp"
#include "x86_choice.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

template <>
std::array<row_kernels<float>, 2> x86_row_kernels() noexcept {
  return usable(avx512_row_kernels_float(), avx2_row_kernels_float());
}
template <>
std::array<row_kernels<double>, 2> x86_row_kernels() noexcept {
  return usable(avx512_row_kernels_double(), avx2_row_kernels_double());
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
