// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What the params of bpr and warp say about a step.
#pragma once

#include "pair_kernels.hpp"

#include <optional>

namespace recokit::inline RECOKIT_ABI::detail {

/// @param step size, which epochs may change
template <class Params>
pair_rates pair_rates_of(const Params& params, double step) {
  const auto weight = [&](const std::optional<double>& own) {
    return static_cast<float>(own.value_or(params.regularization));
  };
  return {.step = static_cast<float>(step),
          .user = weight(params.user_regularization),
          .positive = weight(params.positive_regularization),
          .negative = weight(params.negative_regularization),
          .bias = weight(params.bias_regularization),
          .bias_step = params.item_bias ? static_cast<float>(step) : 0.0f};
}

}  // namespace recokit::inline RECOKIT_ABI::detail
