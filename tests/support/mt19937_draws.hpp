// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Draws of samplers that replay numpy.random.RandomState, for fixtures of other libraries.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/random.hpp>

#include <cmath>
#include <cstdint>
#include <random>

namespace recokit_test {

/// One stream for all samples, in the order of the calls: run samplers on one thread with it.
class mt19937_draws {
 public:
  explicit mt19937_draws(std::uint32_t seed) : words_(seed) {}

  mt19937_draws& stream(recokit::random_purpose, recokit::index_t, std::int64_t) { return *this; }

  /// randint(0, n): words under the smallest mask that holds n − 1, those beyond it thrown away.
  std::uint64_t below(std::uint64_t n) {
    if (n == 1) return 0;
    std::uint64_t mask = n - 1;
    for (int shift = 1; shift < 64; shift *= 2) mask |= mask >> shift;
    for (;;) {
      const std::uint64_t word = words_() & mask;
      if (word < n) return word;
    }
  }

  /// random_sample().
  double uniform() {
    const std::uint64_t high = words_() >> 5;
    const std::uint64_t low = words_() >> 6;
    return static_cast<double>((high << 26) + low) / 9007199254740992.0;
  }

  /// randn(), the polar method; the second of a pair is kept.
  double normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    double x = 0, y = 0, square = 0;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double scale = std::sqrt(-2 * std::log(square) / square);
    spare_ = scale * x;
    has_spare_ = true;
    return scale * y;
  }

 private:
  std::mt19937 words_;
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace recokit_test
