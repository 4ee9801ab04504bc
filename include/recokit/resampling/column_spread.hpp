// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The standard deviation of each column over some rows.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/parallel.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Calls use(column, value) for the entries of a row that are stored.
template <class Scalar, class Use>
void over_entries(const dense_view<Scalar>& rows, index_t r, const Use& use) {
  const Scalar* const row = rows.row(r);
  for (std::int64_t c = 0; c < rows.cols(); ++c) use(c, static_cast<double>(row[c]));
}
template <class Value, class Index, class Offset, class Use>
void over_entries(const csr_view<Value, Index, Offset>& rows, index_t r, const Use& use) {
  const auto row = rows.row(r);
  for (std::size_t e = 0; e < row.size(); ++e) {
    use(std::int64_t{row.indices[e]}, static_cast<double>(row.value(e)));
  }
}

/// The population standard deviation of every column over the rows `which`, at least one of them.
/// Two passes over their entries, and columns doubles for every 4,096 rows. The same bits for any
/// number of threads.
template <class Rows>
Eigen::VectorXd column_stddev(const cpu& policy, const Rows& rows, std::span<const index_t> which) {
  const auto cols = static_cast<std::int64_t>(rows.cols());
  const auto n = static_cast<std::int64_t>(which.size());
  const auto count = static_cast<double>(n);
  struct totals {
    Eigen::VectorXd sums;
    Eigen::VectorXd entries;
  };
  // Sums over stored entries of term(column, value), and how many a column has.
  const auto total = [&](const auto& term) {
    return parallel_reduce(
        policy, n, 4096, totals{Eigen::VectorXd::Zero(cols), Eigen::VectorXd::Zero(cols)},
        [&](std::int64_t begin, std::int64_t end) {
          totals part{Eigen::VectorXd::Zero(cols), Eigen::VectorXd::Zero(cols)};
          for (std::int64_t i = begin; i < end; ++i) {
            over_entries(rows, which[static_cast<std::size_t>(i)],
                         [&](std::int64_t column, double value) {
                           part.sums[column] += term(column, value);
                           part.entries[column] += 1;
                         });
          }
          return part;
        },
        [](totals& sum, const totals& part) {
          sum.sums += part.sums;
          sum.entries += part.entries;
        });
  };
  const totals first = total([](std::int64_t, double value) { return value; });
  const Eigen::VectorXd mean = first.sums / count;
  const totals second = total([&](std::int64_t column, double value) {
    return (value - mean[column]) * (value - mean[column]);
  });
  // Entries that are not stored are 0.
  const Eigen::ArrayXd absent = count - first.entries.array();
  return ((second.sums.array() + absent * mean.array().square()) / count).sqrt();
}

}  // namespace recokit::inline RECOKIT_ABI::detail
