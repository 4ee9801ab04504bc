// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "evaluation/known_objective.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/data/synthetic.hpp>
#include <recokit/evaluation/cross_validate.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/neighbors/item_knn.hpp>

#include <cmath>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

rk::interactions small_data() {
  return rk::synthetic::generate({.users = 120, .items = 60, .mean_interactions = 12});
}

}  // namespace

TEST_CASE("fold means are those of a loop by hand, bit for bit") {
  const auto data = small_data();
  const std::vector<rk::ranking_metric> metrics{rk::ndcg(10), rk::recall(5)};
  const auto report = rk::cross_validate(rk::item_knn::fit, data, {.neighbors = 20}, metrics,
                                         {.folds = 4, .seed = 7});
  REQUIRE(report.folds.size() == 4);
  REQUIRE(report.fit_seconds.size() == 4);
  const auto by_hand = rk::split::k_fold(data, {.folds = 4, .seed = 7});
  double sum = 0;
  std::vector<double> means;
  for (std::size_t f = 0; f < by_hand.size(); ++f) {
    const auto model = rk::item_knn::fit(by_hand[f].train, {.neighbors = 20});
    const auto expected = rk::evaluate(model, by_hand[f], metrics);
    CHECK(report.folds[f]["ndcg@10"] == expected["ndcg@10"]);
    CHECK(report.folds[f]["recall@5"] == expected["recall@5"]);
    CHECK(report.folds[f].protocol == by_hand[f].protocol);
    means.push_back(expected["ndcg@10"]);
    sum += means.back();
  }
  CHECK(report["ndcg@10"] == sum / 4);
  CHECK(report["ndcg@10"] > 0);
  double squares = 0;
  for (const double mean : means) squares += (mean - sum / 4) * (mean - sum / 4);
  CHECK(report.summary("ndcg@10").stddev == Approx(std::sqrt(squares / 3)));
  CHECK(report.summary("ndcg@10").standard_error == Approx(std::sqrt(squares / 3) / 2));
  CHECK_THROWS_AS(report["mrr@10"], rk::value_error);
}

TEST_CASE("the spread over folds has n minus 1 below") {
  // mrr of the folds: 1, 1/2, 1/4; mean 7/12, squares (25 + 1 + 16) / 144, over 2: 21/144.
  const auto report = rk::cross_validate(
      [](const rk::interactions& train) {
        return known_objective::model{1 << known_objective::fold_of(train)};
      },
      known_objective::folds(3), {rk::mrr(10)});
  CHECK(report["mrr@10"] == Approx(7.0 / 12));
  CHECK(report.summary("mrr@10").stddev == Approx(std::sqrt(21.0 / 144)));
  CHECK(report.summary("mrr@10").standard_error == Approx(std::sqrt(21.0 / 144 / 3)));
}

TEST_CASE("a single holdout has a mean and no spread") {
  const auto report = rk::cross_validate(known_objective::fit, known_objective::fold(0),
                                         {.a = 4, .b = 20}, {rk::mrr(10)});
  CHECK(report.folds.size() == 1);
  CHECK(report["mrr@10"] == 0.5);
  CHECK(std::isnan(report.summary("mrr@10").stddev));
  CHECK(std::isnan(report.summary("mrr@10").standard_error));
}

TEST_CASE("a fold without a user to evaluate makes the mean NaN") {
  auto folds = known_objective::folds(2);
  folds[1].test = rk::interactions(rk::csr_matrix<>(1, known_objective::items, {0, 0}, {}, {}));
  const auto report =
      rk::cross_validate(known_objective::fit, folds, {.a = 3, .b = 20}, {rk::mrr(10)});
  CHECK(std::isnan(report["mrr@10"]));
  CHECK(report.folds[0]["mrr@10"] == 1);
}

TEST_CASE("one fold is held at a time") {
  known_objective::fold_log log;
  const auto report = rk::cross_validate(known_objective::fit,
                                         known_objective::logged_folds(3, log), {}, {rk::mrr(10)});
  CHECK(log.made == std::vector<int>{0, 1, 2});
  CHECK_FALSE(log.held_two);
  CHECK(report.folds[2].protocol == "fold 2");
}

TEST_CASE("cross-validation has the same bits for any number of threads") {
  const auto data = small_data();
  const rk::ials::params params{.factors = 8, .epochs = 3};
  const auto run = [&](int threads) {
    return rk::cross_validate(rk::cpu{threads}, rk::ials::fit, data, params, {rk::ndcg(10)},
                              {.folds = 3});
  };
  const auto one = run(1);
  for (const int threads : {2, 3}) {
    const auto many = run(threads);
    for (std::size_t f = 0; f < 3; ++f) CHECK(many.folds[f]["ndcg@10"] == one.folds[f]["ndcg@10"]);
    CHECK(many.summary("ndcg@10").stddev == one.summary("ndcg@10").stddev);
  }
}

TEST_CASE("evaluation options reach every fold") {
  const auto report = rk::cross_validate(known_objective::fit, known_objective::folds(2), {},
                                         {rk::mrr(10)}, {.evaluation = {.keep_users = false}});
  for (const auto& fold : report.folds) CHECK(fold.user_values.size() == 0);
}

TEST_CASE("folds that cannot be are refused") {
  const auto data = small_data();
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::cross_validate(rk::item_knn::fit, data, {}, {rk::ndcg(10)}, {.folds = 1});
             }),
             ContainsSubstring("options.folds = 1"));
  CHECK_THROWS_AS(rk::cross_validate(rk::item_knn::fit, data, {}, {}), rk::value_error);
  CHECK_THROWS_AS(rk::fold_source(std::vector<rk::holdout>{}), rk::value_error);
  CHECK_THROWS_AS(rk::fold_source(0, known_objective::fold), rk::value_error);
  CHECK_THROWS_AS(rk::fold_source(1, std::function<rk::holdout(int)>{}), rk::value_error);
  CHECK_THROWS_AS(rk::fold_source(known_objective::folds(2)).fold(2, {}), rk::value_error);
}
