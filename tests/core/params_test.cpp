// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/core/params.hpp>
#include <recokit/data/synthetic.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/neighbors/item_knn.hpp>
#include <recokit/neighbors/user_knn.hpp>

namespace rk = recokit;

TEST_CASE("a field out of its range is named with its value and its range") {
  CHECK(recokit_test::error_text<rk::value_error>([] {
          rk::check_params("params", rk::ials::params{.factors = 0});
        }) == "params.factors = 0: must be in [1, 65536]");
  CHECK_THROWS_AS(rk::check_params("params", rk::ials::params{.regularization = -1}),
                  rk::value_error);
  CHECK_THROWS_AS(rk::check_params("params", rk::ials::params{.regularization = std::nan("")}),
                  rk::value_error);
}

// Structured bindings count the fields: one that is missing from the table does not compile here.
TEST_CASE("defaults are in range and every field is in the table") {
  const auto [by, damping, popularity_history] = rk::popularity::params{};
  CHECK(std::tuple_size_v<decltype(rk::popularity::params::fields())> == 3);
  CHECK_NOTHROW(
      rk::check_params("params", rk::popularity::params{by, damping, popularity_history}));

  const auto [neighbors, measure, weighting, shrinkage, side, normalize_neighbors, normalize_scores,
              support, significance, amplification, alpha, beta, k1, b, knn_history] =
      rk::item_knn::params{};
  CHECK(std::tuple_size_v<decltype(rk::item_knn::params::fields())> == 15);
  CHECK_NOTHROW(rk::check_params(
      "params", rk::item_knn::params{neighbors, measure, weighting, shrinkage, side,
                                     normalize_neighbors, normalize_scores, support, significance,
                                     amplification, alpha, beta, k1, b, knn_history}));

  const auto [user_neighbors, user_measure, user_weighting, user_shrinkage, user_normalize,
              user_support, user_significance, user_amplification, user_alpha, user_beta, user_k1,
              user_b] = rk::user_knn::params{};
  CHECK(std::tuple_size_v<decltype(rk::user_knn::params::fields())> == 12);
  CHECK_NOTHROW(rk::check_params(
      "params", rk::user_knn::params{user_neighbors, user_measure, user_weighting, user_shrinkage,
                                     user_normalize, user_support, user_significance,
                                     user_amplification, user_alpha, user_beta, user_k1, user_b}));

  const auto [factors, epochs, lambda, nu, nu_star, alpha0, popularity, confidence, scale, epsilon,
              dislikes, solver, cg_steps, block_size, block_sweeps, stddev, seed, history] =
      rk::ials::params{};
  CHECK(std::tuple_size_v<decltype(rk::ials::params::fields())> == 18);
  CHECK_NOTHROW(rk::check_params(
      "params", rk::ials::params{factors, epochs, lambda, nu, nu_star, alpha0, popularity,
                                 confidence, scale, epsilon, dislikes, solver, cg_steps, block_size,
                                 block_sweeps, stddev, seed, history}));

  CHECK_NOTHROW(rk::check_params("params", rk::synthetic::params{}));
}

TEST_CASE("names of an enumeration stand in the order of its values") {
  const auto names = enum_names(rk::popularity::measure{});
  CHECK(names[static_cast<std::size_t>(rk::popularity::measure::count)] == "count");
  CHECK(names[static_cast<std::size_t>(rk::popularity::measure::mean)] == "mean");
}
