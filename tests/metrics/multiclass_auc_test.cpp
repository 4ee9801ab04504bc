// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/binary_ranking.hpp>
#include <recokit/metrics/multiclass_auc.hpp>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using enum rk::auc_average;

namespace {

Approx exactly(double value) { return Approx(value).epsilon(1e-14).margin(1e-15); }

const std::vector<int> truth{0, 1, 2, 2, 1, 0};

rk::row_major_matrix<double> table() {
  rk::row_major_matrix<double> values(6, 3);
  values << .6, .3, .1, .2, .5, .3, .1, .3, .6, .4, .5, .1, .3, .3, .4, .5, .2, .3;
  return values;
}

}  // namespace

// scikit-learn 1.9.1.
TEST_CASE("three classes give scikit-learn's areas") {
  const auto scores = table();
  CHECK(rk::roc_auc_one_versus_rest(truth, scores) == exactly(0.75));
  CHECK(rk::roc_auc_one_versus_rest(truth, scores, {.average = weighted}) == exactly(0.75));
  CHECK(rk::roc_auc_one_versus_rest(truth, scores, {.average = micro}) ==
        exactly(0.7569444444444445));
  const std::vector<int> five(truth.begin(), truth.begin() + 5);
  const Eigen::MatrixXd rows = scores.topRows(5);
  CHECK(rk::roc_auc_one_versus_one(five, rows) == exactly(0.75));
  CHECK(rk::roc_auc_one_versus_one(five, rows, {.average = weighted}) == exactly(0.725));
}

TEST_CASE("float tables in either storage order give the areas of the double table") {
  const rk::row_major_matrix<float> by_row = table().cast<float>();
  const Eigen::MatrixXf by_column = by_row;
  CHECK(rk::roc_auc_one_versus_rest(truth, by_row) == exactly(0.75));
  CHECK(rk::roc_auc_one_versus_rest(truth, by_column, {.average = micro}) ==
        exactly(0.7569444444444445));
  CHECK(rk::roc_auc_one_versus_one(truth, by_column) == rk::roc_auc_one_versus_one(truth, table()));
}

TEST_CASE("one versus one is the mean over ordered pairs of two-class areas") {
  std::mt19937_64 engine(5);
  const int classes = 4;
  std::vector<int> labels;
  Eigen::MatrixXd scores(300, classes);
  for (Eigen::Index r = 0; r < scores.rows(); ++r) {
    labels.push_back(static_cast<int>(engine() % classes));
    for (int c = 0; c < classes; ++c) {
      scores(r, c) = static_cast<double>(engine() % 10) + (labels.back() == c ? 2 : 0);
    }
  }
  double sum = 0;
  for (int a = 0; a < classes; ++a) {
    for (int b = 0; b < classes; ++b) {
      if (a == b) continue;
      std::vector<int> pair;
      std::vector<double> column;
      for (Eigen::Index r = 0; r < scores.rows(); ++r) {
        const int label = labels[static_cast<std::size_t>(r)];
        if (label != a && label != b) continue;
        pair.push_back(label == a);
        column.push_back(scores(r, a));
      }
      sum += rk::binary_ranking(pair, column).roc_auc();
    }
  }
  CHECK(rk::roc_auc_one_versus_one(rk::cpu{1}, labels, scores) == exactly(sum / 12));
  CHECK(rk::roc_auc_one_versus_one(rk::cpu{2}, labels, scores) ==
        rk::roc_auc_one_versus_one(rk::cpu{1}, labels, scores));
  CHECK(rk::roc_auc_one_versus_rest(rk::cpu{2}, labels, scores) ==
        rk::roc_auc_one_versus_rest(rk::cpu{1}, labels, scores));
}

TEST_CASE("a class absent from truth has no area of its own") {
  const std::vector<int> two{4, 9, 9, 4, 4, 9};
  const auto scores = table();
  CHECK(std::isnan(rk::roc_auc_one_versus_rest(two, scores, {.labels = {4, 9, 12}})));
  CHECK(std::isfinite(
      rk::roc_auc_one_versus_rest(two, scores, {.average = weighted, .labels = {4, 9, 12}})));
  CHECK(std::isfinite(rk::roc_auc_one_versus_one(two, scores, {.labels = {4, 9, 12}})));
  const std::vector<int> one(6, 4);
  CHECK(std::isnan(rk::roc_auc_one_versus_one(one, scores, {.labels = {4, 9, 12}})));
}

TEST_CASE("labels may name the columns in any order") {
  rk::row_major_matrix<double> turned(6, 3);
  turned << table().col(2), table().col(0), table().col(1);
  CHECK(rk::roc_auc_one_versus_rest(truth, turned, {.labels = {2, 0, 1}}) == exactly(0.75));
  CHECK(rk::roc_auc_one_versus_one(truth, turned, {.labels = {2, 0, 1}}) ==
        exactly(rk::roc_auc_one_versus_one(truth, table())));
}

TEST_CASE("tables that do not fit the labels are refused") {
  auto scores = table();
  const std::vector<int> two{4, 9, 9, 4, 4, 9};
  const std::vector<int> short_truth{0, 1, 2};
  CHECK_THAT(error_text<rk::dimension_error>([&] { rk::roc_auc_one_versus_rest(two, scores); }),
             ContainsSubstring("the number of classes in truth is 2 but scores.cols() is 3"));
  CHECK_THAT(
      error_text<rk::dimension_error>([&] { rk::roc_auc_one_versus_one(short_truth, scores); }),
      ContainsSubstring("scores.rows() is 6 but truth.size() is 3"));
  CHECK(error_text<rk::value_error>([&] {
          rk::roc_auc_one_versus_one(truth, scores, {.labels = {0, 1, 5}});
        }) == "truth[2] = 2: must be one of options.labels");
  CHECK_THROWS_AS(rk::roc_auc_one_versus_one(truth, scores, {.average = micro}), rk::value_error);
  const std::vector<double> weights{1, 1, -1, 1, 1, 1};
  for (const auto average : {micro, macro}) {
    CHECK_THAT(error_text<rk::value_error>([&] {
                 rk::roc_auc_one_versus_rest(truth, scores,
                                             {.average = average, .weights = weights});
               }),
               ContainsSubstring("weights[2] = -1"));
  }
  scores(4, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK(error_text<rk::value_error>([&] { rk::roc_auc_one_versus_rest(truth, scores); }) ==
        "scores(4, 1) = nan: must be finite");
  CHECK_THROWS_AS(rk::roc_auc_one_versus_one(truth, scores), rk::value_error);
}
