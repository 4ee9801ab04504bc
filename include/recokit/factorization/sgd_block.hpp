// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a pass of stochastic gradient descent over a block of ratings reads and writes.
#pragma once

#include <recokit/factorization/sgd_options.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::sgd {

using sgd_step::row_block;
using sgd_step::row_state;
using sgd_step::update;

/// Ratings of one user that follow each other.
struct run {
  std::uint32_t user;
  std::uint32_t count;
};

/// One rating of the user of its run.
struct entry {
  std::uint32_t item;
  float target;
};

/// Loops over ratings in their order, for one set of instructions. Row r of users, items, sums and
/// rows begins at the first + r · stride; stride is whole cache lines.
template <class Scalar>
struct kernel {
  std::string_view name;  ///< of the instructions: "avx512f", "avx2", "portable"
  /// Stochastic gradient descent.
  void (*pass)(const update<Scalar>& update, std::span<const run> runs, const entry* entries,
               const row_block<Scalar>& users, const row_block<Scalar>& items,
               std::ptrdiff_t stride) = nullptr;
  /// sums[user − first] += Σ rows[item] over the ratings of each user.
  void (*gather)(std::span<const run> runs, const entry* entries, const Scalar* rows, Scalar* sums,
                 std::uint32_t first, std::ptrdiff_t stride) = nullptr;
  /// rows[item] ← fades[user − first] · rows[item] + sums[user − first] for every rating.
  void (*spread)(std::span<const run> runs, const entry* entries, Scalar* rows, const Scalar* sums,
                 const Scalar* fades, std::uint32_t first, std::ptrdiff_t stride) = nullptr;
};

}  // namespace recokit::inline RECOKIT_ABI::sgd
