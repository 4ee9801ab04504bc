// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Top-k of factor models: scores, filters and selects in tiles, never users × items.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/core/top_k.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// For each query, the k items with the largest dot product of query and item factors.
///
/// @param queries rows × d factors
/// @param which   the rows of `queries` to rank for, in this order
/// @param seen    rows × items: what to leave out for each row of `queries`; null leaves nothing
/// out
/// @param items   n × d item factors
/// @returns exactly min(k, allowed items) entries a list, in the order of ranks_before
///
/// which.size() · n · d multiply-adds as matrix products of 64 queries by 512 items; scratch a
/// thread: 64 · (512 + d + 2k) scalars.
template <class Scalar>
ranked_lists score_top_k(const cpu& policy, const row_major_matrix<Scalar>& queries,
                         std::span<const index_t> which, const csr_view<>* seen,
                         const row_major_matrix<Scalar>& items, const item_filter& filter, int k) {
  static constexpr std::int64_t query_block = 64;
  static constexpr Eigen::Index item_block = 512;
  const Eigen::Index d = items.cols();
  struct scratch {
    row_major_matrix<Scalar> queries;
    row_major_matrix<Scalar> scores;
    std::vector<top_k_selector<Scalar>> selectors;
    std::vector<scored_item<>> list;
  };
  scratch_pool<scratch> pool([d] {
    return scratch{row_major_matrix<Scalar>(query_block, d),
                   row_major_matrix<Scalar>(query_block, item_block),
                   std::vector<top_k_selector<Scalar>>(query_block),
                   {}};
  });
  ranked_lists lists(which.size(), static_cast<std::size_t>(k));
  parallel_for(
      policy, static_cast<std::int64_t>(which.size()), query_block,
      [&](std::int64_t begin, std::int64_t end) {
        const auto space = pool.borrow();
        const Eigen::Index rows = end - begin;
        for (Eigen::Index q = 0; q < rows; ++q) {
          space->queries.row(q) = queries.row(which[static_cast<std::size_t>(begin + q)]);
          space->selectors[static_cast<std::size_t>(q)].reset(static_cast<std::size_t>(k));
        }
        for (Eigen::Index first = 0; first < items.rows(); first += item_block) {
          const Eigen::Index columns = std::min(item_block, items.rows() - first);
          space->scores.topLeftCorner(rows, columns).noalias() =
              space->queries.topRows(rows) * items.middleRows(first, columns).transpose();
          for (Eigen::Index q = 0; q < rows; ++q) {
            const auto excluded =
                seen ? seen->row(which[static_cast<std::size_t>(begin + q)]).indices
                     : std::span<const index_t>{};
            auto& selector = space->selectors[static_cast<std::size_t>(q)];
            const Scalar* const scores = &space->scores(q, 0);
            filter.for_each_run(static_cast<index_t>(first), static_cast<index_t>(first + columns),
                                excluded, [&](index_t from, index_t to) {
                                  selector.push_range(from, scores + (from - first),
                                                      static_cast<std::size_t>(to - from));
                                });
          }
        }
        for (Eigen::Index q = 0; q < rows; ++q) {
          space->list.clear();
          for (const auto& entry : space->selectors[static_cast<std::size_t>(q)].finish()) {
            space->list.push_back({entry.item, static_cast<float>(entry.score)});
          }
          lists.assign(static_cast<std::size_t>(begin + q), space->list);
        }
      });
  return lists;
}

#if defined(RECOKIT_COMPILED)
extern template ranked_lists score_top_k(const cpu&, const row_major_matrix<float>&,
                                         std::span<const index_t>, const csr_view<>*,
                                         const row_major_matrix<float>&, const item_filter&, int);
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
