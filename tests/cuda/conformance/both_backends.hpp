// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a model fitted on a GPU owes one that the CPU fitted with the same params.
#pragma once

#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/target.hpp"

#include <recokit/core/all_rows.hpp>
#include <recokit/core/backend.hpp>
#include <recokit/core/cuda_context.hpp>
#include <recokit/core/ranked_lists.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace recokit_test {

/// All scores, in double.
template <class Model>
Eigen::MatrixXd scores_of(const Model& model) {
  return model.user_rows().template cast<double>() *
         model.item_rows().template cast<double>().transpose();
}

/// Scores agree relative to the largest of them. Factors need not: they may be turned.
template <class Model>
void require_same_scores(const Model& gpu, const Model& cpu, double allowed = 1e-4) {
  const Eigen::MatrixXd a = scores_of(gpu);
  const Eigen::MatrixXd b = scores_of(cpu);
  REQUIRE(a.rows() == b.rows());
  REQUIRE(a.cols() == b.cols());
  const double off = (a - b).cwiseAbs().maxCoeff();
  const double size = b.cwiseAbs().maxCoeff();
  CAPTURE(off, size);
  REQUIRE(size > 0);
  REQUIRE(off <= allowed * size);
}

/// Lists hold as many items with the same scores; items whose scores are as good as equal may have
/// changed places.
inline void require_same_lists(const recokit::ranked_lists& gpu, const recokit::ranked_lists& cpu,
                               double allowed = 1e-4) {
  REQUIRE(gpu.size() == cpu.size());
  for (std::size_t u = 0; u < gpu.size(); ++u) {
    REQUIRE(gpu[u].size() == cpu[u].size());
    for (std::size_t n = 0; n < gpu[u].size(); ++n) {
      const double off =
          std::abs(static_cast<double>(gpu[u][n].score) - static_cast<double>(cpu[u][n].score));
      if (!(off <= allowed * std::max(1.0, std::abs(static_cast<double>(cpu[u][n].score))))) {
        CAPTURE(u, n, gpu[u][n].score, cpu[u][n].score);
        FAIL_CHECK("a list differs from that of the CPU");
      }
    }
  }
}

/// Fits on both and compares scores, lists and what later calls make of the models.
template <class Fit, class Params>
void conform(const Fit& fit, const recokit::csr_matrix<>& data, const Params& params,
             double allowed = 1e-4, recokit::cuda policy = {}) {
  const auto gpu = fit(policy, data, params);
  const auto cpu = fit(recokit::cpu{.threads = 1}, data, params);
  REQUIRE(gpu.epochs_done() == cpu.epochs_done());
  require_same_scores(gpu, cpu, allowed);
  const auto users = recokit::detail::all_rows(data.rows());
  require_same_lists(gpu.recommend(recokit::cuda{}, users, {.k = 5}),
                     cpu.recommend(recokit::cpu{.threads = 1}, users, {.k = 5}), 10 * allowed);
}

/// Fits with less and less memory for data on the device: the bits are those of a fit in which all
/// stays there. The caps must cut users × items of 60 × 96 at each of its places.
template <class Fit, class Params>
void require_same_bits_over_the_bus(const Fit& fit, const recokit::csr_matrix<>& data,
                                    const Params& params) {
  const auto whole = fit(recokit::cuda{}, data, params);
  for (const std::uint64_t cap : {1u, 9'000u, 22'000u, 42'000u}) {
    CAPTURE(cap);
    recokit::cuda_context context(recokit::cuda{}, {.max_data_bytes = cap});
    const auto cut = fit(recokit::cuda{.context = &context}, data, params);
    CHECK(cut.user_rows() == whole.user_rows());
    CHECK(cut.item_rows() == whole.item_rows());
  }
}

}  // namespace recokit_test
