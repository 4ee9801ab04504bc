// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a plain step does to the rows of a user, a positive and a negative item.
#pragma once

#include "simt.hpp"

#include <recokit/kernels/pair_step.hpp>

namespace recokit::cuda_kernels {

/// What the rows of a pair keep in a step: 1 − step · their weight.
struct pair_keep {
  float user;
  float positive;
  float negative;
};
RECOKIT_DEVICE pair_keep keep_of(const pair_step::pair_rates& rates) {
  return {1 - rates.step * rates.user, 1 - rates.step * rates.positive,
          1 - rates.step * rates.negative};
}
/// A column of a step of the three rows.
RECOKIT_DEVICE void pull_apart(const pair_keep& keep, float pull, float& user, float& positive,
                               float& negative) {
  const float a = user;
  const float b = positive;
  const float c = negative;
  user = simt::fma(pull, b - c, keep.user * a);
  positive = simt::fma(pull, a, keep.positive * b);
  negative = simt::fma(-pull, a, keep.negative * c);
}

}  // namespace recokit::cuda_kernels
