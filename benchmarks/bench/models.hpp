// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The registry of models: a name, the fields of its params, and how to fit and measure it.
#pragma once

#include "fields.hpp"
#include "memory.hpp"
#include "metrics.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/evaluation/evaluate.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recokit_bench {

/// What one fit and its evaluation are asked to do.
struct task {
  const recokit::holdout& split;
  const std::vector<bench_metric>& metrics;
  recokit::cpu policy;
  std::function<void(const recokit::epoch_info&)> on_epoch;
  std::function<void()> on_evaluate;  ///< called once, when the fit is done
  std::filesystem::path save_as{};    ///< model file to write at the end; empty: none
};

/// One metric of one holdout.
struct measured_value {
  double mean = 0;
  Eigen::VectorXd
      per_user{};  ///< in the order of users(); empty for measures of all lists together
  std::shared_ptr<const std::vector<recokit::index_t>> whose{};  ///< shared by metrics of a kind

  const std::vector<recokit::index_t>& users() const {
    static const std::vector<recokit::index_t> none;
    return whose ? *whose : none;
  }
};

/// What one fit and its evaluation took and gave.
struct measurement {
  double fit_seconds = 0;                 ///< median of the repeats
  double recommend_seconds = 0;           ///< inside recommend, metrics are not in it; median
  std::vector<double> fit_repeats;        ///< of each repeat, in the order of the run
  std::vector<double> recommend_repeats;  ///< the same
  int recommend_depth = 0;                ///< length of list asked for
  std::int64_t recommended_users = 0;
  double predict_seconds = 0;  ///< of predicting the test ratings and measuring them
  std::int64_t predicted_ratings = 0;
  std::vector<measured_value> values;  ///< in the order of the metrics
  std::int64_t evaluated_users = 0;
  std::int64_t skipped_users = 0;  ///< without a test item
  std::vector<std::string> warnings;
  std::string save_error;  ///< when not empty: why the model file was not written
  std::optional<std::int64_t> memory_before;  ///< resident bytes before the fit
  std::optional<std::int64_t> peak_memory;    ///< bytes, over fit and evaluation
  peak_scope scope = peak_scope::unknown;
};

/// A model with its params set.
class runner {
 public:
  virtual ~runner() = default;
  virtual std::vector<setting> settings() const = 0;
  virtual measurement run(const task& task) const = 0;
};

struct model_entry {
  std::string name;
  std::string summary;
  std::vector<field_facts> fields;
  /// @throws usage_error for an unknown field or a value that is not one, or is out of range
  std::function<std::unique_ptr<runner>(const spec& given, std::uint64_t seed)> make;
  bool predicts_ratings = false;  ///< metrics such as rmse are for it
  bool can_save = false;          ///< has a model file
};

/// All models, in the order of `recokit-bench list`.
const std::vector<model_entry>& model_entries();

/// The entry of that name. @throws usage_error
const model_entry& find_model(std::string_view name);

}  // namespace recokit_bench
