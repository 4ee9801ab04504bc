// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/parallel.hpp>

#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>

namespace rk = recokit;

TEST_CASE("parallel_for visits every index once, in blocks that do not depend on the threads") {
  const std::int64_t n = GENERATE(0, 1, 7, 8, 1000);
  const std::int64_t grain = GENERATE(1, 8, 2000);
  std::set<std::pair<std::int64_t, std::int64_t>> first;
  for (const int threads : {1, 2, 5}) {
    std::vector<std::atomic<int>> visits(static_cast<std::size_t>(n));
    std::set<std::pair<std::int64_t, std::int64_t>> blocks;
    std::mutex mutex;
    rk::parallel_for(rk::cpu{.threads = threads}, n, grain,
                     [&](std::int64_t begin, std::int64_t end) {
                       for (auto i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
                       const std::lock_guard lock(mutex);
                       blocks.insert({begin, end});
                     });
    for (const auto& count : visits) REQUIRE(count == 1);
    if (threads == 1) first = blocks;
    CHECK(blocks == first);
  }
}

TEST_CASE("an exception of a body reaches the caller") {
  const int threads = GENERATE(1, 4);
  CHECK_THROWS_AS(rk::parallel_for(rk::cpu{.threads = threads}, 100, 1,
                                   [](std::int64_t begin, std::int64_t) {
                                     if (begin == 57) throw std::domain_error("57");
                                   }),
                  std::domain_error);
}

TEST_CASE("parallel_reduce gives the same bits for any number of threads") {
  std::vector<float> values(100'000);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = 1.0f / static_cast<float>(i * 37 % 1013 + 1);
  }
  const auto sum = [&](int threads) {
    return rk::parallel_reduce(
        rk::cpu{.threads = threads}, static_cast<std::int64_t>(values.size()), 1000, 0.0f,
        [&](std::int64_t begin, std::int64_t end) {
          return std::accumulate(values.begin() + begin, values.begin() + end, 0.0f);
        },
        [](float& total, float part) { total += part; });
  };
  const float one = sum(1);
  CHECK(one > 0);
  for (const int threads : {2, 3, 8}) CHECK(sum(threads) == one);
}

TEST_CASE("rows are cut by work and never split") {
  const std::vector<std::int64_t> offsets{0, 100, 100, 101, 1101, 1102, 1103};
  std::mutex mutex;
  std::set<std::pair<std::int64_t, std::int64_t>> pieces;
  rk::parallel_for_rows(rk::cpu{.threads = 2}, offsets.data(), 6, 100, 1,
                        [&](std::int64_t begin, std::int64_t end) {
                          const std::lock_guard lock(mutex);
                          pieces.insert({begin, end});
                        });
  CHECK(pieces == std::set<std::pair<std::int64_t, std::int64_t>>{{0, 1}, {1, 4}, {4, 6}});
}

TEST_CASE("a scratch object is borrowed by one body at a time and used again") {
  std::atomic<int> made{0};
  struct space {
    std::atomic<int> users{0};
    space() = default;
    space(space&&) noexcept {}
  };
  rk::scratch_pool<space> pool([&] {
    ++made;
    return space{};
  });
  std::atomic<bool> shared{false};
  rk::parallel_for(rk::cpu{.threads = 4}, 1000, 1, [&](std::int64_t, std::int64_t) {
    const auto object = pool.borrow();
    if (object->users.fetch_add(1) != 0) shared = true;
    object->users.fetch_sub(1);
  });
  CHECK_FALSE(shared);
  CHECK(made >= 1);
  CHECK(made <= 4);
}

TEST_CASE("loops may nest") {
  std::atomic<std::int64_t> total{0};
  rk::parallel_for(rk::cpu{.threads = 2}, 10, 1, [&](std::int64_t, std::int64_t) {
    rk::parallel_for(rk::cpu{.threads = 2}, 10, 1, [&](std::int64_t, std::int64_t) { ++total; });
  });
  CHECK(total == 100);
}

TEST_CASE("a policy without a number of threads takes what the machine has") {
  CHECK(rk::thread_count(rk::cpu{}) >= 1);
  CHECK(rk::thread_count(rk::cpu{.threads = 3}) == 3);
}
