// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Draws of small whole numbers from one word of a stream.
#pragma once

#include <recokit/core/random.hpp>

#include <cstdint>

namespace recokit::inline RECOKIT_ABI::detail {

/// Uniform in [0, n) without bias, n in [1, 2^32), from one word as a rule: half the price of
/// random_stream::below.
class draw32 {
 public:
  explicit draw32(std::uint32_t n) noexcept : n_(n), limit_(bound_limit(n)) {}

  std::uint32_t operator()(random_stream& random) const noexcept {
    for (;;) {
      if (const auto draw = bounded(random(), n_, limit_); draw.valid) return draw.value;
    }
  }

 private:
  std::uint32_t n_;
  std::uint32_t limit_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
