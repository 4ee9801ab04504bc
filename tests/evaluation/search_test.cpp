// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "evaluation/known_objective.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/data/synthetic.hpp>
#include <recokit/evaluation/search.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/neighbors/item_knn.hpp>

#include <cmath>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace rk = recokit;
using known_objective::fold;
using known_objective::folds;
using known_objective::params;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using space = rk::search_space<params>;

namespace {

space a_and_b() {
  return space{}.values(&params::a, {1, 2, 3, 4}).values(&params::b, {18, 20, 23});
}

std::vector<std::string> settings_of(const rk::search_result<params>& result) {
  std::vector<std::string> settings;
  for (const auto& trial : result.trials) settings.push_back(trial.settings);
  return settings;
}

}  // namespace

TEST_CASE("a grid search tries all combinations in order and finds the best") {
  const auto result =
      rk::grid_search(known_objective::fit, a_and_b(), {.epochs = 2}, fold(0), {rk::mrr(50)});
  REQUIRE(result.trials.size() == 12);
  for (std::size_t t = 0; t < 12; ++t) {
    const auto& trial = result.trials[t];
    const int a = static_cast<int>(t) / 3 + 1;
    const int b = std::vector<int>{18, 20, 23}[t % 3];
    CHECK(trial.index == static_cast<int>(t));
    CHECK(trial.params.a == a);
    CHECK(trial.params.b == b);
    CHECK(trial.params.epochs == 2);
    CHECK(trial.settings == "a=" + std::to_string(a) + ", b=" + std::to_string(b));
    CHECK(trial.status == rk::trial_status::complete);
    CHECK(trial.objective() == 1.0 / (1 + std::abs(a - 3) + std::abs(b - 20)));
  }
  CHECK(result.best_index == 7);
  CHECK(result.best_params().a == 3);
  CHECK(result.best_params().b == 20);
  CHECK(result.best().objective() == 1);
  CHECK_FALSE(result.stopped);
  CHECK(rk::refit(known_objective::fit, result, fold(0).train).rank == 1);
}

TEST_CASE("equal trials rank in the order of the search") {
  // |a − 3| = 1 twice, 0 once, 2 once.
  const auto result =
      rk::grid_search(known_objective::fit, space{}.values(&params::a, {4, 5, 2, 3}), {.b = 20},
                      fold(0), {rk::mrr(50)});
  CHECK(result.ranking() == std::vector<int>{3, 0, 2, 1});
  const auto tied = rk::grid_search(known_objective::fit, space{}.values(&params::a, {5, 4, 2}),
                                    {.b = 20}, fold(0), {rk::mrr(50)});
  CHECK(tied.best_index == 1);
}

TEST_CASE("a metric of which less is better is brought down") {
  const auto result = rk::grid_search(known_objective::fit, a_and_b(), {}, fold(0),
                                      {rk::average_rank(), rk::mrr(50)});
  CHECK(result.best_index == 7);
  CHECK(result.best().means == std::vector<double>{1, 1});
  const auto& last = result.trials[static_cast<std::size_t>(result.ranking().back())];
  CHECK(last.objective() == 6);  // a = 1, b = 23
}

TEST_CASE("the value of a trial is the mean over its folds") {
  const auto fit = [](const rk::interactions& train, const params& p) {
    return known_objective::model{p.a * (1 << known_objective::fold_of(train))};
  };
  const auto result =
      rk::grid_search(fit, space{}.values(&params::a, {1, 2}), {}, folds(3), {rk::mrr(100)});
  CHECK(result.trials[1].fold_values ==
        std::vector<std::vector<double>>{{1.0 / 2}, {1.0 / 4}, {1.0 / 8}});
  CHECK(result.trials[1].objective() == (1.0 / 2 + 1.0 / 4 + 1.0 / 8) / 3);
  CHECK(rk::refit(fit, result, fold(1).train).rank == 2);
}

TEST_CASE("a search holds one fold at a time, and keeps the one it has") {
  known_objective::fold_log log;
  const auto s = space{}.values(&params::a, {1, 2});
  rk::grid_search(known_objective::fit, s, {}, known_objective::logged_folds(2, log),
                  {rk::mrr(10)});
  CHECK(log.made == std::vector<int>{0, 1, 0, 1});
  CHECK_FALSE(log.held_two);
  log = {};
  rk::grid_search(known_objective::fit, s, {}, known_objective::logged_folds(1, log),
                  {rk::mrr(10)});
  CHECK(log.made == std::vector<int>{0});
}

TEST_CASE("one seed has one list of random trials, and more trials continue it") {
  const auto s = space{}.log_uniform(&params::x, 1e-3, 1).integers(&params::a, 0, 1000);
  const auto run = [&](int trials, std::uint64_t seed) {
    return settings_of(rk::random_search(known_objective::fit, s, {}, fold(0), {rk::mrr(10)},
                                         {.trials = trials, .seed = seed}));
  };
  const auto first = run(8, 1);
  CHECK(first == run(8, 1));
  const auto other = run(8, 2);
  for (std::size_t t = 0; t < 8; ++t) CHECK(first[t] != other[t]);
  auto longer = run(12, 1);
  longer.resize(8);
  CHECK(longer == first);
}

TEST_CASE("random trials never repeat a point") {
  const auto result = rk::random_search(known_objective::fit, a_and_b(), {}, fold(0), {rk::mrr(50)},
                                        {.trials = 12, .seed = 3});
  const auto settings = settings_of(result);
  CHECK(std::set<std::string>(settings.begin(), settings.end()).size() == 12);
  CHECK(result.best_params().a == 3);
  CHECK(result.best_params().b == 20);
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::random_search(known_objective::fit, a_and_b(), {}, fold(0), {rk::mrr(50)},
                                 {.trials = 13});
             }),
             ContainsSubstring("draws.trials = 13") && ContainsSubstring("only 12 points"));
}

TEST_CASE("trials that fail are noted and the search goes on") {
  const auto fit = [](const rk::interactions&, const params& p) {
    if (p.a == 1) throw rk::value_error("params.a", "1", "does not go with b");
    if (p.a == 2) throw std::runtime_error("out of luck");
    return known_objective::model{p.a};
  };
  const auto result =
      rk::grid_search(fit, space{}.values(&params::a, {1, 2, 3, 4}), {}, folds(2), {rk::mrr(10)});
  REQUIRE(result.trials.size() == 4);
  CHECK(result.trials[0].status == rk::trial_status::failed);
  CHECK(result.trials[0].reason == "fold 0: params.a = 1: does not go with b");
  CHECK(std::isnan(result.trials[0].objective()));
  CHECK(result.trials[1].reason == "fold 0: out of luck");
  CHECK(result.trials[2].status == rk::trial_status::complete);
  CHECK(result.trials[2].reason.empty());
  CHECK(result.best_index == 2);
}

TEST_CASE("without a complete trial there is no best, and the first reason is told") {
  const auto fit = [](const rk::interactions&, const params&) -> known_objective::model {
    throw std::runtime_error("out of luck");
  };
  const auto result =
      rk::grid_search(fit, space{}.values(&params::a, {1, 2}), {}, fold(0), {rk::mrr(10)});
  CHECK(result.best_index == -1);
  CHECK(result.ranking().empty());
  CHECK_THAT(error_text<rk::value_error>([&] { result.best_params(); }),
             ContainsSubstring("failed: out of luck"));
  CHECK_THROWS_AS(rk::refit(fit, result, fold(0).train), rk::value_error);
}

TEST_CASE("an objective that is NaN fails the trial") {
  auto split = fold(0);
  split.test = rk::interactions(rk::csr_matrix<>(1, known_objective::items, {0, 0}, {}, {}));
  const auto result = rk::grid_search(known_objective::fit, space{}.values(&params::a, {1}), {},
                                      split, {rk::mrr(10)});
  CHECK(result.trials[0].status == rk::trial_status::failed);
  CHECK_THAT(result.trials[0].reason, ContainsSubstring("mrr@10 is NaN"));
}

TEST_CASE("a cancelled fit ends the search, as do splits that cannot be made") {
  const auto cancelled = [](const rk::interactions&, const params&) -> known_objective::model {
    throw rk::cancelled_error("fit");
  };
  const auto s = space{}.values(&params::a, {1, 2});
  CHECK_THROWS_AS(rk::grid_search(cancelled, s, {}, fold(0), {rk::mrr(10)}), rk::cancelled_error);
  const rk::fold_source broken(1, [](int) -> rk::holdout { throw rk::io_error("x", "gone"); });
  CHECK_THROWS_AS(rk::grid_search(known_objective::fit, s, {}, broken, {rk::mrr(10)}),
                  rk::io_error);
}

TEST_CASE("on_trial sees every trial and can stop the search") {
  std::vector<int> seen;
  rk::search_options<params> options;
  options.on_trial = [&](const rk::trial_progress<params>& progress) {
    CHECK(progress.total == 12);
    CHECK(progress.trial.index == progress.index);
    CHECK(!progress.trial.settings.empty());
    seen.push_back(progress.index);
    return progress.index == 4 ? rk::fit_action::stop : rk::fit_action::keep;
  };
  const auto result =
      rk::grid_search(known_objective::fit, a_and_b(), {}, fold(0), {rk::mrr(50)}, options);
  CHECK(seen == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(result.stopped);
  CHECK(result.trials.size() == 5);
  CHECK(result.best_index == 4);
}

TEST_CASE("searches that cannot be are refused") {
  const auto run = [](const space& s, std::vector<rk::ranking_metric> metrics = {rk::mrr(10)}) {
    rk::grid_search(known_objective::fit, s, {}, fold(0), metrics);
  };
  const auto s = space{}.values(&params::a, {1});
  CHECK_THAT(error_text<rk::value_error>([&] { run(space{}); }),
             ContainsSubstring("at least one field"));
  CHECK_THAT(error_text<rk::value_error>([&] { run(space{}.uniform(&params::x, 0, 1)); }),
             ContainsSubstring("random_search"));
  CHECK_THROWS_AS(run(s, {}), rk::value_error);
  CHECK_THROWS_AS(run(s, {rk::mrr(-1)}), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::random_search(known_objective::fit, s, {}, fold(0), {rk::mrr(10)},
                                 {.trials = 0});
             }),
             ContainsSubstring("draws.trials = 0"));
  CHECK_THROWS_AS(
      rk::random_search(known_objective::fit, space{}, {}, fold(0), {rk::mrr(10)}, {.trials = 1}),
      rk::value_error);
  CHECK_THROWS_AS(run(space{}
                          .integers(&params::a, 0, 1000)
                          .integers(&params::b, -1000, 1000)
                          .integers(&params::epochs, 1, 1000)
                          .integers(&params::seed, 0, 1000)),
                  rk::value_error);
}

TEST_CASE("a search over item_knn gives what fits and evaluations by hand give") {
  const auto data = rk::synthetic::generate({.users = 150, .items = 60, .mean_interactions = 12});
  using knn = rk::item_knn::params;
  const auto s =
      rk::search_space<knn>{}.values(&knn::neighbors, {2, 20}).values(&knn::shrinkage, {0, 10});
  const std::vector<rk::ranking_metric> metrics{rk::ndcg(10), rk::recall(10)};
  const auto result =
      rk::grid_search(rk::item_knn::fit, s, {}, data, metrics, {.folds = 3, .fold_seed = 11});
  const auto parts = rk::split::k_fold(data, {.folds = 3, .seed = 11});
  double best = 0;
  int best_trial = -1;
  for (std::size_t t = 0; t < 4; ++t) {
    const knn p{.neighbors = t < 2 ? 2 : 20, .shrinkage = t % 2 == 0 ? 0.0 : 10.0};
    double sum = 0;
    for (std::size_t f = 0; f < 3; ++f) {
      const auto report = rk::evaluate(rk::item_knn::fit(parts[f].train, p), parts[f], metrics);
      CHECK(result.trials[t].fold_values[f][0] == report["ndcg@10"]);
      CHECK(result.trials[t].fold_values[f][1] == report["recall@10"]);
      sum += report["ndcg@10"];
    }
    CHECK(result.trials[t].objective() == sum / 3);
    if (sum > best) {
      best = sum;
      best_trial = static_cast<int>(t);
    }
  }
  CHECK(result.best_index == best_trial);
}

TEST_CASE("a search over ials has the same bits for any number of threads") {
  const auto data = rk::synthetic::generate({.users = 150, .items = 60, .mean_interactions = 12});
  using ials = rk::ials::params;
  const auto s = rk::search_space<ials>::from_text("factors=4|8|16, regularization=log(1e-3,1)");
  const auto split = rk::split::random(data, {.test_fraction = 0.25});
  const auto run = [&](int threads) {
    return rk::random_search(
        rk::cpu{threads}, rk::ials::fit, s, {.epochs = 6}, split, {rk::ndcg(10), rk::mrr(10)},
        {.trials = 8, .seed = 5},
        {.stopping = rk::epoch_stopping{.patience = 2, .median = true, .min_trials = 2},
         .epochs = &ials::epochs});
  };
  const auto one = run(1);
  REQUIRE(one.best_index >= 0);
  CHECK(one.best().objective() > 0.05);
  for (const int threads : {2, 3}) {
    const auto many = run(threads);
    REQUIRE(many.trials.size() == one.trials.size());
    CHECK(many.best_index == one.best_index);
    for (std::size_t t = 0; t < one.trials.size(); ++t) {
      CHECK(many.trials[t].settings == one.trials[t].settings);
      CHECK(many.trials[t].status == one.trials[t].status);
      CHECK(many.trials[t].reason == one.trials[t].reason);
      CHECK(many.trials[t].means == one.trials[t].means);
      CHECK(many.trials[t].best_epochs == one.trials[t].best_epochs);
    }
  }
  // What the watch kept is the model of its best epoch.
  const auto& best = one.best();
  rk::ials::params again = best.params;
  again.epochs = best.best_epochs[0];
  CHECK(one.refit_params.epochs == best.best_epochs[0]);
  CHECK(rk::evaluate(rk::ials::fit(split.train, again), split, {rk::ndcg(10)})["ndcg@10"] ==
        best.objective());
}
