// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/top_k.hpp"

#include "runtime/memory.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>
#include <recokit/core/top_k.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;

constexpr float quiet_nan = std::numeric_limits<float>::quiet_NaN();
constexpr float inf = std::numeric_limits<float>::infinity();

struct ranked {
  std::vector<std::int32_t> items;
  std::vector<float> scores;
};

/// Rows of `columns` scores that lie `stride` apart.
struct tile {
  std::vector<float> scores;
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t stride;
  std::int64_t first_item = 0;
};

tile one_row(std::vector<float> scores) {
  const auto n = static_cast<std::int64_t>(scores.size());
  return {std::move(scores), 1, n, n};
}

ranked run(const tile& t, std::int64_t k) {
  const ck::device_buffer<float> scores(t.scores, nullptr);
  const auto places = static_cast<std::size_t>(t.rows * k);
  ck::device_buffer<std::int32_t> items(places);
  ck::device_buffer<float> best(places);
  ck::top_k({scores.data(), t.rows, t.columns, t.stride, t.first_item}, k, items.data(),
            best.data(), nullptr);
  return {items.to_host(nullptr), best.to_host(nullptr)};
}

/// The naive answer: sort each row by the rule as it is written down.
ranked sorted(const tile& t, std::int64_t k) {
  ranked out;
  for (std::int64_t r = 0; r < t.rows; ++r) {
    std::vector<std::int64_t> order;
    for (std::int64_t c = 0; c < t.columns; ++c) order.push_back(c);
    const auto score = [&](std::int64_t c) {
      return t.scores[static_cast<std::size_t>(r * t.stride + c)];
    };
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
      if (std::isnan(score(a)) || std::isnan(score(b))) {
        return !std::isnan(score(a)) && std::isnan(score(b));
      }
      return score(a) > score(b);
    });
    for (std::int64_t j = 0; j < k; ++j) {
      const bool there = j < t.columns;
      const std::int64_t c = there ? order[static_cast<std::size_t>(j)] : -1;
      out.items.push_back(static_cast<std::int32_t>(there ? t.first_item + c : -1));
      out.scores.push_back(there ? score(c) : 0.0f);
    }
  }
  return out;
}

/// Equal, with NaN equal to NaN.
bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

void check_against_sort(const tile& t, std::int64_t k) {
  const ranked found = run(t, k);
  const ranked expected = sorted(t, k);
  CHECK(found.items == expected.items);
  CHECK(same(found.scores, expected.scores));
}

/// Scores from few or many values; what a stride leaves between rows must never be chosen.
tile random_tile(std::int64_t rows, std::int64_t columns, std::int64_t stride,
                 std::uint64_t values) {
  recokit::random_stream stream(5, recokit::random_purpose::user);
  tile t{std::vector<float>(static_cast<std::size_t>(rows * stride), inf), rows, columns, stride};
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) {
      const auto whole = static_cast<float>(stream.below(values));
      t.scores[static_cast<std::size_t>(r * stride + c)] = whole - static_cast<float>(values / 2);
    }
  }
  return t;
}

}  // namespace

TEST_CASE("top-k of random rows is the front of the sorted row") {
  RECOKIT_REQUIRE_TARGET();
  const auto [columns, k] = GENERATE(table<std::int64_t, std::int64_t>(
      {{1, 1}, {10, 3}, {255, 20}, {256, 256}, {257, 10}, {1000, 100}, {1500, 1024}}));
  CAPTURE(columns, k);
  check_against_sort(random_tile(3, columns, columns, 1u << 20), k);
}

TEST_CASE("equal scores rank by item number, also across the pieces of a long row") {
  RECOKIT_REQUIRE_TARGET();
  const std::uint64_t values = GENERATE(1u, 2u, 7u);
  CAPTURE(values);
  check_against_sort(random_tile(2, 1300, 1300, values), 300);
}

TEST_CASE("rising and falling rows are ranked alike") {
  RECOKIT_REQUIRE_TARGET();
  std::vector<float> rising(2000);
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<float>(i);
  check_against_sort(one_row(rising), 50);
  check_against_sort(one_row({rising.rbegin(), rising.rend()}), 50);
}

TEST_CASE("a row shorter than k ends with item -1") {
  RECOKIT_REQUIRE_TARGET();
  const ranked found = run(one_row({1.0f, 3.0f, 2.0f}), 5);
  CHECK(found.items == std::vector<std::int32_t>{1, 2, 0, -1, -1});
  CHECK(found.scores == std::vector<float>{3.0f, 2.0f, 1.0f, 0.0f, 0.0f});
}

TEST_CASE("a row without columns gives no items") {
  RECOKIT_REQUIRE_TARGET();
  const ranked found = run({std::vector<float>{}, 2, 0, 0}, 2);
  CHECK(found.items == std::vector<std::int32_t>{-1, -1, -1, -1});
}

TEST_CASE("NaN stands behind minus infinity and is still returned when nothing else is left") {
  RECOKIT_REQUIRE_TARGET();
  const ranked found = run(one_row({quiet_nan, -inf, 2.0f, -quiet_nan, inf, -3.0f}), 6);
  CHECK(found.items == std::vector<std::int32_t>{4, 2, 5, 1, 0, 3});
  CHECK(same(found.scores, {inf, 2.0f, -3.0f, -inf, quiet_nan, quiet_nan}));
}

TEST_CASE("zero and minus zero tie, and each comes back with its own sign") {
  RECOKIT_REQUIRE_TARGET();
  const ranked found = run(one_row({-0.0f, 0.0f, -0.0f, 1e-45f, -1e-45f}), 5);
  CHECK(found.items == std::vector<std::int32_t>{3, 0, 1, 2, 4});
  CHECK(std::signbit(found.scores[1]));
  CHECK_FALSE(std::signbit(found.scores[2]));
}

TEST_CASE("what lies between the rows of a tile is not looked at") {
  RECOKIT_REQUIRE_TARGET();
  check_against_sort(random_tile(4, 33, 40, 1000), 40);
}

TEST_CASE("items are numbered from first_item, up to the last one possible") {
  RECOKIT_REQUIRE_TARGET();
  tile t = one_row({1.0f, 2.0f});
  t.first_item = std::numeric_limits<std::int32_t>::max() - 2;
  check_against_sort(t, 2);
  t.first_item = 512;
  check_against_sort(t, 2);
}

TEST_CASE("what a tile adds to its columns counts before they rank, and across tiles") {
  RECOKIT_REQUIRE_TARGET();
  const tile t{{1, 2, 3, 4, 1, 2, 3, 4}, 2, 4, 4};
  const ck::device_buffer<float> scores(t.scores, nullptr);
  const std::vector<float> host_added = {10, 0, 0, -10};
  const ck::device_buffer<float> added(host_added, nullptr);
  ck::device_buffer<std::int32_t> items(6);
  ck::device_buffer<float> best(6);
  for (const std::int64_t first : {0, 2}) {
    ck::top_k({scores.data() + first, 2, 2, 4, first, added.data() + first}, 3, items.data(),
              best.data(), nullptr, {}, first > 0);
  }
  CHECK(items.to_host(nullptr) == std::vector<std::int32_t>{0, 2, 1, 0, 2, 1});
  CHECK(best.to_host(nullptr) == std::vector<float>{11, 3, 2, 11, 3, 2});
}

TEST_CASE("the device ranks as the CPU's selector does") {
  RECOKIT_REQUIRE_TARGET();
  tile t = random_tile(1, 900, 900, 50);
  for (std::size_t i = 0; i < t.scores.size(); i += 13) t.scores[i] = quiet_nan;
  recokit::top_k_selector<> selector(900);
  selector.push_range(0, t.scores.data(), t.scores.size());
  std::vector<std::int32_t> expected;
  for (const auto& entry : selector.finish()) expected.push_back(entry.item);
  CHECK(run(t, 900).items == expected);
}

TEST_CASE("top-k refuses sizes that it cannot hold") {
  RECOKIT_REQUIRE_TARGET();
  using recokit_test::error_text;
  const auto call = [](std::int64_t columns, std::int64_t stride, std::int64_t first,
                       std::int64_t k) {
    return [=] { ck::top_k({nullptr, 1, columns, stride, first}, k, nullptr, nullptr, nullptr); };
  };
  CHECK(error_text<recokit::value_error>(call(5, 5, 0, 0)) == "k = 0: must be in [1, 1024]");
  CHECK(error_text<recokit::value_error>(call(5, 5, 0, 1025)) == "k = 1025: must be in [1, 1024]");
  CHECK(error_text<recokit::value_error>(call(5, 4, 0, 1)) ==
        "tile.stride = 4: must be at least tile.columns");
  CHECK(error_text<recokit::value_error>(call(5, 5, 0x7FFF'FFFF - 4, 1)) ==
        "tile.first_item = 2147483643: must keep the item numbers below 2^31");
}
