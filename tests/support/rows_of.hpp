// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A pattern matrix from the items of each user.
#pragma once

#include <recokit/core/csr.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace recokit_test {

/// A pattern matrix from the items of each user.
inline recokit::csr_matrix<> rows_of(recokit::index_t items,
                                     const std::vector<std::vector<recokit::index_t>>& rows) {
  std::vector<recokit::offset_t> offsets{0};
  std::vector<recokit::index_t> indices;
  for (const auto& row : rows) {
    indices.insert(indices.end(), row.begin(), row.end());
    offsets.push_back(static_cast<recokit::offset_t>(indices.size()));
  }
  return {static_cast<std::int64_t>(rows.size()), items, std::move(offsets), std::move(indices)};
}

}  // namespace recokit_test
