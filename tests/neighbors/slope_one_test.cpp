// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/rating_prediction.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/ratings.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/evaluation/scorer.hpp>
#include <recokit/neighbors/slope_one.hpp>

#include <numeric>
#include <stop_token>

namespace rk = recokit;
using recokit_test::all_predictions;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::one_row;
using recokit_test::random_matrix;
using recokit_test::rating_table;
using recokit_test::signed_ratings;

namespace {

std::vector<rk::index_t> numbers(rk::index_t n) {
  std::vector<rk::index_t> list(static_cast<std::size_t>(n));
  std::iota(list.begin(), list.end(), 0);
  return list;
}

}  // namespace

TEST_CASE("both schemes predict what dense loops do") {
  const rk::csr_matrix<> item(3, 1, {0, 1, 2, 2}, {0, 0}, {4, 2});
  const rk::csr_matrix<> user(1, 3, {0, 2}, {0, 2}, {1, 5});
  const rk::csr_matrix<> equal(3, 3, {0, 2, 4, 5}, {0, 1, 1, 2, 0}, {3, 3, 3, 3, 3});
  for (const auto& data : {random_matrix(30, 17, 0.3, 1), random_matrix(30, 18, 0.1, 2),
                           signed_ratings(20, 14, 3), item, user, equal}) {
    for (const bool weighted : {false, true}) {
      const auto model = rk::slope_one::fit(data, {.weighted = weighted, .clip = false});
      const auto expected = recokit_test::naive_slope_one(rating_table(data.view()), weighted);
      CHECK((all_predictions(rk::cpu{}, model) - expected).cwiseAbs().maxCoeff() < 1e-5);
    }
  }
}

TEST_CASE("the example of the paper") {
  // Users of items A, B, C: (5, 3, 2), (3, 4, -), (-, 2, 5). What does the third give to A?
  const rk::csr_matrix<> data(3, 3, {0, 3, 5, 7}, {0, 1, 2, 0, 1, 1, 2}, {5, 3, 2, 3, 4, 2, 5});
  const auto model = rk::slope_one::fit(data, {.weighted = true, .clip = false});
  CHECK(model.deviation(0, 1) == 0.5);
  CHECK(model.deviation(1, 0) == -0.5);
  CHECK(model.deviation(0, 2) == 3);
  CHECK(model.common_users(1, 0) == 2);
  CHECK(model.common_users(0, 0) == 0);
  CHECK(model.deviation(2, 2) == 0);
  CHECK(model.predict(2, 0) == Approx(13.0 / 3));  // (2 · 2.5 + 1 · 8) / 3
  CHECK_THROWS_AS(model.deviation(0, 3), rk::value_error);
  CHECK_THROWS_AS(model.common_users(-1, 0), rk::value_error);
}

TEST_CASE("Slope One ranks by its estimates, with the bits of score") {
  STATIC_REQUIRE(rk::scorer<rk::slope_one::model>);
  STATIC_REQUIRE(rk::rating_predictor<rk::slope_one::model>);
  STATIC_REQUIRE(rk::fold_in_recommender<rk::slope_one::model>);
  const auto data = random_matrix(40, 25, 0.2, 4);
  for (const bool weighted : {false, true}) {
    const auto model = rk::slope_one::fit(data, {.weighted = weighted});
    for (rk::index_t u = 0; u < 40; ++u) {
      const auto list = model.recommend(u, {.k = 25, .exclude_seen = false});
      REQUIRE(list.size() == 25);
      CHECK(std::is_sorted(list.begin(), list.end(), rk::ranks_before<float, rk::index_t>));
      const auto scores = model.score(u, numbers(25));
      for (const auto& [item, score] : list) {
        REQUIRE(score == scores[static_cast<std::size_t>(item)]);
        REQUIRE(model.predict(u, item) == model.scale().clip(score));
      }
    }
  }
}

TEST_CASE("a history is folded in with the bits of a known user") {
  const auto data = random_matrix(40, 25, 0.2, 5);
  const rk::csr_matrix<> nothing(1, 25, {0, 0}, {});
  for (const bool weighted : {false, true}) {
    const auto model = rk::slope_one::fit(data, {.weighted = weighted});
    for (const rk::index_t user : {1, 2, 3}) {
      const auto history = one_row(data, user);
      const auto found = model.predict_for(history, numbers(25));
      for (const rk::index_t i : numbers(25)) {
        CHECK(found[static_cast<std::size_t>(i)] == model.predict(user, i));
      }
      const auto known = model.recommend(user, {.k = 6});
      const auto lists = model.recommend_for(history, {.k = 6});
      const auto list = lists[0];
      CHECK(std::equal(known.begin(), known.end(), list.begin(), list.end()));
    }
    CHECK(model.predict_for(nothing, numbers(1))[0] == Approx(model.mean()));
  }
}

TEST_CASE("shares of the history sum to the score") {
  const auto data = random_matrix(40, 25, 0.4, 6);
  for (const bool weighted : {false, true}) {
    const auto model = rk::slope_one::fit(data, {.weighted = weighted});
    double sum = 0;
    for (const auto& [item, share] : model.explain(3, 5, 100)) sum += double{share};
    CHECK(sum == Approx(model.score(3, std::vector<rk::index_t>{5})[0]));
  }
}

TEST_CASE("Slope One has the same bits for any number of threads") {
  const auto data = random_matrix(80, 50, 0.2, 7);
  const auto one = rk::slope_one::fit(rk::cpu{.threads = 1}, data);
  const auto many = rk::slope_one::fit(rk::cpu{.threads = 4}, data);
  CHECK(all_predictions(rk::cpu{.threads = 1}, one) ==
        all_predictions(rk::cpu{.threads = 4}, many));
}

TEST_CASE("a catalogue whose pairs do not fit is refused before anything is allocated") {
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  const auto text = error_text<rk::memory_error>([&] { rk::slope_one::fit(wide); });
  CHECK_THAT(text, ContainsSubstring("slope_one"));
  CHECK_THAT(text, ContainsSubstring("2000000000 items"));
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::slope_one::fit(rk::csr_matrix<>(2, 2, {0, 0, 0}, {}));
             }),
             ContainsSubstring("there is no rating"));
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(
      rk::slope_one::fit(random_matrix(5, 5, 0.5, 1), {}, rk::cancel_on{stop.get_token()}),
      rk::cancelled_error);
  const auto model = rk::slope_one::fit(random_matrix(5, 5, 0.5, 1));
  CHECK_THROWS_AS(model.predict(5, 0), rk::value_error);
}

TEST_CASE("Slope One answers alike before and after a file") {
  const auto data = random_matrix(30, 20, 0.3, 8);
  for (const bool weighted : {false, true}) {
    const auto model = rk::slope_one::fit(data, {.weighted = weighted, .clip = weighted});
    const auto loaded = recokit_test::saved_and_loaded(model);
    recokit_test::check_same_answers(model, loaded, data);
    CHECK(all_predictions(rk::cpu{}, loaded) == all_predictions(rk::cpu{}, model));
    CHECK_THAT(error_text<rk::value_error>(
                   [&] { recokit_test::saved_and_loaded(model, {.history = false}); }),
               ContainsSubstring("slope_one predicts from the ratings"));
  }
}
