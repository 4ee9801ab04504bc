// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A scorer whose ranking is the order of the items, and test parts of known ranks for it.
#pragma once

#include "support/rows_of.hpp"

#include <recokit/data/split.hpp>

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace recokit_test {

/// Scores item i as −i for everybody: with nothing seen, item i has rank i + 1.
struct ranked_model {
  recokit::index_t user_count;
  recokit::index_t item_count;
  recokit::index_t users() const { return user_count; }
  recokit::index_t items() const { return item_count; }
  void score(recokit::index_t, std::span<const recokit::index_t> items,
             std::span<float> scores) const {
    for (std::size_t i = 0; i < items.size(); ++i) scores[i] = -static_cast<float>(items[i]);
  }
};

inline recokit::holdout holdout_of(recokit::index_t items,
                                   const std::vector<std::vector<recokit::index_t>>& train,
                                   const std::vector<std::vector<recokit::index_t>>& test) {
  recokit::holdout split;
  split.train = recokit::interactions(rows_of(items, train));
  split.test = recokit::interactions(rows_of(items, test));
  split.protocol = "by hand";
  return split;
}

/// Nothing seen, and one test item a user, of these ranks for ranked_model.
inline recokit::holdout holdout_of_ranks(recokit::index_t items,
                                         const std::vector<recokit::index_t>& ranks) {
  std::vector<std::vector<recokit::index_t>> test;
  for (const auto rank : ranks) test.push_back({rank - 1});
  return holdout_of(items, std::vector<std::vector<recokit::index_t>>(ranks.size()), test);
}

}  // namespace recokit_test
