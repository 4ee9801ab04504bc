// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/lists.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/popularity_groups.hpp>

#include <array>
#include <vector>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

// Counts of the items: 4, 1, 2, 3, 0, 0. Ten interactions.
rk::csr_matrix<> train() {
  return recokit_test::pattern_of(6, {{0, 3}, {0, 2, 3}, {}, {0, 1}, {0, 2, 3}});
}

}  // namespace

TEST_CASE("items are counted by users") {
  CHECK(rk::item_counts(train()) == std::vector<std::int64_t>{4, 1, 2, 3, 0, 0});
}

TEST_CASE("the head holds the items before which its share of the interactions is not reached") {
  // By popularity 0, 3, 2, 1, 4, 5; interactions before them 0, 4, 7, 9, 10, 10.
  CHECK(rk::group_items_by_popularity(train()) == std::vector<int>{0, 2, 1, 1, 2, 2});
  const std::array halves{0.5, 0.5};
  CHECK(rk::group_items_by_popularity(train(), halves) == std::vector<int>{0, 1, 1, 0, 1, 1});
  const std::array one{1.0};
  CHECK(rk::group_items_by_popularity(train(), one) == std::vector<int>(6, 0));
}

TEST_CASE("groups may hold shares of the items instead") {
  const std::array thirds{1.0 / 3, 1.0 / 3, 1.0 / 3};
  CHECK(rk::group_items_by_popularity(train(), thirds, rk::group_by::items) ==
        std::vector<int>{0, 1, 1, 0, 2, 2});
}

TEST_CASE("users are grouped by the mean popularity of what they have") {
  // Means: (4 + 3) / 2, 3, none, 5 / 2, 3; a fifth of four users is one.
  CHECK(rk::group_users_by_popularity(train()) == std::vector<int>{0, 1, -1, 1, 1});
  const std::array halves{0.5, 0.5};
  CHECK(rk::group_users_by_popularity(train(), halves) == std::vector<int>{0, 0, -1, 1, 1});
}

TEST_CASE("shares that do not add up to 1 are refused") {
  const auto text = [](std::vector<double> shares) {
    return error_text<rk::value_error>([&] { rk::group_items_by_popularity(train(), shares); });
  };
  CHECK_THAT(text({0.5, 0.4}), ContainsSubstring("must be 1"));
  CHECK_THAT(text({1.5, -0.5}), ContainsSubstring("shares[0]"));
  CHECK_THAT(text({0.5, 0.5, 0.0}), ContainsSubstring("shares[2]"));
}
