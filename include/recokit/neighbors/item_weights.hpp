// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What all models that score by a sparse items × items matrix have in common.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/kernels/sparse_score_top_k.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// The entries of a sparse row, best first, at most k.
/// @throws value_error when k < 1
inline std::vector<scored_item<>> best_entries(const csr_row<float, index_t>& row, int k) {
  check::in_range("k", k, 1, std::numeric_limits<int>::max());
  std::vector<scored_item<>> list;
  list.reserve(row.size());
  for (std::size_t n = 0; n < row.size(); ++n) list.push_back({row.indices[n], row.value(n)});
  std::sort(list.begin(), list.end(), ranks_before<float, index_t>);
  if (std::cmp_greater(list.size(), k)) list.resize(static_cast<std::size_t>(k));
  return list;
}

/// Scores an item j for a user with Σ_h x_uh · W(h, j) over the user's history h. An algorithm
/// makes W and derives its model from this one.
///
/// `Model` derives publicly and says how files name it: static constexpr std::string_view
/// file_kind.
template <class Model>
class item_weights_model : public recommender_base<Model> {
 public:
  item_weights_model() = default;
  /// @param weights items × items
  /// @param users   rows of the training interactions
  /// @param history the training interactions, or 0 × 0 when they are not to be kept
  item_weights_model(csr_matrix<> weights, index_t users, csr_matrix<> history)
      : users_(users), weights_(std::move(weights)), history_(std::move(history)) {}

  index_t users() const noexcept { return users_; }
  index_t items() const noexcept { return weights_.rows(); }
  /// The training interactions, or 0 × 0 without keep_history.
  const csr_matrix<>& history() const noexcept { return history_; }
  /// items × items; row h holds what one interaction with h adds to the scores of other items, in
  /// order of index.
  const csr_matrix<>& weights() const noexcept { return weights_; }

  /// The items that an interaction with `item` speaks for most, best first; fewer than k where
  /// fewer are known.
  /// @throws value_error when item is not in [0, items()) or k < 1
  std::vector<scored_item<>> similar_items(index_t item, int k = 10) const {
    check::index_in("item", item, items());
    return best_entries(weights_.row(item), k);
  }

 private:
  friend class recommender_base<Model>;

  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const {
    if (history_.rows() == 0 && !users.empty()) throw_no_history();
    return kernels::sparse_score_top_k(policy, history_.view(), users, weights_.view(), filter, k,
                                       exclude_seen);
  }
  void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const {
    if (history_.rows() == 0) throw_no_history();
    kernels::sparse_score(history_.row(user), weights_.view(), items, scores);
  }
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const {
    return kernels::sparse_score_top_k(policy, histories, detail::all_rows(histories.rows()),
                                       weights_.view(), filter, k, exclude_seen);
  }
  /// What each interaction of the history adds to the score of `item`; zeros left out.
  std::vector<scored_item<>> shares(const csr_row<float, index_t>& history, index_t item) const {
    std::vector<scored_item<>> list;
    for (std::size_t n = 0; n < history.size(); ++n) {
      const auto row = weights_.row(history.indices[n]);
      const auto at = std::lower_bound(row.indices.begin(), row.indices.end(), item);
      if (at == row.indices.end() || *at != item) continue;
      const auto m = static_cast<std::size_t>(at - row.indices.begin());
      list.push_back({history.indices[n], history.value(n) * row.value(m)});
    }
    return list;
  }
  [[noreturn]] static void throw_no_history() {
    throw value_error("params.keep_history", "false",
                      "recommending by user needs the history; or call recommend_for");
  }

  index_t users_ = 0;
  csr_matrix<> weights_;
  csr_matrix<> history_;
};

}  // namespace recokit::inline RECOKIT_ABI
