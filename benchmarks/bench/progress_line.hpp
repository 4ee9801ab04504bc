// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief One line on the terminal that tells how far a run is.
#pragma once

#include <recokit/core/observer.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace recokit_bench {

/// "epoch 3/16, 1.25 s, 5.42 s to go"
std::string epoch_text(const recokit::epoch_info& info);

/// Rewrites one line of standard error; silent when that is no terminal.
class progress_line {
 public:
  /// @param quiet never write, terminal or not
  explicit progress_line(bool quiet);
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;
  ~progress_line();

  /// Starts a new step: "[2/3] ials".
  void step(std::string text);
  /// Where the step stands. Written at most ten times a second.
  void detail(std::string_view text);
  /// Wipes the line, to make room for other output.
  void clear();

 private:
  void write(std::string_view text);

  bool enabled_;
  std::size_t width_ = 79;
  std::string step_;
  std::chrono::steady_clock::time_point written_{};
};

}  // namespace recokit_bench
