// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a gradient step on a pair of items works on; free of Eigen for use in .cu.
#pragma once

#include <recokit/core/host_device.hpp>

#include <cstddef>
#include <cstdint>

namespace recokit::pair_step {

/// Factor rows while a fit runs: each begins on a cache line and is filled up with zeros.
struct factor_block {
  float* users = nullptr;
  float* items = nullptr;
  float* item_bias = nullptr;
  std::ptrdiff_t width = 0;  ///< floats from row to row, a multiple of 16
};

/// Draws of a negative that the user has before the next item that he has not is taken.
inline constexpr std::uint32_t most_misses = 64;

/// A sample: the user prefers the positive item to the negative.
struct triple {
  std::uint32_t user;
  std::uint32_t positive;
  std::uint32_t negative;
};

/// An interaction in a job.
struct banded_entry {
  std::uint32_t user;
  std::uint32_t local;  ///< the item's place in its band
};

/// How many bands users and items are cut into. A job is of one band of each.
struct band_counts {
  std::int64_t users;
  std::int64_t items;
};

/// The band of items that a band of users meets in a round: no other meets it there.
RECOKIT_HOST_DEVICE constexpr std::int64_t item_band_of(const band_counts& bands,
                                                        std::int64_t user_band,
                                                        std::int64_t round) noexcept {
  return (user_band * bands.items / bands.users + round) % bands.items;
}
/// Where a band of items begins in their permutation.
RECOKIT_HOST_DEVICE constexpr std::int64_t first_item(const band_counts& bands, std::int64_t items,
                                                      std::int64_t band) noexcept {
  return band * items / bands.items;
}
/// The row of the random stream that a job draws from.
RECOKIT_HOST_DEVICE constexpr std::uint64_t stream_of_job(const band_counts& bands,
                                                          std::int64_t epoch,
                                                          std::int64_t user_band,
                                                          std::int64_t item_band) noexcept {
  return static_cast<std::uint64_t>((epoch * bands.users + user_band) * bands.items + item_band);
}

/// Step size and weights of the squared parameters.
struct pair_rates {
  float step = 0;
  float user = 0;
  float positive = 0;
  float negative = 0;
  float bias = 0;       ///< weight of the squared item biases
  float bias_step = 0;  ///< 0: items have no bias
};

}  // namespace recokit::pair_step
