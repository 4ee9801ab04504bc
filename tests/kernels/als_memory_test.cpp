// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/als_memory.hpp>

#include <recokit/core/errors.hpp>

#include "support/catch.hpp"

#include <array>
#include <cstdint>

namespace rk = recokit;
using rk::kernels::plan_als_memory;

namespace {

/// 1000 users, 100 items, 10,000 interactions with values, rows of 256 bytes.
constexpr rk::kernels::als_sizes sizes{{1000, 100}, {10'000, 10'000}, {50, 400}, 256, 8};
constexpr std::uint64_t lists = 1100 * rk::kernels::als_bytes_a_row;
constexpr std::uint64_t factors = 1100 * 256;
constexpr std::uint64_t entries = 80'000;

}  // namespace

TEST_CASE("what fits stays on the device") {
  const auto memory = plan_als_memory(sizes, lists + factors + 2 * entries);
  CHECK(memory.entries_stay == std::array{true, true});
  CHECK(memory.factors_stay == std::array{true, true});
  CHECK(memory.batch_entries == 0);
  CHECK(memory.device_bytes == lists + factors + 2 * entries);
  CHECK(memory.pinned_factor_bytes == 0);
}

TEST_CASE("a byte less, and the interactions of one side come in batches") {
  const std::uint64_t budget = lists + factors + 2 * entries - 1;
  const auto memory = plan_als_memory(sizes, budget);
  CHECK(memory.entries_stay == std::array{true, false});
  CHECK(memory.factors_stay == std::array{true, true});
  CHECK(memory.batch_entries == (entries - 1) / 16);
  CHECK(memory.device_bytes <= budget);
}

TEST_CASE("then those of both, in batches that hold the longest row") {
  const auto memory = plan_als_memory(sizes, lists + factors + 400 * 16);
  CHECK(memory.entries_stay == std::array{false, false});
  CHECK(memory.batch_entries == 400);
  CHECK(memory.factors_stay == std::array{true, true});
}

TEST_CASE("then the factors of the larger side stay on the host, then all") {
  const auto larger = plan_als_memory(sizes, lists + factors + 400 * 16 - 1);
  CHECK(larger.factors_stay == std::array{false, true});
  CHECK(larger.pinned_factor_bytes == 256'000);
  CHECK(larger.batch_entries == 10'000);
  const auto all = plan_als_memory(sizes, lists + 400 * 16);
  CHECK(all.factors_stay == std::array{false, false});
  CHECK(all.pinned_factor_bytes == factors);
}

TEST_CASE("what does not fit even so is an error that says how much would") {
  try {
    plan_als_memory(sizes, lists + 400 * 16 - 1);
    FAIL("no error");
  } catch (const rk::memory_error& e) {
    CHECK(e.needed() == lists + 400 * 16);
    CHECK(e.available() == lists + 400 * 16 - 1);
  }
}

TEST_CASE("a side that is never solved brings nothing") {
  auto one = sizes;
  one.entries[1] = 0;
  one.longest_row[1] = 0;
  const auto memory = plan_als_memory(one, lists + factors + entries - 1);
  CHECK(memory.entries_stay == std::array{false, true});
  CHECK(memory.batch_entries == (entries - 1) / 16);
}
