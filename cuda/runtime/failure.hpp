// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How code that must not see Eigen throws recokit's exceptions.
#pragma once

#include <cstdint>

namespace recokit::cuda_kernels {

/// @throws backend_error "<call> failed: <text> (<name>)"
[[noreturn]] void fail_call(const char* call, const char* name, const char* text);

/// @throws value_error
[[noreturn]] void fail_value(const char* argument, std::int64_t value, const char* requirement);

/// @throws value_error unless low <= value <= high
inline void require_range(const char* argument, std::int64_t value, std::int64_t low,
                          std::int64_t high, const char* requirement) {
  if (value < low || value > high) fail_value(argument, value, requirement);
}

}  // namespace recokit::cuda_kernels
