// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "score_scan_x86.hpp"
#include "x86_choice.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

template <>
std::array<score_scan<float>, 2> x86_score_scans() noexcept {
  return usable(avx512_score_scan_float(), avx2_score_scan_float());
}
template <>
std::array<score_scan<double>, 2> x86_score_scans() noexcept {
  return usable(avx512_score_scan_double(), avx2_score_scan_double());
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
