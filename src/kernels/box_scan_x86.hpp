// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The loops of a search tree for the vector instructions of x86-64.
#pragma once

#include <recokit/kernels/box_scan.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

// Only call what x86_box_scans() hands out: it has asked the processor.
box_scan<float> avx2_box_scan_float() noexcept;
box_scan<double> avx2_box_scan_double() noexcept;
box_scan<float> avx512_box_scan_float() noexcept;
box_scan<double> avx512_box_scan_double() noexcept;

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
