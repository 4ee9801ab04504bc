// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What item_similarity adds up over the users that two items share; free of Eigen for .cu.
///
/// Sums are in double and values are floats, so products are exact: a sum depends on the order of
/// its terms alone, and a sum of whole numbers not even on that.
#pragma once

#include <recokit/core/host_device.hpp>

#include <cstdint>

namespace recokit::pair_measures {

/// The number of shared users; values do not matter.
struct pair_count {
  static constexpr bool needs_values = false;
  std::int64_t common = 0;

  RECOKIT_HOST_DEVICE void add(double, double) noexcept { ++common; }
  RECOKIT_HOST_DEVICE pair_count swapped() const noexcept { return *this; }
};

/// Their number and Σ x·y.
struct pair_dot {
  static constexpr bool needs_values = true;
  std::int64_t common = 0;
  double xy = 0;

  RECOKIT_HOST_DEVICE void add(double x, double y) noexcept {
    ++common;
    xy += x * y;
  }
  RECOKIT_HOST_DEVICE pair_dot swapped() const noexcept { return *this; }
};

/// Their number and all sums up to the second order, x being the values of the first item.
struct pair_moments {
  static constexpr bool needs_values = true;
  std::int64_t common = 0;
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  RECOKIT_HOST_DEVICE void add(double of_x, double of_y) noexcept {
    ++common;
    x += of_x;
    y += of_y;
    xx += of_x * of_x;
    yy += of_y * of_y;
    xy += of_x * of_y;
  }
  RECOKIT_HOST_DEVICE pair_moments swapped() const noexcept { return {common, y, x, yy, xx, xy}; }
};

}  // namespace recokit::pair_measures
