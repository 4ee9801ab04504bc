// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/class_weights.hpp>

#include <cmath>
#include <limits>
#include <numeric>

namespace rk = recokit;
using namespace recokit_test;

namespace {

/// 2 rows of class -1, 5 of class 4, 3 of class 9.
labels_t labels() { return {4, 9, -1, 4, 4, 9, 4, -1, 9, 4}; }

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

TEST_CASE("balanced weights are rows over classes times rows of the class") {
  const auto weights = rk::balanced_class_weights(rk::class_table(labels()));
  REQUIRE(weights.size() == 3);
  CHECK(weights[0] == Approx(10.0 / 6));
  CHECK(weights[1] == Approx(10.0 / 15));
  CHECK(weights[2] == Approx(10.0 / 9));
  // Together the rows weigh as much as before.
  CHECK(sum(rk::sample_weights(rk::class_table(labels()), weights)) == Approx(10));
}

TEST_CASE("weights by the effective number are those of the paper") {
  const rk::class_table classes(labels());
  for (const double beta : {0.0, 0.3, 0.9, 0.9999}) {
    const auto weights = rk::effective_number_class_weights(classes, beta);
    CHECK(sum(weights) == Approx(3));
    // E_n is the sum of beta^i over i < n.
    const auto effective = [&](int n) {
      double total = 0;
      for (int i = 0; i < n; ++i) total += std::pow(beta, i);
      return total;
    };
    CHECK(weights[0] * effective(2) == Approx(weights[1] * effective(5)));
    CHECK(weights[2] * effective(3) == Approx(weights[1] * effective(5)));
  }
  const auto even = rk::effective_number_class_weights(classes, 0);
  CHECK(even == std::vector<double>(3, 1));
  // Close to 1, where 1 - beta^n would cancel, they are inverse to the rows.
  const auto inverse = rk::effective_number_class_weights(classes, 1 - 1e-15);
  CHECK(inverse[0] * 2 == Approx(inverse[1] * 5).epsilon(1e-12));
}

TEST_CASE("each row gets the weight of its class") {
  const std::vector<double> weights{0.5, 2, 3};
  CHECK(rk::sample_weights(rk::class_table(labels()), weights) ==
        std::vector<double>{2, 3, 0.5, 2, 2, 3, 2, 0.5, 3, 2});
}

TEST_CASE("interactions are weighed by the class of each") {
  const rk::csr_matrix<float> ratings(3, 4, {0, 2, 2, 4}, {0, 3, 1, 2}, {5, 1, 5, 4});
  const rk::class_table classes(labels_t{5, 1, 5, 4});
  const std::vector<double> weights{10, 0, 0.5};
  const auto weighed = rk::weigh_interactions(ratings.view(), classes, weights);
  CHECK(weighed.rows() == 3);
  CHECK(weighed.cols() == 4);
  const auto expect = [](const auto& matrix, const std::vector<float>& values) {
    const auto found = matrix.view().values();
    return std::vector<float>(found.begin(), found.end()) == values;
  };
  CHECK(expect(weighed, {2.5f, 10, 2.5f, 0}));
  CHECK(expect(rk::weigh_interactions(ratings.view().pattern(), classes, weights),
               {0.5f, 10, 0.5f, 0}));
  const auto indices = weighed.view().indices();
  CHECK(labels_t(indices.begin(), indices.end()) == labels_t{0, 3, 1, 2});
  CHECK(weighed.row(1).size() == 0);
}

TEST_CASE("weights that do not fit are refused by name") {
  const rk::class_table classes(labels());
  const auto text = [](const auto& call) { return error_text<rk::error>(call); };
  CHECK_THAT(text([] { rk::balanced_class_weights(rk::class_table{}); }),
             ContainsSubstring("no rows"));
  for (const double beta : {1.0, -0.1, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THAT(text([&] { rk::effective_number_class_weights(classes, beta); }),
               ContainsSubstring("must be in [0, 1)"));
  }
  CHECK_THAT(text([&] {
               rk::sample_weights(classes, std::vector<double>{1, 2});
             }),
             ContainsSubstring("class_weights.size() is 2 but classes.classes() is 3"));
  CHECK_THAT(text([&] {
               rk::sample_weights(classes, std::vector<double>{1, -2, 1});
             }),
             ContainsSubstring("weight of class 4 = -2"));
  const rk::csr_matrix<float> ratings(1, 4, {0, 2}, {0, 3});
  CHECK_THAT(text([&] {
               rk::weigh_interactions(ratings.view(), classes, std::vector<double>{1, 1, 1});
             }),
             ContainsSubstring("classes.rows() is 10 but interactions.nonzeros() is 2"));
}
