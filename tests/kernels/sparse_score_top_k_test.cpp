// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/ranking.hpp"
#include "support/catch.hpp"

#include <recokit/kernels/sparse_score_top_k.hpp>

#include <numeric>
#include <vector>

namespace rk = recokit;
using recokit_test::check_lists;
using recokit_test::dense;
using recokit_test::random_matrix;
using rk::kernels::term_fold;

TEST_CASE("sparse scoring agrees with the dense product, untouched items included") {
  const auto histories = random_matrix(80, 60, 0.08, 4, 3);
  // Weights of both signs: an item may be reached and still rank behind those that are not.
  auto weights = random_matrix(60, 60, 0.05, 5, 4);
  std::vector<float> signs(weights.view().values().begin(), weights.view().values().end());
  for (auto& w : signs) w = 2 * w - 5;
  weights =
      rk::csr_matrix<>(60, 60, {weights.view().offsets().begin(), weights.view().offsets().end()},
                       {weights.view().indices().begin(), weights.view().indices().end()}, signs);
  const Eigen::MatrixXd x = dense(histories.view());
  const Eigen::MatrixXd w = dense(weights.view());
  const Eigen::MatrixXd sums = x * w;
  const Eigen::MatrixXd by_weight = (x.array() != 0).cast<double>().matrix() * w.cwiseAbs();
  const Eigen::MatrixXd by_value = x.cwiseAbs() * (w.array() != 0).cast<double>().matrix();
  std::vector<rk::index_t> which;
  for (rk::index_t q = 0; q < 80; ++q) which.push_back(q);
  const std::vector<rk::index_t> exclude{0, 1, 30, 59};
  for (const auto fold : {term_fold::sum, term_fold::mean_of_query, term_fold::mean_of_weights}) {
    // What single precision makes of the terms, which are whole numbers until divided.
    Eigen::MatrixXd scores = sums;
    if (fold != term_fold::sum) {
      const Eigen::MatrixXd& below = fold == term_fold::mean_of_query ? by_weight : by_value;
      for (Eigen::Index e = 0; e < scores.size(); ++e) {
        const auto above = static_cast<float>(sums.data()[e]);
        const auto under = static_cast<float>(below.data()[e]);
        scores.data()[e] = under > 0 ? static_cast<double>(above / under) : 0.0;
      }
    }
    for (const int k : {1, 5, 60}) {
      for (const bool with_filter : {false, true}) {
        const rk::item_filter filter(
            with_filter ? rk::recommend_options{.exclude = exclude} : rk::recommend_options{}, 60);
        for (const bool exclude_seen : {true, false}) {
          const auto* const seen = exclude_seen ? &histories.view() : nullptr;
          const auto lists =
              rk::kernels::sparse_score_top_k(rk::cpu{.threads = 2}, histories.view(), which,
                                              weights.view(), fold, filter, k, seen);
          check_lists(lists, scores, seen, which, filter, k);
        }
      }
    }
    for (rk::index_t q = 0; q < 80; ++q) {
      std::vector<rk::index_t> items(60);
      std::iota(items.begin(), items.end(), 0);
      std::vector<float> found(60);
      rk::kernels::sparse_score(histories.row(q), weights.view(), fold, items, found);
      for (int i = 0; i < 60; ++i) {
        REQUIRE(found[static_cast<std::size_t>(i)] == static_cast<float>(scores(q, i)));
      }
    }
  }
}
