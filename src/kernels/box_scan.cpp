// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "box_scan_x86.hpp"
#include "x86_choice.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

template <>
std::array<box_scan<float>, 2> x86_box_scans() noexcept {
  return usable(avx512_box_scan_float(), avx2_box_scan_float());
}
template <>
std::array<box_scan<double>, 2> x86_box_scans() noexcept {
  return usable(avx512_box_scan_double(), avx2_box_scan_double());
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
