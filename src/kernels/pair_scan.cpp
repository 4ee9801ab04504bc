// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "pair_scan_x86.hpp"
#include "x86_choice.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

template <>
std::array<pair_scan<float>, 2> x86_pair_scans() noexcept {
  return usable(avx512_pair_scan_float(), avx2_pair_scan_float());
}
template <>
std::array<pair_scan<double>, 2> x86_pair_scans() noexcept {
  return usable(avx512_pair_scan_double(), avx2_pair_scan_double());
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
