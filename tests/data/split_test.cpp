// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "entries.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/data/split.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace rk = recokit;
using recokit_test::build;
using recokit_test::ContainsSubstring;
using recokit_test::entries_of;
using recokit_test::entry;
using recokit_test::error_text;
using recokit_test::scattered;
using recokit_test::together;
using recokit_test::with;

namespace {

using splitter = std::function<rk::holdout(const rk::interactions&, std::uint64_t seed)>;

std::map<std::string, splitter> seeded_splits() {
  return {
      {"random", [](const auto& d, auto s) { return rk::split::random(d, {.seed = s}); }},
      {"leave_k_out",
       [](const auto& d, auto s) { return rk::split::leave_k_out(d, {.k = 2, .seed = s}); }},
      {"fold", [](const auto& d, auto s) { return rk::split::fold(d, 1, {.seed = s}); }},
      {"user_fold", [](const auto& d, auto s) { return rk::split::user_fold(d, {.seed = s}); }},
  };
}

std::map<std::string, splitter> all_splits() {
  auto splits = seeded_splits();
  splits["leave_last_out"] = [](const auto& d, auto) { return rk::split::leave_last_out(d); };
  splits["global_timeline"] = [](const auto& d, auto) { return rk::split::global_timeline(d); };
  return splits;
}

std::vector<entry> all_parts(const rk::holdout& split) {
  auto all = together(entries_of(split.train), entries_of(split.test));
  return split.fold_in ? together(all, entries_of(*split.fold_in)) : all;
}

std::vector<std::vector<entry>> by_user(const rk::interactions& data) {
  std::vector<std::vector<entry>> users(static_cast<std::size_t>(data.rows()));
  for (const entry& e : entries_of(data)) users[static_cast<std::size_t>(e.user)].push_back(e);
  return users;
}

}  // namespace

TEST_CASE("the parts of every split together are the data, each entry once") {
  for (const with content : {with::all, with::times}) {
    const auto data = scattered(60, 40, 0.3, 1, content);
    for (const auto& [name, split] : all_splits()) {
      INFO(name);
      const auto parts = split(data, 7);
      CHECK(all_parts(parts) == entries_of(data));
      CHECK(parts.train.nonzeros() > 0);
      CHECK(parts.test.nonzeros() > 0);
      CHECK(parts.train.view().has_values() == (content == with::all));
      CHECK(parts.fold_in.has_value() == (name == "user_fold"));
    }
  }
}

TEST_CASE("splits that need no time leave data without timestamps without them") {
  const auto data = scattered(60, 40, 0.3, 1, with::values);
  for (const auto& [name, split] : seeded_splits()) {
    INFO(name);
    const auto parts = split(data, 7);
    CHECK(all_parts(parts) == entries_of(data));
    CHECK_FALSE(parts.train.has_timestamps());
    CHECK_FALSE(parts.test.has_timestamps());
  }
}

TEST_CASE("every part keeps the shape and the id maps of the data") {
  const auto plain = scattered(20, 3, 1.0, 1);
  std::vector<std::string> names;
  for (char letter = 'a'; letter < 'a' + 20; ++letter) names.emplace_back(1, letter);
  const rk::interactions data(plain.matrix(), rk::id_map::from_strings(names),
                              rk::id_map::from_integers({20, 40, 50}), plain.timestamps(),
                              plain.timestamp_owner());
  for (const auto& [name, split] : all_splits()) {
    INFO(name);
    const auto parts = split(data, 1);
    std::vector<rk::interactions> all{parts.train, parts.test};
    if (parts.fold_in) all.push_back(*parts.fold_in);
    for (const auto& part : all) {
      CHECK(part.rows() == 20);
      CHECK(part.cols() == 3);
      CHECK(part.users() == data.users());
      CHECK(part.items() == data.items());
    }
  }
}

TEST_CASE("a seed gives the same split again and another seed another one") {
  const auto data = scattered(60, 40, 0.3, 1);
  for (const auto& [name, split] : seeded_splits()) {
    INFO(name);
    const auto first = entries_of(split(data, 7).test);
    CHECK(first == entries_of(split(data, 7).test));
    CHECK(first != entries_of(split(data, 8).test));
  }
}

TEST_CASE("the protocol says what was done, without trailing zeros") {
  const auto data = scattered(60, 40, 0.3, 1);
  CHECK(rk::split::random(data).protocol == "random hold-out, test 0.2, seed 42");
  CHECK(rk::split::random(data, {.test_fraction = 0.125, .seed = 3}).protocol ==
        "random hold-out, test 0.125, seed 3");
  CHECK(rk::split::leave_k_out(data, {.k = 2}).protocol == "leave-k-out, k 2, seed 42");
  CHECK(rk::split::leave_last_out(data).protocol == "leave-last-out, k 1");
  CHECK(rk::split::leave_last_out(data, {.k = 3, .min_train = 4}).protocol ==
        "leave-last-out, k 3, min train 4");
  CHECK(rk::split::global_timeline(data, {.time = 1050}).protocol ==
        "global timeline, cut at 1050");
  CHECK_THAT(rk::split::global_timeline(data, {.test_fraction = 0.25}).protocol,
             ContainsSubstring("global timeline, test 0.25, cut at 10"));
  CHECK(rk::split::fold(data, 2).protocol == "5 folds, fold 2, seed 42");
  CHECK(rk::split::user_fold(data).protocol == "user fold, test users 0.1, fold-in 0.8, seed 42");
  CHECK(rk::split::user_fold(data, {.min_interactions = 5}).protocol ==
        "user fold, test users 0.1, fold-in 0.8, min interactions 5, seed 42");
}

TEST_CASE("a random hold-out takes about the share that was asked for") {
  const auto data = scattered(200, 200, 0.5, 1);
  const auto n = static_cast<double>(data.nonzeros());
  for (const double share : {0.1, 0.5, 0.9}) {
    const auto test =
        static_cast<double>(rk::split::random(data, {.test_fraction = share}).test.nonzeros());
    CHECK(std::abs(test - share * n) < 5 * std::sqrt(n * share * (1 - share)));
  }
}

TEST_CASE("leave_k_out takes k from each user who keeps enough and nothing from others") {
  const auto data = scattered(100, 12, 0.4, 2);
  const rk::split::leave_k_params params{.k = 2, .min_train = 3};
  const auto parts = rk::split::leave_k_out(data, params);
  const auto all = by_user(data);
  const auto test = by_user(parts.test);
  int enough = 0;
  for (std::size_t u = 0; u < all.size(); ++u) {
    INFO("user " << u << " with " << all[u].size());
    CHECK(test[u].size() == (all[u].size() >= 5 ? 2u : 0u));
    enough += all[u].size() >= 5 ? 1 : 0;
  }
  CHECK(enough > 10);
  CHECK(enough < 90);
}

TEST_CASE("leave_k_out takes every item of a user equally often") {
  std::vector<entry> entries;
  for (int u = 0; u < 4000; ++u) {
    for (int i = 0; i < 8; ++i) entries.push_back({u, i});
  }
  const auto test = rk::split::leave_k_out(build(4000, 8, entries), {.k = 2}).test;
  std::vector<int> counts(8);
  for (const entry& e : entries_of(test)) ++counts[static_cast<std::size_t>(e.item)];
  for (const int count : counts) CHECK(std::abs(count - 1000) < 150);  // sigma is 27
}

TEST_CASE("min_train 0 lets a user give everything to test") {
  const auto data = build(2, 3, {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {1, 2}});
  const auto parts = rk::split::leave_k_out(data, {.k = 2, .min_train = 0});
  CHECK(parts.train.view().row(0).size() == 0);
  CHECK(parts.test.view().row(0).size() == 2);
  CHECK(parts.test.view().row(1).size() == 2);
}

TEST_CASE("leave_last_out takes the latest, and the higher item of equal times") {
  const auto data = build(3, 5,
                          {{0, 0, 1, 30},
                           {0, 1, 1, 10},
                           {0, 4, 1, 20},
                           {1, 0, 1, 5},
                           {1, 2, 1, 5},
                           {1, 3, 1, 5},
                           {2, 1, 1, 99}});
  const auto one = rk::split::leave_last_out(data);
  CHECK(entries_of(one.test) == std::vector<entry>{{0, 0, 1, 30}, {1, 3, 1, 5}});
  const auto two = rk::split::leave_last_out(data, {.k = 2});
  CHECK(entries_of(two.test) ==
        std::vector<entry>{{0, 0, 1, 30}, {0, 4, 1, 20}, {1, 2, 1, 5}, {1, 3, 1, 5}});
}

TEST_CASE("after leave_last_out nothing of a user in train is later than what is in test") {
  const auto data = scattered(80, 30, 0.4, 3);
  const auto parts = rk::split::leave_last_out(data, {.k = 3});
  const auto train = by_user(parts.train);
  const auto test = by_user(parts.test);
  const auto all = by_user(data);
  const auto key = [](const entry& e) { return std::pair(e.time, e.item); };
  for (std::size_t u = 0; u < all.size(); ++u) {
    CHECK(test[u].size() == (all[u].size() >= 4 ? 3u : 0u));
    for (const entry& late : test[u]) {
      for (const entry& early : train[u]) CHECK(key(early) < key(late));
    }
  }
}

TEST_CASE("a given time divides all users at that moment") {
  const auto data = scattered(50, 30, 0.3, 4);
  const auto parts = rk::split::global_timeline(data, {.time = 1030});
  for (const entry& e : entries_of(parts.train)) CHECK(e.time < 1030);
  for (const entry& e : entries_of(parts.test)) CHECK(e.time >= 1030);
}

TEST_CASE("the global cut gives the share that was asked for, and ties on top") {
  std::vector<entry> entries;
  for (int i = 0; i < 100; ++i) entries.push_back({i % 7, i, 1, 5000 - 17 * i});
  const auto distinct = rk::split::global_timeline(build(7, 100, entries), {.test_fraction = 0.3});
  CHECK(distinct.test.nonzeros() == 30);

  for (int i = 20; i < 50; ++i) entries[static_cast<std::size_t>(i)].time = 4500;
  const auto tied = rk::split::global_timeline(build(7, 100, entries), {.test_fraction = 0.3});
  CHECK(tied.test.nonzeros() == 50);
  for (const entry& e : entries_of(tied.train)) CHECK(e.time < 4500);
}

TEST_CASE("the global cut is found among all 64-bit times") {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const auto data = build(1, 6,
                          {{0, 0, 1, most},
                           {0, 1, 1, least},
                           {0, 2, 1, 0},
                           {0, 3, 1, -1},
                           {0, 4, 1, 1},
                           {0, 5, 1, most - 1}});
  for (int in_test = 1; in_test < 6; ++in_test) {
    const auto parts = rk::split::global_timeline(data, {.test_fraction = in_test / 6.0});
    CHECK(parts.test.nonzeros() == in_test);
  }
  CHECK_THAT(rk::split::global_timeline(data, {.test_fraction = 0.5}).protocol,
             ContainsSubstring("cut at 1"));
}

TEST_CASE("folds differ in size by at most one and each entry is in one test part") {
  const auto data = scattered(40, 30, 0.3, 5);
  for (const int folds : {2, 3, 7, 256}) {
    const auto all = rk::split::k_fold(data, {.folds = folds, .seed = 9});
    REQUIRE(all.size() == static_cast<std::size_t>(folds));
    std::vector<entry> tests;
    std::set<rk::offset_t> sizes;
    for (const auto& fold : all) {
      tests = together(tests, entries_of(fold.test));
      sizes.insert(fold.test.nonzeros());
      CHECK(all_parts(fold) == entries_of(data));
    }
    CHECK(tests == entries_of(data));
    CHECK(*sizes.rbegin() - *sizes.begin() <= 1);
  }
}

TEST_CASE("fold gives one holdout of k_fold without the others") {
  const auto data = scattered(40, 30, 0.3, 5);
  const rk::split::k_fold_params params{.folds = 4, .seed = 11};
  const auto all = rk::split::k_fold(data, params);
  for (int f = 0; f < 4; ++f) {
    const auto one = rk::split::fold(data, f, params);
    CHECK(entries_of(one.train) == entries_of(all[static_cast<std::size_t>(f)].train));
    CHECK(entries_of(one.test) == entries_of(all[static_cast<std::size_t>(f)].test));
    CHECK(one.protocol == all[static_cast<std::size_t>(f)].protocol);
  }
}

TEST_CASE("as many folds as interactions leave one out at a time") {
  const auto data = build(2, 2, {{0, 0}, {0, 1}, {1, 1}});
  for (const auto& fold : rk::split::k_fold(data, {.folds = 3})) {
    CHECK(fold.test.nonzeros() == 1);
    CHECK(fold.train.nonzeros() == 2);
  }
}

TEST_CASE("folds are spread over users and items") {
  std::vector<entry> entries;
  for (int u = 0; u < 300; ++u) {
    for (int i = 0; i < 40; ++i) entries.push_back({u, i});
  }
  const auto test = rk::split::fold(build(300, 40, entries), 0, {.folds = 4}).test;
  std::vector<int> items(40);
  for (const entry& e : entries_of(test)) ++items[static_cast<std::size_t>(e.item)];
  for (const int count : items) CHECK(std::abs(count - 75) < 45);  // sigma is 7.5
  for (const auto& user : by_user(test)) CHECK(user.size() < 25);  // mean 10, sigma 2.7
}

TEST_CASE("user_fold hides test users from train and shows part of their history") {
  const auto data = scattered(200, 30, 0.2, 6);
  const auto parts = rk::split::user_fold(
      data, {.test_users = 0.25, .fold_in_fraction = 0.6, .min_interactions = 4});
  const auto all = by_user(data);
  const auto train = by_user(parts.train);
  const auto test = by_user(parts.test);
  const auto shown = by_user(*parts.fold_in);
  int held = 0;
  int eligible = 0;
  for (std::size_t u = 0; u < all.size(); ++u) {
    eligible += all[u].size() >= 4 ? 1 : 0;
    if (test[u].empty()) {
      CHECK(train[u] == all[u]);
      CHECK(shown[u].empty());
      continue;
    }
    ++held;
    CHECK(all[u].size() >= 4);
    CHECK(train[u].empty());
    CHECK(together(test[u], shown[u]) == all[u]);
    CHECK(shown[u].size() ==
          static_cast<std::size_t>(std::lround(0.6 * static_cast<double>(all[u].size()))));
  }
  CHECK(held == std::lround(0.25 * eligible));
}

TEST_CASE("a held-out user has something to show and something to ask for") {
  const auto data = build(4, 2, {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {2, 1}, {3, 0}});
  for (const double share : {0.01, 0.99}) {
    const auto parts = rk::split::user_fold(data, {.test_users = 0.9, .fold_in_fraction = share});
    CHECK(parts.train.nonzeros() == 1);
    CHECK(parts.fold_in->nonzeros() == 3);
    CHECK(parts.test.nonzeros() == 3);
  }
}

TEST_CASE("parameters of splits are checked by name, value and range") {
  const auto data = scattered(20, 20, 0.3, 1);
  const auto text = [](const auto& call) { return error_text<rk::value_error>(call); };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {0.0, 1.0, -0.5, 2.0, nan}) {
    CHECK_THAT(text([&] { rk::split::random(data, {.test_fraction = bad}); }),
               ContainsSubstring("params.test_fraction = "));
    CHECK_THAT(text([&] { rk::split::global_timeline(data, {.test_fraction = bad}); }),
               ContainsSubstring("params.test_fraction = "));
    CHECK_THAT(text([&] { rk::split::user_fold(data, {.test_users = bad}); }),
               ContainsSubstring("params.test_users = "));
    CHECK_THAT(text([&] { rk::split::user_fold(data, {.fold_in_fraction = bad}); }),
               ContainsSubstring("params.fold_in_fraction = "));
  }
  CHECK(text([&] { rk::split::random(data, {.test_fraction = 1.5}); }) ==
        "params.test_fraction = 1.5: must be between 0 and 1, both excluded");
  CHECK(text([&] { rk::split::leave_k_out(data, {.k = 0}); }) ==
        "params.k = 0: must be at least 1");
  CHECK(text([&] { rk::split::leave_last_out(data, {.min_train = -1}); }) ==
        "params.min_train = -1: must be at least 0");
  CHECK(text([&] { rk::split::k_fold(data, {.folds = 1}); }) ==
        "params.folds = 1: must be in [2, " + std::to_string(data.nonzeros()) + "]");
  CHECK_THAT(text([&] { rk::split::k_fold(data, {.folds = 257}); }),
             ContainsSubstring("params.folds = 257: must be in [2, "));
  CHECK(text([&] { rk::split::fold(data, 5); }) == "f = 5: must be in [0, 5)");
  CHECK(text([&] { rk::split::fold(data, -1); }) == "f = -1: must be in [0, 5)");
  CHECK(text([&] { rk::split::user_fold(data, {.min_interactions = 1}); }) ==
        "params.min_interactions = 1: must be at least 2");
  CHECK_THAT(text([&] { rk::split::user_fold(data, {.min_interactions = 1000}); }),
             ContainsSubstring("params.min_interactions = 1000: no user has so many"));
}

TEST_CASE("splits by time without timestamps say how to read them") {
  const auto data = scattered(20, 20, 0.3, 1, with::values);
  for (const auto& text :
       {error_text<rk::value_error>([&] { rk::split::leave_last_out(data); }),
        error_text<rk::value_error>([&] { rk::split::global_timeline(data); })}) {
    CHECK_THAT(text, ContainsSubstring("data.timestamps() = none"));
    CHECK_THAT(text, ContainsSubstring("read_options::timestamp"));
  }
}

TEST_CASE("a split that would leave a part empty says why") {
  const auto text = [](const auto& call) { return error_text<rk::value_error>(call); };
  for (const auto& [name, split] : all_splits()) {
    INFO(name);
    CHECK_THAT(text([&, &s = split] { s(rk::interactions(), 1); }),
               ContainsSubstring("data.nonzeros() = 0: must be at least 2"));
    CHECK_THAT(text([&, &s = split] {
                 s(build(3, 3, {{1, 1}}), 1);
               }),
               ContainsSubstring("data.nonzeros() = 1: must be at least 2"));
  }
  const auto singles = build(3, 3, {{0, 0, 1, 8}, {1, 1, 1, 8}, {2, 2, 1, 8}});
  CHECK_THAT(text([&] { rk::split::leave_last_out(singles); }),
             ContainsSubstring("test.nonzeros() = 0") &&
                 ContainsSubstring("params.k + params.min_train = 2"));
  CHECK_THAT(text([&] { rk::split::leave_k_out(singles, {.min_train = 0}); }),
             ContainsSubstring("train.nonzeros() = 0"));
  CHECK_THAT(text([&] { rk::split::global_timeline(singles); }),
             ContainsSubstring("train.nonzeros() = 0") && ContainsSubstring("cut at 8"));
  CHECK_THAT(text([&] { rk::split::global_timeline(singles, {.time = 9}); }),
             ContainsSubstring("test.nonzeros() = 0"));
  CHECK_THAT(text([&] { rk::split::random(singles, {.test_fraction = 1e-9}); }),
             ContainsSubstring("test.nonzeros() = 0") && ContainsSubstring("test 1e-09"));
  CHECK_THAT(text([&] {
               rk::split::user_fold(build(1, 2, {{0, 0}, {0, 1}}));
             }),
             ContainsSubstring("train.nonzeros() = 0"));
}
