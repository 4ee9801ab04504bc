// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Some rows of a matrix put in the place of others.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// The number of rows when those in `which` exist too.
/// @throws value_error when one is below 0, named twice, or more than an index counts
inline index_t size_with(std::span<const index_t> which, index_t rows, std::string_view word) {
  std::vector<index_t> sorted(which.begin(), which.end());
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty()) return rows;
  if (sorted.front() < 0 || sorted.back() == std::numeric_limits<index_t>::max()) {
    throw value_error(std::string(word),
                      std::to_string(sorted.front() < 0 ? sorted.front() : sorted.back()),
                      "must be in [0, 2^31 - 1)");
  }
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) {
    throw value_error(std::string(word), std::to_string(*twice), "is named twice");
  }
  return std::max(rows, static_cast<index_t>(sorted.back() + 1));
}

/// Row which[n] of `matrix`, made larger to `size` rows, becomes row n of `rows`. New rows that
/// `which` does not name are copies of fresh() (1 × columns), which is not called without any.
template <class Scalar, class Fresh>
void replace_rows(row_major_matrix<Scalar>& matrix, std::span<const index_t> which,
                  const row_major_matrix<Scalar>& rows, const Fresh& fresh, index_t size) {
  const Eigen::Index before = matrix.rows();
  const auto named =
      std::count_if(which.begin(), which.end(), [before](index_t row) { return row >= before; });
  matrix.conservativeResize(size, rows.cols());
  if (size - before > named) {
    const row_major_matrix<Scalar> row = fresh();
    for (Eigen::Index r = before; r < size; ++r) matrix.row(r) = row;
  }
  for (std::size_t n = 0; n < which.size(); ++n) {
    matrix.row(which[n]) = rows.row(static_cast<Eigen::Index>(n));
  }
}

/// The same for sparse rows.
inline csr_matrix<> replace_rows(const csr_view<>& matrix, std::span<const index_t> which,
                                 const csr_view<>& rows, index_t size) {
  std::vector<std::int64_t> replacement(static_cast<std::size_t>(size), -1);
  for (std::size_t n = 0; n < which.size(); ++n) {
    replacement[static_cast<std::size_t>(which[n])] = static_cast<std::int64_t>(n);
  }
  const auto row_now = [&](index_t r) -> csr_row<float, index_t> {
    const std::int64_t from = replacement[static_cast<std::size_t>(r)];
    if (from >= 0) return rows.row(from);
    return r < matrix.rows() ? matrix.row(r) : csr_row<float, index_t>{};
  };
  const bool valued = matrix.has_values() || rows.has_values();
  std::vector<offset_t> offsets{0};
  std::vector<index_t> indices;
  std::vector<float> values;
  offsets.reserve(static_cast<std::size_t>(size) + 1);
  for (index_t r = 0; r < size; ++r) {
    const auto row = row_now(r);
    indices.insert(indices.end(), row.indices.begin(), row.indices.end());
    for (std::size_t n = 0; valued && n < row.size(); ++n) values.push_back(row.value(n));
    offsets.push_back(static_cast<offset_t>(indices.size()));
  }
  return {size, rows.cols(), std::move(offsets), std::move(indices), std::move(values)};
}

}  // namespace recokit::inline RECOKIT_ABI::detail
