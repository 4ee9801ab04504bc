// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Words of recokit::random_stream by place, and searches in what rises.
#pragma once

#include "simt.hpp"

#include <recokit/core/philox.hpp>

#include <cstdint>

namespace recokit::cuda_kernels {

/// The stream random_stream(seed, purpose, row).
struct word_stream {
  std::uint64_t seed;
  std::uint32_t purpose;  ///< recokit::random_purpose
  std::uint64_t row;
};

/// Word `at` of a stream.
RECOKIT_DEVICE std::uint32_t stream_word(const word_stream& stream, std::uint64_t at) {
  const philox_block drawn = philox4x32(
      {{static_cast<std::uint32_t>(at / 4), stream.purpose, static_cast<std::uint32_t>(stream.row),
        static_cast<std::uint32_t>(stream.row >> 32)}},
      stream.seed);
  // Not an index: it would send the block through memory.
  const std::uint32_t low = at % 2 == 0 ? drawn.word[0] : drawn.word[1];
  const std::uint32_t high = at % 2 == 0 ? drawn.word[2] : drawn.word[3];
  return at % 4 < 2 ? low : high;
}

/// Words `at` and at + 1 of it, as random_stream::bits64.
RECOKIT_DEVICE std::uint64_t double_word(const word_stream& stream, std::uint64_t at) {
  return std::uint64_t{stream_word(stream, at)} << 32 | stream_word(stream, at + 1);
}

/// The first n in [0, count) that holds(n), which stays true from there on; else count.
template <class Holds>
RECOKIT_DEVICE std::uint64_t first_that(std::uint64_t count, const Holds& holds) {
  std::uint64_t low = 0;
  while (low < count) {
    const std::uint64_t middle = low + (count - low) / 2;
    if (holds(middle)) {
      count = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace recokit::cuda_kernels
