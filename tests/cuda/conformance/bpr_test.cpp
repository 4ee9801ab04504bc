// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/bpr.hpp>

#include "both_backends.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>

#include <vector>

namespace {

namespace rk = recokit;
using recokit_test::random_matrix;

/// Enough for two bands of users and of items.
rk::csr_matrix<> banded() { return random_matrix(60, 96, 0.4, 3); }

}  // namespace

TEST_CASE("bpr: factors and biases are those of the CPU, with negatives of every distribution") {
  RECOKIT_REQUIRE_TARGET();
  const auto negatives = GENERATE(rk::bpr::negatives::uniform, rk::bpr::negatives::popularity,
                                  rk::bpr::negatives::adaptive);
  const rk::bpr::params params{.factors = 8,
                               .epochs = 2,
                               .learning_rate = 0.1,
                               .decay = 0.9,
                               .user_regularization = 0.02,
                               .negatives = negatives};
  const auto data = banded();
  recokit_test::conform(rk::bpr::fit, data, params);
  const auto gpu = rk::bpr::fit(rk::cuda{}, data, params);
  const auto cpu = rk::bpr::fit(rk::cpu{}, data, params);
  // The same samples in the same order: factors agree, not scores alone.
  CHECK((gpu.user_rows() - cpu.user_rows()).cwiseAbs().maxCoeff() < 1e-5f);
  CHECK((gpu.item_rows() - cpu.item_rows()).cwiseAbs().maxCoeff() < 1e-5f);
}

TEST_CASE("bpr: what a GPU has no room for lies on the host, with the same bits") {
  RECOKIT_REQUIRE_TARGET();
  recokit_test::require_same_bits_over_the_bus(
      rk::bpr::fit, random_matrix(60, 96, 0.4, 3),
      rk::bpr::params{.factors = 8, .epochs = 2, .learning_rate = 0.1});
}

TEST_CASE("bpr: several samples an interaction, no biases and wide rows are those of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  recokit_test::conform(
      rk::bpr::fit, random_matrix(20, 14, 0.4, 4),
      rk::bpr::params{
          .factors = 70, .epochs = 1, .samples = 3, .learning_rate = 0.1, .item_bias = false});
}

TEST_CASE("bpr: a GPU gives the same bits again, and goes on where either backend stopped") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(20, 14, 0.4, 5);
  const rk::bpr::params once{.factors = 4, .epochs = 1, .learning_rate = 0.1};
  rk::bpr::params twice = once;
  twice.epochs = 2;
  const auto whole = rk::bpr::fit(rk::cuda{}, data, twice);
  CHECK(whole.item_rows() == rk::bpr::fit(rk::cuda{}, data, twice).item_rows());
  const auto first = rk::bpr::fit(rk::cuda{}, data, once);
  CHECK(whole.item_rows() == rk::bpr::fit(rk::cuda{}, data, twice, rk::resume{first}).item_rows());
  const auto on_cpu = rk::bpr::fit(rk::cpu{}, data, twice, rk::resume{first});
  recokit_test::require_same_scores(whole, on_cpu);
  const auto begun = rk::bpr::fit(rk::cpu{}, data, once);
  recokit_test::require_same_scores(rk::bpr::fit(rk::cuda{}, data, twice, rk::resume{begun}),
                                    whole);
}

TEST_CASE("bpr: hogwild on a GPU takes every sample of an epoch") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(20, 14, 0.4, 6);
  const rk::bpr::params params{.factors = 4,
                               .epochs = 20,
                               .learning_rate = 0.2,
                               .regularization = 0,
                               .schedule = rk::bpr::schedule::hogwild};
  const auto model = rk::bpr::fit(rk::cuda{}, data, params);
  // No bits are promised; that what users took leads what they did not is.
  double own = 0;
  double others = 0;
  double own_count = 0;
  double others_count = 0;
  const Eigen::MatrixXd scores = recokit_test::scores_of(model);
  const Eigen::MatrixXd taken = recokit_test::dense(data.view());
  for (Eigen::Index u = 0; u < taken.rows(); ++u) {
    for (Eigen::Index i = 0; i < taken.cols(); ++i) {
      (taken(u, i) > 0 ? own : others) += scores(u, i);
      ++(taken(u, i) > 0 ? own_count : others_count);
    }
  }
  CHECK(own / own_count > others / others_count + 0.5);
}

TEST_CASE("bpr: steps of a GPU that diverge are told") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(20, 14, 0.4, 7);
  CHECK_THAT(recokit_test::error_text<rk::error>([&] {
               rk::bpr::fit(
                   rk::cuda{}, data,
                   {.factors = 4, .epochs = 40, .learning_rate = 100, .regularization = 1000});
             }),
             recokit_test::ContainsSubstring("the steps diverged"));
}
