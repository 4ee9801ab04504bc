// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Fits and evaluates on every fold, and says how far the folds agree.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/fit.hpp>
#include <recokit/evaluation/evaluate.hpp>
#include <recokit/evaluation/fold_source.hpp>
#include <recokit/evaluation/report.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

struct cross_validate_options {
  /// For interactions: k_fold parts, in [2, 256], and the seed of their deal. Unused when the folds
  /// are given.
  int folds = 5;
  std::uint64_t seed = 42;
  evaluation_options evaluation{};
};

/// One metric over the folds. A fold without a user to evaluate makes all three NaN.
struct fold_summary {
  ranking_metric metric;
  double mean = 0;            ///< of the folds' means: every fold weighs the same
  double stddev = 0;          ///< with n − 1 below; NaN for one fold
  double standard_error = 0;  ///< stddev / √n. Folds share training data, so it is too small.
};

/// What cross_validate found.
struct cross_validation_report {
  std::vector<evaluation_report> folds;
  std::vector<fold_summary> values;
  /// One a fold.
  std::vector<double> fit_seconds;

  /// The mean of a metric by name, such as "ndcg@10". @throws value_error when it was not measured
  double operator[](std::string_view name) const { return summary(name).mean; }
  /// @throws value_error when the metric was not measured
  const fold_summary& summary(std::string_view name) const;
};

namespace detail {

template <class T>
inline constexpr bool is_fit_function = false;
template <class Algorithm>
inline constexpr bool is_fit_function<fit_function<Algorithm>> = true;

/// Where a model fitted under `policy` is evaluated: evaluate runs on the CPU.
inline cpu evaluation_policy(const cpu& policy) noexcept { return policy; }
inline cpu evaluation_policy(const cuda&) noexcept { return {}; }

/// Means and spreads over the folds, in their order. All reports hold the same metrics.
std::vector<fold_summary> summarize_folds(const std::vector<evaluation_report>& folds);

template <class Train>
cross_validation_report cross_validate(const cpu& policy, const Train& train,
                                       const fold_source& data,
                                       const std::vector<ranking_metric>& metrics,
                                       const cross_validate_options& options) {
  const split::k_fold_params deal{options.folds, options.seed};
  const int folds = data.size(deal);
  cross_validation_report report;
  for (int f = 0; f < folds; ++f) {
    const holdout split = data.fold(f, deal);
    const auto begin = std::chrono::steady_clock::now();
    const auto model = train(split.train);
    report.fit_seconds.push_back(seconds_since(begin));
    report.folds.push_back(evaluate(policy, model, split, metrics, options.evaluation));
  }
  report.values = summarize_folds(report.folds);
  return report;
}

}  // namespace detail

/// Fits on the train part of every fold and evaluates on its test part, one fold after the other;
/// one fold and one model are held at a time, next to the data.
///
/// @param policy  where to fit; evaluation runs on the CPU
/// @param fit     the fit of an algorithm, such as ials::fit
/// @param data    interactions (dealt into options.folds parts), a list of holdouts, or any
///                fold_source
/// @param metrics at least one
/// @throws what the split, fit and evaluate throw
/// Time: folds × (split + fit + evaluate). Deterministic for any number of threads.
template <backend Policy, class Algorithm>
cross_validation_report cross_validate(const Policy& policy, const fit_function<Algorithm>& fit,
                                       const fold_source& data,
                                       const typename Algorithm::params_type& params,
                                       const std::vector<ranking_metric>& metrics,
                                       const cross_validate_options& options = {}) {
  return detail::cross_validate(
      detail::evaluation_policy(policy),
      [&](const interactions& train) { return fit(policy, train, params); }, data, metrics,
      options);
}

template <class Algorithm>
cross_validation_report cross_validate(const fit_function<Algorithm>& fit, const fold_source& data,
                                       const typename Algorithm::params_type& params,
                                       const std::vector<ranking_metric>& metrics,
                                       const cross_validate_options& options = {}) {
  return cross_validate(default_backend{}, fit, data, params, metrics, options);
}

/// The same for anything that makes a model of the train part: a weighting before the fit, a blend,
/// a model of your own. @param train callable as train(const interactions&); called once a fold
template <class Train>
  requires(!backend<Train> && !detail::is_fit_function<Train> &&
           std::is_invocable_v<const Train&, const interactions&>)
cross_validation_report cross_validate(const cpu& policy, const Train& train,
                                       const fold_source& data,
                                       const std::vector<ranking_metric>& metrics,
                                       const cross_validate_options& options = {}) {
  return detail::cross_validate(policy, train, data, metrics, options);
}

template <class Train>
  requires(!backend<Train> && !detail::is_fit_function<Train> &&
           std::is_invocable_v<const Train&, const interactions&>)
cross_validation_report cross_validate(const Train& train, const fold_source& data,
                                       const std::vector<ranking_metric>& metrics,
                                       const cross_validate_options& options = {}) {
  return detail::cross_validate(cpu{}, train, data, metrics, options);
}

}  // namespace recokit::inline RECOKIT_ABI
