// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Gradient steps on factor rows for pairs of items, in the best instructions at hand.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// Factor rows while a fit runs: each begins on a cache line and is filled up with zeros.
struct factor_block {
  float* users = nullptr;
  float* items = nullptr;
  float* item_bias = nullptr;
  std::ptrdiff_t width = 0;  ///< floats from row to row, a multiple of 16
};

/// The accumulated squares of Adagrad, in the shape of a factor_block.
using square_block = factor_block;

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

/// The steps for one set of instructions.
struct pair_kernel {
  std::string_view name;
  /// One step of BPR a sample, in their order.
  /// @returns the sum of the gradients' coefficients: not finite when one of them was not
  float (*bpr)(const factor_block& rows, const pair_rates& rates, const triple* samples,
               std::size_t count) = nullptr;
  float (*dot)(const float* a, const float* b, std::ptrdiff_t width) = nullptr;
  /// One step on weight · (margin − score of the positive + score of the negative).
  void (*hinge)(const factor_block& rows, const pair_rates& rates, float weight,
                const triple& sample) = nullptr;
  /// The same with Adagrad: each step is divided by the root of its sum of squared gradients.
  void (*hinge_adagrad)(const factor_block& rows, const square_block& squares,
                        const pair_rates& rates, float weight, const triple& sample) = nullptr;
  /// sum += factor · row
  void (*add)(float* sum, float factor, const float* row, std::ptrdiff_t width) = nullptr;
};

/// Asks for a row to travel to the first-level cache, to be written.
inline void fetch_row(const float* row, std::ptrdiff_t width) noexcept {
  for (std::ptrdiff_t f = 0; f < width; f += 16) __builtin_prefetch(row + f, 1);
}

/// All kernels that can run here, best first; the last needs nothing of the machine, the rest may
/// have no functions.
std::array<pair_kernel, 3> pair_kernels() noexcept;
/// The first of them.
const pair_kernel& best_pair_kernel() noexcept;

#if defined(RECOKIT_DETAIL_X86_KERNELS)
// Only call what pair_kernels() hands out: it has asked the processor.
pair_kernel avx2_pair_kernel() noexcept;
pair_kernel avx512_pair_kernel() noexcept;
#endif

}  // namespace recokit::inline RECOKIT_ABI::detail
