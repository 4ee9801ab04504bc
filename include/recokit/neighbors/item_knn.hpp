// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Item-based collaborative filtering with cosine similarity.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/kernels/sparse_score_top_k.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

namespace recokit::inline RECOKIT_ABI::item_knn {

struct params {
  int neighbors = 100;       ///< most similar items kept for each item
  double shrinkage = 0;      ///< added to the denominator; damps similarities of few common users
  bool keep_history = true;  ///< hold the interactions: needed to recommend by user index

  static constexpr auto fields() {
    return std::tuple{
        field("neighbors", &params::neighbors, 1, 1'000'000,
              "most similar items kept for each item"),
        field("shrinkage", &params::shrinkage, 0, 1e9,
              "added to the denominator, damps similarities that rest on few users"),
        field("keep_history", &params::keep_history, "hold the interactions, to recommend by user"),
    };
  }
};

struct algorithm;

/// Items with their nearest neighbours. A user's score of an item is the sum of its similarities to
/// what the user took, weighted with the values of the interactions.
///
/// Sarwar, Karypis, Konstan, Riedl, WWW'01; Deshpande and Karypis, TOIS 2004 (neighbours are kept a
/// row, the row of every item the user took is added up).
class model : public recommender_base<model> {
 public:
  index_t users() const noexcept { return users_; }
  index_t items() const noexcept { return similarity_.rows(); }
  /// The training interactions, or 0 × 0 without keep_history.
  const csr_matrix<>& history() const noexcept { return history_; }
  /// items × items; row i holds the neighbours of i in order of index, with their similarity.
  const csr_matrix<>& similarity() const noexcept { return similarity_; }

  /// The k nearest neighbours of an item, best first; fewer where fewer are known.
  /// @throws value_error when item is not in [0, items()) or k < 1
  std::vector<scored_item<>> similar_items(index_t item, int k = 10) const {
    check::index_in("item", item, items());
    check::in_range("k", k, 1, std::numeric_limits<int>::max());
    const auto row = similarity_.row(item);
    std::vector<scored_item<>> list;
    list.reserve(row.size());
    for (std::size_t n = 0; n < row.size(); ++n) list.push_back({row.indices[n], row.values[n]});
    std::sort(list.begin(), list.end(), ranks_before<float, index_t>);
    if (list.size() > static_cast<std::size_t>(k)) list.resize(static_cast<std::size_t>(k));
    return list;
  }

 private:
  friend class recommender_base<model>;
  friend struct algorithm;

  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const {
    if (history_.rows() == 0 && !users.empty()) {
      throw value_error("params.keep_history", "false",
                        "recommending by user needs the history; or call recommend_for");
    }
    return kernels::sparse_score_top_k(policy, history_.view(), users, similarity_.view(), filter,
                                       k, exclude_seen);
  }
  void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const {
    if (history_.rows() == 0) {
      throw value_error("params.keep_history", "false", "scoring by user needs the history");
    }
    kernels::sparse_score(history_.row(user), similarity_.view(), items, scores);
  }
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const {
    return kernels::sparse_score_top_k(policy, histories, detail::all_rows(histories.rows()),
                                       similarity_.view(), filter, k, exclude_seen);
  }

  index_t users_ = 0;
  csr_matrix<> similarity_;
  csr_matrix<> history_;
};

/// What fit runs.
struct algorithm {
  using params_type = params;
  using model_type = model;
  static constexpr bool has_cuda = false;

  template <class Source, class... Observers>
  static model run(const cpu& policy, const Source& source, const params& params,
                   Observers&... observers) {
    const auto begin = std::chrono::steady_clock::now();
    const auto by_user = to_csr(source);
    const auto by_item = transpose(policy, by_user);
    const auto items = static_cast<std::size_t>(by_item.rows());
    std::vector<double> norm(items, 0);
    for (std::size_t i = 0; i < items; ++i) {
      const auto row = by_item.row(static_cast<std::int64_t>(i));
      double squares = row.values.empty() ? static_cast<double>(row.size()) : 0;
      for (const auto x : row.values) squares += static_cast<double>(x) * static_cast<double>(x);
      norm[i] = std::sqrt(squares);
    }
    const auto cosine = [&](std::int64_t i, std::int64_t j, auto dot) {
      const double below =
          norm[static_cast<std::size_t>(i)] * norm[static_cast<std::size_t>(j)] + params.shrinkage;
      return below > 0 ? static_cast<double>(dot) / below : 0.0;
    };
    model fitted;
    fitted.users_ = static_cast<index_t>(by_user.rows());
    fitted.similarity_ = kernels::item_similarity(
        policy, by_user, by_item.view(), static_cast<std::size_t>(params.neighbors), cosine);
    if (params.keep_history) fitted.history_ = standard_csr(source);
    detail::notify({1, 1, detail::seconds_since(begin)}, fitted, observers...);
    return fitted;
  }
};

/// Computes the cosine between the columns of the interactions and keeps the best neighbours:
/// similarity(i, j) = x_i · x_j / (|x_i| |x_j| + shrinkage).
///
/// @param source users × items; values weigh the interactions, pattern-only counts them as 1
/// @throws value_error for params out of range, and what as_csr throws
/// Σ_u n_u² multiply-adds; memory 8 · neighbors bytes an item, one transpose of the interactions
/// and O(items) a thread while fitting.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::item_knn
