// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What of a model of steps lies on the device, from sizes alone.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace recokit::cuda_kernels {

/// Bytes.
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

}  // namespace recokit::cuda_kernels
