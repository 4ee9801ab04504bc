// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Grid search and random search over params, with early pruning.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/fit.hpp>
#include <recokit/evaluation/cross_validate.hpp>
#include <recokit/evaluation/evaluate.hpp>
#include <recokit/evaluation/fold_source.hpp>
#include <recokit/evaluation/search_engine.hpp>
#include <recokit/evaluation/search_space.hpp>
#include <recokit/evaluation/search_trial.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// One candidate and what it gave.
template <class Params>
struct search_trial : trial_outcome {
  Params params;
  /// The searched fields: "factors=32, regularization=0.01".
  std::string settings;
};

/// A trial that just ended. With successive_halving a candidate comes once a rung.
template <class Params>
struct trial_progress {
  int index;  ///< from 0
  int total;  ///< how many there will be, unless trials fail
  const search_trial<Params>& trial;
};

template <class Params>
struct search_options {
  /// For interactions: k_fold parts, in [2, 256], and the seed of their deal. Unused when the folds
  /// are given.
  int folds = 5;
  std::uint64_t fold_seed = 42;
  /// keep_users and on_lists have no effect here.
  evaluation_options evaluation{};
  /// At most one of median, halving and stopping.median may be set.
  std::optional<median_pruning> median{};
  std::optional<successive_halving> halving{};
  std::optional<epoch_stopping> stopping{};
  /// The field that counts epochs. halving sets it, and must have it; with stopping, refit_params
  /// gets the epochs that were best. Not a field of the space.
  int Params::*epochs = nullptr;
  /// Called after each trial; fit_action::stop ends the search with the trials so far.
  std::function<fit_action(const trial_progress<Params>&)> on_trial{};
};

/// The draws of random_search.
struct random_trials {
  int trials = 20;  ///< at least 1
  std::uint64_t seed = 42;
};

/// What a search found.
template <class Params>
struct search_result {
  std::vector<ranking_metric> metrics;
  /// In the order of the candidates.
  std::vector<search_trial<Params>> trials;
  /// The complete trial with the best objective, the earliest of equals; -1 when none is complete.
  int best_index = -1;
  /// on_trial asked to stop.
  bool stopped = false;
  /// best_params() with the epochs to train for; see search_options::epochs.
  Params refit_params{};

  /// @throws value_error when no trial is complete, with the reason of the first
  const search_trial<Params>& best() const {
    if (best_index < 0) {
      throw value_error("best_index", "-1",
                        trials.empty() ? "no trial was run"
                                       : "no trial is complete; the first is " +
                                             std::string(name_of(trials.front().status)) + ": " +
                                             trials.front().reason);
    }
    return trials[static_cast<std::size_t>(best_index)];
  }
  const Params& best_params() const { return best().params; }

  /// Indices of the complete trials, best first; equals in the order of the search.
  std::vector<int> ranking() const {
    std::vector<const trial_outcome*> outcomes;
    for (const auto& trial : trials) outcomes.push_back(&trial);
    return detail::rank_trials(outcomes, !metrics.empty() && metrics.front().lower_is_better());
  }
};

namespace detail {

/// The observer that a search hands to fit.
struct objective_observer {
  epoch_watch& watch;
  const cpu& policy;
  const holdout& split;
  const std::vector<ranking_metric>& objective;
  const evaluation_options& options;

  template <class Model>
  fit_action on_epoch(const epoch_info& info, const Model& model) {
    if (!watch.due(info)) return fit_action::proceed;
    return watch.measured(info,
                          evaluate(policy, model, split, objective, options).values.front().mean);
  }
};

template <class Fit, class Params>
inline constexpr bool takes_observers =
    is_fit_function<Fit> ||
    std::is_invocable_v<const Fit&, const interactions&, const Params&, objective_observer&>;

/// Calls an algorithm's fit with the policy, and any other callable without.
template <class Policy, class Fit, class Params, class... Observers>
auto fit_candidate(const Policy& policy, const Fit& fit, const interactions& train,
                   const Params& params, Observers&... observers) {
  if constexpr (is_fit_function<Fit>) {
    static_assert(std::is_same_v<Params, typename Fit::params_type>,
                  "recokit: the search_space is over the params of another algorithm");
    return fit(policy, train, params, observers...);
  } else {
    return fit(train, params, observers...);
  }
}

template <class Policy, class Fit, class Params>
fold_outcome run_fold(const Policy& policy, const Fit& fit, const holdout& split,
                      const Params& params, const std::vector<ranking_metric>& metrics,
                      const evaluation_options& options, epoch_watch& watch) {
  const cpu place = evaluation_policy(policy);
  fold_outcome outcome;
  const auto finish = [&](const auto& model, std::chrono::steady_clock::time_point begin) {
    outcome.fit_seconds = seconds_since(begin);
    if (!watch.pruned().empty()) return;
    const evaluation_report report = evaluate(place, model, split, metrics, options);
    for (const auto& value : report.values) outcome.values.push_back(value.mean);
  };
  const auto begin = std::chrono::steady_clock::now();
  if (!watch.active()) {
    finish(fit_candidate(policy, fit, split.train, params), begin);
    return outcome;
  }
  if constexpr (takes_observers<Fit, Params>) {
    const std::vector<ranking_metric> objective{metrics.front()};
    objective_observer observer{watch, place, split, objective, options};
    finish(fit_candidate(policy, fit, split.train, params, observer), begin);
  }
  return outcome;
}

template <class Policy, class Fit, class Params>
search_result<Params> search(const Policy& policy, const Fit& fit,
                             const search_space<Params>& space, const Params& base,
                             const fold_source& data, const std::vector<ranking_metric>& metrics,
                             const search_options<Params>& options,
                             const std::vector<Params>& candidates) {
  if (options.stopping && !takes_observers<Fit, Params>) {
    throw value_error("options.stopping", "set",
                      "needs a fit that takes observers: [](const auto& train, const auto& params, "
                      "auto&... observers)");
  }
  if (options.epochs != nullptr && space.has(options.epochs)) {
    throw value_error("options.epochs", "a field of the space", "must not be searched over");
  }
  search_plan plan{metrics,
                   static_cast<int>(candidates.size()),
                   data.size({options.folds, options.fold_seed}),
                   options.median,
                   options.halving,
                   0,
                   options.stopping};
  if (options.halving) {
    if (options.epochs == nullptr) {
      throw value_error("options.epochs", "nullptr", "halving needs the field that counts epochs");
    }
    plan.full_epochs = base.*(options.epochs);
  }
  evaluation_options evaluation = options.evaluation;
  evaluation.keep_users = false;
  evaluation.on_lists = nullptr;

  const auto params_of = [&](int candidate, int budget) {
    Params params = candidates[static_cast<std::size_t>(candidate)];
    if (budget > 0) params.*(options.epochs) = budget;
    return params;
  };
  const auto trial_of = [&](const trial_outcome& outcome) {
    search_trial<Params> trial{outcome, params_of(outcome.index, outcome.budget), {}};
    trial.settings = space.text(trial.params);
    return trial;
  };

  std::optional<holdout> split;
  int opened = -1;
  search_calls calls;
  calls.open_fold = [&](int f) {
    if (f == opened) return;
    split.reset();  // before the next is built: one is held at a time
    opened = -1;
    split = data.fold(f, {options.folds, options.fold_seed});
    opened = f;
    // What no candidate can mend is refused at once.
    ranking_evaluator(metrics, split->test.cols(), evaluation.ranking);
  };
  calls.run_fold = [&](int candidate, int budget, epoch_watch& watch) {
    return run_fold(policy, fit, *split, params_of(candidate, budget), metrics, evaluation, watch);
  };
  calls.after_trial = [&](const trial_outcome& outcome, int done, int total) {
    if (!options.on_trial) return false;
    const search_trial<Params> trial = trial_of(outcome);
    return options.on_trial({done, total, trial}) == fit_action::stop;
  };
  const search_outcome outcome = run_search(plan, calls);

  search_result<Params> result;
  result.metrics = metrics;
  result.best_index = outcome.best_index;
  result.stopped = outcome.stopped;
  for (const auto& trial : outcome.trials) result.trials.push_back(trial_of(trial));
  result.refit_params = base;
  if (result.best_index >= 0) {
    result.refit_params = result.best_params();
    const int epochs = mean_best_epoch(result.best());
    if (options.epochs != nullptr && epochs > 0) result.refit_params.*(options.epochs) = epochs;
  }
  return result;
}

/// @throws value_error for a space without fields
template <class Params>
void check_space(const search_space<Params>& space) {
  if (space.size() == 0) {
    throw value_error("space", "{}",
                      "must hold at least one field, as in .values(&params::x, {…})");
  }
}

}  // namespace detail

/// Tries every combination of the space, in the order of nested loops: the last field runs fastest.
///
/// Trials run one after the other, each with all threads: the order in which results arrive cannot
/// change what is pruned, and one model and one fold are held at a time. The result is the same for
/// any number of threads, but for the seconds.
///
/// @param policy  where to fit; evaluation runs on the CPU
/// @param fit     the fit of an algorithm, or any callable (train, params, observers&...) → model;
///                without observers it cannot be stopped within a fit
/// @param base    the values of the fields that are not searched
/// @param data    a holdout to validate on, a list of them, interactions (dealt into options.folds
///                parts), or any fold_source. Made from training data: the values of the best trial
///                are too good to report.
/// @param metrics the first is the objective; whether higher is better is the metric's
/// @throws value_error for an empty space, a field without a grid, no metrics or options out of
///         range; cancelled_error from a fit; what the split throws. Every other failure of fit or
///         evaluate is noted in its trial.
/// Time: combinations × folds × (fit + evaluate), less what pruning saves; folds of interactions
/// are built anew for each trial.
template <backend Policy, class Fit, params_struct Params>
search_result<Params> grid_search(
    const Policy& policy, const Fit& fit, const search_space<Params>& space,
    const std::type_identity_t<Params>& base, const fold_source& data,
    const std::vector<ranking_metric>& metrics,
    const search_options<std::type_identity_t<Params>>& options = {}) {
  detail::check_space(space);
  std::vector<Params> candidates{space.grid_point(0, base)};
  const std::int64_t combinations = space.grid_size();
  if (combinations > std::numeric_limits<int>::max()) {
    throw value_error("space", space.to_string(), "has more than 2^31 - 1 combinations");
  }
  for (std::int64_t i = 1; i < combinations; ++i) candidates.push_back(space.grid_point(i, base));
  return detail::search(policy, fit, space, base, data, metrics, options, candidates);
}

template <class Fit, params_struct Params>
  requires(!backend<Fit>)
search_result<Params> grid_search(
    const Fit& fit, const search_space<Params>& space, const std::type_identity_t<Params>& base,
    const fold_source& data, const std::vector<ranking_metric>& metrics,
    const search_options<std::type_identity_t<Params>>& options = {}) {
  return grid_search(default_backend{}, fit, space, base, data, metrics, options);
}

/// Tries random points of the space (Bergstra and Bengio, JMLR 2012). As grid_search, but for the
/// candidates: trial t draws each field by a stream keyed by (seed, t, field), so more trials
/// continue fewer ones. A point that came before is drawn again; a space of fewer points than
/// trials is refused.
/// @throws value_error also when draws.trials < 1
template <backend Policy, class Fit, params_struct Params>
search_result<Params> random_search(
    const Policy& policy, const Fit& fit, const search_space<Params>& space,
    const std::type_identity_t<Params>& base, const fold_source& data,
    const std::vector<ranking_metric>& metrics, const random_trials& draws,
    const search_options<std::type_identity_t<Params>>& options = {}) {
  detail::check_space(space);
  check::in_range("draws.trials", draws.trials, 1, std::numeric_limits<int>::max());
  if (space.grid_size() > 0 && draws.trials > space.grid_size()) {
    throw value_error(
        "draws.trials", std::to_string(draws.trials),
        "the space has only " + std::to_string(space.grid_size()) + " points; take grid_search");
  }
  // Ranges of few floating-point numbers may run out of new points.
  constexpr int most_attempts = 1 << 16;
  std::vector<Params> candidates;
  std::set<std::string> seen;
  for (int t = 0; t < draws.trials; ++t) {
    Params params = base;
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      params = space.draw(draws.seed, t, attempt, base);
      if (seen.insert(space.text(params)).second) break;
    }
    candidates.push_back(params);
  }
  return detail::search(policy, fit, space, base, data, metrics, options, candidates);
}

template <class Fit, params_struct Params>
  requires(!backend<Fit>)
search_result<Params> random_search(
    const Fit& fit, const search_space<Params>& space, const std::type_identity_t<Params>& base,
    const fold_source& data, const std::vector<ranking_metric>& metrics, const random_trials& draws,
    const search_options<std::type_identity_t<Params>>& options = {}) {
  return random_search(default_backend{}, fit, space, base, data, metrics, draws, options);
}

/// Fits on `data` with result.refit_params: usually on all of the training data, whose parts the
/// search used. @throws value_error when no trial is complete, and what fit throws
template <backend Policy, class Fit, class Params>
auto refit(const Policy& policy, const Fit& fit, const search_result<Params>& result,
           const interactions& data) {
  result.best();
  return detail::fit_candidate(policy, fit, data, result.refit_params);
}

template <class Fit, class Params>
  requires(!backend<Fit>)
auto refit(const Fit& fit, const search_result<Params>& result, const interactions& data) {
  return refit(default_backend{}, fit, result, data);
}

}  // namespace recokit::inline RECOKIT_ABI
