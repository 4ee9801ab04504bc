// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The transforms of training values that `--weighting` knows, by name.
#pragma once

#include "fields.hpp"

#include <recokit/data/weighting.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace recokit_bench {

/// A weighting with its fields set; without a scheme, values stay as they were read.
struct weighting_plan {
  std::string name = "none";
  std::vector<setting> settings;
  std::optional<recokit::weighting_scheme> scheme;
  /// Each value is transformed by itself, without counts over users or items.
  bool entry_by_entry = true;
};

struct weighting_entry {
  std::string name;
  std::string summary;
  std::vector<field_facts> fields;
  std::function<weighting_plan(const spec& given)> make;
};

/// All weightings; one line each in weightings.cpp.
const std::vector<weighting_entry>& weighting_entries();

/// "bm25:k1=1.5,b=0.5". @throws usage_error
weighting_plan make_weighting(const std::string& text);

}  // namespace recokit_bench
