// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "ranked_model.hpp"
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/data_dir.hpp"
#include "support/error_text.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/data/read_candidates.hpp>
#include <recokit/evaluation/candidates.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/neighbors/item_knn.hpp>

#include <cmath>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::random_matrix;
using recokit_test::ranked_model;
using recokit_test::rows_of;

namespace {

// The lists of a model, without its scores.
template <class Model>
struct only_recommends {
  const Model& model;
  rk::index_t users() const { return model.users(); }
  rk::index_t items() const { return model.items(); }
  rk::ranked_lists recommend(const rk::cpu& policy, std::span<const rk::index_t> users,
                             const rk::recommend_options& options) const {
    return model.recommend(policy, users, options);
  }
};

}  // namespace

TEST_CASE("a user's test item ranks among his own candidates") {
  const auto candidates = rows_of(10, {{0, 3, 7, 9}, {4, 8}, {0, 1, 2}});
  const auto test = rows_of(10, {{7}, {4}, {}});
  const auto report =
      rk::evaluate_candidates(ranked_model{3, 10}, candidates, test,
                              {rk::average_rank(), rk::mrr(0), rk::auc(), rk::recall(2)});
  CHECK(report.evaluated_users == 2);
  CHECK(report.skipped_users == 1);
  CHECK(report.per_user("average_rank")[0] == 3);
  CHECK(report.per_user("average_rank")[1] == 1);
  CHECK(report["mrr@all"] == Approx((1.0 / 3 + 1) / 2));
  CHECK(report.per_user("auc")[0] == Approx(1.0 / 3));
  CHECK(report["recall@2"] == Approx(0.5));
  CHECK(report.protocol == "given candidates");
  REQUIRE(report.warnings.size() == 1);
  CHECK(
      report.warnings[0] ==
      "candidates given: ranks are among 2 to 4 candidates a user, not the catalogue of 10 items; "
      "not comparable with full ranking: Krichene and Rendle, KDD 2020");
}

TEST_CASE("test items that the candidates lack are added unless not wanted") {
  const auto candidates = rows_of(10, {{0, 3, 9}});
  const auto test = rows_of(10, {{3, 7}});
  const std::vector<rk::ranking_metric> metrics{rk::recall(3), rk::map(0)};
  const auto added = rk::evaluate_candidates(ranked_model{1, 10}, candidates, test, metrics);
  CHECK(added["recall@3"] == 1);
  CHECK(added["map@all"] == Approx((1.0 / 2 + 2.0 / 3) / 2));
  const auto given = rk::evaluate_candidates(ranked_model{1, 10}, candidates, test, metrics,
                                             {.add_positives = false});
  CHECK(given["recall@3"] == Approx(0.5));
  CHECK(given["map@all"] == Approx(1.0 / 4));
}

TEST_CASE("users without candidates are left out and counted") {
  const auto candidates = rows_of(10, {{}, {1, 2}, {}});
  const auto test = rows_of(10, {{7}, {1}, {}});
  const auto report = rk::evaluate_candidates(ranked_model{3, 10}, candidates, test, {rk::mrr(0)});
  CHECK(report.evaluated_users == 1);
  CHECK(report.skipped_users == 2);
  CHECK(report.users == std::vector<rk::index_t>{1});
  REQUIRE(report.warnings.size() == 2);
  CHECK_THAT(report.warnings[1], ContainsSubstring("1 users with test items have no candidates"));
}

TEST_CASE("all unseen items as candidates give the report of full ranking") {
  const auto train = random_matrix(3000, 40, 0.2, 1);
  const auto all = random_matrix(3000, 40, 0.1, 2);
  std::vector<std::vector<rk::index_t>> candidates(3000);
  std::vector<std::vector<rk::index_t>> wanted(3000);
  for (rk::index_t u = 0; u < 3000; ++u) {
    const auto seen = train.row(u).indices;
    for (rk::index_t i = 0; i < 40; ++i) {
      if (!std::binary_search(seen.begin(), seen.end(), i)) {
        candidates[static_cast<std::size_t>(u)].push_back(i);
      }
    }
    for (const auto i : all.row(u).indices) {
      if (!std::binary_search(seen.begin(), seen.end(), i)) {
        wanted[static_cast<std::size_t>(u)].push_back(i);
      }
    }
  }
  const auto test = rows_of(40, wanted);
  const auto model = rk::item_knn::fit(train);
  const std::vector<rk::ranking_metric> metrics{rk::ndcg(5), rk::recall(10), rk::auc()};
  const auto full = rk::evaluate(model, test, metrics);
  const auto given =
      rk::evaluate_candidates(rk::cpu{.threads = 3}, model, rows_of(40, candidates), test, metrics);
  CHECK(given.users == full.users);
  CHECK(given.user_values == full.user_values);
  // A model that only recommends gets the same lists.
  const auto listed = rk::evaluate_candidates(only_recommends<rk::item_knn::model>{model},
                                              rows_of(40, candidates), test, metrics);
  CHECK(listed.user_values == full.user_values);
}

TEST_CASE("equal scores of candidates rank by index or as the options say") {
  struct constant {
    rk::index_t users() const { return 1; }
    rk::index_t items() const { return 5; }
    void score(rk::index_t, std::span<const rk::index_t>, std::span<float> scores) const {
      for (auto& s : scores) s = 1;
    }
  };
  const auto candidates = rows_of(5, {{0, 1, 2, 3}});
  const auto test = rows_of(5, {{1}});
  const auto rank = [&](rk::tie_policy ties) {
    return rk::evaluate_candidates(constant{}, candidates, test, {rk::average_rank()},
                                   {.ranking = {.ties = ties}})
        .values[0]
        .mean;
  };
  CHECK(rank(rk::tie_policy::as_listed) == 2);
  CHECK(rank(rk::tie_policy::index_descending) == 3);
  CHECK(rank(rk::tie_policy::optimistic) == 1);
  CHECK(rank(rk::tie_policy::pessimistic) == 4);
  CHECK(rank(rk::tie_policy::average) == 2.5);
}

TEST_CASE("candidates of another shape are refused") {
  const auto test = rows_of(10, {{7}, {4}});
  const ranked_model model{2, 10};
  CHECK_THROWS_AS(rk::evaluate_candidates(model, rows_of(10, {{1}}), test, {rk::mrr(0)}),
                  rk::dimension_error);
  CHECK_THROWS_AS(rk::evaluate_candidates(model, rows_of(9, {{1}, {2}}), test, {rk::mrr(0)}),
                  rk::dimension_error);
  CHECK_THROWS_AS(rk::evaluate_candidates(ranked_model{2, 11}, test, test, {rk::mrr(0)}),
                  rk::dimension_error);
  CHECK_THROWS_AS(rk::evaluate_candidates(model, test, test, {}), rk::value_error);
}

// The test part and 99 negatives a user that He et al. published; ItemPop with ties in favour of
// the test item.
TEST_CASE("popularity on the published negatives of NCF gives the known numbers", "[data]") {
  RECOKIT_REQUIRE_DATA(train, "ml-1m-ncf/ml-1m.train.rating");
  const auto split =
      rk::split::given(train, recokit_test::data_file("ml-1m-ncf/ml-1m.test.rating"));
  const auto candidates =
      rk::read_candidates(recokit_test::data_file("ml-1m-ncf/ml-1m.test.negative"),
                          split.test.users(), split.test.items());
  CHECK(candidates.rows() == 6040);
  CHECK(candidates.cols() == 3706);
  // 156 users have their own test item among the negatives.
  CHECK(candidates.nonzeros() == 6040 * 100 - 156);
  const auto model = rk::popularity::fit(split.train);
  const auto report =
      rk::evaluate_candidates(model, candidates, split.test, {rk::hit_rate(10), rk::ndcg(10)},
                              {.ranking = {.ties = rk::tie_policy::optimistic}});
  CHECK(report.evaluated_users == 6040);
  CHECK(std::abs(report["hit_rate@10"] - 0.4538) < 5e-5);
  CHECK(std::abs(report["ndcg@10"] - 0.2545) < 5e-5);
}

TEST_CASE("iALS on the published negatives of NCF is above the published numbers", "[data]") {
  RECOKIT_REQUIRE_DATA(train, "ml-1m-ncf/ml-1m.train.rating");
  const auto split =
      rk::split::given(train, recokit_test::data_file("ml-1m-ncf/ml-1m.test.rating"));
  const auto candidates =
      rk::read_candidates(recokit_test::data_file("ml-1m-ncf/ml-1m.test.negative"),
                          split.test.users(), split.test.items());
  // The settings of Rendle et al., RecSys'22, for this set.
  const auto model = rk::ials::fit(split.train.matrix().view().pattern(), {.factors = 192,
                                                                           .epochs = 12,
                                                                           .regularization = 0.007,
                                                                           .unobserved_weight = 0.3,
                                                                           .keep_history = false});
  const auto report =
      rk::evaluate_candidates(model, candidates, split.test, {rk::hit_rate(10), rk::ndcg(10)});
  CHECK(report["hit_rate@10"] > 0.727);
  CHECK(report["ndcg@10"] > 0.449);
}
