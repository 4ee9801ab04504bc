// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Estimated ratings as dot products of rows.
#pragma once

#include <recokit/core/parallel.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {

/// Writes the dot product of row rows[n] of `left` and row items[n] of `right` for every n.
template <class Scalar>
void estimate_by_rows(const cpu& policy, const row_major_matrix<Scalar>& left,
                      const row_major_matrix<Scalar>& right, std::span<const index_t> rows,
                      std::span<const index_t> items, std::span<float> estimates) {
  parallel_for(policy, std::ssize(items), 4096, [&](std::int64_t begin, std::int64_t end) {
    for (auto n = static_cast<std::size_t>(begin); std::cmp_less(n, end); ++n) {
      estimates[n] = static_cast<float>(left.row(rows[n]).dot(right.row(items[n])));
    }
  });
}

}  // namespace recokit::inline RECOKIT_ABI::detail
