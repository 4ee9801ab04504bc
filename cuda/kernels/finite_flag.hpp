// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A word that kernels lower when a number is not finite.
#pragma once

#include "runtime/memory.hpp"
#include "runtime/stream.hpp"

#include <cstdint>
#include <limits>
#include <span>

namespace recokit::cuda_kernels {

class finite_flag {
 public:
  explicit finite_flag(stream_t stream)
      : word_(std::span<const std::uint32_t>(&raised, 1), stream) {}

  /// What kernels take as `failed`.
  std::uint32_t* data() noexcept { return word_.data(); }
  /// Waits.
  bool all_finite(stream_t stream) const { return word_.to_host(stream)[0] == raised; }

 private:
  static constexpr std::uint32_t raised = std::numeric_limits<std::uint32_t>::max();

  device_buffer<std::uint32_t> word_;
};

}  // namespace recokit::cuda_kernels
