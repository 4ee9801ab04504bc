// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How much of exact lists the lists of a quick search hold.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/ranked_lists.hpp>

#include <cstddef>
#include <cstdint>
#include <unordered_set>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The share of the items of an exact list that the list in the same place of `found` holds too, in
/// whatever order: the mean over all exact lists that are not empty; 1 when there are none.
/// @throws dimension_error when the numbers of lists differ
inline double list_recall(const ranked_lists& found, const ranked_lists& exact) {
  check::equal("found.size()", static_cast<std::int64_t>(found.size()), "exact.size()",
               static_cast<std::int64_t>(exact.size()));
  double sum = 0;
  std::size_t lists = 0;
  std::unordered_set<index_t> items;
  for (std::size_t n = 0; n < exact.size(); ++n) {
    if (exact[n].empty()) continue;
    items.clear();
    for (const auto& entry : found[n]) items.insert(entry.item);
    std::size_t hits = 0;
    for (const auto& entry : exact[n]) hits += items.contains(entry.item) ? 1 : 0;
    sum += static_cast<double>(hits) / static_cast<double>(exact[n].size());
    ++lists;
  }
  return lists == 0 ? 1.0 : sum / static_cast<double>(lists);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
