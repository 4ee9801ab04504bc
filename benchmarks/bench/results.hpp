// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a run found: the one source of the leaderboard, the JSON and the HTML report.
#pragma once

#include "environment.hpp"
#include "inference.hpp"
#include "models.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace recokit_bench {

/// The data after filtering, before it was divided.
struct data_facts {
  std::string source;  ///< "file", "given" (two files) or "synthetic"
  std::vector<std::string> files;
  std::vector<setting> settings;  ///< synthetic only: its params
  std::vector<setting> filters;   ///< what was dropped, in order
  std::string weighting;          ///< "bm25: k1=1.2, b=0.75"
  std::int64_t users = 0;
  std::int64_t items = 0;
  std::int64_t interactions = 0;
  bool has_values = false;
  bool has_timestamps = false;
  double seconds = 0;  ///< to read (or to draw) and filter

  /// interactions / (users · items)
  double density() const noexcept;
  /// "u.data", "train.txt + test.txt" or "synthetic data"
  std::string title() const;
};

/// One holdout: a fold of a cross-validation, else the only one.
struct split_part {
  std::string protocol;
  std::int64_t train = 0;  ///< interactions
  std::int64_t test = 0;
  std::int64_t evaluated_users = 0;
};

struct model_result {
  std::string label;
  std::string name;
  std::vector<setting> settings;
  std::vector<measurement> folds;
  std::string error;                          ///< why it failed; empty when it did not
  std::vector<metric_inference> inference{};  ///< one a metric once infer has run

  bool failed() const noexcept { return !error.empty(); }
  /// Of metric number m, over the folds.
  double mean(std::size_t m) const;
  /// Of metric number m; empty before infer.
  const metric_inference& inferred(std::size_t m) const;
  /// Sample standard deviation over the folds; nothing with fewer than two.
  std::optional<double> deviation(std::size_t m) const;
  double fit_seconds() const;  ///< mean over the folds
  /// Over all folds; nothing when no time passed or no user was asked for.
  std::optional<double> users_per_second() const;
  /// The same of predicted test ratings.
  std::optional<double> ratings_per_second() const;
  std::optional<std::int64_t> peak_memory() const;  ///< largest of the folds
  peak_scope scope() const;
};

struct bench_results {
  data_facts data;
  std::string split;  ///< name
  std::vector<setting> split_settings;
  std::vector<split_part> parts;
  std::vector<bench_metric> metrics;  ///< the first is of ranking or of predicted ratings
  std::vector<model_result> models;   ///< best first by the first metric, failures last
  environment where;
  std::uint64_t seed = 0;
  int depth = 0;  ///< length of the recommended lists
  inference_facts inference{};
  std::vector<std::string> warnings{};  ///< of the evaluations, each once

  /// "5 folds, fold 0, seed 42" for one part, else the settings of the split.
  std::string protocol() const;
  /// Whether any metric is of lists; without, speed is that of predicted ratings.
  bool of_lists() const;
};

/// The heading of the column of speeds: "users/s", or "ratings/s" where no lists were made.
std::string speed_heading(const bench_results& results);
/// What it holds, of one model.
std::optional<double> speed_of(const bench_results& results, const model_result& model);
/// What it says, in one line.
std::string speed_note(const bench_results& results);
/// What the metrics are over, in one line.
std::string scope_note(const bench_results& results);

/// Sorts by the first metric, best first (lowest first where low is better); equals keep their
/// order; failures and NaN go last.
void rank_models(bench_results& results);

/// The p value of a model against the best by the first metric as the leaderboard shows it: "best",
/// "0.0123", "0.4000 ≈" when not significantly worse, "n/a". Empty when nothing was compared.
std::string p_value_text(const bench_results& results, const model_result& model);
/// What that column says, in one line.
std::string p_value_note(const bench_results& results);
/// What ± says, in one line; empty when there is none.
std::string spread_note(const bench_results& results);

/// What the numbers under "peak memory" count, in one line.
std::string peak_memory_note(const bench_results& results);

}  // namespace recokit_bench
