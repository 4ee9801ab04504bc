// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The JSON report; its schema is told in docs/bench-json.md.
#pragma once

#include "results.hpp"

#include <string>

namespace recokit_bench {

/// Raised whenever a field changes its meaning or goes away.
inline constexpr int json_schema_version = 1;

/// UTF-8 text; numbers that are not finite become null.
std::string json_text(const bench_results& results);

}  // namespace recokit_bench
