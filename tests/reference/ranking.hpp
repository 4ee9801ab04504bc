// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ranking the slow way: score all, drop what is excluded, sort all, cut.
#pragma once

#include <recokit/core/scored_item.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <functional>
#include <vector>

namespace recokit_test {

inline std::vector<recokit::scored_item<>> rank_all(const Eigen::VectorXd& scores, int k,
                                                    const std::function<bool(int)>& allowed) {
  std::vector<recokit::scored_item<double>> all;
  for (int i = 0; i < scores.size(); ++i) {
    if (allowed(i)) all.push_back({i, scores[i]});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  if (all.size() > static_cast<std::size_t>(k)) all.resize(static_cast<std::size_t>(k));
  std::vector<recokit::scored_item<>> list;
  for (const auto& entry : all) list.push_back({entry.item, static_cast<float>(entry.score)});
  return list;
}

}  // namespace recokit_test
