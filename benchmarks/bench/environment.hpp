// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Where and how a run took place.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/build_info.hpp>

#include <string>
#include <vector>

namespace recokit_bench {

struct environment {
  recokit::build_information build;
  std::string backend = "cpu";
  std::string processor;  ///< its name, or empty where the system does not tell
  int threads = 1;
  std::string started;               ///< "2026-01-31T12:00:00Z"
  std::vector<std::string> command;  ///< the words of the command line
};

environment describe_environment(const recokit::cpu& policy, std::vector<std::string> command);

/// "0.1.0 (Release, GNU 12.2.0, …)": what `--version` and the reports print.
std::string build_line(const recokit::build_information& build);

/// The words as one line for a POSIX shell, quoted where they need it.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace recokit_bench
