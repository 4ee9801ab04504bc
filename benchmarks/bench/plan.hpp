// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What `run` was asked to do: as words of the command line, and with every word resolved.
#pragma once

#include "inference.hpp"
#include "metrics.hpp"
#include "models.hpp"
#include "splits.hpp"
#include "weightings.hpp"

#include <recokit/data/filter.hpp>
#include <recokit/data/read.hpp>
#include <recokit/data/synthetic.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace recokit_bench {

/// The options of `run` as text; the defaults stand here and nowhere else.
struct run_options {
  std::string data;
  std::string test;
  std::string synthetic;
  std::string group;
  std::vector<std::string> models;
  std::string split;
  std::vector<std::string> metrics{"ndcg@10", "recall@20", "hit_rate@20"};
  std::string format = "detect";
  std::string columns;
  std::string delimiter = "detect";
  std::string header = "detect";
  std::string duplicates = "last";
  std::string user_ids = "detect";
  std::string item_ids = "detect";
  bool ignore_ratings = false;
  bool ignore_timestamps = false;
  std::optional<float> min_rating;
  std::string k_core;
  std::string weighting = "none";
  std::string significance_test = "t";
  std::string intervals = "t";
  int threads = 0;
  std::uint64_t seed = 42;
  std::string json;
  std::string html;
  std::string save;
  int repeats = 1;
  bool dry_run = false;
  bool quiet = false;
};

/// What `run` takes without --model and without --split. On the built-in data ials has settings
/// that suit its size. When the first metric is of predicted ratings, all models that predict them.
const std::vector<std::string>& default_models(bool built_in_data);
const std::string& default_split();

/// The words that an option of choices knows: "format", "delimiter", "header", "duplicates", "ids",
/// "test", "intervals".
std::vector<std::string> words_of(const std::string& option);

struct planned_model {
  std::string label;  ///< as it was written: "ials:factors=128"
  std::string name;
  std::shared_ptr<const runner> run;
  std::filesystem::path save_as{};  ///< empty: not to be saved
};

/// Options with every word resolved: nothing in here can be misspelt any more.
struct run_plan {
  std::string data;  ///< empty: synthetic
  std::string test;  ///< empty unless the split is given
  recokit::synthetic::params synthetic;
  recokit::read_options reading;
  std::optional<float> min_rating;
  std::optional<recokit::k_core_params> k_core;
  weighting_plan weighting;
  split_plan split;
  std::vector<bench_metric> metrics;  ///< the first is of ranking or of predicted ratings
  inference_options inference;
  std::vector<planned_model> models;
  recokit::cpu policy;
  std::uint64_t seed = 42;
  int repeats = 1;
};

/// What a plan would do, in a few lines.
std::string plan_text(const run_plan& plan);

/// @throws usage_error
run_plan resolve(const run_options& options);

/// `--columns user=0,item=1,rating=score`: positions from 0, or names in the header.
/// @throws usage_error
void set_columns(const std::string& text, recokit::read_options& reading);

/// `--k-core 5` or `--k-core 5,10` (users, items). @throws usage_error
recokit::k_core_params parse_k_core(const std::string& text);

}  // namespace recokit_bench
