// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/rating_prediction.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/ratings.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/baseline/bias.hpp>
#include <recokit/core/observer.hpp>
#include <recokit/evaluation/scorer.hpp>

#include <limits>
#include <numeric>
#include <stop_token>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::is_rated;
using recokit_test::naive_als;
using recokit_test::one_row;
using recokit_test::random_matrix;
using recokit_test::rating_table;
using recokit_test::signed_ratings;

namespace {

void check_biases(const rk::bias::model& model, const recokit_test::naive_biases& expected) {
  CHECK(model.mean() == Approx(expected.mean));
  for (std::size_t u = 0; u < model.user_biases().size(); ++u) {
    CHECK(model.user_biases()[u] ==
          Approx(expected.user[static_cast<Eigen::Index>(u)]).margin(1e-12));
  }
  for (std::size_t i = 0; i < model.item_biases().size(); ++i) {
    CHECK(model.item_biases()[i] ==
          Approx(expected.item[static_cast<Eigen::Index>(i)]).margin(1e-12));
  }
}

std::vector<rk::index_t> numbers(rk::index_t n) {
  std::vector<rk::index_t> list(static_cast<std::size_t>(n));
  std::iota(list.begin(), list.end(), 0);
  return list;
}

}  // namespace

TEST_CASE("biases by least squares are those of a dense loop") {
  for (const auto& data : {random_matrix(30, 20, 0.4, 1), signed_ratings(20, 14, 2)}) {
    const auto table = rating_table(data.view());
    check_biases(rk::bias::fit(data), naive_als(table, 15, 10, 10));
    check_biases(
        rk::bias::fit(data, {.regularization_user = 0, .regularization_item = 2.5, .epochs = 3}),
        naive_als(table, 0, 2.5, 3));
  }
}

TEST_CASE("biases by gradient descent are those of a dense loop in order of user and item") {
  const auto data = signed_ratings(20, 14, 3);
  const auto table = rating_table(data.view());
  recokit_test::naive_biases expected{recokit_test::rated_mean(table, 0), Eigen::VectorXd::Zero(20),
                                      Eigen::VectorXd::Zero(14)};
  for (int epoch = 0; epoch < 20; ++epoch) {
    for (Eigen::Index u = 0; u < 20; ++u) {
      for (Eigen::Index i = 0; i < 14; ++i) {
        if (!is_rated(table(u, i))) continue;
        double& bu = expected.user[u];
        double& bi = expected.item[i];
        const double error = table(u, i) - (expected.mean + bu + bi);
        bu += 0.005 * (error - 0.02 * bu);
        bi += 0.005 * (error - 0.02 * bi);
      }
    }
  }
  check_biases(rk::bias::fit(data, {.method = rk::bias::fit_method::sgd}), expected);
}

TEST_CASE("a prediction is mean and biases and clipped, a rank is by them unclipped") {
  STATIC_REQUIRE(rk::scorer<rk::bias::model>);
  STATIC_REQUIRE(rk::rating_predictor<rk::bias::model>);
  STATIC_REQUIRE(rk::fold_in_recommender<rk::bias::model>);
  const auto data = random_matrix(20, 14, 0.4, 4, 2);
  const auto model = rk::bias::fit(data, {.regularization_user = 0, .regularization_item = 0});
  CHECK(model.scale() == rk::rating_scale{1, 2});
  const auto found = recokit_test::all_predictions(rk::cpu{}, model);
  bool clipped = false;
  for (rk::index_t u = 0; u < 20; ++u) {
    const auto scores = model.score(u, numbers(14));
    for (rk::index_t i = 0; i < 14; ++i) {
      const auto n = static_cast<std::size_t>(i);
      const double raw =
          model.mean() + model.user_biases()[static_cast<std::size_t>(u)] + model.item_biases()[n];
      CHECK(double{scores[n]} == Approx(raw).margin(1e-6));
      CHECK(found(u, i) == Approx(std::clamp(raw, 1.0, 2.0)).margin(1e-6));
      CHECK(double{model.predict(u, i)} == found(u, i));
      clipped |= raw > 2 || raw < 1;
    }
    const auto list = model.recommend(u, {.k = 14, .exclude_seen = false});
    REQUIRE(list.size() == 14);
    for (const auto& [item, score] : list) CHECK(score == scores[static_cast<std::size_t>(item)]);
    CHECK(std::is_sorted(list.begin(), list.end(), rk::ranks_before<float, rk::index_t>));
    for (const auto& entry : model.recommend(u)) {
      const auto seen = data.row(u).indices;
      CHECK(!std::binary_search(seen.begin(), seen.end(), entry.item));
    }
  }
  CHECK(clipped);
}

TEST_CASE("a history that is folded in gets the bias that training gave its user") {
  const auto data = random_matrix(30, 20, 0.4, 5);
  const auto model = rk::bias::fit(data);
  for (rk::index_t u = 0; u < 30; ++u) {
    CHECK(model.fold_in(data.row(u)) ==
          Approx(model.user_biases()[static_cast<std::size_t>(u)]).margin(1e-12));
  }
  const auto found = model.predict_for(one_row(data, 3), numbers(20));
  for (rk::index_t i = 0; i < 20; ++i) {
    CHECK(found[static_cast<std::size_t>(i)] == Approx(model.predict(3, i)));
  }
  const auto known = model.recommend(3, {.k = 4});
  const auto lists = model.recommend_for(one_row(data, 3), {.k = 4});
  const auto list = lists[0];
  REQUIRE(list.size() == known.size());
  for (std::size_t n = 0; n < known.size(); ++n) CHECK(list[n].item == known[n].item);
  const auto sgd = rk::bias::fit(data, {.method = rk::bias::fit_method::sgd, .regularization = 1});
  double sum = 0;
  const auto row = data.row(3);
  for (std::size_t n = 0; n < row.size(); ++n) {
    sum += double{row.value(n)} - sgd.mean() -
           sgd.item_biases()[static_cast<std::size_t>(row.indices[n])];
  }
  CHECK(sgd.fold_in(row) == Approx(sum / (2.0 * static_cast<double>(row.size()))));
}

TEST_CASE("users and items without ratings have no bias, whatever the damping") {
  const rk::csr_matrix<> data(3, 3, {0, 1, 1, 2}, {0, 0}, {5, 2});
  for (const double damping : {0.0, 3.0}) {
    const auto model =
        rk::bias::fit(data, {.regularization_user = damping, .regularization_item = damping});
    CHECK(model.user_biases()[1] == 0);
    CHECK(model.item_biases()[2] == 0);
    CHECK(model.predict(1, 1) == 3.5f);
  }
}

TEST_CASE("all threads give the bits of one") {
  const auto data = random_matrix(700, 300, 0.05, 6);
  const auto one = rk::bias::fit(rk::cpu{.threads = 1}, data);
  const auto many = rk::bias::fit(rk::cpu{.threads = 4}, data);
  CHECK(std::equal(one.user_biases().begin(), one.user_biases().end(), many.user_biases().begin()));
  CHECK(std::equal(one.item_biases().begin(), one.item_biases().end(), many.item_biases().begin()));
}

TEST_CASE("observers see every epoch and can end the fit") {
  const auto data = random_matrix(30, 20, 0.4, 7);
  std::vector<int> epochs;
  rk::bias::fit(data, {}, rk::progress{[&](const rk::epoch_info& info) {
                  epochs.push_back(info.epoch);
                  CHECK(info.epochs == 10);
                }});
  CHECK(epochs.size() == 10);
  epochs.clear();
  rk::bias::fit(data, {.method = rk::bias::fit_method::sgd},
                rk::progress{[&](const rk::epoch_info& info) { epochs.push_back(info.epochs); }});
  CHECK(epochs == std::vector<int>(20, 20));
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(rk::bias::fit(data, {}, rk::cancel_on{stop.get_token()}), rk::cancelled_error);
}

TEST_CASE("what biases cannot be fitted to is refused") {
  const auto data = random_matrix(10, 8, 0.5, 1);
  CHECK_THAT(error_text<rk::value_error>([&] { rk::bias::fit(data, {.regularization_user = -1}); }),
             ContainsSubstring("params.regularization_user = -1"));
  CHECK_THROWS_AS(rk::bias::fit(data, {.learning_rate = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::bias::fit(data, {.epochs = -1}), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::bias::fit(rk::csr_matrix<>(2, 2, {0, 0, 0}, {}));
             }),
             ContainsSubstring("there is no rating"));
  const rk::csr_matrix<> huge(1, 2, {0, 2}, {0, 1}, {3e38f, -3e38f});
  CHECK_THAT(error_text<rk::error>([&] {
               rk::bias::fit(huge, {.method = rk::bias::fit_method::sgd,
                                    .regularization = 1000,
                                    .learning_rate = 1,
                                    .epochs = 500});
             }),
             ContainsSubstring("sgd diverged"));
  const auto model = rk::bias::fit(data);
  CHECK_THROWS_AS(model.predict(10, 0), rk::value_error);
  CHECK_THROWS_AS(model.predict(0, -1), rk::value_error);
  const auto forgetful = rk::bias::fit(data, {.keep_history = false});
  CHECK_THROWS_AS(forgetful.recommend(0), rk::value_error);
  CHECK(forgetful.recommend(0, {.k = 3, .exclude_seen = false}).size() == 3);
}

TEST_CASE("biases answer alike before and after a file") {
  const auto data = signed_ratings(20, 14, 8);
  for (const auto method : {rk::bias::fit_method::als, rk::bias::fit_method::sgd}) {
    const auto model = rk::bias::fit(data, {.method = method});
    const auto loaded = recokit_test::saved_and_loaded(model);
    recokit_test::check_same_answers(model, loaded, data);
    CHECK(loaded.scale() == model.scale());
    CHECK(recokit_test::all_predictions(rk::cpu{}, loaded) ==
          recokit_test::all_predictions(rk::cpu{}, model));
    CHECK(loaded.fold_in(data.row(3)) == model.fold_in(data.row(3)));
    CHECK(recokit_test::saved_and_loaded(model, {.history = false}).history().rows() == 0);
  }
}
