// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Philox4x32-10 counter-based bits, the same on CPU and GPU; free of Eigen for use in .cu.
#pragma once

#include <recokit/core/host_device.hpp>

#include <array>
#include <cstdint>

namespace recokit {

/// Four 32-bit words of a Philox counter or output.
struct philox_block {
  std::uint32_t word[4];
};

/// Philox4x32 with ten rounds: a bijection of the 128-bit counter for each 64-bit key.
///
/// Equal inputs give equal outputs on every machine, thread count and backend, so a draw is named
/// by what it is for instead of by when it is made. Cost: 20 multiplications for four words.
/// Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC'11.
RECOKIT_HOST_DEVICE constexpr philox_block philox4x32(philox_block counter,
                                                      std::uint64_t key) noexcept {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * counter.word[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * counter.word[2];
    const auto hi0 = static_cast<std::uint32_t>(p0 >> 32);
    const auto hi1 = static_cast<std::uint32_t>(p1 >> 32);
    counter = {{hi1 ^ counter.word[1] ^ k0, static_cast<std::uint32_t>(p1),
                hi0 ^ counter.word[3] ^ k1, static_cast<std::uint32_t>(p0)}};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return counter;
}

/// Maps a word to [0, 1): the top 24 bits, so every value is exact in float.
RECOKIT_HOST_DEVICE constexpr float unit_float(std::uint32_t word) noexcept {
  return static_cast<float>(word >> 8) * 0x1p-24f;
}

/// Maps a double word to [0, 1): the top 53 bits.
RECOKIT_HOST_DEVICE constexpr double unit_double(std::uint64_t word) noexcept {
  return static_cast<double>(word >> 11) * 0x1p-53;
}

/// A draw from [0, n). Without `valid` it would be biased: draw again.
/// Lemire: Fast random integer generation in an interval, TOMACS 2019.
template <class Number>
struct bounded_draw {
  bool valid;
  Number value;
};

/// Of one word. @param limit bound_limit(n)
RECOKIT_HOST_DEVICE constexpr bounded_draw<std::uint32_t> bounded(std::uint32_t word,
                                                                  std::uint32_t n,
                                                                  std::uint32_t limit) noexcept {
  const std::uint64_t product = std::uint64_t{word} * n;
  return {static_cast<std::uint32_t>(product) >= limit, static_cast<std::uint32_t>(product >> 32)};
}
/// Of a double word.
RECOKIT_HOST_DEVICE constexpr bounded_draw<std::uint64_t> bounded(std::uint64_t word,
                                                                  std::uint64_t n,
                                                                  std::uint64_t limit) noexcept {
  __extension__ using wide = unsigned __int128;
  const wide product = static_cast<wide>(word) * n;
  return {static_cast<std::uint64_t>(product) >= limit, static_cast<std::uint64_t>(product >> 64)};
}
/// n must be positive.
template <class Number>
RECOKIT_HOST_DEVICE constexpr Number bound_limit(Number n) noexcept {
  return (Number{0} - n) % n;
}

}  // namespace recokit
