// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Gradient steps on factor rows for pairs of items, in the best instructions at hand.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/kernels/pair_step.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

using pair_step::factor_block;
using pair_step::pair_rates;
using pair_step::triple;

/// The accumulated squares of Adagrad, in the shape of a factor_block.
using square_block = factor_block;

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
