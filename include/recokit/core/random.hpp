// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Random streams keyed by (seed, purpose, row): one seed, one result, any thread count.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/philox.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace recokit::inline RECOKIT_ABI {

/// What a stream is for. Two purposes under one seed never share a draw, so adding draws in one
/// place leaves all others as they were. Values are part of the reproducible result: append only.
enum class random_purpose : std::uint32_t {
  user_factors = 1,
  item_factors = 2,
  split = 3,
  synthetic_users = 4,
  synthetic_items = 5,
  synthetic_draws = 6,
  split_folds = 7,
  split_users = 8,
  synthetic_popularity = 9,
  fisher_signs = 10,
  bootstrap_counts = 11,
  bootstrap_draws = 12,
  sampled_negatives = 13,
  search_draws = 14,
  bpr_draws = 15,
  warp_draws = 16,
  logistic_draws = 17,
  block_order = 18,
  svd_sketch = 19,
  user_implicit_factors = 20,
  resampled_base = 21,
  resampled_step = 22,
  resampled_noise = 23,
  resampled_category = 24,
  resampled_share = 25,
  resampled_damping = 26,
  kmeans_seeds = 27,
  kept_rows = 28,
  prototype_seeds = 29,
  hardness_folds = 30,
  negative_pairs = 31,
  user = 0x8000'0000u,  ///< first of the values left to callers
};

/// An endless stream of random numbers for one (seed, purpose, row).
///
/// Models std::uniform_random_bit_generator. Integers and uniforms are the same on every platform
/// and backend; normal() goes through std::log and std::sin and is the same wherever those are.
/// Create one for each row inside parallel loops; construction costs nothing. 2^34 words a stream.
class random_stream {
 public:
  using result_type = std::uint32_t;

  random_stream(std::uint64_t seed, random_purpose purpose, std::uint64_t row = 0) noexcept
      : key_(seed),
        counter_{{0, static_cast<std::uint32_t>(purpose), static_cast<std::uint32_t>(row),
                  static_cast<std::uint32_t>(row >> 32)}} {}

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

  result_type operator()() noexcept {
    if (used_ == 4) {
      block_ = philox4x32(counter_, key_);
      ++counter_.word[0];
      used_ = 0;
    }
    return block_.word[used_++];
  }

  std::uint64_t bits64() noexcept {
    const std::uint64_t high = (*this)();
    return high << 32 | (*this)();
  }

  /// Uniform in [0, 1), 53 bits.
  double uniform() noexcept { return unit_double(bits64()); }

  /// Uniform in [0, n) without bias. n must be positive.
  std::uint64_t below(std::uint64_t n) noexcept {
    const std::uint64_t limit = bound_limit(n);
    for (;;) {
      if (const auto draw = bounded(bits64(), n, limit); draw.valid) return draw.value;
    }
  }

  /// Standard normal (Box and Muller, 1958).
  double normal() noexcept {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    const double angle = 2.0 * std::numbers::pi * uniform();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
  }

 private:
  std::uint64_t key_;
  philox_block counter_;
  philox_block block_{};
  std::uint32_t used_ = 4;
  bool has_spare_ = false;
  double spare_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI
