// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a gradient step on a pair of items works on; free of Eigen for use in .cu.
#pragma once

#include <cstddef>
#include <cstdint>

namespace recokit::pair_step {

/// Factor rows while a fit runs: each begins on a cache line and is filled up with zeros.
struct factor_block {
  float* users = nullptr;
  float* items = nullptr;
  float* item_bias = nullptr;
  std::ptrdiff_t width = 0;  ///< floats from row to row, a multiple of 16
};

/// Draws of a negative that the user has before the next item that he has not is taken.
inline constexpr std::uint32_t most_misses = 64;

/// A sample: the user prefers the positive item to the negative.
struct triple {
  std::uint32_t user;
  std::uint32_t positive;
  std::uint32_t negative;
};

/// Step size and weights of the squared parameters.
struct pair_rates {
  float step = 0;
  float user = 0;
  float positive = 0;
  float negative = 0;
  float bias = 0;       ///< weight of the squared item biases
  float bias_step = 0;  ///< 0: items have no bias
};

}  // namespace recokit::pair_step
