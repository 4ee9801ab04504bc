// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "evaluation/known_objective.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/random.hpp>
#include <recokit/evaluation/search.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rk = recokit;
using known_objective::fold;
using known_objective::folds;
using known_objective::params;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using rk::trial_status;
using space = rk::search_space<params>;

namespace {

using table = std::vector<std::vector<double>>;  // trials × folds

// Runs the engine on a table of objectives; counts the folds that each trial ran.
rk::detail::search_outcome run_table(const table& values, const rk::median_pruning& rule,
                                     const rk::ranking_metric& metric, std::vector<int>& ran) {
  rk::detail::search_plan plan;
  plan.metrics = {metric};
  plan.candidates = static_cast<int>(values.size());
  plan.folds = static_cast<int>(values.front().size());
  plan.median = rule;
  ran.assign(values.size(), 0);
  std::size_t open = 0;
  rk::detail::search_calls calls;
  calls.open_fold = [&](int f) { open = static_cast<std::size_t>(f); };
  calls.run_fold = [&](int candidate, int, rk::detail::epoch_watch&) {
    const auto c = static_cast<std::size_t>(candidate);
    ++ran[c];
    return rk::detail::fold_outcome{{values[c][open]}, 0};
  };
  calls.after_trial = [](const rk::trial_outcome&, int, int) { return false; };
  return rk::detail::run_search(plan, calls);
}

// The median rule as its definition reads: the number of folds that each trial gets.
std::vector<int> folds_by_definition(const table& values, const rk::median_pruning& rule,
                                     bool lower) {
  const auto mean_of_first = [&](std::size_t t, std::size_t count) {
    double sum = 0;
    for (std::size_t f = 0; f < count; ++f) sum += values[t][f];
    return sum / static_cast<double>(count);
  };
  const std::size_t all = values.front().size();
  std::vector<int> ran;
  std::vector<std::size_t> complete;
  for (std::size_t t = 0; t < values.size(); ++t) {
    std::size_t f = 1;
    for (; f < all; ++f) {
      if (f < static_cast<std::size_t>(rule.min_folds)) continue;
      if (complete.size() < static_cast<std::size_t>(rule.min_trials)) continue;
      std::vector<double> others;
      for (const auto c : complete) others.push_back(mean_of_first(c, f));
      std::sort(others.begin(), others.end());
      const double middle = (others[(others.size() - 1) / 2] + others[others.size() / 2]) / 2;
      const double mine = mean_of_first(t, f);
      if (lower ? mine > middle : mine < middle) break;
    }
    ran.push_back(static_cast<int>(f));
    if (f == all) complete.push_back(t);
  }
  return ran;
}

const auto constant_fit = [](const auto&, const params& p, auto&... observers) {
  return known_objective::fit_epochs(
      p.epochs, [&](int) { return p.a % 100; }, observers...);
};

// The rank after each epoch is given; past the end, the last.
auto fit_with_ranks(std::vector<int> ranks) {
  return [ranks](const auto&, const params& p, auto&... observers) {
    const auto rank_at = [&](int epoch) {
      return ranks[std::min(static_cast<std::size_t>(epoch), ranks.size()) - 1];
    };
    return known_objective::fit_epochs(p.epochs, rank_at, observers...);
  };
}

std::vector<int> epochs_of(const std::vector<rk::epoch_value>& curve) {
  std::vector<int> epochs;
  for (const auto& point : curve) epochs.push_back(point.epoch);
  return epochs;
}

int count_status(const rk::search_result<params>& result, trial_status status) {
  return static_cast<int>(std::count_if(result.trials.begin(), result.trials.end(),
                                        [&](const auto& t) { return t.status == status; }));
}

}  // namespace

TEST_CASE("the median rule prunes exactly what its definition says") {
  for (int round = 0; round < 60; ++round) {
    rk::random_stream random(17, rk::random_purpose::user, static_cast<std::uint64_t>(round));
    const rk::median_pruning rule{.min_trials = 1 + static_cast<int>(random.below(6)),
                                  .min_folds = 1 + static_cast<int>(random.below(3))};
    const bool lower = round % 2 == 1;
    table values(20, std::vector<double>(1 + random.below(5)));
    for (auto& trial : values) {
      const double level = random.uniform();
      // Steps of 1/4, so that equal means occur.
      for (auto& v : trial) v = std::round(4 * (level + random.uniform())) / 4;
    }
    std::vector<int> ran;
    const auto outcome = run_table(values, rule, lower ? rk::average_rank() : rk::ndcg(10), ran);
    const auto expected = folds_by_definition(values, rule, lower);
    CHECK(ran == expected);
    for (std::size_t t = 0; t < values.size(); ++t) {
      const bool all = ran[t] == static_cast<int>(values.front().size());
      CHECK(outcome.trials[t].status == (all ? trial_status::complete : trial_status::pruned));
      CHECK(outcome.trials[t].reason.empty() == all);
    }
  }
}

TEST_CASE("a trial that is best on every fold is never pruned") {
  for (int place = 0; place < 15; ++place) {
    table values;
    for (int t = 0; t < 15; ++t) {
      rk::random_stream random(3, rk::random_purpose::user, static_cast<std::uint64_t>(t));
      values.emplace_back();
      for (int f = 0; f < 4; ++f) values.back().push_back(t == place ? 2 : random.uniform());
    }
    std::vector<int> ran;
    const auto outcome = run_table(values, {.min_trials = 1}, rk::ndcg(10), ran);
    CHECK(outcome.best_index == place);
    CHECK(std::count_if(ran.begin(), ran.end(), [](int n) { return n < 4; }) > 0);
  }
}

TEST_CASE("a pruned trial says after which fold and against what") {
  const auto result = rk::grid_search(constant_fit, space{}.values(&params::a, {1, 2, 4, 101}), {},
                                      folds(3), {rk::mrr(10), rk::hit_rate(1)},
                                      {.median = rk::median_pruning{.min_trials = 2}});
  const auto& pruned = result.trials[2];
  CHECK(pruned.status == trial_status::pruned);
  CHECK(pruned.reason ==
        "after 1 of 3 folds: 0.25 is worse than the median 0.75 of 2 complete trials");
  CHECK(pruned.fold_values.size() == 1);
  CHECK(pruned.means == std::vector<double>{0.25, 0});
  CHECK(result.trials[3].status == trial_status::complete);
  CHECK(result.ranking() == std::vector<int>{0, 3, 1});
}

TEST_CASE("halving has the rungs of Jamieson and Talwalkar") {
  const auto rungs = [](rk::successive_halving rule, int candidates, int epochs) {
    std::vector<std::pair<int, int>> pairs;
    for (const auto& r : rk::detail::halving_rungs(rule, candidates, epochs)) {
      pairs.emplace_back(r.epochs, r.candidates);
    }
    return pairs;
  };
  using pairs = std::vector<std::pair<int, int>>;
  CHECK(rungs({}, 27, 27) == pairs{{1, 27}, {3, 9}, {9, 3}, {27, 1}});
  CHECK(rungs({}, 27, 9) == pairs{{1, 27}, {3, 9}, {9, 3}});
  CHECK(rungs({.min_epochs = 2, .eta = 2}, 10, 16) == pairs{{2, 10}, {4, 5}, {8, 2}, {16, 1}});
  CHECK(rungs({.eta = 4}, 4, 64) == pairs{{1, 4}, {64, 1}});
  CHECK(rungs({}, 1, 27) == pairs{{27, 1}});
  CHECK(rungs({.min_epochs = 5}, 8, 5) == pairs{{5, 8}});
  CHECK_THROWS_AS(rungs({.eta = 1}, 8, 5), rk::value_error);
  CHECK_THROWS_AS(rungs({.min_epochs = 6}, 8, 5), rk::value_error);
  CHECK_THROWS_AS(rungs({.min_epochs = 0}, 8, 5), rk::value_error);
}

TEST_CASE("halving fits each rung with its epochs and ends with the best at all epochs") {
  std::map<int, int> fits;
  const auto fit = [&](const rk::interactions&, const params& p) {
    ++fits[p.epochs];
    return known_objective::model{1 + p.a * 10 % 27};  // every rank once; a = 27 has rank 1
  };
  std::vector<int> told;
  rk::search_options<params> options;
  options.halving = rk::successive_halving{};
  options.epochs = &params::epochs;
  options.on_trial = [&](const rk::trial_progress<params>& progress) {
    CHECK(progress.total == 40);
    told.push_back(progress.trial.index);
    CHECK(std::cmp_equal(progress.index + 1, told.size()));
    return rk::fit_action::proceed;
  };
  const auto result = rk::grid_search(fit, space{}.integers(&params::a, 1, 27), {.epochs = 27},
                                      fold(0), {rk::mrr(50)}, options);
  CHECK(fits == std::map<int, int>{{1, 27}, {3, 9}, {9, 3}, {27, 1}});
  REQUIRE(told.size() == 40);
  // Ranks 1, 2 and 3 are those of a = 27, 19 and 11; every rung is in the order of the search.
  CHECK(std::vector<int>(told.begin() + 36, told.end()) == std::vector<int>{10, 18, 26, 26});
  REQUIRE(result.trials.size() == 27);
  CHECK(result.best_index == 26);
  CHECK(result.best_params().epochs == 27);
  CHECK(count_status(result, trial_status::complete) == 1);
  std::map<int, int> last_rung;
  for (const auto& trial : result.trials) {
    const int rank = 1 + trial.params.a * 10 % 27;
    CHECK(trial.budget == (rank > 9 ? 1 : rank > 3 ? 3 : rank > 1 ? 9 : 27));
    CHECK(trial.params.epochs == trial.budget);
    ++last_rung[trial.budget];
  }
  CHECK(last_rung == std::map<int, int>{{1, 18}, {3, 6}, {9, 2}, {27, 1}});
  CHECK(result.trials[0].reason == "place 11 of 27 after 1 epochs; 9 went on");
}

TEST_CASE("halving drops trials that fail and fills their places") {
  const auto fit = [](const rk::interactions&, const params& p) {
    if (p.a % 2 == 1) throw std::runtime_error("odd");
    return known_objective::model{p.a};
  };
  const auto result = rk::grid_search(
      fit, space{}.integers(&params::a, 1, 9), {.epochs = 9}, fold(0), {rk::mrr(50)},
      {.halving = rk::successive_halving{}, .epochs = &params::epochs});
  CHECK(count_status(result, trial_status::failed) == 5);
  CHECK(count_status(result, trial_status::pruned) == 3);
  CHECK(result.best_params().a == 2);
  CHECK(result.trials[7].budget == 1);  // rank 8, the worst that ran
  CHECK(result.trials[5].budget == 3);  // rank 6
}

TEST_CASE("a stopped halving calls complete only what ran all epochs") {
  const auto run = [](int stop_at) {
    rk::search_options<params> options;
    options.halving = rk::successive_halving{};
    options.epochs = &params::epochs;
    options.on_trial = [=](const rk::trial_progress<params>& progress) {
      return progress.index == stop_at ? rk::fit_action::stop : rk::fit_action::proceed;
    };
    return rk::grid_search(constant_fit, space{}.integers(&params::a, 1, 27), {.epochs = 9},
                           fold(0), {rk::mrr(50)}, options);
  };
  const auto first = run(3);  // 27 at 1 epoch, 9 at 3, 3 at 9
  CHECK(first.stopped);
  CHECK(first.trials.size() == 4);
  CHECK(count_status(first, trial_status::pruned) == 4);
  CHECK(first.best_index == -1);
  const auto second = run(28);
  CHECK(second.trials.size() == 27);
  CHECK(second.trials[0].reason == "the search was stopped at 3 epochs");
  CHECK(second.trials[5].reason == "the search was stopped at 1 epochs");
  CHECK(second.best_index == -1);
  const auto last = run(37);
  CHECK(count_status(last, trial_status::complete) == 2);
  CHECK(last.best_index == 0);
  CHECK(last.trials[2].reason == "the search was stopped at 3 epochs");
}

TEST_CASE("patience ends a fit and its value is that of the best epoch") {
  const auto fit = fit_with_ranks({10, 5, 2, 4, 4, 4, 1});
  const auto s = space{}.values(&params::a, {1});
  const auto run = [&](rk::epoch_stopping rule) {
    return rk::grid_search(fit, s, {.epochs = 9}, fold(0), {rk::mrr(50)},
                           {.stopping = rule, .epochs = &params::epochs});
  };
  const auto three = run({.patience = 3});
  CHECK(epochs_of(three.best().curves[0]) == std::vector<int>{1, 2, 3, 4, 5, 6});
  CHECK(three.best().best_epochs == std::vector<int>{3});
  CHECK(three.best().objective() == 0.5);
  CHECK(three.best_params().epochs == 9);
  CHECK(three.refit_params.epochs == 3);
  const auto four = run({.patience = 4});
  CHECK(four.best().best_epochs == std::vector<int>{7});
  CHECK(four.best().objective() == 1);
  const auto never = run({.patience = 0});
  CHECK(never.best().curves[0].size() == 9);
  CHECK(never.best().best_epochs == std::vector<int>{7});
  const auto seldom = run({.every = 2, .patience = 0});
  CHECK(epochs_of(seldom.best().curves[0]) == std::vector<int>{2, 4, 6, 8, 9});
  // 0.1, then 0.2, 0.5 and 0.25: three misses.
  const auto greedy = run({.patience = 3, .min_gain = 0.45});
  CHECK(greedy.best().best_epochs == std::vector<int>{1});
  CHECK(greedy.best().curves[0].size() == 4);
}

TEST_CASE("patience counts measurements, downwards too") {
  const auto result = rk::grid_search(
      fit_with_ranks({3, 2, 4, 1, 5, 6, 7}), space{}.values(&params::a, {1}), {.epochs = 20},
      fold(0), {rk::average_rank()}, {.stopping = rk::epoch_stopping{.patience = 2}});
  CHECK(result.best().best_epochs == std::vector<int>{4});
  CHECK(result.best().objective() == 1);
  CHECK(result.best().curves[0].size() == 6);
  CHECK(result.refit_params.epochs == 20);  // no field was named
}

TEST_CASE("refit takes the mean of the best epochs of the folds") {
  const auto fit = [](const rk::interactions& train, const params& p, auto&... observers) {
    const int best = known_objective::fold_of(train) == 0 ? 2 : 5;
    return known_objective::fit_epochs(
        p.epochs, [&](int epoch) { return 1 + std::abs(epoch - best); }, observers...);
  };
  const auto result =
      rk::grid_search(fit, space{}.values(&params::a, {1}), {.epochs = 8}, folds(2), {rk::mrr(50)},
                      {.stopping = rk::epoch_stopping{}, .epochs = &params::epochs});
  CHECK(result.best().best_epochs == std::vector<int>{2, 5});
  CHECK(result.refit_params.epochs == 4);
}

TEST_CASE("within a fit the median rule ends what lags behind, after its warm-up") {
  const auto s = space{}.values(&params::a, {1, 2, 8, 101});
  const auto run = [&](int warmup) {
    return rk::grid_search(
        constant_fit, s, {.epochs = 5}, fold(0), {rk::mrr(50)},
        {.stopping = rk::epoch_stopping{
             .patience = 0, .median = true, .min_trials = 2, .warmup_epochs = warmup}});
  };
  const auto at_once = run(0);
  CHECK(at_once.trials[1].status == trial_status::complete);
  CHECK(at_once.trials[2].status == trial_status::pruned);
  CHECK(at_once.trials[2].reason ==
        "epoch 1: 0.125 is worse than the median 0.75 of 2 complete trials");
  CHECK(at_once.trials[2].curves[0].size() == 1);
  CHECK(at_once.trials[2].fold_values.empty());
  CHECK(std::isnan(at_once.trials[2].objective()));
  CHECK(at_once.trials[3].status == trial_status::complete);
  const auto later = run(3);
  CHECK(later.trials[2].status == trial_status::pruned);
  CHECK(later.trials[2].curves[0].size() == 4);
}

TEST_CASE("the median within a fit is over what the others had by that epoch") {
  const auto fit = [](const auto&, const params& p, auto&... observers) {
    return known_objective::fit_epochs(
        p.epochs, [&](int epoch) { return p.a == 4 || epoch > 3 ? p.a : 50; }, observers...);
  };
  const auto result = rk::grid_search(
      fit, space{}.values(&params::a, {1, 2, 4}), {.epochs = 6}, fold(0), {rk::mrr(50)},
      {.stopping = rk::epoch_stopping{.patience = 0, .median = true, .min_trials = 2}});
  CHECK(result.trials[2].status == trial_status::pruned);
  CHECK(epochs_of(result.trials[2].curves[0]) == std::vector<int>{1, 2, 3, 4});
}

TEST_CASE("a late bloomer lives when its warm-up is long enough") {
  const auto fit = [](const auto&, const params& p, auto&... observers) {
    return known_objective::fit_epochs(
        p.epochs, [&](int epoch) { return p.a == 9 ? (epoch < 4 ? 9 : 1) : p.a; }, observers...);
  };
  const auto run = [&](int warmup) {
    return rk::grid_search(
        fit, space{}.values(&params::a, {2, 3, 9}), {.epochs = 6}, fold(0), {rk::mrr(50)},
        {.stopping = rk::epoch_stopping{
             .patience = 0, .median = true, .min_trials = 2, .warmup_epochs = warmup}});
  };
  CHECK(run(3).best_index == 2);
  CHECK(run(2).best_index == 0);
}

TEST_CASE("rules that do not go together or are out of range are refused") {
  const auto refusal = [](const rk::search_options<params>& options, auto fit) {
    return error_text<rk::value_error>([&] {
      rk::grid_search(fit, space{}.values(&params::a, {1, 2}), {.epochs = 9}, fold(0),
                      {rk::mrr(10)}, options);
    });
  };
  const rk::median_pruning median{};
  const rk::successive_halving halving{};
  const auto epochs = &params::epochs;
  CHECK_THAT(refusal({.median = median, .halving = halving, .epochs = epochs}, constant_fit),
             ContainsSubstring("at most one"));
  CHECK_THAT(
      refusal({.median = median, .stopping = rk::epoch_stopping{.median = true}}, constant_fit),
      ContainsSubstring("at most one"));
  CHECK_THAT(refusal({.halving = halving}, constant_fit), ContainsSubstring("options.epochs"));
  CHECK_THAT(refusal({.halving = halving, .epochs = &params::a}, constant_fit),
             ContainsSubstring("must not be searched over"));
  CHECK_THAT(refusal({.median = rk::median_pruning{.min_trials = 0}}, constant_fit),
             ContainsSubstring("options.median.min_trials"));
  CHECK_THAT(refusal({.median = rk::median_pruning{.min_folds = 0}}, constant_fit),
             ContainsSubstring("options.median.min_folds"));
  CHECK_THAT(refusal({.stopping = rk::epoch_stopping{.every = 0}}, constant_fit),
             ContainsSubstring("options.stopping.every"));
  CHECK_THAT(refusal({.stopping = rk::epoch_stopping{.patience = -1}}, constant_fit),
             ContainsSubstring("options.stopping.patience"));
  CHECK_THAT(refusal({.stopping = rk::epoch_stopping{.min_gain = -0.1}}, constant_fit),
             ContainsSubstring("options.stopping.min_gain"));
  CHECK_THAT(
      refusal({.stopping = rk::epoch_stopping{}},
              [](const rk::interactions&, const params& p) { return known_objective::model{p.a}; }),
      ContainsSubstring("a fit that takes observers"));
}
