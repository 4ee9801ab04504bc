// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The value difference metric: categories are near when classes are alike in them.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/resampling/class_rows.hpp>

#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// Category codes renumbered 0, 1, … in each column, in the order of the codes.
struct dense_categories {
  row_major_matrix<index_t> codes;  ///< the numbers
  std::vector<std::vector<index_t>>
      values;  ///< values[c][n]: the code that has number n in column c
};

/// O(rows · columns · log of the values of a column)
dense_categories densified(const row_major_matrix<index_t>& codes);

/// For each column the distances of its values,
///   d(a, b) = (Σ_c |P(class c | a) − P(class c | b)|)²,
/// whose sum over the columns is the distance of two rows. P are shares of the rows that have the
/// value. Stanfill and Waltz, "Toward memory-based reasoning", CACM 29, 1986; with exponents 1 and
/// 2 of imbalanced-learn.
/// @throws memory_error: a column of v values takes 8 · v² bytes
std::vector<row_major_matrix<double>> value_differences(const dense_categories& categories,
                                                        const class_table& classes);

}  // namespace recokit::inline RECOKIT_ABI
