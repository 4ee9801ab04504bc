// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The rows of a dense matrix that are most alike to one of them.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/scored_item.hpp>
#include <recokit/core/top_k.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <limits>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The k rows with the largest cosine to row `row`, best first, itself left out; a row of zeros has
/// cosine 0 to all. One pass over the n × d matrix on one thread.
/// @param rows anything dense with rows: a matrix or a block of one
/// @throws value_error when k < 1
template <class Rows>
std::vector<scored_item<>> cosine_neighbors(const Rows& rows, index_t row, int k) {
  using scalar = typename Rows::Scalar;
  check::in_range("k", k, 1, std::numeric_limits<int>::max());
  const auto n = static_cast<index_t>(rows.rows());
  top_k_selector<> selector(static_cast<std::size_t>(std::min(k, std::max<index_t>(n - 1, 1))));
  const auto query = rows.row(row);
  const scalar length = query.norm();
  for (index_t r = 0; r < n; ++r) {
    if (r == row) continue;
    const scalar product = query.dot(rows.row(r));
    const scalar norms = length * rows.row(r).norm();
    selector.push(r, norms > 0 ? static_cast<float>(product / norms) : 0.0f);
  }
  const auto best = selector.finish();
  return {best.begin(), best.end()};
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
