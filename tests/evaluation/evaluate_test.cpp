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
