// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The part of a search that does not know the params: order, pruning and ranking of trials.
#pragma once

#include <recokit/core/observer.hpp>
#include <recokit/evaluation/search_trial.hpp>
#include <recokit/metrics/ranking_metric.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Watches one fit of one fold: keeps the curve and decides when to stop.
class epoch_watch {
 public:
  /// @param rule    null: nothing is watched
  /// @param earlier the curves of the complete trials on this fold
  epoch_watch(const epoch_stopping* rule, bool lower_is_better,
              std::vector<std::vector<epoch_value>> earlier)
      : rule_(rule), lower_(lower_is_better), earlier_(std::move(earlier)) {}

  bool active() const noexcept { return rule_ != nullptr; }
  bool due(const epoch_info& info) const noexcept {
    return active() && (info.epoch % rule_->every == 0 || info.epoch == info.epochs);
  }
  /// To be called with every value that was due.
  fit_action measured(const epoch_info& info, double value);

  const std::vector<epoch_value>& curve() const noexcept { return curve_; }
  int best_epoch() const noexcept { return best_.epoch; }
  /// Why the trial is to be pruned; empty: it is not.
  const std::string& pruned() const noexcept { return pruned_; }

 private:
  const epoch_stopping* rule_;
  bool lower_;
  std::vector<std::vector<epoch_value>> earlier_;
  std::vector<epoch_value> curve_;
  epoch_value best_{};
  int misses_ = 0;
  std::string pruned_;
};

/// All that steers a search, checked by run_search.
struct search_plan {
  std::vector<ranking_metric> metrics;
  int candidates = 0;
  int folds = 1;
  std::optional<median_pruning> median;
  std::optional<successive_halving> halving;
  int full_epochs = 0;  ///< with halving
  std::optional<epoch_stopping> stopping;
};

struct fold_outcome {
  std::vector<double> values;  ///< one a metric
  double fit_seconds = 0;
};

/// How a search reaches the world.
struct search_calls {
  /// Makes fold f the one that run_fold works on. What it throws ends the search.
  std::function<void(int fold)> open_fold;
  /// Fits and evaluates a candidate; budget is a number of epochs, 0: as its params say. Leaves the
  /// values empty when the watch pruned the trial. What it throws fails the trial.
  std::function<fold_outcome(int candidate, int budget, epoch_watch& watch)> run_fold;
  /// Told after each trial, `number` from 0; true ends the search.
  std::function<bool(const trial_outcome& trial, int number, int total)> after_trial;
};

struct search_outcome {
  std::vector<trial_outcome> trials;
  int best_index = -1;  ///< -1: no trial is complete
  bool stopped = false;
};

/// Runs the candidates one after the other. @throws value_error for a plan out of range,
/// cancelled_error from a fit, and what open_fold throws
search_outcome run_search(const search_plan& plan, const search_calls& calls);

struct halving_rung {
  int epochs;
  int candidates;
};
/// The rungs when no candidate fails. @throws value_error for a rule out of range
std::vector<halving_rung> halving_rungs(const successive_halving& rule, int candidates,
                                        int full_epochs);

/// The complete trials, best first; equals in the order of the search.
std::vector<int> rank_trials(const std::vector<const trial_outcome*>& trials, bool lower_is_better);

/// The mean of the best epochs, rounded; 0 without any.
int mean_best_epoch(const trial_outcome& trial);

}  // namespace recokit::inline RECOKIT_ABI::detail
