// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/core/random.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/neighbors/item_knn.hpp>
#include <recokit/neighbors/user_knn.hpp>

#include <set>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

std::vector<std::pair<int, int>> runs(const rk::item_filter& filter, int begin, int end,
                                      const std::vector<rk::index_t>& excluded) {
  std::vector<std::pair<int, int>> found;
  filter.for_each_run(begin, end, excluded,
                      [&](rk::index_t from, rk::index_t to) { found.emplace_back(from, to); });
  return found;
}

using pairs = std::vector<std::pair<int, int>>;

template <class Fit>
void check_doors(const Fit& fit) {
  const auto data = random_matrix(40, 30, 0.2, 11);
  const auto model = fit(data);
  CHECK_THROWS_AS(model.recommend(40), rk::value_error);
  CHECK_THROWS_AS(model.recommend(-1), rk::value_error);
  CHECK(error_text<rk::value_error>([&] { model.recommend(0, {.k = 0}); }) ==
        "options.k = 0: must be at least 1");
  const std::vector<rk::index_t> wrong{3, 30};
  CHECK_THAT(error_text<rk::value_error>([&] { model.recommend(0, {.exclude = wrong}); }),
             ContainsSubstring("options.exclude = 30"));
  CHECK_THAT(error_text<rk::value_error>([&] { model.recommend(0, {.only = wrong}); }),
             ContainsSubstring("options.only = 30"));
  const auto transposed = rk::transpose(rk::cpu{}, data.view());
  CHECK_THAT(error_text<rk::dimension_error>([&] { model.recommend_for(transposed); }),
             ContainsSubstring("histories.cols() is 40 but items() is 30"));
}

template <class Fit>
void check_lists(const Fit& fit) {
  const auto data = random_matrix(60, 50, 0.2, 12, 1, true);
  const auto model = fit(data);
  std::vector<rk::index_t> users(60);
  for (rk::index_t u = 0; u < 60; ++u) users[static_cast<std::size_t>(u)] = u;
  const std::vector<rk::index_t> exclude{4, 2, 49};
  const std::vector<rk::index_t> only{1, 2, 3, 5, 8, 13, 21, 34};
  const std::set<rk::index_t> banned(exclude.begin(), exclude.end());

  for (const int k : {1, 7, 50, 1000}) {
    const auto all = model.recommend(users, {.k = k, .exclude_seen = false});
    const auto fresh = model.recommend(users, {.k = k});
    const auto filtered = model.recommend(users, {.k = k, .exclude = exclude});
    const auto chosen = model.recommend(users, {.k = k, .exclude = exclude, .only = only});
    for (std::size_t u = 0; u < users.size(); ++u) {
      const auto seen_list = data.row(static_cast<rk::index_t>(u)).indices;
      const std::set<rk::index_t> seen(seen_list.begin(), seen_list.end());
      std::size_t allowed = 50;
      REQUIRE(all[u].size() == std::min<std::size_t>(static_cast<std::size_t>(k), allowed));
      allowed = 50 - seen.size();
      REQUIRE(fresh[u].size() == std::min<std::size_t>(static_cast<std::size_t>(k), allowed));
      for (const auto i : banned) allowed -= !seen.contains(i);
      REQUIRE(filtered[u].size() == std::min<std::size_t>(static_cast<std::size_t>(k), allowed));
      allowed = 0;
      for (const auto i : only) allowed += !seen.contains(i) && !banned.contains(i);
      REQUIRE(chosen[u].size() == std::min<std::size_t>(static_cast<std::size_t>(k), allowed));
      for (const auto& entry : filtered[u]) {
        REQUIRE_FALSE(seen.contains(entry.item));
        REQUIRE_FALSE(banned.contains(entry.item));
      }
      REQUIRE(std::is_sorted(all[u].begin(), all[u].end(), rk::ranks_before<float, rk::index_t>));
      // One user at a time gives the same list as the batch.
      const auto single = model.recommend(static_cast<rk::index_t>(u), {.k = k});
      REQUIRE(std::equal(single.begin(), single.end(), fresh[u].begin(), fresh[u].end()));
    }
  }
}

}  // namespace

TEST_CASE("runs of allowed items end before every excluded one") {
  const rk::item_filter all({}, 10);
  CHECK(runs(all, 0, 10, {}) == pairs{{0, 10}});
  CHECK(runs(all, 0, 10, {0, 4, 5, 9}) == pairs{{1, 4}, {6, 9}});
  CHECK(runs(all, 3, 6, {0, 4, 9}) == pairs{{3, 4}, {5, 6}});
  CHECK(runs(all, 4, 5, {4}).empty());
}

TEST_CASE("runs leave out what the options leave out") {
  const std::vector<rk::index_t> exclude{2, 7};
  const std::vector<rk::index_t> only{1, 2, 3, 6, 7, 8};
  const rk::item_filter without({.exclude = exclude}, 10);
  CHECK(runs(without, 0, 10, {5, 7}) == pairs{{0, 2}, {3, 5}, {6, 7}, {8, 10}});
  const rk::item_filter both({.exclude = exclude, .only = only}, 10);
  CHECK(runs(both, 0, 10, {3}) == pairs{{1, 2}, {6, 7}, {8, 9}});
  CHECK_FALSE(both.allows(0));
  CHECK_FALSE(both.allows(2));
  CHECK(both.allows(8));
}

TEST_CASE("a list of lists that end with the expression outlives them") {
  const auto made = [] {
    rk::ranked_lists lists(2, 3);
    const std::vector<rk::scored_item<>> list{{4, 2.0F}, {1, 1.0F}};
    lists.assign(1, list);
    return lists;
  };
  std::vector<rk::index_t> items;
  for (const auto& [item, score] : made()[1]) items.push_back(item);
  CHECK(items == std::vector<rk::index_t>{4, 1});
  const auto kept = made();
  static_assert(std::is_same_v<decltype(kept[0]), std::span<const rk::scored_item<>>>);
  CHECK(kept[0].empty());
}

TEST_CASE("lists that no machine holds are refused before they are allocated") {
  CHECK_THROWS_AS(rk::ranked_lists(std::size_t{1} << 40, std::size_t{1} << 40), rk::memory_error);
  CHECK_THROWS_AS(rk::ranked_lists(std::size_t{1} << 30, std::size_t{1} << 20), rk::memory_error);
}

TEST_CASE("every model checks users, items, k and shapes at the door") {
  check_doors([](const auto& data) { return rk::popularity::fit(data); });
  check_doors([](const auto& data) { return rk::item_knn::fit(data); });
  check_doors([](const auto& data) { return rk::user_knn::fit(data); });
  check_doors([](const auto& data) { return rk::ials::fit(data, {.factors = 3, .epochs = 2}); });
}

TEST_CASE("every model returns exactly min(k, allowed) items under every filter") {
  check_lists([](const auto& data) { return rk::popularity::fit(data); });
  check_lists([](const auto& data) { return rk::item_knn::fit(data, {.neighbors = 5}); });
  check_lists([](const auto& data) { return rk::user_knn::fit(data, {.neighbors = 5}); });
  check_lists([](const auto& data) { return rk::ials::fit(data, {.factors = 3, .epochs = 2}); });
}

TEST_CASE("a model without its history says so when it would need it") {
  const auto data = random_matrix(20, 10, 0.3, 2);
  const auto model = rk::ials::fit(data, {.factors = 2, .epochs = 1, .keep_history = false});
  CHECK_THAT(error_text<rk::value_error>([&] { model.recommend(0); }),
             ContainsSubstring("keep_history"));
  CHECK(model.recommend(0, {.k = 3, .exclude_seen = false}).size() == 3);
  const auto knn = rk::item_knn::fit(data, {.keep_history = false});
  CHECK_THROWS_AS(knn.recommend(0, {.k = 3, .exclude_seen = false}), rk::value_error);
  CHECK(knn.recommend_for(data, {.k = 3}).size() == 20);
}

TEST_CASE("a model keeps no copy of interactions that can be shared") {
  const auto data = random_matrix(20, 10, 0.3, 2);
  const auto model = rk::popularity::fit(data);
  CHECK(model.history().view().indices().data() == data.view().indices().data());
}

TEST_CASE("a catalogue without users, items or interactions gives empty lists, not crashes") {
  const rk::csr_matrix<> no_users(0, 5, {0}, {}, {});
  CHECK(rk::ials::fit(no_users, {.factors = 2}).users() == 0);
  CHECK(rk::item_knn::fit(no_users).items() == 5);
  CHECK(rk::user_knn::fit(no_users).items() == 5);
  const rk::csr_matrix<> no_items(3, 0, {0, 0, 0, 0}, {}, {});
  CHECK(rk::ials::fit(no_items, {.factors = 2}).recommend(1).empty());
  CHECK(rk::item_knn::fit(no_items).recommend(1).empty());
  CHECK(rk::user_knn::fit(no_items).recommend(1).empty());
  CHECK(rk::popularity::fit(no_items).recommend(1).empty());
  const rk::csr_matrix<> silent(2, 3, {0, 0, 0}, {}, {});
  const auto list = rk::item_knn::fit(silent).recommend(0, {.k = 2});
  REQUIRE(list.size() == 2);
  CHECK(list[0] == rk::scored_item<>{0, 0.0f});
}

TEST_CASE("pairs are scored in their order, with the scores of one user at a time") {
  const auto data = random_matrix(40, 30, 0.2, 12);
  const auto model = rk::item_knn::fit(data, {.neighbors = 8});
  rk::random_stream random(5, rk::random_purpose::user, 1);
  std::vector<rk::index_t> users, items;
  for (int n = 0; n < 500; ++n) {
    // Runs of one user, and users that come again later.
    users.push_back(n % 3 == 0 || users.empty() ? static_cast<rk::index_t>(random.below(40))
                                                : users.back());
    items.push_back(static_cast<rk::index_t>(random.below(30)));
  }
  std::vector<float> scores(users.size());
  for (const int threads : {1, 3}) {
    model.score_pairs(rk::cpu{.threads = threads}, users, items, scores);
    for (std::size_t n = 0; n < users.size(); ++n) {
      const rk::index_t one[] = {items[n]};
      REQUIRE(scores[n] == model.score(users[n], one)[0]);
    }
  }
  model.score_pairs(rk::cpu{}, {}, {}, {});
  users[7] = 40;
  CHECK_THROWS_AS(model.score_pairs(rk::cpu{}, users, items, scores), rk::value_error);
  users[7] = 0;
  items[7] = -1;
  CHECK_THROWS_AS(model.score_pairs(rk::cpu{}, users, items, scores), rk::value_error);
  items.pop_back();
  CHECK(error_text<rk::dimension_error>([&] {
          model.score_pairs(rk::cpu{}, users, items, scores);
        }) == "items.size() is 499 but users.size() is 500");
}
