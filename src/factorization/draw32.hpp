// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Draws of small whole numbers from one word of a stream.
#pragma once

#include <recokit/core/random.hpp>

#include <cstdint>

namespace recokit::inline RECOKIT_ABI::detail {

/// Uniform in [0, n) without bias, n in [1, 2^32), from one word as a rule: half the price of
/// random_stream::below. Lemire, TOMACS 2019.
class draw32 {
 public:
  explicit draw32(std::uint32_t n) noexcept : n_(n), limit_((0u - n) % n) {}

  std::uint32_t operator()(random_stream& random) const noexcept {
    for (;;) {
      const std::uint64_t product = std::uint64_t{random()} * n_;
      if (static_cast<std::uint32_t>(product) >= limit_) {
        return static_cast<std::uint32_t>(product >> 32);
      }
    }
  }

 private:
  std::uint32_t n_;
  std::uint32_t limit_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
