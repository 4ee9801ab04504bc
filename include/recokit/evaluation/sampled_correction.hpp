// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a rank among sampled items says about the rank among all: Krichene and Rendle.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/metrics/ranking_metric.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// How the value of a metric is estimated from a sampled rank. All but `none` estimate the metric
/// of the full ranking. Krichene and Rendle, KDD 2020; CACM 65(7), 2022.
enum class sampled_correction {
  /// The metric of the sampled rank: another quantity than that of the full ranking.
  none,
  /// The metric at floor(1 + (n − 1)(r − 1) / m).
  rank_estimate,
  /// Least squared bias over all ranks. Values swing widely: small bias, large variance.
  least_squares,
  /// The same among values that do not get better with the rank (for measures of which lower is
  /// better: do not get lower); "CLS" in the paper.
  monotone_least_squares,
  /// Least squared bias + gamma · variance; "BV" in the paper, which finds gamma = 0.1 best.
  bias_variance,
};

/// Names of the values of sampled_correction, in order.
constexpr std::array<std::string_view, 5> enum_names(sampled_correction) {
  return {"none", "rank_estimate", "least_squares", "monotone_least_squares", "bias_variance"};
}

/// A positive that is ranked against a sample of the other candidates.
struct sampled_design {
  std::int64_t candidates = 0;  ///< n: the positive and all that could be drawn, at least 2
  int negatives = 100;          ///< m: items drawn, at least 1
  bool replacement = false;     ///< else m <= n − 1
};

/// The chance of every sampled rank 1 … m + 1 of a positive of this rank among all candidates: one
/// more than a binomial of m draws of chance (rank − 1) / (n − 1), hypergeometric without
/// replacement. @throws value_error for a design or rank out of range. O(m).
std::vector<double> sampled_rank_chances(const sampled_design& design, std::int64_t rank);

/// What a case of each sampled rank counts as: (negatives + 1) × metrics.
///
/// With A = √P(r) · P(s | r), b = √P(r) · f(r), c = Σ P(r) P(s | r) over the ranks r in 1 … n and
/// the sampled ranks s, where f(r) is the metric of a single relevant item at rank r, the values
/// are
/// ((1 − gamma) AᵀA + gamma diag(c))⁻¹ Aᵀb; gamma = 0 for least_squares. There A has no full rank
/// in double precision, and singular values below 1e-4 of the largest are taken as 0: the rest
/// would multiply the noise of the ranks by 10^4 and more.
///
/// @param gamma in (0, 1]; bias_variance only
/// @param prior weight of the rank (r − 1) / (n − 1) in [0, 1]; empty: uniform
/// @throws value_error for a design or gamma out of range, a prior that is negative, not finite or
///         0 everywhere, metrics without a meaning for one relevant item of grade 1 (graded gain,
///         err, bpref), and as ranking_evaluator does
/// Time O(n m (m + metrics) + m³), memory O(m²) but for `none` and rank_estimate, O(m · metrics).
row_major_matrix<double> sampled_metric_values(const std::vector<ranking_metric>& metrics,
                                               const sampled_design& design,
                                               sampled_correction correction, double gamma = 0.1,
                                               const std::function<double(double)>& prior = {});

namespace detail {

/// @throws value_error for metrics without a meaning for one relevant item of grade 1
void check_single_relevant(const std::vector<ranking_metric>& metrics);

}  // namespace detail
}  // namespace recokit::inline RECOKIT_ABI
