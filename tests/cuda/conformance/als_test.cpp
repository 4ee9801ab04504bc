// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/als.hpp>

#include "both_backends.hpp"

namespace {

namespace rk = recokit;
using recokit_test::random_matrix;

}  // namespace

TEST_CASE("als: factors and biases are those of the CPU, by factors and by entries") {
  RECOKIT_REQUIRE_TARGET();
  const bool biases = GENERATE(true, false);
  const int factors = GENERATE(4, 40);
  recokit_test::conform(rk::als::fit, random_matrix(20, 14, 0.5, 3),
                        rk::als::params{.factors = factors, .epochs = 2, .biases = biases});
}

TEST_CASE("als: without a ridge of the bias all rows go by their factors") {
  RECOKIT_REQUIRE_TARGET();
  recokit_test::conform(
      rk::als::fit, random_matrix(20, 14, 0.6, 4),
      rk::als::params{
          .factors = 3, .epochs = 2, .bias_regularization = 0, .regularization_exponent = 0.5});
}

TEST_CASE("als: fold-in on a GPU is that of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const auto model =
      rk::als::fit(rk::cuda{}, random_matrix(20, 14, 0.5, 5), {.factors = 4, .epochs = 2});
  const auto news = random_matrix(5, 14, 0.5, 6);
  const auto by_item = random_matrix(3, 20, 0.5, 7);
  CHECK(model.fold_in(rk::cuda{}, news).isApprox(model.fold_in(rk::cpu{}, news), 1e-4f));
  CHECK(model.fold_in_items(rk::cuda{}, by_item)
            .isApprox(model.fold_in_items(rk::cpu{}, by_item), 1e-4f));
}
