// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The selecting loops for the vector instructions of x86-64.
#pragma once

#include <recokit/kernels/score_scan.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

// Only call what x86_score_scans() hands out: it has asked the processor.
score_scan<float> avx2_score_scan_float() noexcept;
score_scan<double> avx2_score_scan_double() noexcept;
score_scan<float> avx512_score_scan_float() noexcept;
score_scan<double> avx512_score_scan_double() noexcept;

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
