// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/classification.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using enum rk::class_average;

namespace {

const double not_a_number = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

Approx exactly(double value) { return Approx(value).epsilon(1e-14).margin(1e-15); }

const std::vector<int> truth{0, 1, 2, 0, 1, 2, 0, 2, 1, 0};
const std::vector<int> predicted{0, 2, 1, 0, 0, 1, 0, 2, 1, 1};

}  // namespace

// scikit-learn 1.9.1 and imbalanced-learn 0.14.2.
TEST_CASE("three classes give the numbers of scikit-learn and imbalanced-learn") {
  const rk::confusion_matrix matrix(truth, predicted);
  CHECK(matrix.labels() == std::vector<std::int64_t>{0, 1, 2});
  Eigen::Matrix3d counts;
  counts << 3, 1, 0, 1, 1, 1, 0, 2, 1;
  CHECK(matrix.counts() == counts);
  CHECK(matrix.total() == 10);
  CHECK(matrix.accuracy() == exactly(0.5));
  CHECK(matrix.precision({.average = micro}) == exactly(0.5));
  CHECK(matrix.specificity({.average = micro}) == exactly(0.75));
  CHECK(matrix.averaged_geometric_mean({.average = micro}) == exactly(0.6123724356957945));
  CHECK(matrix.precision({.average = macro}) == exactly(0.5));
  CHECK(matrix.recall({.average = macro}) == exactly(0.47222222222222215));
  CHECK(matrix.f1({.average = macro}) == exactly(0.4785714285714285));
  CHECK(matrix.f_beta(2, {.average = macro}) == exactly(0.47321428571428575));
  CHECK(matrix.specificity({.average = macro}) == exactly(0.753968253968254));
  CHECK(matrix.averaged_geometric_mean({.average = macro}) == exactly(0.5966913476613329));
  CHECK(matrix.precision({.average = weighted}) == exactly(0.525));
  CHECK(matrix.recall({.average = weighted}) == exactly(0.5));
  CHECK(matrix.f1({.average = weighted}) == exactly(0.5057142857142857));
  CHECK(matrix.f_beta(2, {.average = weighted}) == exactly(0.5008928571428571));
  CHECK(matrix.specificity({.average = weighted}) == exactly(0.7619047619047619));
  CHECK(matrix.averaged_geometric_mean({.average = weighted}) == exactly(0.6172133998483676));
  CHECK(matrix.balanced_accuracy() == exactly(0.47222222222222215));
  CHECK(matrix.balanced_accuracy(true) == exactly(0.20833333333333323));
  CHECK(matrix.geometric_mean() == exactly(0.4367902323681494));
  CHECK(matrix.matthews_correlation() == exactly(0.24618298195866545));
  CHECK(matrix.cohen_kappa() == exactly(0.24242424242424243));
  CHECK(matrix.cohen_kappa(rk::kappa_weighting::linear) == exactly(0.4186046511627908));
  CHECK(matrix.cohen_kappa(rk::kappa_weighting::quadratic) == exactly(0.6031746031746033));
}

TEST_CASE("two classes give the textbook fractions of the positive one") {
  // TP 3, FP 1, FN 2, TN 4
  const std::vector<std::uint8_t> y{1, 1, 1, 0, 1, 1, 0, 0, 0, 0};
  const std::vector<std::uint8_t> answers{1, 1, 1, 1, 0, 0, 0, 0, 0, 0};
  const rk::confusion_matrix matrix(y, answers);
  CHECK(matrix.precision() == exactly(3.0 / 4));
  CHECK(matrix.recall() == exactly(3.0 / 5));
  CHECK(matrix.specificity() == exactly(4.0 / 5));
  CHECK(matrix.f1() == exactly(6.0 / 9));
  CHECK(matrix.f_beta(2) == exactly(15.0 / (15 + 4 * 2 + 1)));
  CHECK(matrix.f_beta(0) == exactly(3.0 / 4));
  CHECK(matrix.f_beta(infinity) == exactly(3.0 / 5));
  CHECK(matrix.averaged_geometric_mean() == exactly(std::sqrt(12.0 / 25)));
  CHECK(matrix.geometric_mean() == exactly(std::sqrt(12.0 / 25)));
  CHECK(matrix.matthews_correlation() == exactly((3.0 * 4 - 1 * 2) / std::sqrt(4.0 * 5 * 5 * 6)));
  CHECK(matrix.precision({.positive = 0}) == exactly(4.0 / 6));
}

// imbalanced-learn's own documentation example.
TEST_CASE("a correction keeps a missed class from making the geometric mean 0") {
  const std::vector<int> y{0, 1, 2, 0, 1, 2};
  const std::vector<int> answers{0, 2, 1, 0, 0, 1};
  const rk::confusion_matrix matrix(y, answers);
  CHECK(matrix.geometric_mean() == 0);
  CHECK(matrix.geometric_mean(0.001) == exactly(0.01));
  CHECK(matrix.averaged_geometric_mean({.average = macro}) == exactly(0.4714045207910317));
}

TEST_CASE("a class without predictions has the value of zero_division") {
  const std::vector<int> y{0, 1, 2};
  const std::vector<int> answers{0, 0, 0};
  const rk::confusion_matrix matrix(y, answers);
  CHECK(matrix.precision({.average = macro}) == exactly(1.0 / 9));
  CHECK(matrix.precision({.average = macro, .zero_division = 1}) == exactly(7.0 / 9));
  CHECK(matrix.precision({.average = macro, .zero_division = not_a_number}) == exactly(1.0 / 3));
  CHECK(std::isnan(matrix.precision_by_class(not_a_number)[1]));
  // All classes left out: nothing to average.
  CHECK(std::isnan(
      matrix.precision({.average = macro, .labels = {1, 2}, .zero_division = not_a_number})));
}

TEST_CASE("an average over some classes still counts wrong answers with the others") {
  const rk::confusion_matrix matrix(truth, predicted);
  CHECK(matrix.f1({.average = micro, .labels = {1, 2}}) == exactly(1.0 / 3));
  CHECK(matrix.f1({.average = macro, .labels = {2, 1}}) == exactly(0.34285714285714286));
}

// scikit-learn 1.9.1: the weights of the average are all 0, so it is a plain one.
TEST_CASE("a weighted average over classes absent from truth is a plain one") {
  const std::vector<int> y{0, 0, 2};
  const std::vector<int> answers{1, 0, 2};
  const rk::confusion_matrix matrix(y, answers);
  CHECK(matrix.precision({.average = weighted, .labels = {1}}) == 0);
  CHECK(matrix.recall({.average = weighted, .labels = {1}, .zero_division = 1}) == 1);
}

TEST_CASE("given labels set the order and make room for absent classes") {
  const std::vector<int> y{5, 5, -2};
  const std::vector<int> answers{5, -2, -2};
  const rk::confusion_matrix matrix(y, answers, {.labels = {5, 9, -2}});
  Eigen::Matrix3d counts;
  counts << 1, 0, 1, 0, 0, 0, 0, 0, 1;
  CHECK(matrix.counts() == counts);
  CHECK(matrix.balanced_accuracy() == 0.75);
  CHECK(matrix.geometric_mean() == 0);
  CHECK(matrix.recall({.average = macro}) == 0.5);
  // Absent classes change neither of these.
  const rk::confusion_matrix found(y, answers);
  CHECK(matrix.matthews_correlation() == exactly(found.matthews_correlation()));
  CHECK(matrix.cohen_kappa() == exactly(found.cohen_kappa()));
}

TEST_CASE("one class alone is not an error") {
  const std::vector<int> zeros{0, 0, 0};
  const rk::confusion_matrix matrix(zeros, zeros);
  CHECK(matrix.accuracy() == 1);
  CHECK(matrix.precision() == 0);  // nothing was or should have been positive
  CHECK(matrix.precision({.zero_division = 1}) == 1);
  CHECK(matrix.specificity() == 1);
  CHECK(matrix.matthews_correlation() == 0);
  CHECK(std::isnan(matrix.cohen_kappa()));
  CHECK(std::isnan(matrix.balanced_accuracy(true)));
}

TEST_CASE("a weight of two is a sample twice") {
  const std::vector<double> weights{2, 1, 0, 1, 1, 1, 1, 1, 2, 1};
  std::vector<int> long_truth;
  std::vector<int> long_predicted;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    for (int copy = 0; copy < static_cast<int>(weights[i]); ++copy) {
      long_truth.push_back(truth[i]);
      long_predicted.push_back(predicted[i]);
    }
  }
  const rk::confusion_matrix weighted_matrix(truth, predicted, {.weights = weights});
  const rk::confusion_matrix repeated(long_truth, long_predicted);
  CHECK(weighted_matrix.counts() == repeated.counts());
}

TEST_CASE("labels far apart are counted like labels close together") {
  const std::vector<std::int64_t> y{std::numeric_limits<std::int64_t>::min(), 0,
                                    std::numeric_limits<std::int64_t>::max()};
  const std::vector<std::int64_t> answers{y[0], y[2], y[2]};
  const rk::confusion_matrix matrix(y, answers);
  CHECK(matrix.labels() == y);
  CHECK(matrix.accuracy() == exactly(2.0 / 3));
}

TEST_CASE("Matthews' correlation of a billion samples keeps its digits") {
  // MCC of [[a, b], [c, d]] by the textbook in numbers that double holds exactly.
  Eigen::Matrix2d counts;
  counts << 999999999, 1, 1, 1;
  const auto matrix = rk::confusion_matrix::from_counts({0, 1}, counts);
  CHECK(matrix.matthews_correlation() == exactly(999999998.0 / (2.0 * 1e9)));
}

// A difference of weighted sums would leave 1e-16 where nothing is, and its root is 1e-8.
TEST_CASE("the rounding of weights gives no credit to predictions of one class") {
  std::mt19937_64 engine(21);
  for (int round = 0; round < 200; ++round) {
    std::vector<int> y;
    std::vector<double> weights;
    for (int i = 0; i < 40; ++i) {
      y.push_back(static_cast<int>(engine() % 3));
      weights.push_back(static_cast<double>(engine() % 100003) / 99991);
    }
    const std::vector<int> answers(y.size(), round % 3);
    const rk::confusion_matrix matrix(y, answers, {.weights = weights});
    const rk::confusion_matrix turned(answers, y, {.weights = weights});
    CHECK(matrix.matthews_correlation() == 0);
    CHECK(turned.matthews_correlation() == 0);
    CHECK(matrix.specificity_by_class()[round % 3] == 0);
    CHECK(matrix.geometric_mean() == 0);
  }
}

TEST_CASE("the confusion matrix has the same bits on one and on more threads") {
  std::mt19937_64 engine(3);
  const Eigen::Index n = 250001;
  Eigen::VectorXi y(n);
  Eigen::VectorXi answers(n);
  Eigen::VectorXd weights(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    y[i] = static_cast<int>(engine() % 5);
    answers[i] = static_cast<int>(engine() % 5);
    weights[i] = static_cast<double>(engine() % 1000) / 997;
  }
  const rk::confusion_matrix one(rk::cpu{1}, y, answers, {.weights = weights});
  const rk::confusion_matrix two(rk::cpu{2}, y, answers, {.weights = weights});
  CHECK(one.counts() == two.counts());
  double total = 0;
  for (const double w : weights) total += w;
  CHECK(one.total() == Approx(total).epsilon(1e-12));
}

TEST_CASE("labels and counts that cannot be counted are refused") {
  const std::vector<int> none;
  const std::vector<int> one{1};
  CHECK_THAT(error_text<rk::dimension_error>([&] { rk::confusion_matrix(truth, one); }),
             ContainsSubstring("predicted.size() is 1 but truth.size() is 10"));
  CHECK_THAT(error_text<rk::value_error>([&] { rk::confusion_matrix(none, none); }),
             ContainsSubstring("truth.size() = 0"));
  CHECK(error_text<rk::value_error>([&] {
          rk::confusion_matrix(truth, predicted, {.labels = {0, 1}});
        }) == "truth[2] = 2: must be one of options.labels");
  CHECK(error_text<rk::value_error>([&] {
          rk::confusion_matrix(truth, predicted, {.labels = {0, 1, 2, 1}});
        }) == "options.labels[3] = 1: must not be given twice");
  const std::vector<double> zero(10, 0.0);
  CHECK_THAT(error_text<rk::value_error>(
                 [&] { rk::confusion_matrix(truth, predicted, {.weights = zero}); }),
             ContainsSubstring("at least one must be above 0"));
  const std::vector<double> short_weights{1};
  CHECK_THAT(error_text<rk::dimension_error>(
                 [&] { rk::confusion_matrix(truth, predicted, {.weights = short_weights}); }),
             ContainsSubstring("weights.size() is 1"));
  CHECK_THROWS_AS(rk::confusion_matrix::from_counts({0, 1}, Eigen::MatrixXd::Ones(2, 3)),
                  rk::dimension_error);
  CHECK_THROWS_AS(rk::confusion_matrix::from_counts({}, Eigen::MatrixXd()), rk::value_error);
  CHECK_THROWS_AS(rk::confusion_matrix::from_counts({3, 3}, Eigen::MatrixXd::Ones(2, 2)),
                  rk::value_error);
  CHECK(error_text<rk::value_error>([&] {
          rk::confusion_matrix::from_counts({3, 4}, -Eigen::MatrixXd::Ones(2, 2));
        }) == "counts(0, 0) = -1: must be finite and at least 0");
  CHECK_THROWS_AS(rk::confusion_matrix::from_counts({3, 4}, Eigen::MatrixXd::Zero(2, 2)),
                  rk::value_error);
}

TEST_CASE("a label in no class is named the same on any number of threads") {
  std::vector<int> y(300000, 1);
  y[100000] = 5;
  y[299999] = 6;
  for (const int threads : {1, 2}) {
    CHECK(error_text<rk::value_error>([&] {
            rk::confusion_matrix(rk::cpu{threads}, y, y, {.labels = {0, 1}});
          }) == "truth[100000] = 5: must be one of options.labels");
  }
}

TEST_CASE("more classes than memory has room for are refused before anything is allocated") {
  std::vector<int> y(500000);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<int>(i);
  CHECK_THROWS_AS(rk::confusion_matrix(y, y), rk::memory_error);
}

TEST_CASE("averages that make no sense for the classes are refused") {
  const rk::confusion_matrix three(truth, predicted);
  CHECK_THAT(error_text<rk::value_error>([&] { three.precision(); }),
             ContainsSubstring("must be micro, macro or weighted for 3 classes"));
  const std::vector<int> two_labels{3, 4};
  const rk::confusion_matrix two(two_labels, two_labels);
  CHECK(error_text<rk::value_error>([&] { two.recall(); }) ==
        "options.positive = 1: must be 3 or 4, the labels of the matrix");
  CHECK(error_text<rk::value_error>([&] {
          three.f1({.average = macro, .labels = {1, 7}});
        }) == "options.labels[1] = 7: must be one of the labels of the matrix");
  CHECK(error_text<rk::value_error>([&] {
          three.f1({.average = macro, .labels = {1, 1}});
        }) == "options.labels[1] = 1: must not be given twice");
  CHECK_THROWS_AS(three.f1({.average = macro, .zero_division = 2}), rk::value_error);
  CHECK_THROWS_AS(three.recall_by_class(-1), rk::value_error);
  CHECK_THROWS_AS(three.f_beta(-1, {.average = macro}), rk::value_error);
  CHECK_THROWS_AS(three.f_by_class(not_a_number), rk::value_error);
  CHECK_THROWS_AS(three.geometric_mean(-0.1), rk::value_error);
}
