// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Checks and errors that the pairwise models share.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// @throws value_error unless each regularization that bpr and warp may leave out is in [0, 1000]
template <class Params>
void check_regularizations(const Params& params) {
  const auto optional = [](std::string_view name, const std::optional<double>& weight) {
    if (weight) check::in_range(name, *weight, 0.0, 1e3);
  };
  optional("params.user_regularization", params.user_regularization);
  optional("params.positive_regularization", params.positive_regularization);
  optional("params.negative_regularization", params.negative_regularization);
  optional("params.bias_regularization", params.bias_regularization);
}

/// @throws value_error when a value is 0 or below: it would count as a positive
inline void check_positives(const std::string& model, const csr_view<>& history) {
  for (const float value : history.values()) {
    if (!(value > 0)) {
      throw value_error("interaction value", std::to_string(value),
                        model +
                            " takes every stored interaction as a positive; drop those that "
                            "are none (at_least)");
    }
  }
}

/// @param epoch 0: found after it
[[noreturn]] inline void throw_diverged(const std::string& what, int epoch) {
  throw error(what + ": the steps diverged" +
              (epoch > 0 ? " in epoch " + std::to_string(epoch) : std::string()) +
              "; take a smaller params.learning_rate");
}

}  // namespace recokit::inline RECOKIT_ABI::detail
