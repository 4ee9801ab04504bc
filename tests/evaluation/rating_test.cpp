// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/data_dir.hpp"
#include "support/error_text.hpp"
#include "support/ratings.hpp"

#include <recokit/baseline/bias.hpp>
#include <recokit/evaluation/rating.hpp>
#include <recokit/neighbors/rating_knn.hpp>
#include <recokit/neighbors/slope_one.hpp>

#include <cmath>
#include <vector>

namespace rk = recokit;
namespace knn = recokit::rating_knn;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

// Predicts user + item / 100 and counts what it was asked at once.
struct plain_predictor {
  rk::index_t rows = 0, cols = 0;
  mutable std::size_t largest = 0;

  rk::index_t users() const { return rows; }
  rk::index_t items() const { return cols; }
  void predict(const rk::cpu&, std::span<const rk::index_t> users,
               std::span<const rk::index_t> items, std::span<float> out) const {
    largest = std::max(largest, out.size());
    for (std::size_t n = 0; n < out.size(); ++n) {
      out[n] = static_cast<float>(users[n]) + static_cast<float>(items[n]) / 100;
    }
  }
};

rk::interactions some_data() { return rk::interactions(random_matrix(60, 40, 0.3, 3)); }

}  // namespace

TEST_CASE("every test rating is compared with its prediction") {
  STATIC_REQUIRE(rk::rating_predictor<plain_predictor>);
  STATIC_REQUIRE(!rk::fold_in_rating_predictor<plain_predictor>);
  STATIC_REQUIRE(rk::fold_in_rating_predictor<rk::bias::model>);
  const rk::csr_matrix<> test(3, 4, {0, 1, 1, 3}, {2, 0, 3}, {1, 2, 4});
  const auto report = rk::evaluate_ratings(plain_predictor{3, 4}, test);
  CHECK(report.count == 3);
  CHECK(report.mae == Approx((0.98 + 0 + 1.97) / 3));
  CHECK(report.rmse == Approx(std::sqrt((0.98 * 0.98 + 1.97 * 1.97) / 3)));
  CHECK(rk::evaluate_ratings(plain_predictor{3, 4}, test.view().pattern()).mean_truth == 1);
}

TEST_CASE("predictions are made in pieces and measured as one column") {
  const auto test = random_matrix(1500, 1500, 0.9, 4, 5, true);
  REQUIRE(test.nonzeros() > 16 * rk::rating_accumulator::piece);
  const plain_predictor model{1500, 1500};
  const auto report = rk::evaluate_ratings(rk::cpu{.threads = 3}, model, test);
  CHECK(model.largest == 16 * rk::rating_accumulator::piece);
  std::vector<rk::index_t> users;
  for (rk::index_t u = 0; u < 1500; ++u) users.insert(users.end(), test.row(u).size(), u);
  std::vector<float> predicted(users.size());
  model.predict({}, users, test.view().indices(), predicted);
  const auto expected = rk::rating_metrics(rk::cpu{.threads = 1}, test.view().values(), predicted);
  CHECK(report.rmse == expected.rmse);
  CHECK(report.mae == expected.mae);
  CHECK(report.r2 == expected.r2);
  CHECK(report.mean_error == expected.mean_error);
}

TEST_CASE("cross-validation of ratings has the means of a loop by hand") {
  const auto data = some_data();
  const auto report =
      rk::cross_validate_ratings(knn::fit, data, {.neighbors = 7}, {.folds = 3, .seed = 5});
  REQUIRE(report.folds.size() == 3);
  CHECK(report.fit_seconds.size() == 3);
  CHECK(report.predict_seconds.size() == 3);
  double sum = 0, squares = 0;
  for (int f = 0; f < 3; ++f) {
    const auto split = rk::split::fold(data, f, {.folds = 3, .seed = 5});
    const auto expected = rk::evaluate_ratings(knn::fit(split.train, {.neighbors = 7}), split);
    CHECK(report.folds[static_cast<std::size_t>(f)].rmse == expected.rmse);
    sum += expected.rmse;
  }
  const auto rmse = report.summary(&rk::rating_report::rmse);
  CHECK(rmse.mean == Approx(sum / 3));
  for (const auto& fold : report.folds) squares += std::pow(fold.rmse - sum / 3, 2);
  CHECK(rmse.stddev == Approx(std::sqrt(squares / 2)));
  CHECK(rmse.standard_error == Approx(std::sqrt(squares / 6)));
  CHECK(std::isnan(rk::rating_cross_validation{}.summary(&rk::rating_report::mae).mean));
  const auto own = rk::cross_validate_ratings(
      rk::cpu{}, [](const rk::interactions& train) { return rk::slope_one::fit(train); },
      rk::split::random(data));
  CHECK(own.folds.size() == 1);
  CHECK(std::isnan(own.summary(&rk::rating_report::mae).stddev));
}

TEST_CASE("users unknown to training are folded in") {
  const auto split = rk::split::user_fold(some_data(), {.test_users = 0.3});
  const auto model = rk::bias::fit(split.train);
  const auto report = rk::evaluate_ratings(model, split);
  CHECK(report.count == split.test.nonzeros());
  double sum = 0;
  for (rk::index_t u = 0; u < 60; ++u) {
    const auto test = split.test.matrix().row(u);
    const double bias = model.fold_in(split.fold_in->matrix().row(u));
    for (std::size_t n = 0; n < test.size(); ++n) {
      const double raw =
          model.mean() + bias + model.item_biases()[static_cast<std::size_t>(test.indices[n])];
      sum += std::abs(double{model.scale().clip(static_cast<float>(raw))} - double{test.value(n)});
    }
  }
  CHECK(report.mae == Approx(sum / static_cast<double>(report.count)));
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::evaluate_ratings(plain_predictor{60, 40}, split);
             }),
             ContainsSubstring("has no predict_for"));
}

TEST_CASE("a test part that does not fit the model is refused") {
  const rk::csr_matrix<> test(3, 4, {0, 1, 1, 3}, {2, 0, 3}, {1, 2, 4});
  CHECK_THAT(error_text<rk::dimension_error>([&] {
               rk::evaluate_ratings(plain_predictor{3, 5}, test);
             }),
             ContainsSubstring("test.cols()"));
  CHECK_THROWS_AS(rk::evaluate_ratings(plain_predictor{2, 4}, test), rk::dimension_error);
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::evaluate_ratings(plain_predictor{1, 1}, rk::csr_matrix<>(1, 1, {0, 0}, {}));
             }),
             ContainsSubstring("there is no rating to predict"));
}

TEST_CASE("rating models reach the numbers of Surprise on fold 1 of MovieLens 100K", "[data]") {
  RECOKIT_REQUIRE_DATA(train, "ml-100k/u1.base");
  RECOKIT_REQUIRE_DATA(test, "ml-100k/u1.test");
  const auto split = rk::split::given(train, test);
  const auto check = [&](const auto& model, double rmse, double mae) {
    const auto report = rk::evaluate_ratings(model, split);
    CHECK(report.count == 20'000);
    CHECK(report.rmse == Approx(rmse).margin(1e-4));
    CHECK(report.mae == Approx(mae).margin(1e-4));
  };
  // scikit-surprise 1.1.5 on the same files: benchmarks/peers/rating_prediction.py.
  check(rk::bias::fit(split.train), 0.95994, 0.76158);
  check(rk::slope_one::fit(split.train), 0.95672, 0.75059);
  check(knn::fit(split.train, {.form = knn::form::plain}), 0.98886, 0.78336);
  check(knn::fit(split.train, {.form = knn::form::mean_centered}), 0.96491, 0.75937);
  check(knn::fit(split.train, {.form = knn::form::z_score}), 0.96352, 0.75533);
  check(knn::fit(split.train, {.form = knn::form::baseline}), 0.94180, 0.74140);
}
