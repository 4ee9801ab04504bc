// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Named groups of models with a synthetic set of a size that suits them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace recokit_bench {

struct model_group {
  std::string name;
  std::string summary;
  std::string synthetic;  ///< fields of the set that is drawn without --data
  std::vector<std::string> models;
};

/// smoke, small, full.
const std::vector<model_group>& model_groups();

/// @throws usage_error for an unknown name
const model_group& find_group(std::string_view name);

}  // namespace recokit_bench
