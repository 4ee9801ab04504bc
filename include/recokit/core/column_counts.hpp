// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How many entries each column of a matrix has.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// O(nonzeros) time; O(threads × columns) scratch, and no more pieces than pay off.
template <class Value, class Index, class Offset>
std::vector<std::int64_t> column_counts(const cpu& policy,
                                        const csr_view<Value, Index, Offset>& matrix) {
  const auto cols = static_cast<std::size_t>(matrix.cols());
  const auto indices = matrix.indices();
  const auto entries = static_cast<std::int64_t>(indices.size());
  const std::int64_t pieces = std::min<std::int64_t>(
      thread_count(policy), entries / (4096 + std::int64_t{matrix.cols()}) + 1);
  return parallel_reduce(
      policy, entries, (entries + pieces - 1) / pieces, std::vector<std::int64_t>(cols),
      [&](std::int64_t begin, std::int64_t end) {
        std::vector<std::int64_t> counts(cols);
        for (auto e = begin; e < end; ++e) {
          ++counts[static_cast<std::size_t>(indices[static_cast<std::size_t>(e)])];
        }
        return counts;
      },
      [](std::vector<std::int64_t>& total, const std::vector<std::int64_t>& part) {
        std::transform(total.begin(), total.end(), part.begin(), total.begin(), std::plus<>{});
      });
}

}  // namespace recokit::inline RECOKIT_ABI::detail
