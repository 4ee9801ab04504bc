// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ranking the slow way: score all, drop what is excluded, sort all, cut.
#pragma once

#include "support/catch.hpp"

#include <recokit/core/recommender.hpp>
#include <recokit/core/scored_item.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <functional>
#include <span>
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

/// Lists against scores (one row an entry of `which`) of the items that may be recommended.
inline void check_lists(const recokit::ranked_lists& lists, const Eigen::MatrixXd& scores,
                        const recokit::csr_view<>* seen, std::span<const recokit::index_t> which,
                        const recokit::item_filter& filter, int k) {
  REQUIRE(lists.size() == which.size());
  for (std::size_t q = 0; q < which.size(); ++q) {
    const auto expected = rank_all(scores.row(which[q]).transpose(), k, [&](int item) {
      if (!filter.allows(item)) return false;
      if (seen == nullptr) return true;
      const auto known = seen->row(which[q]).indices;
      return !std::binary_search(known.begin(), known.end(), item);
    });
    REQUIRE(std::equal(lists[q].begin(), lists[q].end(), expected.begin(), expected.end()));
  }
}

}  // namespace recokit_test
