// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What of a model of steps lies on the device, from sizes alone.
#pragma once

#include "runtime/context.hpp"

#include <recokit/core/check.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace recokit::cuda_kernels {

/// Bytes of what can lie in either place; offsets, levels and biases are on the device in any case.
struct step_sizes {
  std::uint64_t samples;                 ///< interactions, or what is made of them
  std::array<std::uint64_t, 2> factors;  ///< of users and items, all that a step changes
};

/// What stays on the device; the rest lies in pinned memory of the host and is reached over the
/// bus: samples once an epoch, factors in every step.
struct step_memory {
  bool samples;
  std::array<bool, 2> factors;
};

/// The first of these that fits: all stay; samples do not; nor do the factors of the larger side,
/// nor those of either.
constexpr step_memory plan_step_memory(const step_sizes& sizes, std::uint64_t budget) {
  const auto [users, items] = sizes.factors;
  const std::uint64_t smaller = std::min(users, items);
  return {sizes.samples + users + items <= budget,
          {users + items <= budget || (users < items && smaller <= budget),
           users + items <= budget || (users >= items && smaller <= budget)}};
}

/// That plan for the data share of a context.
/// @throws memory_error when the host cannot hold what is left to it
inline step_memory place_steps(const step_sizes& sizes,
                               const recokit::detail::cuda_context_state& context) {
  const step_memory stays = plan_step_memory(sizes, context.data_bytes());
  recokit::check::fits_memory("interactions and factors in pinned memory",
                              (stays.samples ? 0 : sizes.samples) +
                                  (stays.factors[0] ? 0 : sizes.factors[0]) +
                                  (stays.factors[1] ? 0 : sizes.factors[1]));
  return stays;
}

}  // namespace recokit::cuda_kernels
