// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The splits that `--split` knows, by name.
#pragma once

#include "fields.hpp"

#include <recokit/data/split.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace recokit_bench {

/// A split with its fields set, ready to divide data.
struct split_plan {
  std::string name;
  std::vector<setting> settings;
  int folds = 1;
  /// Holdout number `fold`; empty for a split that comes as two files.
  std::function<recokit::holdout(const recokit::interactions& data, int fold)> make;
  /// Test users are unknown to the model, which gets their histories.
  bool strong_generalisation = false;
};

struct split_entry {
  std::string name;
  std::string summary;
  std::vector<field_facts> fields;
  std::function<split_plan(const spec& given, std::uint64_t seed)> make;
};

/// All splits; one line each in splits.cpp.
const std::vector<split_entry>& split_entries();

/// "random:test_fraction=0.1". @throws usage_error
split_plan make_split(const std::string& text, std::uint64_t seed);

}  // namespace recokit_bench
