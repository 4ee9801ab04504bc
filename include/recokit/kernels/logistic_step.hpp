// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Half an epoch of logistic factorization, as a backend is told; free of Eigen for .cu.
#pragma once

#include <recokit/core/host_device.hpp>

#include <cstdint>

namespace recokit::logistic_step {

/// A step of all rows of a side. Columns are the factors, the bias of users, that of items.
struct half_terms {
  bool of_users;
  bool biases;
  std::uint32_t factors;
  float confidence;
  float rate;
  float regularization;
  double neg_ratio;
  std::uint64_t seed;
  std::uint32_t purpose;  ///< recokit::random_purpose
  std::uint64_t first;    ///< row r draws from the stream first | r
};

/// How many negatives a row draws where `expected` are: the whole part, and the rest by a draw.
/// @param unit uniform in [0, 1)
RECOKIT_HOST_DEVICE constexpr std::int64_t negatives_of(double expected, double unit) noexcept {
  const auto whole = static_cast<std::int64_t>(expected);
  return whole + (unit < expected - static_cast<double>(whole) ? 1 : 0);
}

}  // namespace recokit::logistic_step
