// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Choices that all models fitted by stochastic gradient descent over ratings share.
#pragma once

#include <recokit/core/config.hpp>

#include <array>
#include <cmath>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::sgd {

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

/// How long a step is.
enum class step_rule {
  decay,     ///< learning_rate · learning_rate_decay^(epoch − 1), the same for every row
  adaptive,  ///< learning_rate over the root of what the row's squared gradients add up to
};
constexpr std::array<std::string_view, 2> enum_names(step_rule) { return {"decay", "adaptive"}; }

/// Which ratings are worked on at the same time.
enum class schedule {
  blocks,   ///< those that share neither user nor item, in a fixed order: the same bits always
  hogwild,  ///< any, without locks: threads overwrite each other, and no two fits are equal
};
constexpr std::array<std::string_view, 2> enum_names(schedule) { return {"blocks", "hogwild"}; }

/// The negative derivative of a loss by z.
template <class Scalar>
Scalar descent(loss loss, Scalar z, Scalar target) {
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

}  // namespace recokit::inline RECOKIT_ABI::sgd
