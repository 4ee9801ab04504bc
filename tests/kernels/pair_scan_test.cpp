// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/pair_scan.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace rk = recokit;

TEMPLATE_TEST_CASE("a scan of a tile finds the pairs that reach either floor", "", float, double) {
  constexpr std::size_t rows = 7;
  constexpr std::size_t columns = 64;
  rk::random_stream random(4, rk::random_purpose::user);
  const auto numbers = [&](std::size_t count) {
    std::vector<TestType> made(count);
    for (auto& x : made) x = static_cast<TestType>(random.below(40));
    return made;
  };
  const auto left = numbers(rows);
  const auto right = numbers(columns);
  auto row_floors = numbers(rows);
  auto column_floors = numbers(columns);
  for (auto& floor : row_floors) floor += 35;
  for (auto& floor : column_floors) floor += 35;
  row_floors[3] = std::numeric_limits<TestType>::infinity();
  column_floors[5] = std::numeric_limits<TestType>::lowest();
  for (const auto& scan : rk::kernels::pair_scans<TestType>()) {
    INFO(scan.name);
    REQUIRE(columns % scan.columns == 0);
    std::vector<TestType> tile(rows * columns);
    scan.begin(left.data(), rows, right.data(), columns, tile.data());
    std::vector<std::uint16_t> either, one;
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t at = r * columns + c;
        REQUIRE(tile[at] == left[r] + right[c]);
        const bool by_row = tile[at] >= row_floors[r];
        if (by_row) one.push_back(static_cast<std::uint16_t>(256 * r + c));
        if (by_row || tile[at] >= column_floors[c])
          either.push_back(static_cast<std::uint16_t>(256 * r + c));
      }
    }
    REQUIRE(!one.empty());
    REQUIRE(one.size() < either.size());
    std::vector<std::uint16_t> found(rows * columns);
    found.resize(scan.reach(tile.data(), rows, columns, row_floors.data(), column_floors.data(),
                            found.data()));
    std::sort(found.begin(), found.end());
    REQUIRE(found == either);
    found.resize(rows * columns);
    found.resize(scan.reach_rows(tile.data(), rows, columns, row_floors.data(), found.data()));
    std::sort(found.begin(), found.end());
    REQUIRE(found == one);
  }
  REQUIRE(rk::kernels::pair_scan_for<TestType>(2).columns <= 2);
}
