// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Choices that all models fitted by stochastic gradient descent over ratings share.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/kernels/sgd_step.hpp>

#include <array>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::sgd {

using sgd_step::descent;
using sgd_step::loss;

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

}  // namespace recokit::inline RECOKIT_ABI::sgd
