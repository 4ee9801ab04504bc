// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A step of stochastic gradient descent on a rating; free of Eigen for use in .cu.
#pragma once

#include <recokit/core/host_device.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace recokit::sgd_step {

/// What an estimate z of a target t costs.
enum class loss {
  squared,   ///< (t − z)² / 2
  absolute,  ///< |t − z|
  hinge,     ///< max(0, 1 − t z) for t = ±1
  logistic,  ///< log(1 + exp(−t z)) for t = ±1
  sigmoid,  ///< 8 (t − 1 / (1 + exp(−z)))² for t in [0, 1]: as steep as `squared` in the middle
};
constexpr std::array<std::string_view, 5> enum_names(loss) {
  return {"squared", "absolute", "hinge", "logistic", "sigmoid"};
}

/// The negative derivative of a loss by z.
template <class Scalar>
RECOKIT_HOST_DEVICE Scalar descent(loss loss, Scalar z, Scalar target) {
  switch (loss) {
    case loss::squared:
      return target - z;
    case loss::absolute:
      return static_cast<Scalar>((target > z) - (target < z));
    case loss::hinge:
      return target * z < 1 ? target : Scalar{0};
    case loss::logistic:
      return target / (1 + std::exp(target * z));
    case loss::sigmoid: {
      const Scalar share = 1 / (1 + std::exp(-z));
      return 16 * (target - share) * share * (1 - share);
    }
  }
  return 0;
}

/// A rating as a device takes it, one after the other.
struct rating {
  std::uint32_t user;
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

/// Rows of factors for the kernels: each begins on a cache line and is filled up with zeros.
template <class Scalar>
struct row_block {
  Scalar* rows = nullptr;
  row_state<Scalar>* states = nullptr;
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
  sgd_step::loss loss = loss::squared;
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

/// The steps s and s' of one update.
template <class Scalar>
struct step_sizes {
  Scalar user;
  Scalar item;
  Scalar user_bias;
  Scalar item_bias;
};

/// std::max, which device code does not have.
template <class Scalar>
[[gnu::always_inline]] RECOKIT_HOST_DEVICE inline const Scalar& larger(const Scalar& a,
                                                                       const Scalar& b) {
  return a < b ? b : a;
}

/// The update of biases and, if Adaptive, squares.
/// @param e descent of the loss @param product p·q @param pp p·p @param qq q·q, of old factors
template <bool Adaptive, class Scalar>
[[gnu::always_inline]] RECOKIT_HOST_DEVICE inline void move_states(
    const update<Scalar>& update, const step_sizes<Scalar>& sizes, Scalar e,
    [[maybe_unused]] Scalar product, [[maybe_unused]] Scalar pp, [[maybe_unused]] Scalar qq,
    row_state<Scalar>& user, row_state<Scalar>& item) {
  const Scalar user_step = e - update.bias_regularization * (user.bias - update.mean);
  const Scalar item_step = e - update.bias_regularization * item.bias;
  if constexpr (Adaptive) {
    // |e q − λ p|² = e² |q|² − 2 e λ p·q + λ² |p|², and the same for the other side.
    const Scalar ridge = update.regularization;
    const Scalar cross = 2 * e * ridge * product;
    const Scalar share = update.inverse_factors;
    user.factor_squares += larger(Scalar{0}, e * e * qq - cross + ridge * ridge * pp) * share;
    item.factor_squares += larger(Scalar{0}, e * e * pp - cross + ridge * ridge * qq) * share;
    user.bias_squares += user_step * user_step;
    item.bias_squares += item_step * item_step;
  }
  user.bias += sizes.user_bias * user_step;
  item.bias += sizes.item_bias * item_step;
}

}  // namespace recokit::sgd_step
