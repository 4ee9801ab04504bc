// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/bit_columns.hpp>

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace rk = recokit;
using rk::kernels::bit_columns;

TEST_CASE("columns are counted exactly, however many rows there are") {
  constexpr std::size_t rows = 700, columns = 3 * bit_columns::strip_columns;
  bit_columns bits(rows, 3);
  std::vector<std::vector<char>> plain(rows, std::vector<char>(columns));
  rk::random_stream random(3, rk::random_purpose::user, 1);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      // Some columns are full, some empty.
      if (c % 97 == 0 || (c % 89 != 0 && random.uniform() < 0.4)) {
        bits.set(r, c);
        plain[r][c] = 1;
      }
    }
  }
  // Sizes around the fifteen rows of a step and the powers of two of a counter.
  for (const std::size_t size : std::initializer_list<std::size_t>{
           0, 1, 2, 3, 14, 15, 16, 29, 30, 31, 255, 256, 257, 511, 512, 700}) {
    std::vector<std::int32_t> chosen;
    for (std::size_t n = 0; n < size; ++n)
      chosen.push_back(static_cast<std::int32_t>(rows - 1 - n));
    for (std::size_t strip = 0; strip < 3; ++strip) {
      std::vector<std::uint32_t> counts(bit_columns::strip_columns, 99);
      bits.count(strip, std::span<const std::int32_t>(chosen), counts.data());
      for (std::size_t c = 0; c < bit_columns::strip_columns; ++c) {
        std::uint32_t expected = 0;
        for (const auto r : chosen) {
          expected += static_cast<std::uint32_t>(
              plain[static_cast<std::size_t>(r)][strip * bit_columns::strip_columns + c]);
        }
        REQUIRE(counts[c] == expected);
      }
    }
  }
}
