// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Cleaning of what an over-sampler made.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/resampling/class_rows.hpp>
#include <recokit/resampling/resampled.hpp>
#include <recokit/resampling/row_search.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

template <class Scalar>
dense_view<Scalar> view_of(const row_major_matrix<Scalar>& rows) {
  return dense_view<Scalar>(rows);
}
template <class Scalar>
csr_view<Scalar> view_of(const csr_matrix<Scalar>& rows) {
  return rows.view();
}

/// Of over-sampled rows those that a cleaner keeps: `select(search, classes)` is its select_rows.
template <backend Policy, class Matrix, class Select>
kept_and_new_rows<Matrix> clean_resampled(const Policy& policy, const resampled_rows<Matrix>& given,
                                          const Select& select) {
  const auto view = view_of(given.rows);
  auto rows = select(row_search(policy, view), class_table(given.labels)).rows;
  std::sort(rows.begin(), rows.end());
  kept_and_new_rows<Matrix> result;
  result.rows = gather_rows(view, std::span<const index_t>(rows));
  result.labels = gather_labels(given.labels, rows);
  result.unmet = given.unmet;
  const auto inputs = static_cast<index_t>(given.inputs());
  for (const index_t r : rows) {
    if (r < inputs) {
      result.kept.push_back(r);
    } else {
      result.origins.push_back(given.origins[static_cast<std::size_t>(r - inputs)]);
    }
  }
  return result;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
