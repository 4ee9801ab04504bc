// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/logistic.hpp>

#include "both_backends.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>

namespace {

namespace rk = recokit;
using recokit_test::random_matrix;

float farthest(const rk::row_major_matrix<float>& a, const rk::row_major_matrix<float>& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("logistic: factors, biases and sums of squares are those of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const bool biases = GENERATE(true, false);
  const double neg_ratio = GENERATE(0.0, 2.3);
  const int factors = GENERATE(4, 70);
  CAPTURE(biases, neg_ratio, factors);
  const auto data = random_matrix(20, 14, 0.4, 3);
  const rk::logistic::params params{
      .factors = factors, .epochs = 2, .confidence = 0.5, .neg_ratio = neg_ratio, .biases = biases};
  recokit_test::conform(rk::logistic::fit, data, params);
  const auto gpu = rk::logistic::fit(rk::cuda{}, data, params);
  const auto cpu = rk::logistic::fit(rk::cpu{}, data, params);
  // One draw that differed would show in the third digit.
  CHECK(farthest(gpu.user_rows(), cpu.user_rows()) < 1e-5f);
  CHECK(farthest(gpu.item_rows(), cpu.item_rows()) < 1e-5f);
  CHECK(farthest(gpu.user_squares(), cpu.user_squares()) < 1e-3f);
  CHECK(farthest(gpu.item_squares(), cpu.item_squares()) < 1e-3f);
}

TEST_CASE("logistic: what a GPU has no room for lies on the host, with the same bits") {
  RECOKIT_REQUIRE_TARGET();
  recokit_test::require_same_bits_over_the_bus(
      rk::logistic::fit, random_matrix(60, 96, 0.4, 3),
      rk::logistic::params{.factors = 8, .epochs = 1, .neg_ratio = 1});
}

TEST_CASE("logistic: users who have nearly all items, or all, draw as on the CPU") {
  RECOKIT_REQUIRE_TARGET();
  // 64 misses in a row, after which the next item is taken: two are left, so it matters which.
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  for (int u = 0; u < 4; ++u) {
    for (rk::index_t i = 0; i < 120; ++i) {
      if (u == 0 || (i != 7 * u && i != 60 + u)) indices.push_back(i);
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  const rk::csr_matrix<> data(4, 120, offsets, indices, std::vector<float>(indices.size(), 1.0f));
  const rk::logistic::params params{.factors = 4, .epochs = 1, .neg_ratio = 0.3};
  const auto gpu = rk::logistic::fit(rk::cuda{}, data, params);
  const auto cpu = rk::logistic::fit(rk::cpu{}, data, params);
  CHECK(farthest(gpu.user_rows(), cpu.user_rows()) < 1e-5f);
  CHECK(farthest(gpu.item_rows(), cpu.item_rows()) < 1e-5f);
}

TEST_CASE("logistic: a GPU gives the same bits again, and goes on where either backend stopped") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(20, 14, 0.4, 5);
  const rk::logistic::params once{.factors = 4, .epochs = 1};
  rk::logistic::params twice = once;
  twice.epochs = 2;
  const auto whole = rk::logistic::fit(rk::cuda{}, data, twice);
  CHECK(whole.item_rows() == rk::logistic::fit(rk::cuda{}, data, twice).item_rows());
  const auto first = rk::logistic::fit(rk::cuda{}, data, once);
  CHECK(whole.item_rows() ==
        rk::logistic::fit(rk::cuda{}, data, twice, rk::resume{first}).item_rows());
  const auto on_cpu = rk::logistic::fit(rk::cpu{}, data, twice, rk::resume{first});
  recokit_test::require_same_scores(whole, on_cpu);
  const auto begun = rk::logistic::fit(rk::cpu{}, data, once);
  recokit_test::require_same_scores(rk::logistic::fit(rk::cuda{}, data, twice, rk::resume{begun}),
                                    whole);
}
