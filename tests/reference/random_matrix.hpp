// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Random sparse matrices with empty rows and columns, for comparisons with naive loops.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/random.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace recokit_test {

/// Each cell is stored with probability `density` and a value in {1, …, levels}; about every tenth
/// row and column is empty. Row 0 is full when `full_row`.
template <class Value = float, class Index = recokit::index_t, class Offset = recokit::offset_t>
recokit::csr_matrix<Value, Index, Offset> random_matrix(int rows, int cols, double density,
                                                        std::uint64_t seed, int levels = 5,
                                                        bool full_row = false) {
  std::vector<Offset> offsets{0};
  std::vector<Index> indices;
  std::vector<Value> values;
  recokit::random_stream columns(seed, recokit::random_purpose::user, 1);
  std::vector<bool> is_empty(static_cast<std::size_t>(cols));
  for (auto&& empty : is_empty) empty = columns.below(10) == 0;
  for (int r = 0; r < rows; ++r) {
    recokit::random_stream random(seed, recokit::random_purpose::user,
                                  static_cast<std::uint64_t>(r) + 2);
    const bool empty = random.below(10) == 0;
    const bool full = full_row && r == 0;
    for (int c = 0; c < cols; ++c) {
      if (!full && (empty || is_empty[static_cast<std::size_t>(c)])) continue;
      if (!full && random.uniform() >= density) continue;
      indices.push_back(static_cast<Index>(c));
      values.push_back(static_cast<Value>(1 + random.below(static_cast<std::uint64_t>(levels))));
    }
    offsets.push_back(static_cast<Offset>(indices.size()));
  }
  return {rows, cols, std::move(offsets), std::move(indices), std::move(values)};
}

/// The matrix with its zeros written out, in double.
template <class Value, class Index, class Offset>
Eigen::MatrixXd dense(const recokit::csr_view<Value, Index, Offset>& matrix) {
  Eigen::MatrixXd full = Eigen::MatrixXd::Zero(matrix.rows(), matrix.cols());
  for (Index r = 0; r < matrix.rows(); ++r) {
    const auto row = matrix.row(r);
    for (std::size_t i = 0; i < row.size(); ++i) {
      full(r, row.indices[i]) = static_cast<double>(row.value(i));
    }
  }
  return full;
}

}  // namespace recokit_test
