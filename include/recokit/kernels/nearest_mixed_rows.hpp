// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Nearest mixed rows by brute force: stands in until the kernel is merged.
#pragma once

#include <recokit/kernels/nearest_rows.hpp>

namespace recokit::inline RECOKIT_ABI::kernels {

using category_codes = row_major_matrix<index_t>;

template <class Scalar>
neighbor_table nearest_mixed_rows(const cpu& policy, dense_view<Scalar> numeric,
                                  const category_codes& categories, double mismatch_square,
                                  std::span<const index_t> among, std::span<const index_t> queries,
                                  int k) {
  return detail_nearest::table(
      policy, among, queries, k, neighbor_order::nearest, [&](index_t a, index_t b) {
        double sum = 0;
        for (std::int64_t c = 0; c < numeric.cols(); ++c) {
          const double gap = static_cast<double>(numeric.row(a)[c]) - double(numeric.row(b)[c]);
          sum += gap * gap;
        }
        for (Eigen::Index c = 0; c < categories.cols(); ++c) {
          if (categories(a, c) != categories(b, c)) sum += mismatch_square;
        }
        return std::sqrt(sum);
      });
}

template <class = void>
neighbor_table nearest_categorical_rows(const cpu& policy, const category_codes& codes,
                                               std::span<const row_major_matrix<double>> tables,
                                               std::span<const index_t> among,
                                               std::span<const index_t> queries, int k,
                                               bool /*with_self*/) {
  return detail_nearest::table(
      policy, among, queries, k, neighbor_order::nearest, [&](index_t a, index_t b) {
        double sum = 0;
        for (Eigen::Index c = 0; c < codes.cols(); ++c) {
          sum += tables[static_cast<std::size_t>(c)](codes(a, c), codes(b, c));
        }
        return sum;
      });
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
