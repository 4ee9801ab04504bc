// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/evaluation/evaluate.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/neighbors/item_knn.hpp>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

// Recommends the same list to everybody: item 0, item 1, …
struct fixed_order {
  rk::index_t user_count;
  rk::index_t item_count;
  rk::index_t users() const { return user_count; }
  rk::index_t items() const { return item_count; }
  rk::ranked_lists recommend(const rk::cpu&, std::span<const rk::index_t> users,
                             const rk::recommend_options& options) const {
    rk::ranked_lists lists(users.size(), static_cast<std::size_t>(options.k));
    std::vector<rk::scored_item<>> list;
    for (rk::index_t i = 0; i < std::min(options.k, item_count); ++i) {
      list.push_back({i, static_cast<float>(-i)});
    }
    for (std::size_t u = 0; u < users.size(); ++u) lists.assign(u, list);
    return lists;
  }
};

}  // namespace

TEST_CASE("means are over users with a test item, the others are counted") {
  // Test items: {0}, {}, {1, 9}, {}, {5}
  const rk::csr_matrix<> test(5, 10, {0, 1, 1, 3, 3, 4}, {0, 1, 9, 5}, {1, 1, 1, 1});
  const auto report =
      rk::evaluate(fixed_order{5, 10}, test, {rk::recall(2), rk::hit_rate(2), rk::mrr(2)});
  CHECK(report.evaluated_users == 3);
  CHECK(report.skipped_users == 2);
  CHECK(report["recall@2"] == Approx((1 + 0.5 + 0) / 3));
  CHECK(report["hit_rate@2"] == Approx(2.0 / 3));
  CHECK(report["mrr@2"] == Approx((1 + 0.5) / 3));
  CHECK(report.protocol.empty());
  CHECK_THROWS_AS(report["ndcg@2"], rk::value_error);
}

TEST_CASE("any model of your own can be evaluated") {
  STATIC_REQUIRE(rk::recommender<fixed_order>);
  STATIC_REQUIRE_FALSE(rk::fold_in_recommender<fixed_order>);
  STATIC_REQUIRE(rk::fold_in_recommender<rk::popularity::model>);
  STATIC_REQUIRE(rk::fold_in_recommender<rk::item_knn::model>);
  STATIC_REQUIRE(rk::fold_in_recommender<rk::ials::model>);
}

TEST_CASE("k beyond the number of items is no error") {
  const rk::csr_matrix<> test(1, 3, {0, 1}, {2}, {1});
  const auto report = rk::evaluate(fixed_order{1, 3}, test, {rk::recall(1000), rk::ndcg(1000)});
  CHECK(report["recall@1000"] == 1);
  CHECK(report["ndcg@1000"] == Approx(0.5));
}

TEST_CASE("without users to evaluate the means are NaN and the counts say why") {
  const rk::csr_matrix<> test(2, 3, {0, 0, 0}, {}, {});
  const auto report = rk::evaluate(fixed_order{2, 3}, test, {rk::recall(1)});
  CHECK(report.evaluated_users == 0);
  CHECK(report.skipped_users == 2);
  CHECK(std::isnan(report["recall@1"]));
}

TEST_CASE("reports have the same bits for any number of threads, across tiles of users") {
  const auto train = random_matrix(9000, 40, 0.1, 1);
  const auto test = random_matrix(9000, 40, 0.1, 2);
  const auto model = rk::popularity::fit(train);
  const auto metrics = rk::all_ranking_metrics(5);
  const auto one = rk::evaluate(rk::cpu{.threads = 1}, model, test, metrics);
  const auto many = rk::evaluate(rk::cpu{.threads = 3}, model, test, metrics);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    CHECK(one.values[m].mean == many.values[m].mean);
    CHECK(one.values[m].mean > 0);
  }
}

TEST_CASE("deep lists in small tiles give the same report as one list at a time") {
  const rk::index_t items = 40'000;  // tiles of 104 users
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> wanted;
  for (rk::index_t u = 0; u < 300; ++u) {
    wanted.push_back(u * 131);
    offsets.push_back(u + 1);
  }
  const std::vector<float> ones(wanted.size(), 1.0f);
  const rk::csr_matrix<> test(300, items, offsets, wanted, ones);
  double expected = 0;
  for (const auto i : wanted) expected += 1.0 / (i + 1);
  const auto report = rk::evaluate(fixed_order{300, items}, test, {rk::mrr(items)});
  CHECK(report.values[0].mean == Approx(expected / 300));
}

TEST_CASE("shapes that do not fit are refused with both sizes and the fix") {
  const auto train = random_matrix(20, 10, 0.3, 1);
  const auto model = rk::popularity::fit(train);
  const auto wide = random_matrix(20, 11, 0.3, 2);
  CHECK_THAT(error_text<rk::dimension_error>([&] { rk::evaluate(model, wide, {rk::ndcg(5)}); }),
             ContainsSubstring("test.cols() is 11 but model.items() is 10") &&
                 ContainsSubstring("read_train_test"));
  const auto tall = random_matrix(21, 10, 0.3, 2);
  CHECK_THAT(error_text<rk::dimension_error>([&] { rk::evaluate(model, tall, {rk::ndcg(5)}); }),
             ContainsSubstring("test.rows() is 21"));
  CHECK_THROWS_AS(rk::evaluate(model, train, {}), rk::value_error);
}

TEST_CASE("strong generalisation ranks by the fold-in history and leaves it out of the list") {
  const auto train = random_matrix(40, 20, 0.4, 3);
  // One test user, row 0: history {0, 1, 2}, test {3}.
  std::vector<rk::offset_t> history_offsets(41, 3);
  history_offsets[0] = 0;
  std::vector<rk::offset_t> test_offsets(41, 1);
  test_offsets[0] = 0;
  rk::holdout split;
  split.train = rk::interactions(train);
  split.test = rk::interactions(rk::csr_matrix<>(40, 20, test_offsets, {3}, {1}));
  split.fold_in = rk::interactions(rk::csr_matrix<>(40, 20, history_offsets, {0, 1, 2}, {1, 1, 1}));
  split.protocol = "by hand";

  const auto model = rk::item_knn::fit(split.train);
  const auto report = rk::evaluate(model, split, {rk::mrr(20)});
  CHECK(report.protocol == "by hand");
  CHECK(report.evaluated_users == 1);
  const rk::csr_matrix<> history(1, 20, {0, 3}, {0, 1, 2}, {1, 1, 1});
  const auto list = model.recommend_for(history, {.k = 20});
  std::size_t rank = 0;
  while (list[0][rank].item != 3) ++rank;
  CHECK(report["mrr@20"] == Approx(1.0 / static_cast<double>(rank + 1)));

  CHECK_THROWS_AS(rk::evaluate(fixed_order{40, 20}, split, {rk::mrr(20)}), rk::value_error);
}

TEST_CASE("values of every user stand behind the means") {
  const auto train = random_matrix(50, 30, 0.2, 1);
  const auto test = random_matrix(50, 30, 0.05, 2);
  const auto model = rk::popularity::fit(train);
  const std::vector<rk::ranking_metric> metrics{rk::ndcg(5), rk::recall(10), rk::auc()};
  const auto report = rk::evaluate(model, test, metrics);
  REQUIRE(report.user_values.rows() == report.evaluated_users);
  REQUIRE(report.users.size() == static_cast<std::size_t>(report.evaluated_users));
  CHECK(std::is_sorted(report.users.begin(), report.users.end()));
  for (const auto user : report.users) CHECK(test.row(user).size() > 0);
  for (const auto& metric : metrics) {
    CHECK(report.per_user(metric.name()).mean() == Approx(report[metric.name()]).epsilon(1e-14));
  }
  CHECK_THROWS_AS(report.per_user("mrr@5"), rk::value_error);

  const auto lean = rk::evaluate(model, test, metrics, {.keep_users = false});
  CHECK(lean["ndcg@5"] == report["ndcg@5"]);
  CHECK(lean.user_values.size() == 0);
  CHECK_THROWS_AS(lean.per_user("ndcg@5"), rk::value_error);
}

TEST_CASE("users without a test item count as the policy says, also those never ranked") {
  const rk::csr_matrix<> test(5, 10, {0, 1, 1, 3, 3, 4}, {0, 1, 9, 5}, {1, 1, 1, 1});
  const auto report = rk::evaluate(fixed_order{5, 10}, test, {rk::recall(2)},
                                   {.ranking = {.empty_users = rk::empty_user_policy::zero}});
  CHECK(report.evaluated_users == 5);
  CHECK(report.skipped_users == 0);
  CHECK(report["recall@2"] == Approx((1 + 0.5 + 0) / 5));
  CHECK(report.per_user("recall@2")[1] == 0);
  CHECK_THROWS_AS(rk::evaluate(fixed_order{5, 10}, test, {rk::recall(2)},
                               {.ranking = {.empty_users = rk::empty_user_policy::error}}),
                  rk::value_error);
}

TEST_CASE("ratings become grades, and a level makes low ones irrelevant") {
  // User 0: item 0 rated 1, item 2 rated 5. User 1: item 1 rated 2.
  const rk::csr_matrix<> test(2, 4, {0, 2, 3}, {0, 2, 1}, {1, 5, 2});
  const auto report =
      rk::evaluate(fixed_order{2, 4}, test, {rk::mrr(4), rk::ndcg(4, rk::gain_function::linear)},
                   {.ranking = {.relevance_level = 4}});
  CHECK(report.evaluated_users == 1);
  CHECK(report.skipped_users == 1);
  CHECK(report["mrr@4"] == Approx(1.0 / 3));
  CHECK(report["ndcg(linear)@4"] == Approx(0.5));
  const auto all = rk::evaluate(fixed_order{2, 4}, test, {rk::mrr(4)});
  CHECK(all["mrr@4"] == Approx((1 + 0.5) / 2));
}

TEST_CASE("micro averages weigh users by what the metric divides by") {
  const rk::csr_matrix<> test(2, 4, {0, 3, 4}, {0, 1, 2, 3}, {1, 1, 1, 1});
  const auto report = rk::evaluate(fixed_order{2, 4}, test,
                                   {rk::parse_metric("recall(micro)@2"),
                                    rk::parse_metric("precision(truncated,micro)@2"), rk::gauc()});
  CHECK(report["recall(micro)@2"] == Approx(2.0 / 4));
  CHECK(report["precision(truncated,micro)@2"] == Approx(2.0 / 3));
  CHECK(report["gauc"] == Approx((3 * 1.0 + 1 * 0.0) / 4));
}

namespace {

// Scores item i as −((i + shift) mod items).
struct score_only {
  rk::index_t user_count;
  rk::index_t item_count;
  rk::index_t users() const { return user_count; }
  rk::index_t items() const { return item_count; }
  void score(rk::index_t user, std::span<const rk::index_t> items, std::span<float> scores) const {
    for (std::size_t i = 0; i < items.size(); ++i) {
      scores[i] = -static_cast<float>((items[i] + user) % item_count);
    }
  }
};

}  // namespace

TEST_CASE("a model that only scores is ranked by its scores") {
  STATIC_REQUIRE(rk::scorer<score_only>);
  STATIC_REQUIRE_FALSE(rk::recommender<score_only>);
  const score_only model{3, 7};
  rk::holdout split;
  // User 1 has seen item 6, which would be his first.
  split.train = rk::interactions(rk::csr_matrix<>(3, 7, {0, 1, 2, 3}, {3, 6, 0}, {1, 1, 1}));
  split.test = rk::interactions(rk::csr_matrix<>(3, 7, {0, 1, 2, 3}, {0, 1, 6}, {1, 1, 1}));
  split.protocol = "by hand";
  const auto report = rk::evaluate(model, split, {rk::mrr(7), rk::auc()});
  CHECK(report.protocol == "by hand");
  // User 0: item 0 first. User 1: 0, 1, …: second. User 2: 5, 6, 1, …: second, item 0 seen.
  CHECK(report["mrr@7"] == Approx((1 + 0.5 + 0.5) / 3));
  CHECK(report["auc"] == Approx((1 + 0.8 + 0.8) / 3));
  const auto open = rk::evaluate(model, split.test, {rk::mrr(7)}, {.exclude_seen = false});
  CHECK(open["mrr@7"] == Approx((1 + 1.0 / 3 + 0.5) / 3));
  CHECK_THROWS_AS(rk::evaluate(model, split.test, {rk::mrr(7)}), rk::value_error);
}

TEST_CASE("scores rank as the model's own lists do") {
  const auto train = random_matrix(40, 25, 0.2, 4);
  const rk::cpu one{.threads = 1};
  const score_only model{40, 25};
  const std::vector<rk::index_t> users{0, 7, 39};
  const auto lists = rk::rank_by_score(one, model, users, 6, train.view());
  for (std::size_t u = 0; u < users.size(); ++u) {
    REQUIRE(lists[u].size() == 6);
    std::vector<rk::index_t> expected;
    for (rk::index_t place = 0; expected.size() < 6; ++place) {
      const auto item = static_cast<rk::index_t>((25 + place - users[u] % 25) % 25);
      const auto seen = train.row(users[u]).indices;
      if (!std::binary_search(seen.begin(), seen.end(), item)) expected.push_back(item);
    }
    for (std::size_t i = 0; i < 6; ++i) CHECK(lists[u][i].item == expected[i]);
  }
  CHECK_THROWS_AS(rk::rank_by_score(one, model, users, 0), rk::value_error);
  const std::vector<rk::index_t> unknown{40};
  CHECK_THROWS_AS(rk::rank_by_score(one, model, unknown, 3), rk::value_error);
}

TEST_CASE("ready lists are evaluated as the lists of a model are") {
  const auto train = random_matrix(9000, 40, 0.1, 1);
  const auto test = random_matrix(9000, 40, 0.1, 2);
  const auto model = rk::popularity::fit(train);
  const auto metrics = rk::all_ranking_metrics(5);
  const auto lists = model.recommend(rk::detail::all_rows(9000), {.k = 40});
  const auto ready = rk::evaluate_lists(lists, test, metrics);
  const auto direct = rk::evaluate(model, test, metrics);
  CHECK(ready.evaluated_users == direct.evaluated_users);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    INFO(metrics[m].name());
    CHECK(ready.values[m].mean == direct.values[m].mean);
  }
  CHECK_THROWS_AS(rk::evaluate_lists(rk::ranked_lists(3, 4), test, metrics), rk::dimension_error);
  rk::ranked_lists strange(1, 1);
  const std::vector<rk::scored_item<>> outside{{40, 1.0f}};
  strange.assign(0, outside);
  const rk::csr_matrix<> one_row(1, 40, {0, 1}, {3}, {1});
  CHECK_THROWS_AS(rk::evaluate_lists(strange, one_row, metrics), rk::value_error);
}

TEST_CASE("whoever asks sees every tile of lists, as deep as he needs") {
  const auto train = random_matrix(9000, 40, 0.1, 1);
  const auto test = random_matrix(9000, 40, 0.1, 2);
  const auto model = rk::popularity::fit(train);
  std::vector<rk::index_t> seen;
  rk::evaluate(model, test, {rk::ndcg(2)},
               {.on_lists =
                    [&](std::span<const rk::index_t> users, const rk::ranked_lists& lists) {
                      REQUIRE(users.size() == lists.size());
                      for (std::size_t u = 0; u < users.size(); ++u) {
                        CHECK(lists[u].size() == 7);
                        seen.push_back(users[u]);
                      }
                    },
                .min_depth = 7});
  std::vector<rk::index_t> expected;
  for (rk::index_t u = 0; u < 9000; ++u) {
    if (test.row(u).size() > 0) expected.push_back(u);
  }
  CHECK(seen == expected);
}
