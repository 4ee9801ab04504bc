// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Losses of predicted probabilities, of two and of more classes: log loss and Brier score.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/metrics/binary_options.hpp>
#include <recokit/metrics/columns.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// The mean of −ln(probability of the true class). Probabilities are clipped to [ε, 1 − ε], with
/// the machine ε of their own type, so that a sure mistake costs 36.04 (double) or 15.94 (float)
/// and not infinity: the rule of scikit-learn since 1.3.
/// @param truth       one label a sample
/// @param probability of the positive class
/// Time O(n), parallel, the same bits on any number of threads; memory O(n / 65,536).
/// @throws value_error when there is no sample, naming the first label outside the options, the
///         first probability outside [0, 1] or the first negative weight, or when all weights are 0
/// @throws dimension_error when probability or weights differ from truth in length
double log_loss(const cpu& policy, label_column truth, real_column probability,
                const binary_options& options = {});
inline double log_loss(label_column truth, real_column probability,
                       const binary_options& options = {}) {
  return log_loss(cpu{}, truth, probability, options);
}

/// The mean of (probability − truth)², truth being 1 for positives and 0 for negatives.
/// Brier: Verification of forecasts expressed in terms of probability, Monthly Weather Review 1950.
/// Cost and @throws as log_loss.
double brier_score(const cpu& policy, label_column truth, real_column probability,
                   const binary_options& options = {});
inline double brier_score(label_column truth, real_column probability,
                          const binary_options& options = {}) {
  return brier_score(cpu{}, truth, probability, options);
}

struct multiclass_options {
  /// One a sample, at least 0; not given: 1 each.
  real_column weights = {};
  /// The class of each column, each once. Empty: the labels found in truth, ascending.
  std::vector<std::int64_t> labels = {};
};

/// log_loss for a table of samples × classes whose rows each sum to 1.
/// Time O(n · classes).
/// @throws value_error as above, and for a label without a column, a label given twice, or naming
///         the first row whose sum differs from 1 by more than √ε
/// @throws dimension_error when rows or weights differ from truth in length, or the classes from
///         the columns (pass labels when a class is absent from truth)
double log_loss(const cpu& policy, label_column truth, real_table probabilities,
                const multiclass_options& options = {});
inline double log_loss(label_column truth, real_table probabilities,
                       const multiclass_options& options = {}) {
  return log_loss(cpu{}, truth, probabilities, options);
}

struct brier_options {
  /// One a sample, at least 0; not given: 1 each.
  real_column weights = {};
  /// The class of each column, each once. Empty: the labels found in truth, ascending.
  std::vector<std::int64_t> labels = {};
  /// Halves the score, which otherwise lies in [0, 2]. Not given: for two columns only, where it
  /// then equals the score of two classes.
  std::optional<bool> scale_by_half = {};
};

/// The mean of the summed squares of (probability − truth) over the columns.
/// Time O(n · classes). @throws as log_loss for a table
double brier_score(const cpu& policy, label_column truth, real_table probabilities,
                   const brier_options& options = {});
inline double brier_score(label_column truth, real_table probabilities,
                          const brier_options& options = {}) {
  return brier_score(cpu{}, truth, probabilities, options);
}

}  // namespace recokit::inline RECOKIT_ABI
