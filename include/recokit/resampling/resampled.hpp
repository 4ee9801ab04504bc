// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What samplers return: rows with labels and origins, or the ids of kept rows.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/config.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/resampling/mixed_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// Where a new row comes from: base + step · (neighbor − base), of rows of the input. A method that
/// says otherwise in its own comment has no neighbour and gives the base twice, with step 0.
struct origin {
  index_t base = 0;
  index_t neighbor = 0;
  double step = 0;

  friend bool operator==(const origin&, const origin&) = default;
};

/// A class that did not get the rows that were asked for, because the method found nothing to make
/// them from.
struct unmet_target {
  index_t label = 0;
  std::int64_t wanted = 0;
  std::int64_t made = 0;

  friend bool operator==(const unmet_target&, const unmet_target&) = default;
};

/// The rows of the input in their order, then the new ones by class, ascending by label.
/// @tparam Matrix how rows are held: row_major_matrix or csr_matrix
template <class Matrix>
struct resampled_rows {
  Matrix rows;
  std::vector<index_t> labels;      ///< one a row
  std::vector<origin> origins;      ///< of the new rows only: origins[i] is of row inputs() + i
  std::vector<unmet_target> unmet;  ///< ascending by label; empty when every target was met

  /// Rows that were there before.
  std::int64_t inputs() const noexcept {
    return static_cast<std::int64_t>(labels.size() - origins.size());
  }
};

template <class Scalar>
using resampled = resampled_rows<row_major_matrix<Scalar>>;
template <class Scalar>
using sparse_resampled = resampled_rows<csr_matrix<Scalar>>;
template <class Scalar>
using mixed_resampled = resampled_rows<mixed_rows<Scalar>>;

/// A part of the rows of the input in their order, then new ones by class, ascending by label.
/// origins[i] is of row inputs() + i and names rows of the input, kept or not.
template <class Matrix>
struct kept_and_new_rows : resampled_rows<Matrix> {
  std::vector<index_t> kept;  ///< ids of the rows of the input that are there, ascending
};

/// Ids of the rows that a selector keeps; each method says in which order.
struct selection {
  std::vector<index_t> rows;
};

/// The given rows of a matrix as a matrix of their own, in the order of `rows`; of sparse rows it
/// is the function of core/csr.hpp. @throws value_error naming the first that is out of range.
/// O(rows · columns)
template <class Scalar>
row_major_matrix<Scalar> gather_rows(const dense_view<Scalar>& matrix,
                                     std::span<const index_t> rows) {
  row_major_matrix<Scalar> gathered(static_cast<Eigen::Index>(rows.size()), matrix.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    check::index_in("row", rows[i], matrix.rows());
    std::copy_n(matrix.row(rows[i]), matrix.cols(),
                gathered.row(static_cast<Eigen::Index>(i)).data());
  }
  return gathered;
}

/// The labels of the given rows. @throws value_error naming the first that is out of range
inline std::vector<index_t> gather_labels(std::span<const index_t> labels,
                                          std::span<const index_t> rows) {
  std::vector<index_t> gathered;
  gathered.reserve(rows.size());
  for (const index_t r : rows) {
    check::index_in("row", r, std::ssize(labels));
    gathered.push_back(labels[static_cast<std::size_t>(r)]);
  }
  return gathered;
}

}  // namespace recokit::inline RECOKIT_ABI
