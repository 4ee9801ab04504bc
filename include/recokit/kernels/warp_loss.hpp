// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief An epoch of WARP, as a backend is told; free of Eigen for use in .cu.
#pragma once

#include <recokit/core/host_device.hpp>
#include <recokit/kernels/pair_step.hpp>

#include <cmath>
#include <cstdint>

namespace recokit::warp_loss {

/// The weight of a step when the t-th item drawn was the first to rank too high.
RECOKIT_HOST_DEVICE inline float rank_weight(std::int64_t items, int t) {
  const std::int64_t above = (items - 1) / t;
  return std::log(static_cast<float>(above > 1 ? above : 1));
}

/// What holds for all steps of an epoch.
struct epoch_terms {
  pair_step::pair_rates rates;
  float margin;
  int max_trials;
  std::uint64_t seed;
  std::uint32_t purpose;  ///< recokit::random_purpose
  std::int64_t epoch;
};

}  // namespace recokit::warp_loss
