// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Top-k of factor models: scores, filters and selects in tiles, never users × items.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/core/top_k.hpp>
#include <recokit/kernels/items_by_norm.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace detail {

/// A block of queries whose lists are being made.
template <class Scalar>
struct query_block {
  static constexpr std::int64_t size = 128;

  row_major_matrix<Scalar> factors;
  row_major_matrix<Scalar> scores;
  std::vector<top_k_selector<Scalar>> selectors;
  std::vector<Scalar> norms;
  std::vector<std::size_t> active;             // numbers of the queries that are not done, by row
  std::vector<std::vector<index_t>> excluded;  // ascending places, of each query
  std::vector<std::size_t> next_excluded;
  std::vector<scored_item<>> list;

  query_block(Eigen::Index d, Eigen::Index items)
      : factors(size, d),
        scores(size, items),
        selectors(size),
        norms(size),
        excluded(size),
        next_excluded(size) {}
};

/// Scores in order of falling norms; a query is done when no later item can enter its list.
template <class Scalar>
void score_by_norm(query_block<Scalar>& block, const items_by_norm<Scalar>& items,
                   Eigen::Index item_block) {
  const auto n = static_cast<Eigen::Index>(items.items.size());
  for (Eigen::Index first = 0; first < n && !block.active.empty(); first += item_block) {
    const Scalar longest = items.norms[static_cast<std::size_t>(first)];
    for (std::size_t row = 0; row < block.active.size();) {
      const std::size_t q = block.active[row];
      if (!(block.norms[q] * longest < block.selectors[q].floor())) {
        ++row;
        continue;
      }
      block.active[row] = block.active.back();
      block.active.pop_back();
      block.factors.row(static_cast<Eigen::Index>(row)) =
          block.factors.row(static_cast<Eigen::Index>(block.active.size()));
    }
    const auto rows = static_cast<Eigen::Index>(block.active.size());
    const Eigen::Index columns = std::min(item_block, n - first);
    block.scores.topLeftCorner(rows, columns).noalias() =
        block.factors.topRows(rows) * items.factors.middleRows(first, columns).transpose();
    for (Eigen::Index row = 0; row < rows; ++row) {
      const std::size_t q = block.active[static_cast<std::size_t>(row)];
      const Scalar* const scores = &block.scores(row, 0);
      const auto& excluded = block.excluded[q];
      auto& next = block.next_excluded[q];
      Eigen::Index run = 0;
      while (run < columns) {
        const bool stops = next < excluded.size() && excluded[next] < first + columns;
        const Eigen::Index end = stops ? excluded[next] - first : columns;
        block.selectors[q].push_items(items.items.data() + first + run, scores + run,
                                      static_cast<std::size_t>(end - run));
        run = stops ? end + 1 : columns;
        if (stops) ++next;
      }
    }
  }
}

/// Scores all items in order of their indices.
template <class Scalar>
void score_all(query_block<Scalar>& block, const row_major_matrix<Scalar>& items,
               const item_filter& filter, Eigen::Index item_block) {
  const auto rows = static_cast<Eigen::Index>(block.active.size());
  for (Eigen::Index first = 0; first < items.rows(); first += item_block) {
    const Eigen::Index columns = std::min(item_block, items.rows() - first);
    block.scores.topLeftCorner(rows, columns).noalias() =
        block.factors.topRows(rows) * items.middleRows(first, columns).transpose();
    for (Eigen::Index q = 0; q < rows; ++q) {
      const Scalar* const scores = &block.scores(q, 0);
      auto& selector = block.selectors[static_cast<std::size_t>(q)];
      filter.for_each_run(
          static_cast<index_t>(first), static_cast<index_t>(first + columns),
          block.excluded[static_cast<std::size_t>(q)], [&](index_t from, index_t to) {
            selector.push_range(from, scores + (from - first), static_cast<std::size_t>(to - from));
          });
    }
  }
}

}  // namespace detail

/// For each query, the k items with the largest dot product of query and item factors.
///
/// @param queries rows × d factors
/// @param which   the rows of `queries` to rank for, in this order
/// @param seen    rows × items: what to leave out for each row of `queries`; null leaves nothing
/// out
/// @param items   n × d item factors
/// @returns exactly min(k, allowed items) entries a list, in the order of ranks_before
///
/// At most which.size() · n · d multiply-adds, as matrix products of 32 or 128 queries by 256
/// items. Many queries and small k take the items by falling norm and leave out those that can no
/// longer enter (see items_by_norm): exact, for one copy of the item factors. Scratch a thread: 128
/// · (256 + d + 2k) scalars.
template <class Scalar>
ranked_lists score_top_k(const cpu& policy, const row_major_matrix<Scalar>& queries,
                         std::span<const index_t> which, const csr_view<>* seen,
                         const row_major_matrix<Scalar>& items, const item_filter& filter, int k) {
  using block_type = detail::query_block<Scalar>;
  static constexpr Eigen::Index item_block = 256;
  // Sorting costs about what a few queries do, and long lists reach far down.
  const bool sorted = which.size() >= 64 && k <= items.rows() / 16;
  const auto by_norm =
      sorted ? std::make_unique<const items_by_norm<Scalar>>(policy, items, filter) : nullptr;
  scratch_pool<block_type> pool([&] { return block_type(items.cols(), item_block); });
  ranked_lists lists(which.size(), static_cast<std::size_t>(k));
  // Large blocks for the matrix product, small ones where there would be too few for all threads.
  const std::int64_t block_size = which.size() >= 4096 ? block_type::size : 32;
  parallel_for(policy, static_cast<std::int64_t>(which.size()), block_size,
               [&](std::int64_t begin, std::int64_t end) {
                 const auto block = pool.borrow();
                 const auto rows = static_cast<std::size_t>(end - begin);
                 block->active.resize(rows);
                 for (std::size_t q = 0; q < rows; ++q) {
                   const auto row = which[static_cast<std::size_t>(begin) + q];
                   block->active[q] = q;
                   block->factors.row(static_cast<Eigen::Index>(q)) = queries.row(row);
                   block->norms[q] = queries.row(row).norm();
                   block->selectors[q].reset(static_cast<std::size_t>(k));
                   block->next_excluded[q] = 0;
                   auto& excluded = block->excluded[q];
                   excluded.clear();
                   if (seen == nullptr) continue;
                   for (const index_t item : seen->row(row).indices) {
                     const index_t place =
                         by_norm ? by_norm->places[static_cast<std::size_t>(item)] : item;
                     if (place >= 0) excluded.push_back(place);
                   }
                   if (by_norm) std::sort(excluded.begin(), excluded.end());
                 }
                 if (by_norm) {
                   detail::score_by_norm(*block, *by_norm, item_block);
                 } else {
                   detail::score_all(*block, items, filter, item_block);
                 }
                 for (std::size_t q = 0; q < rows; ++q) {
                   block->list.clear();
                   for (const auto& entry : block->selectors[q].finish()) {
                     block->list.push_back({entry.item, static_cast<float>(entry.score)});
                   }
                   lists.assign(static_cast<std::size_t>(begin) + q, block->list);
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
