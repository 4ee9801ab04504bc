// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Metrics of predicted ratings: RMSE, MAE, R², explained variance and more in one pass.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/metrics/columns.hpp>

#include <cstdint>
#include <memory>

namespace recokit::inline RECOKIT_ABI {

/// What rating_metrics computes, with e = predicted − truth and averages weighted when weights are
/// given. The definitions are those of scikit-learn. For probabilities of clicks and other binary
/// truths see log_loss and brier_score in metrics/probability.hpp.
struct rating_report {
  std::int64_t count = 0;  ///< samples, those of weight 0 included
  double weight = 0;       ///< sum of the weights; count without weights
  double mse = 0;          ///< mean of e²
  double rmse = 0;         ///< √mse
  double mae = 0;          ///< mean of |e|
  double max_error = 0;    ///< largest |e| of a sample with a weight above 0
  double mean_error = 0;   ///< mean of e: above 0 where predictions are too high
  double mean_truth = 0;
  double mean_predicted = 0;
  /// 1 − Σ e² / Σ (truth − mean truth)². NaN for fewer than two samples.
  double r2 = 0;
  /// 1 − variance of e / variance of truth; blind to a constant error.
  double explained_variance = 0;
};

struct rating_options {
  /// One a sample, at least 0; not given: 1 each.
  real_column weights = {};
  /// What R² and explained variance are when every truth is the same: true gives 1 for predictions
  /// without (varying) error and 0 for others, false gives NaN and −infinity. The rule and its name
  /// are scikit-learn's.
  bool force_finite = true;
};

/// All rating metrics in one pass over the columns, in double, summed in a fixed order: the same
/// bits on any number of threads. Equal truths are recognised as equal, without rounding.
/// @param truth     the ratings, any unit
/// @param predicted one prediction a rating, same unit
/// Time O(n), memory O(n / 65,536).
/// @throws value_error when there is no sample, naming the first element that is NaN or infinite,
///         the first negative weight, or when all weights are 0
/// @throws dimension_error when predicted or weights differ from truth in length
rating_report rating_metrics(const cpu& policy, real_column truth, real_column predicted,
                             const rating_options& options = {});
inline rating_report rating_metrics(real_column truth, real_column predicted,
                                    const rating_options& options = {}) {
  return rating_metrics(cpu{}, truth, predicted, options);
}

/// Rating metrics of samples that come in pieces, so that no column of all is held. Pieces of a
/// multiple of `piece` samples (the last may be shorter) give the bits of rating_metrics.
class rating_accumulator {
 public:
  static constexpr std::int64_t piece = 65'536;

  rating_accumulator();
  rating_accumulator(rating_accumulator&&) noexcept;
  rating_accumulator& operator=(rating_accumulator&&) noexcept;
  ~rating_accumulator();

  /// Adds samples after those before; in parallel. Weights are all given or all not given.
  /// @throws the errors of rating_metrics; positions in them count from the begin of the piece
  void add(const cpu& policy, real_column truth, real_column predicted, real_column weights = {});
  /// The metrics of all samples so far. @param force_finite see rating_options
  /// @throws value_error when there is none, or when all weights are 0
  rating_report report(bool force_finite = true) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// The median of |predicted − truth|; of an even number the mean of the two in the middle. With
/// weights: the |e| at which half of the weight is reached, or the mean of it and the next when
/// half is reached exactly (scikit-learn's averaged inverted CDF). Time O(n), with weights O(n log
/// n); memory 8 bytes a sample, with weights 16.
/// @throws the errors of rating_metrics
double median_absolute_error(real_column truth, real_column predicted, real_column weights = {});

}  // namespace recokit::inline RECOKIT_ABI
