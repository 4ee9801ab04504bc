// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/rating_descent.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/ratings.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/factorization/biased_mf.hpp>
#include <recokit/factorization/pmf.hpp>

#include <cmath>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::prediction_rmse;
using recokit_test::random_matrix;

TEST_CASE("PMF is the mean and factors, by the steps of biased_mf without biases") {
  const auto data = random_matrix(60, 40, 0.3, 1);
  const auto model = rk::pmf::fit(data, {.factors = 6, .epochs = 4, .regularization = 0.1});
  const auto same =
      rk::biased_mf::fit(data, {.factors = 6, .epochs = 4, .regularization = 0.1, .biases = false});
  CHECK(model.user_factors() == same.user_factors());
  CHECK(model.user_biases().isZero());
  CHECK(model.item_biases().isZero());
  CHECK(model.score(1, 2) == Approx(model.mean() + double{model.user_factors().row(1).dot(
                                                       model.item_factors().row(2))}));
}

TEST_CASE("logistic PMF predicts on the scale of the ratings and ranks by what goes into it") {
  const auto data = random_matrix(60, 40, 0.3, 2);
  const auto model = rk::pmf::fit(data, {.factors = 6, .logistic = true, .clip = false});
  for (rk::index_t u = 0; u < 60; ++u) {
    for (rk::index_t i = 0; i < 40; ++i) {
      const float z = model.score(u, i);
      CHECK(model.predict(u, i) == Approx(1 + 4 / (1 + std::exp(-z))).margin(1e-5));
    }
  }
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::pmf::fit(rk::csr_matrix<>(1, 2, {0, 2}, {0, 1}, {3, 3}), {.logistic = true});
             }),
             ContainsSubstring("two different values"));
}

TEST_CASE("PMF has the same bits for any number of threads, and resumes") {
  const auto data = random_matrix(300, 200, 0.2, 3);
  rk::pmf::params p{.factors = 12, .epochs = 3};
  const auto one = rk::pmf::fit(rk::cpu{.threads = 1}, data, p);
  for (const int threads : {2, 5}) {
    CHECK(rk::pmf::fit(rk::cpu{.threads = threads}, data, p).user_rows() == one.user_rows());
  }
  p.epochs = 1;
  const auto part = rk::pmf::fit(data, p);
  p.epochs = 3;
  CHECK(rk::pmf::fit(data, p, rk::resume{part}).item_rows() == one.item_rows());
}

TEST_CASE("PMF answers alike before and after a file") {
  const auto data = random_matrix(40, 30, 0.3, 4);
  const auto unseen = random_matrix(9, 30, 0.3, 5);
  for (const bool logistic : {false, true}) {
    const auto model = rk::pmf::fit(data, {.factors = 5, .epochs = 2, .logistic = logistic});
    const auto loaded = recokit_test::saved_and_loaded(model);
    recokit_test::check_same_answers(model, loaded, unseen);
    CHECK(recokit_test::all_predictions(rk::cpu{}, model) ==
          recokit_test::all_predictions(rk::cpu{}, loaded));
  }
}

TEST_CASE("PMF finds the factors that made the ratings, folded-in users included") {
  const auto [train, test] = recokit_test::ratings_of_factors(300, 150, 3, 0.2, 6);
  for (const bool logistic : {false, true}) {
    const auto model = rk::pmf::fit(
        train, {.factors = 8, .epochs = 40, .regularization = 0.02, .logistic = logistic});
    const double found = prediction_rmse(model, test);
    CHECK(found < 0.9);
    const auto items = rk::detail::all_rows(150);
    const auto row = test.row(7);
    double squares = 0;
    const auto folded = model.predict_for(recokit_test::one_row(train, 7), items);
    for (std::size_t n = 0; n < row.size(); ++n) {
      squares += std::pow(folded[static_cast<std::size_t>(row.indices[n])] - row.value(n), 2);
    }
    CHECK(std::sqrt(squares / static_cast<double>(row.size())) < 1.2);
  }
}

TEST_CASE("a pmf model that no machine holds is refused before memory is taken") {
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::pmf::fit(wide, {.factors = 65536}), rk::memory_error);
}
