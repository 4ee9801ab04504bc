// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/rating.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

const double not_a_number = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

Approx exactly(double value) { return Approx(value).epsilon(1e-14).margin(1e-15); }

}  // namespace

// scikit-learn 1.9.1 on its own documentation's example.
TEST_CASE("the report of four ratings is scikit-learn's") {
  const Eigen::Vector4d truth(3, -0.5, 2, 7);
  const Eigen::Vector4d predicted(2.5, 0.0, 2, 8);
  const auto report = rk::rating_metrics(truth, predicted);
  CHECK(report.count == 4);
  CHECK(report.weight == 4);
  CHECK(report.mse == exactly(0.375));
  CHECK(report.rmse == exactly(0.6123724356957945));
  CHECK(report.mae == exactly(0.5));
  CHECK(report.max_error == 1);
  CHECK(report.mean_error == exactly(0.25));
  CHECK(report.mean_truth == exactly(2.875));
  CHECK(report.mean_predicted == exactly(3.125));
  CHECK(report.r2 == exactly(0.9486081370449679));
  CHECK(report.explained_variance == exactly(0.9571734475374732));
  CHECK(rk::median_absolute_error(truth, predicted) == exactly(0.5));
}

// The pairs that both tables of the recommenders library's rating fixture hold; its tests expect
// the four numbers, to a relative 1e-4 (exp_var: 1e-2).
TEST_CASE("the recommenders fixture gives the numbers of its tests") {
  const std::vector<float> truth{3, 3, 5, 5, 3, 3, 2, 1};
  const std::vector<float> predicted{14, 12, 7, 8, 13, 6, 11, 5};
  const auto report = rk::rating_metrics(truth, predicted);
  CHECK(report.rmse == Approx(7.254309).epsilon(1e-7));
  CHECK(report.mae == 6.375);
  CHECK(report.r2 == Approx(-31.699029).epsilon(1e-7));
  CHECK(report.explained_variance == Approx(-6.4466).epsilon(1e-5));
}

TEST_CASE("weights count as that many samples") {
  const std::vector<double> truth{1, 2, 3, 4};
  const std::vector<double> predicted{1.5, 2, 2, 6};
  const std::vector<double> weights{1, 2, 0, 3};
  const std::vector<double> long_truth{1, 2, 2, 4, 4, 4};
  const std::vector<double> long_predicted{1.5, 2, 2, 6, 6, 6};
  const auto weighted = rk::rating_metrics(truth, predicted, {.weights = weights});
  const auto repeated = rk::rating_metrics(long_truth, long_predicted);
  CHECK(weighted.count == 4);
  CHECK(weighted.weight == 6);
  CHECK(weighted.mse == exactly(repeated.mse));
  CHECK(weighted.mae == exactly(repeated.mae));
  CHECK(weighted.r2 == exactly(repeated.r2));
  CHECK(weighted.explained_variance == exactly(repeated.explained_variance));
  CHECK(weighted.max_error == 2);
  CHECK(rk::median_absolute_error(truth, predicted, weights) ==
        rk::median_absolute_error(long_truth, long_predicted));
  CHECK(rk::median_absolute_error(truth, predicted, weights) == 1.25);
}

TEST_CASE("a sample of weight 0 changes nothing but the count") {
  const std::vector<double> truth{1, 2, 100};
  const std::vector<double> predicted{2, 2, -100};
  const std::vector<double> weights{1, 1, 0};
  const auto report = rk::rating_metrics(truth, predicted, {.weights = weights});
  CHECK(report.max_error == 1);
  CHECK(report.mse == 0.5);
  CHECK(report.r2 == exactly(-1.0));
}

// 0.1 cannot be summed without rounding, so a mean taken first would not equal it.
TEST_CASE("equal truths are recognised as equal whatever their value") {
  const Eigen::VectorXd truth = Eigen::VectorXd::Constant(100000, 0.1);
  Eigen::VectorXd predicted = truth;
  auto report = rk::rating_metrics(truth, predicted);
  CHECK(report.r2 == 1);
  CHECK(report.explained_variance == 1);
  CHECK(report.mean_truth == 0.1);
  predicted[99999] = 1;
  report = rk::rating_metrics(truth, predicted);
  CHECK(report.r2 == 0);
  CHECK(report.explained_variance == 0);
  report = rk::rating_metrics(truth, predicted, {.force_finite = false});
  CHECK(report.r2 == -infinity);
  CHECK(report.explained_variance == -infinity);
  report = rk::rating_metrics(truth, truth, {.force_finite = false});
  CHECK(std::isnan(report.r2));
}

TEST_CASE("a constant error leaves the variance explained") {
  const std::vector<double> truth{1, 2, 4};
  const std::vector<double> predicted{2, 3, 5};
  CHECK(rk::rating_metrics(truth, predicted).explained_variance == 1);
  CHECK(rk::rating_metrics(truth, predicted).r2 < 1);
}

TEST_CASE("one sample has an error but no R²") {
  const std::vector<double> truth{3};
  const std::vector<double> predicted{5};
  const auto report = rk::rating_metrics(truth, predicted);
  CHECK(report.rmse == 2);
  CHECK(std::isnan(report.r2));
  CHECK(report.explained_variance == 1);
}

TEST_CASE("a mean far from 0 costs R² no digits") {
  const Eigen::Index n = 200000;
  Eigen::VectorXd truth(n);
  Eigen::VectorXd predicted(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    truth[i] = 1e8 + static_cast<double>(i % 2);
    predicted[i] = truth[i] + (i % 4 < 2 ? 0.25 : -0.25);
  }
  CHECK(rk::rating_metrics(truth, predicted).r2 == exactly(0.75));
}

TEST_CASE("truths that rise from piece to piece have the variance of all of them") {
  const Eigen::Index n = 100000;
  const Eigen::VectorXd truth = Eigen::VectorXd::LinSpaced(n, 0, static_cast<double>(n - 1));
  const Eigen::VectorXd predicted = truth.array() + 100;
  // The variance of 0, 1, …, n − 1 is (n² − 1) / 12.
  CHECK(rk::rating_metrics(truth, predicted).r2 == exactly(1 - 1e4 * 12 / (1e10 - 1)));
}

TEST_CASE("the rating report has the same bits on one and on more threads") {
  std::mt19937_64 engine(7);
  std::normal_distribution<double> normal;
  const Eigen::Index n = 300001;
  Eigen::VectorXd truth(n);
  Eigen::VectorXf predicted(n);
  Eigen::VectorXd weights(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    truth[i] = normal(engine);
    predicted[i] = static_cast<float>(truth[i] + normal(engine));
    weights[i] = std::abs(normal(engine));
  }
  const auto one = rk::rating_metrics(rk::cpu{1}, truth, predicted, {.weights = weights});
  for (const int threads : {2, 3}) {
    const auto more = rk::rating_metrics(rk::cpu{threads}, truth, predicted, {.weights = weights});
    CHECK(std::memcmp(&one, &more, sizeof one) == 0);
  }
}

TEST_CASE("ratings that do not fit each other are refused") {
  const std::vector<double> two{1, 2};
  const std::vector<double> three{1, 2, 3};
  const std::vector<double> none;
  CHECK(error_text<rk::dimension_error>([&] { rk::rating_metrics(two, three); }) ==
        "predicted.size() is 3 but truth.size() is 2: pass one value a sample");
  CHECK_THAT(
      error_text<rk::dimension_error>([&] { rk::rating_metrics(two, two, {.weights = none}); }),
      ContainsSubstring("weights.size() is 0 but truth.size() is 2"));
  CHECK_THAT(error_text<rk::value_error>([&] { rk::rating_metrics(none, none); }),
             ContainsSubstring("truth.size() = 0"));
  CHECK_THAT(error_text<rk::value_error>([&] { rk::median_absolute_error(none, none); }),
             ContainsSubstring("truth.size() = 0"));
}

TEST_CASE("the first rating that is not a number is named on any number of threads") {
  std::vector<double> truth(400000, 3.0);
  const std::vector<double> fine(400000, 3.0);
  truth[150000] = not_a_number;
  truth[390000] = infinity;
  for (const int threads : {1, 2}) {
    CHECK(error_text<rk::value_error>([&] { rk::rating_metrics(rk::cpu{threads}, truth, fine); }) ==
          "truth[150000] = nan: must be finite");
    CHECK(error_text<rk::value_error>([&] { rk::rating_metrics(rk::cpu{threads}, fine, truth); }) ==
          "predicted[150000] = nan: must be finite");
  }
  CHECK(error_text<rk::value_error>([&] { rk::median_absolute_error(truth, fine); }) ==
        "truth[150000] = nan: must be finite");
}

TEST_CASE("weights below 0 and weights that are all 0 are refused") {
  const std::vector<double> truth{1, 2};
  const std::vector<double> negative{1, -0.5};
  const std::vector<double> zero{0, 0};
  CHECK(error_text<rk::value_error>([&] {
          rk::rating_metrics(truth, truth, {.weights = negative});
        }) == "weights[1] = -0.5: must be finite and at least 0");
  CHECK_THAT(
      error_text<rk::value_error>([&] { rk::rating_metrics(truth, truth, {.weights = zero}); }),
      ContainsSubstring("at least one must be above 0"));
  CHECK_THAT(error_text<rk::value_error>([&] { rk::median_absolute_error(truth, truth, zero); }),
             ContainsSubstring("at least one must be above 0"));
}

TEST_CASE("samples that come in pieces have the metrics of all at once, bit for bit") {
  std::vector<double> truth, predicted;
  for (int n = 0; n < 150'000; ++n) {
    truth.push_back(1 + n % 5);
    predicted.push_back(3 + std::sin(n));
  }
  const auto expected = rk::rating_metrics(truth, predicted);
  rk::rating_accumulator pieces;
  const auto at = [](const std::vector<double>& column, std::int64_t from, std::int64_t to) {
    return std::span(column).subspan(static_cast<std::size_t>(from),
                                     static_cast<std::size_t>(to - from));
  };
  const std::int64_t piece = rk::rating_accumulator::piece;
  for (const auto& [from, to] : {std::pair<std::int64_t, std::int64_t>{0, piece},
                                 {piece, 2 * piece},
                                 {2 * piece, 150'000}}) {
    pieces.add(rk::cpu{.threads = 2}, at(truth, from, to), at(predicted, from, to));
  }
  const auto found = pieces.report();
  CHECK(found.count == 150'000);
  CHECK(found.rmse == expected.rmse);
  CHECK(found.mae == expected.mae);
  CHECK(found.r2 == expected.r2);
  CHECK(found.explained_variance == expected.explained_variance);
  CHECK(found.mean_error == expected.mean_error);
  CHECK_THROWS_AS(rk::rating_accumulator{}.report(), rk::value_error);
}
