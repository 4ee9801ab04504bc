// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A sum of doubles that keeps what rounding would lose.
#pragma once

#include <recokit/core/config.hpp>

#include <cmath>

namespace recokit::inline RECOKIT_ABI::detail {

/// Neumaier: Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 1974.
class compensated_sum {
 public:
  void add(double x) noexcept {
    const double next = sum_ + x;
    lost_ += std::abs(sum_) >= std::abs(x) ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
  }
  void add(const compensated_sum& other) noexcept {
    add(other.sum_);
    add(other.lost_);
  }
  /// A sum that overflowed is infinite; what it lost is then not a number.
  double value() const noexcept { return std::isfinite(sum_) ? sum_ + lost_ : sum_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
