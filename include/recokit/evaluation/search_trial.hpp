// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What one trial of a search gave, and the rules that end a trial early.
#pragma once

#include <recokit/core/config.hpp>

#include <limits>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// Ends a trial between folds: the median stopping rule of Golovin et al., Google Vizier, KDD 2017.
/// After f folds a trial stops when the mean of its first f values is worse than the median of that
/// same mean over the trials that are complete.
struct median_pruning {
  int min_trials = 5;  ///< complete trials that there must be; at least 1
  int min_folds = 1;   ///< folds that every trial gets; at least 1
};

/// Gives all candidates a few epochs and more to the better ones (Jamieson and Talwalkar, AISTATS
/// 2016). The rungs are min_epochs · eta^r below the full number of epochs, then that number; of m
/// candidates that ran at a rung, max(1, m / eta) run at the next. A single one goes to the full
/// number at once. Every rung fits anew, so a candidate costs at most eta / (eta − 1) full fits,
/// about.
struct successive_halving {
  int min_epochs = 1;  ///< of the first rung; in [1, epochs of the base params]
  int eta = 3;         ///< at least 2
};

/// Watches a fit: measures the objective on the test part every `every` epochs and after the last.
///
/// A trial's value is then that of its best epoch, chosen on the data that measures it: report the
/// final model on data that the search has not seen.
struct epoch_stopping {
  int every = 1;  ///< at least 1
  /// Measurements in a row without a gain above min_gain that end the fit; 0: no limit.
  int patience = 3;
  double min_gain = 0;  ///< at least 0
  /// Also end the trial when its best value so far is worse than the median of the best values that
  /// the complete trials had on the same fold by the same epoch.
  bool median = false;
  int min_trials = 5;     ///< median: complete trials that there must be; at least 1
  int warmup_epochs = 0;  ///< median: epochs that every trial gets; at least 0
};

enum class trial_status {
  complete,  ///< all folds at the full budget
  pruned,    ///< a rule ended it early
  failed,    ///< fit or evaluate threw, or the objective was NaN
};

/// The objective as it was after an epoch.
struct epoch_value {
  int epoch = 0;
  double value = 0;
};

/// What a trial gave, whatever its params.
struct trial_outcome {
  /// Number of the candidate, from 0 in the order of the search.
  int index = 0;
  trial_status status = trial_status::complete;
  /// Why it was pruned, or the text of the error.
  std::string reason;
  /// folds × metrics, for the folds that were measured to the end.
  std::vector<std::vector<double>> fold_values;
  /// One a metric, over those folds; empty without any.
  std::vector<double> means;
  /// Measurements on every fold, with epoch_stopping.
  std::vector<std::vector<epoch_value>> curves;
  /// The epoch whose model each fold kept, with epoch_stopping.
  std::vector<int> best_epochs;
  /// Epochs of the last rung, with successive_halving; else 0.
  int budget = 0;
  /// Over all folds and rungs: in fit alone, and in fit and evaluation.
  double fit_seconds = 0;
  double seconds = 0;

  /// The mean of the first metric; NaN without a fold.
  double objective() const noexcept {
    return means.empty() ? std::numeric_limits<double>::quiet_NaN() : means.front();
  }
};

/// "complete", "pruned" or "failed".
constexpr const char* name_of(trial_status status) noexcept {
  return status == trial_status::complete ? "complete"
         : status == trial_status::pruned ? "pruned"
                                          : "failed";
}

}  // namespace recokit::inline RECOKIT_ABI
