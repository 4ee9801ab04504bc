// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Carries a plan out: read, filter, divide, fit, evaluate.
#pragma once

#include "plan.hpp"
#include "progress_line.hpp"
#include "results.hpp"

#include <string>
#include <vector>

namespace recokit_bench {

/// One fold is held in memory at a time. A model that fails is noted in its result and the others
/// go on.
/// @param command the words of the command line, for the reports
/// @throws recokit::error when the data cannot be read or divided
bench_results run_plan_of(const run_plan& plan, std::vector<std::string> command,
                          progress_line& line);

}  // namespace recokit_bench
