// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How well a model predicts held-out ratings: on one holdout, and over folds.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/rating_model.hpp>
#include <recokit/data/split.hpp>
#include <recokit/evaluation/cross_validate.hpp>
#include <recokit/evaluation/fold_source.hpp>
#include <recokit/evaluation/scorer.hpp>
#include <recokit/metrics/rating.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// A rating_predictor that also predicts for histories of users it was not trained on.
template <class Model>
concept fold_in_rating_predictor = rating_predictor<Model> &&
    requires(const Model& model, const csr_matrix<>& histories, std::span<const index_t> ids,
             std::span<float> predictions) {
  model.predict_for(cpu{}, histories, ids, ids, predictions);
};

namespace detail {

/// Writes predictions of items[n] for row rows[n].
using predict_pairs = std::function<void(std::span<const index_t> rows,
                                         std::span<const index_t> items, std::span<float>)>;

/// Predicts the entries of `test` in pieces and measures them. @throws value_error without entries
rating_report evaluate_ratings(const cpu& policy, const csr_view<>& test,
                               const predict_pairs& predict);

}  // namespace detail

/// Predicts every entry of the test matrix and compares it with its value.
///
/// @param test users × items, the shape of the model; see csr_source
/// @returns RMSE, MAE, R² and more, each over all test ratings together
/// Holds about a million predictions at once. The same bits for any number of threads.
/// @throws dimension_error when the shapes differ, value_error when test has no entry
template <rating_predictor Model, csr_source Source>
rating_report evaluate_ratings(const cpu& policy, const Model& model, const Source& test) {
  const csr_matrix<> ratings = standard_csr(test);
  check::equal("test.rows()", ratings.rows(), "model.users()", model.users(),
               detail::split_together);
  check::equal("test.cols()", ratings.cols(), "model.items()", model.items(),
               detail::split_together);
  return detail::evaluate_ratings(
      policy, ratings.view(),
      [&](std::span<const index_t> users, std::span<const index_t> items, std::span<float> out) {
        model.predict(policy, users, items, out);
      });
}

/// The same on the test part of a holdout. Where its users are unknown to training (user_fold), the
/// model is shown their fold_in part.
/// @throws value_error when the split has a fold_in part and the model does not fold in
template <rating_predictor Model>
rating_report evaluate_ratings(const cpu& policy, const Model& model, const holdout& split) {
  if (!split.fold_in) return evaluate_ratings(policy, model, split.test);
  if constexpr (fold_in_rating_predictor<Model>) {
    check::equal("split.test.cols()", split.test.cols(), "model.items()", model.items(),
                 detail::split_together);
    check::equal("split.fold_in.rows()", split.fold_in->rows(), "split.test.rows()",
                 split.test.rows());
    return detail::evaluate_ratings(
        policy, split.test.view(),
        [&](std::span<const index_t> rows, std::span<const index_t> items, std::span<float> out) {
          model.predict_for(policy, split.fold_in->matrix(), rows, items, out);
        });
  } else {
    throw value_error("split", "\"" + split.protocol + "\"",
                      "has users that training does not know, and the model has no predict_for");
  }
}

template <rating_predictor Model, class Test>
rating_report evaluate_ratings(const Model& model, const Test& test) {
  return evaluate_ratings(cpu{}, model, test);
}

/// One measure over the folds.
struct rating_fold_summary {
  double mean = 0;            ///< of the folds' values: every fold weighs the same
  double stddev = 0;          ///< with n − 1 below; NaN for one fold
  double standard_error = 0;  ///< stddev / √n. Folds share training data, so it is too small.
};

/// What cross_validate_ratings found.
struct rating_cross_validation {
  std::vector<rating_report> folds;
  std::vector<double> fit_seconds;      ///< one a fold
  std::vector<double> predict_seconds;  ///< one a fold

  /// Of any number of the reports: summary(&rating_report::rmse). NaN without folds.
  rating_fold_summary summary(double rating_report::*measure) const;
};

namespace detail {

template <class Train>
rating_cross_validation cross_validate_ratings(const cpu& policy, const Train& train,
                                               const fold_source& data,
                                               const split::k_fold_params& deal) {
  rating_cross_validation report;
  const int folds = data.size(deal);
  for (int f = 0; f < folds; ++f) {
    const holdout split = data.fold(f, deal);
    const auto begin = std::chrono::steady_clock::now();
    const auto model = train(split.train);
    report.fit_seconds.push_back(seconds_since(begin));
    const auto fitted = std::chrono::steady_clock::now();
    report.folds.push_back(evaluate_ratings(policy, model, split));
    report.predict_seconds.push_back(seconds_since(fitted));
  }
  return report;
}

}  // namespace detail

/// Fits on the train part of every fold and predicts its test part, one fold after the other.
///
/// @param policy where to fit; predictions are made on the CPU
/// @param fit    the fit of an algorithm whose model predicts ratings, such as rating_knn::fit
/// @param data   interactions (dealt as `deal` says), a list of holdouts, or any fold_source
/// @param deal   for interactions: the number of folds and the seed of their deal
/// @throws what the split, fit and evaluate_ratings throw
/// Deterministic for any number of threads.
template <backend Policy, class Algorithm>
rating_cross_validation cross_validate_ratings(const Policy& policy,
                                               const fit_function<Algorithm>& fit,
                                               const fold_source& data,
                                               const typename Algorithm::params_type& params = {},
                                               const split::k_fold_params& deal = {}) {
  return detail::cross_validate_ratings(
      detail::evaluation_policy(policy),
      [&](const interactions& train) { return fit(policy, train, params); }, data, deal);
}

template <class Algorithm>
rating_cross_validation cross_validate_ratings(const fit_function<Algorithm>& fit,
                                               const fold_source& data,
                                               const typename Algorithm::params_type& params = {},
                                               const split::k_fold_params& deal = {}) {
  return cross_validate_ratings(default_backend{}, fit, data, params, deal);
}

/// The same for anything that makes a model of the train part.
/// @param train callable as train(const interactions&); called once a fold
template <class Train>
  requires(!backend<Train> && !detail::is_fit_function<Train> &&
           std::is_invocable_v<const Train&, const interactions&>)
rating_cross_validation cross_validate_ratings(const cpu& policy, const Train& train,
                                               const fold_source& data,
                                               const split::k_fold_params& deal = {}) {
  return detail::cross_validate_ratings(policy, train, data, deal);
}

}  // namespace recokit::inline RECOKIT_ABI
