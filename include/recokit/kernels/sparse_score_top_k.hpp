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

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// How the terms x_h · weights(h, item) of an item become its score.
enum class term_fold {
  sum,
  mean_of_query,    ///< Σ terms / Σ |weights(h, item)|: the mean of x_h by weight; 0 for 0 / 0
  mean_of_weights,  ///< Σ terms / Σ |x_h|: the mean of the weights by x_h; 0 for 0 / 0
};

/// Names of the values of term_fold, in order.
constexpr std::array<std::string_view, 3> enum_names(term_fold) {
  return {"sum", "mean_of_query", "mean_of_weights"};
}

/// The scores of one row of terms, over all columns of `weights`. One object a thread.
class sparse_scores {
 public:
  explicit sparse_scores(std::size_t columns)
      : sum_(columns), mark_(columns), touched_(columns + 1) {}

  /// Adds all terms up, in the order of the query and then of the rows: the same bits whoever asks.
  /// Σ_h (entries of row h of weights) multiply-adds.
  void add(const csr_row<float, index_t>& query, const csr_view<>& weights, term_fold fold) {
    if (fold != term_fold::sum && weight_.empty()) weight_.resize(sum_.size());
    for (std::size_t n = 0; n < query.size(); ++n) {
      const float x = query.value(n);
      const auto row = weights.row(query.indices[n]);
      for (std::size_t m = 0; m < row.size(); ++m) {
        const auto at = static_cast<std::size_t>(row.indices[m]);
        // Without a branch: whether an item is new cannot be foreseen.
        touched_[count_] = row.indices[m];
        count_ += mark_[at] == 0 ? 1 : 0;
        mark_[at] = 1;
        sum_[at] += x * row.value(m);
        if (fold == term_fold::mean_of_query) weight_[at] += std::abs(row.value(m));
        if (fold == term_fold::mean_of_weights) weight_[at] += std::abs(x);
      }
    }
  }
  float score(index_t item, term_fold fold) const noexcept {
    const auto at = static_cast<std::size_t>(item);
    if (fold == term_fold::sum) return sum_[at];
    return weight_[at] > 0 ? sum_[at] / weight_[at] : 0.0f;
  }
  /// Items that a term reached, in no order.
  std::span<const index_t> touched() const noexcept { return {touched_.data(), count_}; }
  bool is_touched(index_t item) const noexcept {
    return mark_[static_cast<std::size_t>(item)] != 0;
  }
  /// Zero again, in O(touched).
  void clear() noexcept {
    for (const index_t item : touched()) {
      const auto at = static_cast<std::size_t>(item);
      sum_[at] = 0;
      mark_[at] = 0;
      if (!weight_.empty()) weight_[at] = 0;
    }
    count_ = 0;
  }

 private:
  std::vector<float> sum_;
  std::vector<float> weight_;  // empty until asked for means
  std::vector<unsigned char> mark_;
  std::vector<index_t> touched_;
  std::size_t count_ = 0;
};

/// Writes the scores of `items`, the same bits as in sparse_score_top_k. Scratch: 9 bytes a column
/// of weights, 13 for means.
inline void sparse_score(const csr_row<float, index_t>& query, const csr_view<>& weights,
                         term_fold fold, std::span<const index_t> items, std::span<float> scores) {
  sparse_scores sums(static_cast<std::size_t>(weights.cols()));
  sums.add(query, weights, fold);
  for (std::size_t n = 0; n < items.size(); ++n) {
    scores[n] = sums.is_touched(items[n]) ? sums.score(items[n], fold) : 0.0f;
  }
}

/// For each of `which`, the k items with the best score: the terms x_h · weights(h, item), with h
/// over the entries of row which[q] of `queries`, folded.
///
/// @param weights queries.cols() × items
/// @param seen    not null: items of row which[q] are left out of the list
/// @returns exactly min(k, allowed items) entries a list: items that no entry reaches score 0 and
///          fill a list up in order of index
///
/// Σ_h (entries of row h of weights) multiply-adds a query; scratch a thread: 30 bytes an item.
inline ranked_lists sparse_score_top_k(const cpu& policy, const csr_view<>& queries,
                                       std::span<const index_t> which, const csr_view<>& weights,
                                       term_fold fold, const item_filter& filter, int k,
                                       const csr_view<>* seen) {
  const auto items = static_cast<std::size_t>(weights.cols());
  struct scratch {
    sparse_scores sums;
    std::vector<unsigned char> is_seen;
    std::vector<index_t> candidates;
    std::vector<float> scores;
    top_k_selector<float> selector;
  };
  scratch_pool<scratch> pool([items] {
    return scratch{sparse_scores(items),
                   std::vector<unsigned char>(items),
                   std::vector<index_t>(items),
                   std::vector<float>(items),
                   {}};
  });
  ranked_lists lists(which.size(), static_cast<std::size_t>(k));
  const auto rank = [&](scratch& space, std::size_t q) {
    space.sums.add(queries.row(which[q]), weights, fold);
    const std::span<const index_t> left_out =
        seen != nullptr ? seen->row(which[q]).indices : std::span<const index_t>{};
    for (const index_t i : left_out) space.is_seen[static_cast<std::size_t>(i)] = 1;
    std::size_t count = 0;
    std::size_t above_zero = 0;
    for (const index_t i : space.sums.touched()) {
      const float score = space.sums.score(i, fold);
      const bool wanted = space.is_seen[static_cast<std::size_t>(i)] == 0 && filter.allows(i);
      space.candidates[count] = i;
      space.scores[count] = score;
      count += wanted ? 1 : 0;
      above_zero += wanted && score > 0 ? 1 : 0;
    }
    space.selector.reset(static_cast<std::size_t>(k));
    space.selector.push_items(space.candidates.data(), space.scores.data(), count);
    if (above_zero < static_cast<std::size_t>(k)) {
      std::size_t missing = static_cast<std::size_t>(k) - above_zero;
      for (std::size_t i = 0; i < items && missing > 0; ++i) {
        const auto item = static_cast<index_t>(i);
        if (space.sums.is_touched(item) || space.is_seen[i] != 0 || !filter.allows(item)) continue;
        space.selector.push(item, 0.0f);
        --missing;
      }
    }
    space.sums.clear();
    for (const index_t i : left_out) space.is_seen[static_cast<std::size_t>(i)] = 0;
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
