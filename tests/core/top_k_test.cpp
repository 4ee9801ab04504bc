// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/core/top_k.hpp>

#include <limits>

namespace rk = recokit;

namespace {

using item = rk::scored_item<>;
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();

std::vector<rk::index_t> order(const std::vector<float>& scores, std::size_t k) {
  rk::top_k_selector<> selector(k);
  selector.push_range(0, scores.data(), scores.size());
  std::vector<rk::index_t> items;
  for (const auto& entry : selector.finish()) items.push_back(entry.item);
  return items;
}

std::vector<rk::index_t> order_by_sorting(const std::vector<float>& scores, std::size_t k) {
  std::vector<item> all;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    all.push_back({static_cast<rk::index_t>(i), scores[i]});
  }
  std::sort(all.begin(), all.end(), rk::ranks_before<float, rk::index_t>);
  std::vector<rk::index_t> items;
  for (std::size_t i = 0; i < std::min(k, all.size()); ++i) items.push_back(all[i].item);
  return items;
}

}  // namespace

TEST_CASE("higher scores come first, equal scores by index, NaN last") {
  CHECK(rk::ranks_before(item{5, 2.0f}, item{1, 1.0f}));
  CHECK(rk::ranks_before(item{1, 1.0f}, item{2, 1.0f}));
  CHECK_FALSE(rk::ranks_before(item{1, 1.0f}, item{1, 1.0f}));
  CHECK(rk::ranks_before(item{9, -infinite}, item{1, not_a_number}));
  CHECK(rk::ranks_before(item{1, not_a_number}, item{2, not_a_number}));
  CHECK_FALSE(rk::ranks_before(item{2, not_a_number}, item{1, not_a_number}));
  CHECK(rk::ranks_before(item{1, -0.0f}, item{2, 0.0f}));
}

TEST_CASE("the selector keeps the best, in order") {
  CHECK(order({1, 5, 3, 5, 2}, 3) == std::vector<rk::index_t>{1, 3, 2});
  CHECK(order({1, 5, 3}, 10) == std::vector<rk::index_t>{1, 2, 0});
  CHECK(order({}, 3).empty());
  CHECK(order({1, 2, 3}, 0).empty());
}

TEST_CASE("items of negative score are kept, and NaN only where nothing else is left") {
  CHECK(order({-3, not_a_number, -1, -infinite}, 2) == std::vector<rk::index_t>{2, 0});
  CHECK(order({-3, not_a_number, -1, -infinite}, 4) == std::vector<rk::index_t>{2, 0, 3, 1});
  CHECK(order(std::vector<float>(40, not_a_number), 3) == std::vector<rk::index_t>{0, 1, 2});
}

TEST_CASE("among equals the lowest indices win, however many there are") {
  CHECK(order(std::vector<float>(1000, 7.0f), 4) == std::vector<rk::index_t>{0, 1, 2, 3});
}

TEST_CASE("the selector agrees with a full sort on random scores with many ties") {
  for (const std::size_t n : {1u, 15u, 16u, 17u, 100u, 5000u}) {
    for (const std::size_t k : {1u, 2u, 10u, 100u, 6000u}) {
      for (const std::uint64_t levels : {2u, 20u, 1'000'000u}) {
        rk::random_stream random(n * 31 + k, rk::random_purpose::user, levels);
        std::vector<float> scores(n);
        for (auto& s : scores) s = static_cast<float>(random.below(levels)) - 3;
        REQUIRE(order(scores, k) == order_by_sorting(scores, k));
      }
    }
  }
}

TEST_CASE("the order of pushing does not matter") {
  rk::top_k_selector<> forward(3);
  rk::top_k_selector<> backward(3);
  for (rk::index_t i = 0; i < 50; ++i) forward.push(i, static_cast<float>(i % 5));
  for (rk::index_t i = 49; i >= 0; --i) backward.push(i, static_cast<float>(i % 5));
  const auto a = forward.finish();
  const auto b = backward.finish();
  CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST_CASE("a selector that is reset forgets and may keep more or fewer") {
  rk::top_k_selector<> selector(2);
  selector.push(1, 9);
  selector.push(2, 8);
  selector.push(3, 7);
  CHECK(selector.finish().size() == 2);
  selector.reset(5);
  for (rk::index_t i = 0; i < 20; ++i) selector.push(i, static_cast<float>(-i));
  const auto best = selector.finish();
  REQUIRE(best.size() == 5);
  CHECK(best[4] == item{4, -4.0f});
}
