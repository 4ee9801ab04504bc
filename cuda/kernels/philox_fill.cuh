// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of philox_fill.hpp.
#pragma once

#include "kernels/philox_fill.hpp"
#include "simt.hpp"

#include <recokit/core/philox.hpp>

#include <type_traits>

namespace recokit::cuda_kernels {

/// One thread a Philox block: four words of a row that lie side by side.
template <class T>
RECOKIT_GLOBAL void philox_fill_kernel(T* out, std::uint64_t rows, std::uint64_t columns,
                                       philox_source source) {
  constexpr std::uint64_t words_a_draw = sizeof(T) / sizeof(std::uint32_t);
  constexpr std::uint64_t draws = 4 / words_a_draw;
  const std::uint64_t blocks_a_row = (columns + draws - 1) / draws;
  const std::uint64_t blocks = rows * blocks_a_row;
  for (std::uint64_t b = simt::global_index(); b < blocks; b += simt::global_size()) {
    const std::uint64_t row = b / blocks_a_row;
    const std::uint64_t position = b % blocks_a_row;
    const std::uint64_t stream = source.first_row + row;
    // The counter layout of recokit::random_stream.
    const philox_block drawn =
        philox4x32({{static_cast<std::uint32_t>(position), source.purpose,
                     static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)}},
                   source.seed);
    for (std::uint64_t i = 0; i < draws; ++i) {
      const std::uint64_t column = position * draws + i;
      if (column >= columns) break;
      T value;
      if constexpr (std::is_same_v<T, double>) {
        value = unit_double(std::uint64_t{drawn.word[2 * i]} << 32 | drawn.word[2 * i + 1]);
      } else if constexpr (std::is_same_v<T, float>) {
        value = unit_float(drawn.word[i]);
      } else {
        static_assert(std::is_same_v<T, std::uint32_t>);
        value = drawn.word[i];
      }
      out[row * columns + column] = value;
    }
  }
}

template <class T>
void launch_philox_fill(T* out, std::int64_t rows, std::int64_t columns, philox_source source,
                        stream_t stream) {
  constexpr std::int64_t words = std::int64_t{1} << 34;
  constexpr auto most = static_cast<std::int64_t>(words / (sizeof(T) / sizeof(std::uint32_t)));
  require_range("rows", rows, 0, std::int64_t{1} << 48, "must be in [0, 2^48]");
  require_range("columns", columns, 0, most, "must leave the stream within its 2^34 words");
  if (rows == 0 || columns == 0) return;
  const auto count = static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns);
  const simt::launch_config config{
      .blocks = simt::blocks_for(count / 4 + 1, 256), .threads = 256, .stream = stream};
  simt::launch("philox_fill", config, philox_fill_kernel<T>, out, static_cast<std::uint64_t>(rows),
               static_cast<std::uint64_t>(columns), source);
}

}  // namespace recokit::cuda_kernels
