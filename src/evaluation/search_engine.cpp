// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/evaluation/search_engine.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <limits>
#include <numeric>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

constexpr int most = std::numeric_limits<int>::max();

bool better(double a, double b, bool lower) { return lower ? a < b : a > b; }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double mean_of_first(const std::vector<std::vector<double>>& folds, std::size_t count) {
  double sum = 0;
  for (std::size_t f = 0; f < count; ++f) sum += folds[f].front();
  return sum / static_cast<double>(count);
}

// The text of "worse than the others": "after fold 2: ndcg@10 0.1 is worse than the median 0.2 of 5
// complete trials".
std::string median_reason(const std::string& when, double value, double middle,
                          std::size_t trials) {
  return when + ": " + number_text(value) + " is worse than the median " + number_text(middle) +
         " of " + std::to_string(trials) + " complete trials";
}

void check_plan(const search_plan& plan) {
  if (plan.metrics.empty()) throw value_error("metrics", "{}", "must name at least one");
  if (plan.median) {
    check::in_range("options.median.min_trials", plan.median->min_trials, 1, most);
    check::in_range("options.median.min_folds", plan.median->min_folds, 1, most);
  }
  if (plan.stopping) {
    const auto& rule = *plan.stopping;
    check::in_range("options.stopping.every", rule.every, 1, most);
    check::in_range("options.stopping.patience", rule.patience, 0, most);
    check::in_range("options.stopping.min_gain", rule.min_gain, 0.0,
                    std::numeric_limits<double>::max());
    check::in_range("options.stopping.min_trials", rule.min_trials, 1, most);
    check::in_range("options.stopping.warmup_epochs", rule.warmup_epochs, 0, most);
  }
  const int rules = int{plan.median.has_value()} + int{plan.halving.has_value()} +
                    int{plan.stopping && plan.stopping->median};
  if (rules > 1) {
    throw value_error("options", std::to_string(rules) + " pruning rules",
                      "set at most one of median, halving and stopping.median");
  }
}

class engine {
 public:
  engine(const search_plan& plan, const search_calls& calls)
      : plan_(plan), calls_(calls), lower_(plan.metrics.front().lower_is_better()) {}

  search_outcome run() {
    if (plan_.halving) {
      run_halving();
    } else {
      for (int c = 0; c < plan_.candidates && !outcome_.stopped; ++c) {
        outcome_.trials.push_back({});
        outcome_.trials.back().index = c;
        run_trial(outcome_.trials.back(), 0);
        tell(outcome_.trials.back(), plan_.candidates);
      }
    }
    std::vector<const trial_outcome*> trials;
    for (const auto& trial : outcome_.trials) trials.push_back(&trial);
    const auto order = rank_trials(trials, lower_);
    if (!order.empty()) outcome_.best_index = order.front();
    return std::move(outcome_);
  }

 private:
  void tell(const trial_outcome& trial, int total) {
    outcome_.stopped |= calls_.after_trial(trial, told_++, total);
  }

  // Rung by rung; a candidate's record is that of its last rung, its seconds those of all.
  void run_halving() {
    const auto& rule = *plan_.halving;
    const auto rungs = halving_rungs(rule, plan_.candidates, plan_.full_epochs);
    int total = 0;
    for (const auto& rung : rungs) total += rung.candidates;
    auto& trials = outcome_.trials;
    trials.resize(static_cast<std::size_t>(plan_.candidates));
    std::vector<int> going(trials.size());
    std::iota(going.begin(), going.end(), 0);
    for (int c = 0; c < plan_.candidates; ++c) trials[static_cast<std::size_t>(c)].index = c;
    for (std::size_t r = 0; r < rungs.size(); ++r) {
      for (const int c : going) {
        if (outcome_.stopped) break;
        auto& trial = trials[static_cast<std::size_t>(c)];
        run_trial(trial, rungs[r].epochs);
        tell(trial, total);
      }
      if (outcome_.stopped) leave(going);
      if (outcome_.stopped || r + 1 == rungs.size()) break;
      going = survivors(going, rungs[r], rungs[r + 1]);
    }
  }

  // Of a stopped search: only what ran all epochs is complete, and what never ran is not listed.
  void leave(const std::vector<int>& going) {
    for (const int c : going) {
      auto& trial = outcome_.trials[static_cast<std::size_t>(c)];
      if (trial.status == trial_status::complete && trial.budget < plan_.full_epochs) {
        prune(trial, "the search was stopped at " + std::to_string(trial.budget) + " epochs");
      }
    }
    std::erase_if(outcome_.trials, [](const trial_outcome& trial) { return trial.budget == 0; });
  }

  static void prune(trial_outcome& trial, std::string reason) {
    trial.status = trial_status::pruned;
    trial.reason = std::move(reason);
  }

  std::vector<int> survivors(const std::vector<int>& going, const halving_rung& rung,
                             const halving_rung& next) {
    auto& trials = outcome_.trials;
    std::vector<const trial_outcome*> finished;
    for (const int c : going) finished.push_back(&trials[static_cast<std::size_t>(c)]);
    std::vector<int> order = rank_trials(finished, lower_);
    std::vector<int> kept;
    for (std::size_t place = 0; place < order.size(); ++place) {
      const int c = going[static_cast<std::size_t>(order[place])];
      if (std::cmp_less(place, next.candidates)) {
        kept.push_back(c);
        continue;
      }
      prune(trials[static_cast<std::size_t>(c)], "place " + std::to_string(place + 1) + " of " +
                                                     std::to_string(order.size()) + " after " +
                                                     std::to_string(rung.epochs) + " epochs; " +
                                                     std::to_string(next.candidates) + " went on");
    }
    std::sort(kept.begin(), kept.end());
    return kept;
  }

  // The curves of the complete trials on a fold.
  std::vector<std::vector<epoch_value>> curves_on(std::size_t fold) const {
    std::vector<std::vector<epoch_value>> curves;
    if (!plan_.stopping || !plan_.stopping->median) return curves;
    for (const auto& trial : outcome_.trials) {
      if (&trial != running_ && trial.status == trial_status::complete) {
        curves.push_back(trial.curves[fold]);
      }
    }
    return curves;
  }

  void run_trial(trial_outcome& trial, int budget) {
    running_ = &trial;
    const double fit_seconds = trial.fit_seconds;
    const double seconds = trial.seconds;
    trial_outcome fresh;
    fresh.index = trial.index;
    fresh.budget = budget;
    fresh.fit_seconds = fit_seconds;
    fresh.seconds = seconds;
    trial = std::move(fresh);
    for (int f = 0; f < plan_.folds && trial.status == trial_status::complete; ++f) {
      calls_.open_fold(f);
      run_one_fold(trial, f, budget);
      if (trial.status == trial_status::complete && f + 1 < plan_.folds) compare(trial);
    }
    if (!trial.fold_values.empty()) {
      trial.means.assign(plan_.metrics.size(), 0);
      for (const auto& fold : trial.fold_values) {
        for (std::size_t m = 0; m < fold.size(); ++m) trial.means[m] += fold[m];
      }
      for (double& mean : trial.means) mean /= static_cast<double>(trial.fold_values.size());
    }
    running_ = nullptr;
  }

  void run_one_fold(trial_outcome& trial, int f, int budget) {
    const auto fail = [&](const std::string& text) {
      trial.status = trial_status::failed;
      trial.reason = (plan_.folds > 1 ? "fold " + std::to_string(f) + ": " : "") + text;
    };
    epoch_watch watch(plan_.stopping ? &*plan_.stopping : nullptr, lower_,
                      curves_on(static_cast<std::size_t>(f)));
    const auto begin = std::chrono::steady_clock::now();
    fold_outcome fold;
    try {
      fold = calls_.run_fold(trial.index, budget, watch);
    } catch (const cancelled_error&) {
      throw;
    } catch (const std::exception& error) {
      fail(error.what());
    }
    trial.seconds += seconds_since(begin);
    trial.fit_seconds += fold.fit_seconds;
    if (watch.active()) {
      trial.curves.push_back(watch.curve());
      trial.best_epochs.push_back(watch.best_epoch());
    }
    if (trial.status == trial_status::failed) return;
    if (!watch.pruned().empty()) {
      prune(trial, (plan_.folds > 1 ? "fold " + std::to_string(f) + ", " : "") + watch.pruned());
      return;
    }
    if (std::isnan(fold.values.front())) {
      fail(plan_.metrics.front().name() + " is NaN: no user of the test part could be evaluated");
      return;
    }
    trial.fold_values.push_back(std::move(fold.values));
  }

  // The median rule between folds.
  void compare(trial_outcome& trial) const {
    if (!plan_.median) return;
    const std::size_t folds = trial.fold_values.size();
    if (std::cmp_less(folds, plan_.median->min_folds)) return;
    std::vector<double> others;
    for (const auto& other : outcome_.trials) {
      if (&other != running_ && other.status == trial_status::complete) {
        others.push_back(mean_of_first(other.fold_values, folds));
      }
    }
    if (std::cmp_less(others.size(), plan_.median->min_trials)) return;
    const double mine = mean_of_first(trial.fold_values, folds);
    const double middle = median(others);
    if (!better(middle, mine, lower_)) return;
    prune(trial, median_reason("after " + std::to_string(folds) + " of " +
                                   std::to_string(plan_.folds) + " folds",
                               mine, middle, others.size()));
  }

  const search_plan& plan_;
  const search_calls& calls_;
  bool lower_;
  int told_ = 0;
  const trial_outcome* running_ = nullptr;
  search_outcome outcome_;
};

}  // namespace

fit_action epoch_watch::measured(const epoch_info& info, double value) {
  curve_.push_back({info.epoch, value});
  const double gain = lower_ ? best_.value - value : value - best_.value;
  const bool first = best_.epoch == 0;
  const bool risen = first || gain > rule_->min_gain || std::isnan(best_.value);
  if (risen) {
    best_ = {info.epoch, value};
    misses_ = 0;
  } else {
    ++misses_;
  }
  if (rule_->median && info.epoch > rule_->warmup_epochs &&
      std::cmp_greater_equal(earlier_.size(), rule_->min_trials)) {
    std::vector<double> others;
    for (const auto& curve : earlier_) {
      double best = lower_ ? std::numeric_limits<double>::infinity()
                           : -std::numeric_limits<double>::infinity();
      for (const auto& point : curve) {
        if (point.epoch <= info.epoch && better(point.value, best, lower_)) best = point.value;
      }
      others.push_back(best);
    }
    const double middle = median(others);
    if (better(middle, best_.value, lower_)) {
      pruned_ =
          median_reason("epoch " + std::to_string(info.epoch), best_.value, middle, others.size());
      return fit_action::stop;
    }
  }
  if (risen) return fit_action::keep;
  return rule_->patience > 0 && misses_ >= rule_->patience ? fit_action::stop : fit_action::proceed;
}

std::vector<halving_rung> halving_rungs(const successive_halving& rule, int candidates,
                                        int full_epochs) {
  check::in_range("options.halving.eta", rule.eta, 2, most);
  check::in_range("options.halving.min_epochs", rule.min_epochs, 1, full_epochs);
  std::vector<halving_rung> rungs;
  int going = candidates;
  for (std::int64_t epochs = rule.min_epochs; epochs < full_epochs && going > 1;
       epochs *= rule.eta) {
    rungs.push_back({static_cast<int>(epochs), going});
    going = std::max(1, going / rule.eta);
  }
  rungs.push_back({full_epochs, going});
  return rungs;
}

std::vector<int> rank_trials(const std::vector<const trial_outcome*>& trials,
                             bool lower_is_better) {
  std::vector<int> order;
  for (std::size_t t = 0; t < trials.size(); ++t) {
    if (trials[t]->status == trial_status::complete) order.push_back(static_cast<int>(t));
  }
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return better(trials[static_cast<std::size_t>(a)]->objective(),
                  trials[static_cast<std::size_t>(b)]->objective(), lower_is_better);
  });
  return order;
}

int mean_best_epoch(const trial_outcome& trial) {
  if (trial.best_epochs.empty()) return 0;
  double sum = 0;
  for (const int epoch : trial.best_epochs) sum += epoch;
  return static_cast<int>(std::lround(sum / static_cast<double>(trial.best_epochs.size())));
}

search_outcome run_search(const search_plan& plan, const search_calls& calls) {
  check_plan(plan);
  return engine(plan, calls).run();
}

}  // namespace recokit::inline RECOKIT_ABI::detail
