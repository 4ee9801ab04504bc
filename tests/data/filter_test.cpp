// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "entries.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/data/filter.hpp>

#include <limits>
#include <map>
#include <set>
#include <vector>

namespace rk = recokit;
using recokit_test::build;
using recokit_test::entries_of;
using recokit_test::entry;
using recokit_test::error_text;
using recokit_test::scattered;
using recokit_test::with;

namespace {

// Entries with their external ids.
std::vector<entry> named(const rk::interactions& data) {
  auto all = entries_of(data);
  for (entry& e : all) {
    e.user = static_cast<int>(data.users().integer(e.user));
    e.item = static_cast<int>(data.items().integer(e.item));
  }
  return all;
}

// Drops everybody who is below, looks again, until nobody is.
struct naive_core {
  std::vector<entry> entries;
  std::set<int> users;
  std::set<int> items;

  naive_core(const rk::interactions& data, int user_minimum, int item_minimum)
      : entries(entries_of(data)) {
    for (int u = 0; u < data.rows(); ++u) users.insert(u);
    for (int i = 0; i < data.cols(); ++i) items.insert(i);
    for (bool changed = true; changed;) {
      std::map<int, int> of_user;
      std::map<int, int> of_item;
      for (const entry& e : entries) {
        ++of_user[e.user];
        ++of_item[e.item];
      }
      const auto gone = std::erase_if(users, [&](int u) { return of_user[u] < user_minimum; }) +
                        std::erase_if(items, [&](int i) { return of_item[i] < item_minimum; });
      std::erase_if(entries, [&](const entry& e) {
        return users.count(e.user) == 0 || items.count(e.item) == 0;
      });
      changed = gone > 0;
    }
  }
};

}  // namespace

TEST_CASE("at_least keeps what reaches the threshold, in the full shape") {
  const auto data = build(3, 4, {{0, 1, 2, 10}, {0, 3, 4, 11}, {1, 0, 3.5f, 12}, {2, 2, 4, 13}});
  const auto high = rk::at_least(data, 4);
  CHECK(entries_of(high) == std::vector<entry>{{0, 3, 4, 11}, {2, 2, 4, 13}});
  CHECK(high.rows() == 3);
  CHECK(high.cols() == 4);
  CHECK(high.users() == data.users());
  CHECK(entries_of(rk::at_least(data, 3.5f)).size() == 3);
  CHECK(rk::at_least(data, 5).nonzeros() == 0);
}

TEST_CASE("at_least counts every interaction of a pattern as 1") {
  const auto data = scattered(10, 10, 0.4, 1, with::times);
  CHECK(entries_of(rk::at_least(data, 1)) == entries_of(data));
  CHECK_FALSE(rk::at_least(data, 1).view().has_values());
  CHECK(rk::at_least(data, 1.5f).nonzeros() == 0);
}

TEST_CASE("at_least refuses a threshold that is not a number") {
  const auto data = scattered(10, 10, 0.4, 1);
  CHECK(error_text<rk::value_error>([&] {
          rk::at_least(data, std::numeric_limits<float>::quiet_NaN());
        }) == "low = nan: must be finite");
}

TEST_CASE("k_core is what is left when everybody below is dropped again and again") {
  for (const auto& [user, item] :
       {std::pair{5, 5}, {1, 1}, {0, 6}, {7, 0}, {9, 4}, {3, 12}, {40, 40}}) {
    for (const double density : {0.1, 0.17, 0.3}) {
      const auto data = scattered(60, 45, density, 8);
      const auto core = rk::k_core(data, {.user = user, .item = item});
      const naive_core expected(data, user, item);
      INFO(user << " " << item << " " << density);
      CHECK(named(core) == expected.entries);
      CHECK(core.rows() == static_cast<int>(expected.users.size()));
      CHECK(core.cols() == static_cast<int>(expected.items.size()));
      const rk::csr_view<> checked(core.rows(), core.cols(), core.view().offsets(),
                                   core.view().indices(), core.view().values());
      CHECK(checked.nonzeros() == core.nonzeros());
    }
  }
}

TEST_CASE("k_core follows a chain in which each drop causes the next") {
  // user 0 - item 0 - user 1 - item 1 - … : with 2 everywhere the loose end eats the whole chain.
  std::vector<entry> entries;
  for (int u = 0; u < 50; ++u) {
    entries.push_back({u, u});
    if (u > 0) entries.push_back({u, u - 1});
  }
  const auto none = rk::k_core(build(50, 50, entries), {.user = 2, .item = 2});
  CHECK(none.rows() == 0);
  CHECK(none.cols() == 0);
  CHECK(none.nonzeros() == 0);
  entries.push_back({0, 49});  // a ring: everybody has two
  CHECK(rk::k_core(build(50, 50, entries), {.user = 2, .item = 2}).nonzeros() == 100);
}

TEST_CASE("k_core keeps names, values and times, also of a pattern") {
  const rk::interactions data(rk::csr_matrix<>(3, 3, {0, 2, 3, 5}, {0, 2, 1, 0, 2}),
                              rk::id_map::from_strings({"a", "b", "c"}),
                              rk::id_map::from_integers({10, 20, 30}),
                              std::vector<std::int64_t>{1, 2, 3, 4, 5});
  const auto core = rk::k_core(data, {.user = 2, .item = 2});
  REQUIRE(core.rows() == 2);
  CHECK(core.users().name(0) == "a");
  CHECK(core.users().name(1) == "c");
  CHECK(core.items().integer(1) == 30);
  CHECK_FALSE(core.view().has_values());
  CHECK(entries_of(core) ==
        std::vector<entry>{{0, 0, 1, 1}, {0, 1, 1, 2}, {1, 0, 1, 4}, {1, 1, 1, 5}});
}

TEST_CASE("k_core of nothing is nothing") {
  CHECK(rk::k_core(rk::interactions()).rows() == 0);
  const auto empty = build(3, 2, {});
  CHECK(rk::k_core(empty).cols() == 0);
  CHECK(rk::k_core(empty, {.user = 0, .item = 0}).rows() == 3);
}

TEST_CASE("k_core refuses a negative minimum") {
  const auto data = scattered(10, 10, 0.4, 1);
  CHECK(error_text<rk::value_error>([&] { rk::k_core(data, {.user = -1}); }) ==
        "params.user = -1: must be at least 0");
  CHECK(error_text<rk::value_error>([&] { rk::k_core(data, {.item = -2}); }) ==
        "params.item = -2: must be at least 0");
}
