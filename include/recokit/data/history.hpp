// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The history of one user from external ids, for models that are asked about newcomers.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/data/id_map.hpp>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// What history_of does with an id that the map does not have.
enum class unknown_ids {
  refuse,  ///< value_error
  skip,
};

/// A 1 × items.size() matrix of the items that one user took: what recommend_for, explain_for and
/// fold_in take. Every interaction counts as 1, an id that comes twice once.
///
/// @param ids integers, or what converts to std::string_view, in any order
/// @throws value_error naming an id that the map does not have, unless they are to be skipped
/// O(ids · log items).
template <class Ids>
csr_matrix<> history_of(const id_map& items, const Ids& ids,
                        unknown_ids unknown = unknown_ids::refuse) {
  std::vector<index_t> row;
  for (const auto& id : ids) {
    using id_type = std::conditional_t<std::is_integral_v<std::remove_cvref_t<decltype(id)>>,
                                       std::int64_t, std::string_view>;
    if (unknown == unknown_ids::refuse) {
      row.push_back(items.index(static_cast<id_type>(id)));
    } else if (const std::optional<index_t> known = items.find(static_cast<id_type>(id))) {
      row.push_back(*known);
    }
  }
  std::sort(row.begin(), row.end());
  row.erase(std::unique(row.begin(), row.end()), row.end());
  const auto count = static_cast<offset_t>(row.size());
  return {1, items.size(), {0, count}, std::move(row)};
}
/// history_of(films, {"Moon", "Ran"}) and history_of(films, {12, 0}).
inline csr_matrix<> history_of(const id_map& items, std::initializer_list<std::string_view> ids,
                               unknown_ids unknown = unknown_ids::refuse) {
  return history_of<std::initializer_list<std::string_view>>(items, ids, unknown);
}
inline csr_matrix<> history_of(const id_map& items, std::initializer_list<std::int64_t> ids,
                               unknown_ids unknown = unknown_ids::refuse) {
  return history_of<std::initializer_list<std::int64_t>>(items, ids, unknown);
}

}  // namespace recokit::inline RECOKIT_ABI
