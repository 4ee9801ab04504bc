// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A random permutation of [0, n) that is computed, not stored.
#pragma once

#include <recokit/core/random.hpp>

#include <array>
#include <bit>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI::detail {

/// A Feistel network on the next power of four, walked along its cycle until it lands in [0, n).
/// Any thread can ask for any place, in O(1) and without memory; n must be below 2^62.
/// Luby and Rackoff, SIAM J. Comput. 1988; Black and Rogaway, CT-RSA 2002.
class keyed_permutation {
 public:
  keyed_permutation(std::uint64_t seed, random_purpose purpose, std::uint64_t n) noexcept
      : n_(n), half_(n > 256 ? (static_cast<int>(std::bit_width(n - 1)) + 1) / 2 : 4) {
    random_stream stream(seed, purpose);
    for (auto& key : keys_) key = stream.bits64();
  }

  /// Where i, in [0, n), goes.
  std::uint64_t operator()(std::uint64_t i) const noexcept {
    const std::uint64_t mask = (std::uint64_t{1} << half_) - 1;
    do {
      std::uint64_t left = i >> half_;
      std::uint64_t right = i & mask;
      for (const std::uint64_t key : keys_) {
        const std::uint64_t next = left ^ (mix(right + key) & mask);
        left = right;
        right = next;
      }
      i = left << half_ | right;
    } while (i >= n_);
    return i;
  }

 private:
  // The finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014.
  static std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
  }

  std::uint64_t n_;
  int half_;
  std::array<std::uint64_t, 6> keys_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
