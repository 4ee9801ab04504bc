// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What all models that score by a sparse items × items matrix have in common.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/kernels/sparse_score_top_k.hpp>
#include <recokit/neighbors/history_neighbors.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
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
  std::sort(list.begin(), list.end(), by_rank{});
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
  /// @param fold    how what the interactions of a user add becomes a score
  item_weights_model(csr_matrix<> weights, index_t users, csr_matrix<> history,
                     kernels::term_fold fold = kernels::term_fold::sum)
      : users_(users), weights_(std::move(weights)), history_(std::move(history)), fold_(fold) {}

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
  /// Users with like histories, by cosine; see row_neighbors.
  /// @throws value_error for a user out of range, k < 1, or a model without its history
  std::vector<scored_item<>> similar_users(index_t user, int k = 10) const {
    check::index_in("user", user, users());
    if (history_.rows() == 0) throw_no_history();
    return row_neighbors(history_.view(), user, k);
  }

 protected:
  // A Model with fields of its own has a write and a read that call these.
  void write(model_writer& out) const {
    out.add("users", users_);
    out.add("weights", weights_);
    out.add("fold", fold_);
    out.history(history_);
  }
  static Model read(model_reader& in) {
    const index_t users = in.count("users");
    auto weights = in.valued_csr<>("weights");
    const index_t items = weights.rows();
    if (weights.cols() != items) {
      in.fail("weights", "is " + std::to_string(items) + " x " + std::to_string(weights.cols()) +
                             ", expected as many columns as rows");
    }
    auto history = in.history(users, items);
    return Model(std::move(weights), users, std::move(history),
                 in.number<kernels::term_fold>("fold"));
  }

 private:
  friend class recommender_base<Model>;

  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const {
    if (history_.rows() == 0 && !users.empty()) throw_no_history();
    return kernels::sparse_score_top_k(policy, history_.view(), users, weights_.view(), fold_,
                                       filter, k, exclude_seen ? &history_.view() : nullptr);
  }
  void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const {
    if (history_.rows() == 0) throw_no_history();
    kernels::sparse_score(history_.row(user), weights_.view(), fold_, items, scores);
  }
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const {
    return kernels::sparse_score_top_k(policy, histories, detail::all_rows(histories.rows()),
                                       weights_.view(), fold_, filter, k,
                                       exclude_seen ? &histories : nullptr);
  }
  /// What each interaction of the history adds to the score of `item`; zeros left out.
  std::vector<scored_item<>> shares(const csr_row<float, index_t>& history, index_t item) const {
    std::vector<scored_item<>> list;
    float weight = 0;
    for (std::size_t n = 0; n < history.size(); ++n) {
      const auto row = weights_.row(history.indices[n]);
      const auto at = std::lower_bound(row.indices.begin(), row.indices.end(), item);
      if (at == row.indices.end() || *at != item) continue;
      const auto m = static_cast<std::size_t>(at - row.indices.begin());
      list.push_back({history.indices[n], history.value(n) * row.value(m)});
      weight += std::abs(row.value(m));
    }
    if (fold_ == kernels::term_fold::mean_of_query && weight > 0) {
      for (auto& share : list) share.score /= weight;
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
  kernels::term_fold fold_ = kernels::term_fold::sum;
};

}  // namespace recokit::inline RECOKIT_ABI
