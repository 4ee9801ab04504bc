// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Peak memory of this process, as the kernel counts it.
#pragma once

#include <cstdint>
#include <optional>

namespace recokit_bench {

/// Where a peak was counted from.
enum class peak_scope {
  since_reset,  ///< since the last reset_peak_memory()
  process,      ///< since the process began: the kernel allows no reset
  unknown,      ///< the kernel does not tell
};

/// Gives freed memory back to the kernel and starts the count anew, where the kernel lets us
/// (Linux, /proc/self/clear_refs).
peak_scope reset_peak_memory();
/// Most bytes of physical memory held at once (VmHWM).
std::optional<std::int64_t> peak_memory();
/// Bytes of physical memory held now (VmRSS).
std::optional<std::int64_t> resident_memory();

}  // namespace recokit_bench
