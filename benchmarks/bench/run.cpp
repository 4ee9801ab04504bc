// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <recokit/data/weighting.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

namespace recokit_bench {
namespace {

using recokit::holdout;
using recokit::interactions;

// The whole data, or for a given split its two parts.
struct loaded {
  interactions data;
  holdout parts;
};

loaded load(const run_plan& plan, data_facts& facts) {
  const auto begin = std::chrono::steady_clock::now();
  loaded result;
  const auto threshold = [&](const interactions& data) {
    return plan.min_rating ? recokit::at_least(data, *plan.min_rating) : data;
  };
  if (plan.min_rating) facts.filters.push_back({"min_rating", double{*plan.min_rating}});
  const interactions* shown = &result.data;
  if (!plan.test.empty()) {
    facts.source = "given";
    facts.files = {plan.data, plan.test};
    result.parts = recokit::split::given(plan.data, plan.test, plan.reading);
    result.parts.train = threshold(result.parts.train);
    result.parts.test = threshold(result.parts.test);
    shown = &result.parts.train;
    facts.interactions = result.parts.test.nonzeros();
  } else if (!plan.data.empty()) {
    facts.source = "file";
    facts.files = {plan.data};
    result.data = threshold(recokit::read_ratings(plan.data, plan.reading));
  } else {
    facts.source = "synthetic";
    facts.settings = settings_of(plan.synthetic, recokit::synthetic::params::fields());
    result.data = threshold(recokit::synthetic::generate(plan.synthetic, plan.policy));
  }
  if (plan.k_core) {
    facts.filters.push_back({"k_core_user", std::int64_t{plan.k_core->user}});
    facts.filters.push_back({"k_core_item", std::int64_t{plan.k_core->item}});
    result.data = recokit::k_core(result.data, *plan.k_core);
  }
  facts.users = shown->rows();
  facts.items = shown->cols();
  facts.interactions += shown->nonzeros();
  facts.has_values = shown->matrix().has_values();
  facts.has_timestamps = shown->has_timestamps();
  facts.seconds = recokit::detail::seconds_since(begin);
  return result;
}

// Test values stay as they are: every item of a test row counts as relevant.
void reweigh(holdout& split, const run_plan& plan) {
  if (!plan.weighting.scheme) return;
  split.train = recokit::reweight(split.train, *plan.weighting.scheme, plan.policy);
  if (split.fold_in) {
    split.fold_in = recokit::reweight(*split.fold_in, *plan.weighting.scheme, plan.policy);
  }
}

std::int64_t users_with_test_items(const holdout& split) {
  std::int64_t users = 0;
  const auto view = split.test.view();
  for (recokit::index_t u = 0; u < view.rows(); ++u) users += view.row(u).size() > 0 ? 1 : 0;
  return users;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

bench_results run_plan_of(const run_plan& plan, std::vector<std::string> command,
                          progress_line& line) {
  bench_results results;
  results.where = describe_environment(plan.policy, std::move(command));
  results.metrics = plan.metrics;
  results.seed = plan.seed;
  results.split = plan.split.name;
  results.split_settings = plan.split.settings;
  results.data.weighting =
      plan.weighting.name +
      (plan.weighting.settings.empty() ? "" : ": " + to_text(plan.weighting.settings));
  for (const auto& model : plan.models) {
    results.models.push_back({model.label, model.name, model.run->settings(), {}, {}});
  }

  line.step(plan.data.empty() ? "drawing synthetic data" : "reading " + plan.data);
  loaded input = load(plan, results.data);
  for (const auto& metric : plan.metrics) {
    if (metric.rating() == nullptr || results.data.has_values) continue;
    throw recokit::value_error("--metrics", metric.name(),
                               "needs ratings, and the data has interactions without values");
  }

  for (int fold = 0; fold < plan.split.folds; ++fold) {
    line.step("splitting");
    holdout split = plan.split.make ? plan.split.make(input.data, fold) : std::move(input.parts);
    if (fold + 1 == plan.split.folds) input = {};
    results.parts.push_back({split.protocol, split.train.nonzeros(), split.test.nonzeros(),
                             users_with_test_items(split)});
    reweigh(split, plan);
    // Repeats take turns, so that a slow minute of the machine does not meet one model alone.
    for (std::size_t turn = 0; turn < plan.models.size() * std::size_t(plan.repeats); ++turn) {
      const std::size_t m = turn % plan.models.size();
      const bool first = turn < plan.models.size();
      auto& result = results.models[m];
      if (result.failed()) continue;
      std::string place =
          "[" + std::to_string(m + 1) + "/" + std::to_string(plan.models.size()) + "] ";
      if (plan.split.folds > 1) {
        place += "fold " + std::to_string(fold + 1) + "/" + std::to_string(plan.split.folds) + " ";
      }
      line.step(place + result.label + ": fitting");
      const task todo{split,
                      plan.metrics,
                      plan.policy,
                      [&](const recokit::epoch_info& info) { line.detail(epoch_text(info)); },
                      [&] { line.step(place + result.label + ": evaluating"); },
                      first ? plan.models[m].save_as : std::filesystem::path()};
      try {
        measurement measured = plan.models[m].run->run(todo);
        if (first) result.folds.push_back(measured);
        result.folds.back().fit_repeats.push_back(measured.fit_seconds);
        result.folds.back().recommend_repeats.push_back(measured.recommend_seconds);
      } catch (const std::bad_alloc&) {
        result.error = "out of memory";
      } catch (const std::exception& error) {
        result.error = error.what();
      }
    }
  }
  for (auto& model : results.models) {
    for (auto& each : model.folds) {
      each.fit_seconds = median(each.fit_repeats);
      each.recommend_seconds = median(each.recommend_repeats);
      results.depth = std::max(results.depth, each.recommend_depth);
      for (const auto& warning : each.warnings) {
        if (std::find(results.warnings.begin(), results.warnings.end(), warning) ==
            results.warnings.end()) {
          results.warnings.push_back(warning);
        }
      }
    }
  }
  rank_models(results);
  line.step("comparing");
  infer(plan.policy, plan.inference, results);
  line.clear();
  return results;
}

}  // namespace recokit_bench
