// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/warp.hpp>

#include "both_backends.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>

#include <limits>
#include <vector>

namespace {

namespace rk = recokit;
using recokit_test::random_matrix;

/// Factors, biases and squares agree to rounding. One draw that differed would show in the second
/// digit.
void require_same_rows(const rk::csr_matrix<>& data, const rk::warp::params& params) {
  const auto gpu = rk::warp::fit(rk::cuda{}, data, params);
  const auto cpu = rk::warp::fit(rk::cpu{.threads = 2}, data, params);
  const auto off = [](const rk::row_major_matrix<float>& a, const rk::row_major_matrix<float>& b) {
    return a.size() == 0 && b.size() == 0 ? 0.0f : (a - b).cwiseAbs().maxCoeff();
  };
  CHECK(off(gpu.user_rows(), cpu.user_rows()) < 1e-5f);
  CHECK(off(gpu.item_rows(), cpu.item_rows()) < 1e-5f);
  CHECK(off(gpu.user_squares(), cpu.user_squares()) < 1e-3f);
  CHECK(off(gpu.item_squares(), cpu.item_squares()) < 1e-3f);
}

}  // namespace

TEST_CASE("warp: factors, biases and squares are those of the CPU, with either optimizer") {
  RECOKIT_REQUIRE_TARGET();
  const auto optimizer = GENERATE(rk::warp::optimizer::adagrad, rk::warp::optimizer::sgd);
  const rk::warp::params params{.factors = 8,
                                .epochs = 2,
                                .max_trials = 4,
                                .margin = 0.3,
                                .optimizer = optimizer,
                                .negative_regularization = 0.01};
  const auto data = random_matrix(60, 96, 0.2, 3);  // two bands of users and of items
  require_same_rows(data, params);
}

TEST_CASE("warp: what a GPU has no room for lies on the host, with the same bits") {
  RECOKIT_REQUIRE_TARGET();
  recokit_test::require_same_bits_over_the_bus(
      rk::warp::fit, random_matrix(60, 96, 0.4, 3),
      rk::warp::params{.factors = 8, .epochs = 1, .max_trials = 4});
}

TEST_CASE("warp: one trial, many, wide rows and no biases are those of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(20, 14, 0.4, 4);
  require_same_rows(data, {.factors = 70, .epochs = 1, .max_trials = 1, .item_bias = false});
  require_same_rows(data, {.factors = 33, .epochs = 2, .max_trials = 20, .margin = 0});
}

TEST_CASE("warp: users who have nearly all items, all, or none are those of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  for (int u = 0; u < 5; ++u) {
    for (rk::index_t i = 0; u != 2 && i < 60; ++i) {
      if (u == 0 || (i != 7 * u && i != 30 + u)) indices.push_back(i);
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  const rk::csr_matrix<> data(5, 60, offsets, indices, std::vector<float>(indices.size(), 1.0f));
  require_same_rows(data, {.factors = 4, .epochs = 1, .max_trials = 2});
}

TEST_CASE("warp: a GPU gives the same bits again, and goes on where either backend stopped") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(20, 14, 0.4, 5);
  const rk::warp::params once{.factors = 4, .epochs = 1, .max_trials = 3};
  rk::warp::params twice = once;
  twice.epochs = 2;
  const auto whole = rk::warp::fit(rk::cuda{}, data, twice);
  CHECK(whole.item_rows() == rk::warp::fit(rk::cuda{}, data, twice).item_rows());
  const auto first = rk::warp::fit(rk::cuda{}, data, once);
  CHECK(whole.item_rows() == rk::warp::fit(rk::cuda{}, data, twice, rk::resume{first}).item_rows());
  recokit_test::require_same_scores(whole,
                                    rk::warp::fit(rk::cpu{}, data, twice, rk::resume{first}));
  const auto begun = rk::warp::fit(rk::cpu{}, data, once);
  recokit_test::require_same_scores(rk::warp::fit(rk::cuda{}, data, twice, rk::resume{begun}),
                                    whole);
}

TEST_CASE("warp: hogwild on a GPU ranks what users took above what they did not") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(20, 14, 0.4, 6);
  const auto model = rk::warp::fit(rk::cuda{}, data,
                                   {.factors = 4,
                                    .epochs = 15,
                                    .max_trials = 4,
                                    .learning_rate = 0.2,
                                    .schedule = rk::warp::schedule::hogwild});
  const Eigen::MatrixXd scores = recokit_test::scores_of(model);
  const Eigen::MatrixXd taken = recokit_test::dense(data.view());
  const Eigen::ArrayXXd is_taken = (taken.array() > 0).cast<double>();
  const double own = (scores.array() * is_taken).sum() / is_taken.sum();
  const double others = (scores.array() * (1 - is_taken)).sum() / (1 - is_taken).sum();
  CHECK(own > others + 0.5);
}

TEST_CASE("warp: steps that diverge on a GPU are told as on the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(20, 14, 0.4, 7);
  const auto text_of = [&](const auto& policy) {
    return recokit_test::error_text<rk::error>([&] {
      rk::warp::fit(policy, data,
                    {.factors = 4,
                     .epochs = 40,
                     .max_trials = 2,
                     .learning_rate = 100,
                     .optimizer = rk::warp::optimizer::sgd,
                     .regularization = 1000});
    });
  };
  CHECK_THAT(text_of(rk::cuda{}), recokit_test::ContainsSubstring("the steps diverged"));
  CHECK(text_of(rk::cuda{}) == text_of(rk::cpu{}));
}
