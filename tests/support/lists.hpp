// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ranked lists and pattern matrices written out as item indices.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/ranked_lists.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace recokit_test {

using index_rows = std::vector<std::vector<recokit::index_t>>;

/// One ranked list a row, best first, with falling scores.
inline recokit::ranked_lists lists_of(const index_rows& rows) {
  std::size_t longest = 0;
  for (const auto& row : rows) longest = std::max(longest, row.size());
  recokit::ranked_lists lists(rows.size(), longest);
  for (std::size_t u = 0; u < rows.size(); ++u) {
    std::vector<recokit::scored_item<>> list;
    for (const auto item : rows[u]) list.push_back({item, -static_cast<float>(list.size())});
    lists.assign(u, list);
  }
  return lists;
}

/// A matrix without values; each row holds ascending columns.
inline recokit::csr_matrix<> pattern_of(int cols, const index_rows& rows) {
  std::vector<recokit::offset_t> offsets{0};
  std::vector<recokit::index_t> indices;
  for (const auto& row : rows) {
    indices.insert(indices.end(), row.begin(), row.end());
    offsets.push_back(static_cast<recokit::offset_t>(indices.size()));
  }
  return {static_cast<std::int64_t>(rows.size()), cols, std::move(offsets), std::move(indices)};
}

}  // namespace recokit_test
