// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The loops over tiles of pairs for the vector instructions of x86-64.
#pragma once

#include <recokit/kernels/pair_scan.hpp>

#if defined(RECOKIT_DETAIL_X86_KERNELS)

namespace recokit::inline RECOKIT_ABI::kernels::detail {

// Only call what x86_pair_scans() hands out: it has asked the processor.
pair_scan<float> avx2_pair_scan_float() noexcept;
pair_scan<double> avx2_pair_scan_double() noexcept;
pair_scan<float> avx512_pair_scan_float() noexcept;
pair_scan<double> avx512_pair_scan_double() noexcept;

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
