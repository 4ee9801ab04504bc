// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Turns the `fit` of an algorithm into an entry of the registry: one line a model.
#pragma once

#include "../models.hpp"
#include "../task_metrics.hpp"

#include <recokit/core/fit.hpp>
#include <recokit/evaluation/rating.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace recokit_bench {
namespace detail {

/// A model that notes how long its recommend takes. evaluate asks it as it would ask the model, so
/// metrics and speed come from the same lists.
template <class Model>
class timed {
 public:
  explicit timed(const Model& model) : model_(model) {}

  recokit::index_t users() const { return model_.users(); }
  recokit::index_t items() const { return model_.items(); }
  double seconds() const noexcept { return seconds_; }
  int depth() const noexcept { return depth_; }
  std::int64_t asked() const noexcept { return asked_; }

  recokit::ranked_lists recommend(const recokit::cpu& policy,
                                  std::span<const recokit::index_t> users,
                                  const recokit::recommend_options& options) const {
    depth_ = options.k;
    return measure([&] { return model_.recommend(policy, users, options); });
  }
  template <class Histories>
  recokit::ranked_lists recommend_for(const recokit::cpu& policy, const Histories& histories,
                                      const recokit::recommend_options& options)
      const requires recokit::fold_in_recommender<Model> {
    depth_ = options.k;
    return measure([&] { return model_.recommend_for(policy, histories, options); });
  }

 private:
  template <class Call>
  recokit::ranked_lists measure(const Call& call) const {
    const auto begin = std::chrono::steady_clock::now();
    auto lists = call();
    seconds_ += recokit::detail::seconds_since(begin);
    asked_ += static_cast<std::int64_t>(lists.size());
    return lists;
  }

  const Model& model_;
  // evaluate calls from one thread.
  mutable double seconds_ = 0;
  mutable int depth_ = 0;
  mutable std::int64_t asked_ = 0;
};

template <class Algorithm>
class fit_runner final : public runner {
 public:
  using params_type = typename Algorithm::params_type;

  explicit fit_runner(const params_type& params) : params_(params) {}

  std::vector<setting> settings() const override {
    return settings_of(params_, params_type::fields());
  }

  measurement run(const task& task) const override {
    measurement result;
    result.scope = reset_peak_memory();
    result.memory_before = resident_memory();
    const auto begin = std::chrono::steady_clock::now();
    const auto model = recokit::fit_function<Algorithm>{}(task.policy, task.split.train, params_,
                                                          recokit::progress{task.on_epoch});
    result.fit_seconds = recokit::detail::seconds_since(begin);
    task.on_evaluate();
    const timed watched(model);
    task_metrics metrics(task);
    recokit::evaluation_report lists;
    recokit::rating_report ratings;
    if (metrics.of_lists()) {
      lists =
          recokit::evaluate(task.policy, watched, task.split, metrics.ranking(), metrics.options());
    }
    if constexpr (recokit::rating_predictor<typename Algorithm::model_type>) {
      if (metrics.of_ratings()) {
        const auto predicting = std::chrono::steady_clock::now();
        ratings = recokit::evaluate_ratings(task.policy, model, task.split);
        result.predict_seconds = recokit::detail::seconds_since(predicting);
        result.predicted_ratings = ratings.count;
      }
    }
    metrics.fill(std::move(lists), ratings, result);
    result.recommend_seconds = watched.seconds();
    result.recommend_depth = watched.depth();
    result.recommended_users = watched.asked();
    result.peak_memory = peak_memory();
    if constexpr (Algorithm::model_type::can_save()) {
      try {
        if (!task.save_as.empty()) model.save(task.save_as);
      } catch (const recokit::error& error) {
        result.save_error = error.what();  // what was measured stays
      }
    }
    return result;
  }

 private:
  params_type params_;
};

}  // namespace detail

/// Adds a model under the name of its namespace. Ranges are checked when the command line is read,
/// long before the fit would.
template <class Algorithm>
void add_model(std::vector<model_entry>& entries, std::string name, std::string summary,
               const recokit::fit_function<Algorithm>&) {
  using params_type = typename Algorithm::params_type;
  auto make = [name](const spec& given, std::uint64_t seed) -> std::unique_ptr<runner> {
    params_type params;
    set_fields(name, given.fields, params, params_type::fields(), seed);
    try {
      recokit::check_params(name, params);
    } catch (const recokit::value_error& error) {
      throw usage_error(error.what());
    }
    return std::make_unique<detail::fit_runner<Algorithm>>(params);
  };
  auto fields = describe(params_type{}, params_type::fields());
  entries.push_back({std::move(name), std::move(summary), std::move(fields), std::move(make),
                     recokit::rating_predictor<typename Algorithm::model_type>,
                     Algorithm::model_type::can_save()});
}

}  // namespace recokit_bench
