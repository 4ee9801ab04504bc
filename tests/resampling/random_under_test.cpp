// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/random_under.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace rk = recokit;
using namespace recokit_test;
using rk::sampling_strategy;
using rk::random_under::params;

TEST_CASE("every part of a class is kept equally often") {
  // Three rows of five: ten parts.
  const rk::class_table classes(labels_t{0, 1, 1, 1, 0, 1, 1, 0});
  std::map<std::set<int>, int> seen;
  constexpr int runs = 5000;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    const auto rows = rk::random_under::select_rows(classes, {.seed = seed}).rows;
    REQUIRE(rows.size() == 6);
    REQUIRE(labels_t(rows.begin(), rows.begin() + 3) == labels_t{0, 4, 7});
    ++seen[{rows.begin() + 3, rows.end()}];
  }
  REQUIRE(seen.size() == 10);
  for (const auto& [part, count] : seen) CHECK(std::abs(count - runs / 10) < 5 * 22);
}

TEST_CASE("with replacement each draw is from the whole class, and may ask for all") {
  const rk::class_table classes(labels_t{0, 1, 1, 1, 1, 1, 0});
  std::map<int, int> seen;
  bool repeats = false;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const auto rows =
        rk::random_under::select_rows(
            classes,
            {.strategy = sampling_strategy::counts({{1, 5}}), .replacement = true, .seed = seed})
            .rows;
    REQUIRE(rows.size() == 7);
    for (std::size_t n = 2; n < 7; ++n) ++seen[rows[n]];
    repeats = repeats || std::set<int>(rows.begin(), rows.end()).size() < 7;
  }
  CHECK(repeats);
  REQUIRE(seen.size() == 5);
  for (const auto& [row, count] : seen) CHECK(std::abs(count - 3000) < 5 * 49);
}

TEST_CASE("what is kept of a class does not depend on other classes") {
  const labels_t before{3, 8, 8, 3, 8, 8, 8, 8};
  const labels_t after{3, 8, 8, 3, 8, 8, 8, 8, 1, 1, 1, 1, 1};
  const auto strategy = sampling_strategy::counts({{8, 3}});
  const auto rows = rk::random_under::select_rows(rk::class_table(before), {.strategy = strategy});
  auto more = rk::random_under::select_rows(rk::class_table(after), {.strategy = strategy});
  more.rows.erase(more.rows.begin(), more.rows.begin() + 5);
  CHECK(rows.rows == more.rows);
}

TEST_CASE("random_under does not look at values") {
  rows_t<> rows = rows_t<>::Constant(5, 2, std::numeric_limits<double>::quiet_NaN());
  CHECK(rk::random_under::select(rows, labels_t{0, 1, 0, 0, 1}).rows.size() == 4);
}
