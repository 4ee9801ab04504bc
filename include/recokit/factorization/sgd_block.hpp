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

/// What a row of factors has besides them.
template <class Scalar>
struct row_state {
  Scalar bias = 0;            ///< c_u of users, b_i of items
  Scalar factor_squares = 1;  ///< adaptive: 1 + Σ |gradient of the factors|² / factors
  Scalar bias_squares = 1;    ///< adaptive: 1 + Σ (gradient of the bias)²
  Scalar unused = 0;          ///< keeps a state inside one cache line
};

/// The numbers of the update, the same for all ratings of a pass. For a rating t of item i by user
/// u, with z = c_u + b_i + p_u·q_i, where c_u is the bias of the user and the mean together, and e
/// the descent of the loss:
///   p_u ← shrink(p_u + s_u (user_gain · e · q_i − regularization · p_u), s_u · l1)
///   q_i ← shrink(q_i + s_i (e · p_u − regularization · q_i), s_i · l1)
///   c_u ← c_u + s'_u (e − bias_regularization · (c_u − mean))
///   b_i ← b_i + s'_i (e − bias_regularization · b_i),
/// the right sides all from before the update. shrink(v, l) moves v by l towards 0, not past it.
/// Steps s are `rate`, s' are `bias_rate`; if adaptive, over the root of the row's squares, to
/// which the squared gradients are added after the update.
template <class Scalar>
struct update {
  sgd::loss loss = loss::squared;
  bool adaptive = false;
  Scalar mean = 0;
  Scalar rate = 0;
  Scalar bias_rate = 0;  ///< 0: biases stay as they are
  Scalar regularization = 0;
  Scalar bias_regularization = 0;
  Scalar l1 = 0;
  Scalar user_gain = 1;        ///< not with adaptive
  Scalar inverse_factors = 1;  ///< 1 / factors
};

/// Rows of factors for the kernels: each begins on a cache line and is filled up with zeros.
template <class Scalar>
struct row_block {
  Scalar* rows = nullptr;
  row_state<Scalar>* states = nullptr;
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
