// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Which rows of a class are safe, in danger or noise, by the classes of their neighbours.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/resampling/class_rows.hpp>
#include <recokit/resampling/new_rows.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Row ids, each list in the order of the queries.
struct placed_rows {
  std::vector<index_t> safe;
  std::vector<index_t> danger;
  std::vector<index_t> noise;
};

/// Of m neighbours among all rows m' are of other classes: m' = m is noise, m/2 <= m' < m danger.
/// @param queries rows of the class at `position`
template <backend Policy, class Rows>
placed_rows rows_by_place(const Policy& policy, const Rows& rows, const class_table& classes,
                          std::span<const index_t> all, std::span<const index_t> queries,
                          std::size_t position, int m) {
  const auto others =
      other_class_counts(kernels::nearest_rows(policy, rows, all, queries, m), classes, position);
  placed_rows placed;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    auto& list = others[i] == m ? placed.noise : 2 * others[i] >= m ? placed.danger : placed.safe;
    list.push_back(queries[i]);
  }
  return placed;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
