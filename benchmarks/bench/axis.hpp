// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Axes of charts: round ticks over a range, linear or logarithmic.
#pragma once

#include <string>
#include <vector>

namespace recokit_bench {

/// Maps values to [0, 1] and knows where its ticks are.
class axis {
 public:
  struct tick {
    double value;
    std::string label;
  };

  /// About `wanted` ticks at 1, 2 or 5 times a power of ten; the range grows to the ticks around
  /// it. A range of one point is widened.
  static axis linear(double low, double high, int wanted = 5);
  /// Ticks at powers of ten around [low, high]; both must be above 0.
  static axis logarithmic(double low, double high);

  double low() const noexcept { return low_; }
  double high() const noexcept { return high_; }
  const std::vector<tick>& ticks() const noexcept { return ticks_; }
  /// 0 at low(), 1 at high(); values outside are moved to the end they passed.
  double place(double value) const noexcept;

 private:
  double low_ = 0;
  double high_ = 1;
  bool log_ = false;
  std::vector<tick> ticks_;
};

}  // namespace recokit_bench
