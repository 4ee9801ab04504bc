// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Stand-in by plain loops, to be replaced at the merge.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

struct neighbor_table {
  row_major_matrix<index_t> rows;
  row_major_matrix<double> distances;
};
enum class neighbor_order { nearest, farthest };

namespace detail_naive {
template <class Scalar>
std::vector<double> full_row(const dense_view<Scalar>& p, std::int64_t r) {
  return std::vector<double>(p.row(r), p.row(r) + p.cols());
}
template <class V, class I, class O>
std::vector<double> full_row(const csr_view<V, I, O>& p, std::int64_t r) {
  std::vector<double> full(static_cast<std::size_t>(p.cols()), 0.0);
  const auto row = p.row(r);
  for (std::size_t i = 0; i < row.size(); ++i) {
    full[static_cast<std::size_t>(row.indices[i])] = static_cast<double>(row.value(i));
  }
  return full;
}
}  // namespace detail_naive

template <class Rows>
neighbor_table nearest_rows(const cpu& policy, const Rows& points, std::span<const index_t> among,
                            std::span<const index_t> queries, int k,
                            neighbor_order order = neighbor_order::nearest) {
  neighbor_table table;
  table.rows.resize(static_cast<Eigen::Index>(queries.size()), k);
  table.distances.resize(static_cast<Eigen::Index>(queries.size()), k);
  parallel_for(
      policy, static_cast<std::int64_t>(queries.size()), 16, [&](std::int64_t b, std::int64_t e) {
        for (std::int64_t q = b; q < e; ++q) {
          const index_t id = queries[static_cast<std::size_t>(q)];
          const auto x = detail_naive::full_row(points, id);
          std::vector<std::pair<double, index_t>> all;
          for (const index_t r : among) {
            if (r == id) continue;
            const auto y = detail_naive::full_row(points, r);
            double sum = 0;
            for (std::size_t c = 0; c < x.size(); ++c) sum += (x[c] - y[c]) * (x[c] - y[c]);
            all.emplace_back(order == neighbor_order::nearest ? sum : -sum, r);
          }
          check::in_range<std::int64_t>("k", k, 1, static_cast<std::int64_t>(all.size()));
          std::partial_sort(all.begin(), all.begin() + k, all.end());
          for (int n = 0; n < k; ++n) {
            table.rows(q, n) = all[static_cast<std::size_t>(n)].second;
            table.distances(q, n) = std::sqrt(std::abs(all[static_cast<std::size_t>(n)].first));
          }
        }
      });
  return table;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
