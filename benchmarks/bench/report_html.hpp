// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The HTML report: one page with everything in it, without scripts and without a network.
#pragma once

#include "results.hpp"

#include <string>

namespace recokit_bench {

std::string html_text(const bench_results& results);

}  // namespace recokit_bench
