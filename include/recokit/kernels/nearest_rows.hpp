// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Nearest rows by brute force: stands in until the kernel is merged.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

struct neighbor_table {
  row_major_matrix<index_t> rows;
  row_major_matrix<double> distances;
};
enum class neighbor_order { nearest, farthest };

namespace detail_nearest {
template <class Scalar>
std::vector<double> dense(const dense_view<Scalar>& rows, std::int64_t r) {
  return {rows.row(r), rows.row(r) + rows.cols()};
}
template <class V, class I, class O>
std::vector<double> dense(const csr_view<V, I, O>& rows, std::int64_t r) {
  std::vector<double> full(static_cast<std::size_t>(rows.cols()));
  const auto row = rows.row(r);
  for (std::size_t i = 0; i < row.size(); ++i) {
    full[static_cast<std::size_t>(row.indices[i])] = static_cast<double>(row.value(i));
  }
  return full;
}
template <class Distance>
neighbor_table table(const cpu& policy, std::span<const index_t> among,
                     std::span<const index_t> queries, int k, neighbor_order order,
                     const Distance& distance) {
  const auto n = static_cast<std::int64_t>(queries.size());
  neighbor_table found{row_major_matrix<index_t>(n, k), row_major_matrix<double>(n, k)};
  parallel_for(policy, n, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t q = begin; q < end; ++q) {
      std::vector<std::pair<double, index_t>> all;
      const index_t self = queries[static_cast<std::size_t>(q)];
      for (const index_t r : among) {
        if (r == self) continue;
        const double d = distance(self, r);
        all.emplace_back(order == neighbor_order::nearest ? d : -d, r);
      }
      check::in_range("k", static_cast<std::size_t>(k), std::size_t{1}, all.size());
      std::partial_sort(all.begin(), all.begin() + k, all.end());
      for (int i = 0; i < k; ++i) {
        found.rows(q, i) = all[static_cast<std::size_t>(i)].second;
        found.distances(q, i) = std::abs(all[static_cast<std::size_t>(i)].first);
      }
    }
  });
  return found;
}
}  // namespace detail_nearest

template <class Rows>
neighbor_table nearest_rows(const cpu& policy, const Rows& points, std::span<const index_t> among,
                            std::span<const index_t> queries, int k,
                            neighbor_order order = neighbor_order::nearest) {
  return detail_nearest::table(policy, among, queries, k, order, [&](index_t a, index_t b) {
    const auto x = detail_nearest::dense(points, a);
    const auto y = detail_nearest::dense(points, b);
    double sum = 0;
    for (std::size_t c = 0; c < x.size(); ++c) sum += (x[c] - y[c]) * (x[c] - y[c]);
    return std::sqrt(sum);
  });
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
