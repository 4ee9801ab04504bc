// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/random.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace rk = recokit;

// The known-answer vectors that Random123 (Salmon et al., SC'11) publishes for philox4x32-10.
TEST_CASE("philox gives the published answers") {
  const auto check = [](rk::philox_block counter, std::uint64_t key,
                        std::array<std::uint32_t, 4> expected) {
    const auto block = rk::philox4x32(counter, key);
    for (std::size_t i = 0; i < 4; ++i) CHECK(block.word[i] == expected[i]);
  };
  check({{0, 0, 0, 0}}, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  check({{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}}, 0xffffffffffffffff,
        {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  check({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0x299f31d0a4093822,
        {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream depends on seed, purpose and row, and on nothing else") {
  const auto draw = [](std::uint64_t seed, rk::random_purpose purpose, std::uint64_t row) {
    rk::random_stream random(seed, purpose, row);
    return std::vector<std::uint32_t>{random(), random(), random(), random(), random()};
  };
  const auto base = draw(1, rk::random_purpose::split, 2);
  CHECK(draw(1, rk::random_purpose::split, 2) == base);
  CHECK(draw(2, rk::random_purpose::split, 2) != base);
  CHECK(draw(1, rk::random_purpose::user_factors, 2) != base);
  CHECK(draw(1, rk::random_purpose::split, 3) != base);
  CHECK(draw(1, rk::random_purpose::split, 2 + (std::uint64_t{1} << 32)) != base);
}

TEST_CASE("uniform draws fill the interval from 0 to below 1 evenly") {
  rk::random_stream random(5, rk::random_purpose::user);
  std::array<int, 10> bins{};
  constexpr int draws = 100'000;
  for (int i = 0; i < draws; ++i) {
    const double x = random.uniform();
    REQUIRE(x >= 0);
    REQUIRE(x < 1);
    ++bins[static_cast<std::size_t>(x * 10)];
  }
  for (const int count : bins) CHECK(std::abs(count - draws / 10) < 500);
}

TEST_CASE("below(n) reaches every value equally often and never n") {
  rk::random_stream random(6, rk::random_purpose::user);
  std::array<int, 7> bins{};
  for (int i = 0; i < 70'000; ++i) ++bins.at(random.below(7));
  for (const int count : bins) CHECK(std::abs(count - 10'000) < 500);
  CHECK(random.below(1) == 0);
}

TEST_CASE("normal draws have mean 0, variance 1 and thin tails") {
  rk::random_stream random(7, rk::random_purpose::user);
  double sum = 0;
  double squares = 0;
  int beyond_two = 0;
  constexpr int draws = 200'000;
  for (int i = 0; i < draws; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
    beyond_two += std::abs(x) > 2;
  }
  CHECK(std::abs(sum / draws) < 0.01);
  CHECK(std::abs(squares / draws - 1) < 0.02);
  CHECK(std::abs(beyond_two / static_cast<double>(draws) - 0.0455) < 0.003);
}

TEST_CASE("a stream serves the algorithms of the standard library") {
  rk::random_stream random(8, rk::random_purpose::user);
  std::vector<int> order{1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::shuffle(order.begin(), order.end(), random);
  CHECK(std::set<int>(order.begin(), order.end()).size() == 9);
  CHECK_FALSE(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("unit conversions end below 1") {
  CHECK(rk::unit_float(0xffffffff) < 1.0f);
  CHECK(rk::unit_float(0) == 0.0f);
  CHECK(rk::unit_double(0xffffffffffffffff) < 1.0);
}
