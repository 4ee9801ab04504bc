// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The report on standard output: an aligned table and the facts that belong to it.
#pragma once

#include "results.hpp"

#include <string>

namespace recokit_bench {

std::string leaderboard_text(const bench_results& results);

}  // namespace recokit_bench
