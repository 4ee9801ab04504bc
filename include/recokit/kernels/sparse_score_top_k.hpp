// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Top-k of neighbourhood models: a sparse row times a sparse matrix, selected as it comes.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/core/top_k.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Calls reach(item, x_h · weights(h, item)) for all entries h of the history and all entries of
/// row h of weights, in this order: whoever adds them up gets the same bits.
template <class Reach>
void for_each_sparse_term(const csr_row<float, index_t>& history, const csr_view<>& weights,
                          const Reach& reach) {
  for (std::size_t n = 0; n < history.size(); ++n) {
    const float weight = history.value(n);
    const auto row = weights.row(history.indices[n]);
    for (std::size_t m = 0; m < row.size(); ++m) reach(row.indices[m], weight * row.values[m]);
  }
}

/// Writes Σ_h x_h · weights(h, item) for each of `items`, the same bits as in sparse_score_top_k.
/// Σ_h (entries of row h of weights) multiply-adds; scratch: one float a column of weights.
inline void sparse_score(const csr_row<float, index_t>& history, const csr_view<>& weights,
                         std::span<const index_t> items, std::span<float> scores) {
  std::vector<float> sums(static_cast<std::size_t>(weights.cols()));
  for_each_sparse_term(history, weights, [&](index_t item, float term) {
    sums[static_cast<std::size_t>(item)] += term;
  });
  for (std::size_t n = 0; n < items.size(); ++n) {
    scores[n] = sums[static_cast<std::size_t>(items[n])];
  }
}

/// For each of `count` queries, the k items with the largest Σ_h x_h · weights(h, item), where h
/// runs over the entries of the row history(q).
///
/// @param weights items × items
/// @returns exactly min(k, allowed items) entries a list: items that no entry reaches score 0 and
///          fill a list up in order of index
///
/// Σ_h (entries of row h of weights) multiply-adds a query; scratch a thread: items + 2k entries.
inline ranked_lists sparse_score_top_k(const cpu& policy, const csr_view<>& histories,
                                       std::span<const index_t> which, const csr_view<>& weights,
                                       const item_filter& filter, int k, bool exclude_history) {
  const auto items = static_cast<std::size_t>(weights.cols());
  struct scratch {
    std::vector<float> score;
    std::vector<char> is_touched;
    std::vector<index_t> touched;
    top_k_selector<float> selector;
  };
  scratch_pool<scratch> pool([items] {
    return scratch{std::vector<float>(items), std::vector<char>(items), {}, {}};
  });
  ranked_lists lists(which.size(), static_cast<std::size_t>(k));
  const auto rank = [&](scratch& space, std::size_t q) {
    const auto seen = histories.row(which[q]);
    for_each_sparse_term(seen, weights, [&](index_t item, float term) {
      const auto j = static_cast<std::size_t>(item);
      if (!space.is_touched[j]) {
        space.is_touched[j] = 1;
        space.touched.push_back(item);
      }
      space.score[j] += term;
    });
    // A seen item is marked so that it neither enters as reached nor as unreached.
    std::size_t reached_or_seen = space.touched.size();
    if (exclude_history) {
      for (const index_t i : seen.indices) {
        auto& flag = space.is_touched[static_cast<std::size_t>(i)];
        if (!flag) space.touched.push_back(i);
        flag = 2;
      }
    }
    space.selector.reset(static_cast<std::size_t>(k));
    std::size_t above_zero = 0;
    for (std::size_t n = 0; n < reached_or_seen; ++n) {
      const index_t i = space.touched[n];
      const auto at = static_cast<std::size_t>(i);
      if (space.is_touched[at] == 2 || !filter.allows(i)) continue;
      space.selector.push(i, space.score[at]);
      above_zero += space.score[at] > 0;
    }
    if (above_zero < static_cast<std::size_t>(k)) {
      std::size_t missing = static_cast<std::size_t>(k) - above_zero;
      for (std::size_t i = 0; i < items && missing > 0; ++i) {
        if (space.is_touched[i] || !filter.allows(static_cast<index_t>(i))) continue;
        space.selector.push(static_cast<index_t>(i), 0.0f);
        --missing;
      }
    }
    for (const index_t i : space.touched) {
      space.score[static_cast<std::size_t>(i)] = 0;
      space.is_touched[static_cast<std::size_t>(i)] = 0;
    }
    space.touched.clear();
    lists.assign(q, space.selector.finish());
  };
  parallel_for(policy, static_cast<std::int64_t>(which.size()), 64,
               [&](std::int64_t begin, std::int64_t end) {
                 const auto space = pool.borrow();
                 for (std::int64_t q = begin; q < end; ++q) {
                   rank(*space, static_cast<std::size_t>(q));
                 }
               });
  return lists;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
