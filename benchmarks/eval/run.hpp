// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief recokit-eval from the words of its command line to what it prints.
#pragma once

#include <string>
#include <vector>

namespace recokit_eval {

/// As trec_eval's where it has them.
enum exit_code { success = 0, wrong_usage = 1, bad_input = 2, no_output = 3 };

/// What a call of the program prints and returns.
struct outcome {
  exit_code code = success;
  std::string output;  ///< for standard output
  std::string errors;  ///< for standard error
};

/// Reads, evaluates and formats. Writes no stream, but the file of --json=FILE. Throws nothing but
/// std::bad_alloc.
outcome run_program(const std::vector<std::string>& words);

}  // namespace recokit_eval
