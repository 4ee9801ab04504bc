// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The command line of `recokit-bench run`.
#pragma once

#include "plan.hpp"

#include <string>
#include <vector>

namespace recokit_bench {

/// What reading the command line came to.
struct run_request {
  run_options options;
  std::string help;  ///< when not empty: print it and do nothing else
};

/// @param words after "run"
/// @throws usage_error
run_request parse_run(const std::vector<std::string>& words);

/// The options of `run` with their units and defaults.
std::string run_help();

}  // namespace recokit_bench
