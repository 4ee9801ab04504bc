// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/probability.hpp>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

Approx exactly(double value) { return Approx(value).epsilon(1e-14).margin(1e-15); }

const std::vector<int> truth{1, 0, 0, 1};
const std::vector<double> probability{.9, .1, .2, .65};

const std::vector<int> classes{0, 1, 2, 2, 1, 0};

Eigen::MatrixXd table() {
  Eigen::MatrixXd values(6, 3);
  values << .6, .3, .1, .2, .5, .3, .1, .3, .6, .4, .5, .1, .3, .3, .4, .5, .2, .3;
  return values;
}

}  // namespace

// scikit-learn 1.9.1.
TEST_CASE("the losses of two classes are scikit-learn's") {
  const std::vector<double> weights{1, 2, 0, .5};
  CHECK(rk::log_loss(truth, probability) == exactly(0.21616187468057912));
  CHECK(rk::log_loss(truth, probability, {.weights = weights}) == exactly(0.15184943000563028));
  CHECK(rk::brier_score(truth, probability) == exactly(0.04562499999999999));
}

// scikit-learn 1.9.1.
TEST_CASE("the losses of three classes are scikit-learn's") {
  CHECK(rk::log_loss(classes, table()) == exactly(0.9857505843286423));
  CHECK(rk::brier_score(classes, table()) == exactly(0.54));
  const rk::row_major_matrix<float> floats = table().cast<float>();
  CHECK(rk::log_loss(classes, floats) == Approx(0.9857505843286423).epsilon(1e-6));
}

// The recommenders library's binary fixture, see binary_ranking_test.cpp; its test expects 0.7835,
// with the ε of an older scikit-learn, which the one negative at probability 0 does not notice.
TEST_CASE("the recommenders fixture gives the log loss of its test") {
  const std::vector<int> y{1, 1, 1, 1, 1, 1, 0, 0};
  const std::vector<double> p{9.0 / 9, 7.0 / 9, 2.0 / 9, 3.0 / 9, 8.0 / 9, 1.0 / 9, 6.0 / 9, 0};
  CHECK(rk::log_loss(y, p) == Approx(0.7835).epsilon(1e-4));
}

// scikit-learn 1.9.1: −ln of the machine ε of the type.
TEST_CASE("a sure mistake costs minus the logarithm of the machine epsilon of its type") {
  const std::vector<int> y{1, 0};
  const std::vector<double> wrong{0, 1};
  const std::vector<float> wrong_floats{0, 1};
  CHECK(rk::log_loss(y, wrong) == exactly(36.04365338911715));
  CHECK(rk::log_loss(y, wrong_floats) == Approx(15.942384719848633).epsilon(1e-7));
  const std::vector<double> right{1, 0};
  CHECK(rk::log_loss(y, right) < 1e-15);
  CHECK(rk::brier_score(y, wrong) == 1);
}

TEST_CASE("two columns give the losses of one probability") {
  Eigen::MatrixXd both(4, 2);
  for (Eigen::Index i = 0; i < 4; ++i) {
    both(i, 1) = probability[static_cast<std::size_t>(i)];
    both(i, 0) = 1 - both(i, 1);
  }
  CHECK(rk::log_loss(truth, both) == exactly(rk::log_loss(truth, probability)));
  CHECK(rk::brier_score(truth, both) == exactly(rk::brier_score(truth, probability)));
  CHECK(rk::brier_score(truth, both, {.scale_by_half = false}) ==
        exactly(2 * rk::brier_score(truth, probability)));
  // A single class in truth needs its column named.
  const std::vector<int> ones{1, 1, 1, 1};
  CHECK_THROWS_AS(rk::log_loss(ones, both), rk::dimension_error);
  CHECK(rk::log_loss(ones, both, {.labels = {0, 1}}) == exactly(rk::log_loss(ones, probability)));
}

TEST_CASE("the losses have the same bits on one and on more threads") {
  std::mt19937_64 engine(9);
  const Eigen::Index n = 300001;
  Eigen::VectorXi y(n);
  Eigen::VectorXf p(n);
  Eigen::MatrixXd values(n, 3);
  for (Eigen::Index i = 0; i < n; ++i) {
    y[i] = static_cast<int>(engine() % 2);
    p[i] = static_cast<float>(engine() % 1001) / 1000;
    values(i, 0) = static_cast<double>(engine() % 501) / 1000;
    values(i, 1) = static_cast<double>(engine() % 501) / 1000;
    values(i, 2) = 1 - values(i, 0) - values(i, 1);
    if (values(i, 2) < 0) values(i, 2) = 0;
  }
  CHECK(rk::log_loss(rk::cpu{1}, y, p) == rk::log_loss(rk::cpu{2}, y, p));
  CHECK(rk::brier_score(rk::cpu{1}, y, p) == rk::brier_score(rk::cpu{3}, y, p));
  const rk::multiclass_options options{.labels = {0, 1, 2}};
  CHECK(rk::log_loss(rk::cpu{1}, y, values, options) ==
        rk::log_loss(rk::cpu{2}, y, values, options));
}

TEST_CASE("what is not a probability is refused") {
  std::vector<double> p = probability;
  p[2] = 1.5;
  CHECK(error_text<rk::value_error>([&] { rk::log_loss(truth, p); }) ==
        "probability[2] = 1.5: must be in [0, 1]");
  p[1] = std::numeric_limits<double>::quiet_NaN();
  CHECK(error_text<rk::value_error>([&] { rk::brier_score(truth, p); }) ==
        "probability[1] = nan: must be in [0, 1]");
  auto values = table();
  values(3, 1) = -0.1;
  CHECK(error_text<rk::value_error>([&] { rk::log_loss(classes, values); }) ==
        "probabilities(3, 1) = -0.1: must be in [0, 1]");
  values(3, 1) = 0.6;
  CHECK_THAT(error_text<rk::value_error>([&] { rk::brier_score(classes, values); }),
             ContainsSubstring("the sum of probabilities.row(3) = 1.1"));
}

TEST_CASE("losses of columns that do not fit each other are refused") {
  const std::vector<int> none;
  const std::vector<double> no_probability;
  const std::vector<int> two{0, 1};
  const std::vector<int> three_labels{1, 0, 2, 1};
  const std::vector<double> zero(4, 0.0);
  CHECK_THROWS_AS(rk::log_loss(none, no_probability), rk::value_error);
  CHECK_THROWS_AS(rk::log_loss(two, probability), rk::dimension_error);
  CHECK_THROWS_AS(rk::log_loss(truth, probability, {.weights = no_probability}),
                  rk::dimension_error);
  CHECK_THROWS_AS(rk::log_loss(truth, probability, {.weights = zero}), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([&] { rk::log_loss(three_labels, probability); }),
             ContainsSubstring("truth[2] = 2"));
  CHECK_THROWS_AS(rk::log_loss(truth, table()), rk::dimension_error);
  CHECK(error_text<rk::value_error>([&] {
          rk::log_loss(classes, table(), {.labels = {0, 1, 7}});
        }) == "truth[2] = 2: must be one of options.labels");
}
