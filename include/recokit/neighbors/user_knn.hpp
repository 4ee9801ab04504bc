// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief User-based collaborative filtering: what users of like taste took.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/data/weighting.hpp>
#include <recokit/kernels/similarity_device.hpp>
#include <recokit/kernels/sparse_score_top_k.hpp>
#include <recokit/neighbors/history_neighbors.hpp>
#include <recokit/neighbors/item_weights.hpp>
#include <recokit/neighbors/similarity.hpp>

#include <functional>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

namespace recokit::inline RECOKIT_ABI::user_knn {

struct fitter;

struct params {
  int neighbors = 100;  ///< most similar users kept for each user
  similarity_measure measure = similarity_measure::cosine;
  similarity_weighting weighting = similarity_weighting::none;
  double shrinkage = 0;           ///< lambda of the measure
  bool normalize_scores = false;  ///< scores are means of the neighbours' values, by similarity
  int minimum_support = 1;        ///< pairs with fewer common items are no neighbours
  int significance = 0;           ///< above 0: pairs with n fewer weigh n / significance
  double amplification = 1;       ///< exponent of the similarity, its sign kept
  double alpha = 0.5;             ///< of tversky and asymmetric_cosine
  double beta = 0.5;              ///< of tversky and conditional_probability
  double bm25_k1 = 1.2;
  double bm25_b = 0.75;

  static constexpr auto fields() {
    return std::tuple_cat(
        std::tuple{field("neighbors", &params::neighbors, 1, 1'000'000,
                         "most similar users kept for each user")},
        detail::similarity_fields<params>(),
        std::tuple{field("normalize_scores", &params::normalize_scores,
                         "scores are means of the neighbours' values, weighted by similarity")});
  }

  friend bool operator==(const params&, const params&) = default;
};

/// Users with their nearest neighbours and what everybody took. A user's score of an item is the
/// sum of the similarities of the neighbours who took it, weighted with the values of their
/// interactions; with normalize_scores the mean of those values.
///
/// Herlocker, Konstan, Borchers, Riedl, SIGIR'99.
class model : public recommender_base<model> {
 public:
  static constexpr std::string_view file_kind = "user_knn";

  index_t users() const noexcept { return history_.rows(); }
  index_t items() const noexcept { return history_.cols(); }
  const params& settings() const noexcept { return settings_; }
  /// The training interactions: scores are made of them, so a model always holds them.
  const csr_matrix<>& history() const noexcept { return history_; }
  /// users × users; row u holds the nearest neighbours of u in order of index.
  const csr_matrix<>& similarity() const noexcept { return similarity_; }

  /// The nearest neighbours of a user, best first; fewer than k where fewer are kept.
  /// @throws value_error when user is not in [0, users()) or k < 1
  std::vector<scored_item<>> similar_users(index_t user, int k = 10) const {
    check::index_in("user", user, users());
    return best_entries(similarity_.row(user), k);
  }
  /// For each row of `histories` (rows × items, unknown to training) its nearest known users: rows
  /// × users, at most params.neighbors each. A history that training knew finds itself too.
  /// @throws dimension_error when histories.cols() is not items()
  csr_matrix<> neighbors_for(const cpu& policy, const csr_view<>& histories) const;
  /// Items that the same users took, by cosine; see column_neighbors. @throws as there
  std::vector<scored_item<>> similar_items(index_t item, int k = 10) const {
    return column_neighbors(history_.view(), item, k);
  }

  /// Neighbours of the user who have the item, and what each adds to its score, largest first.
  /// @throws value_error for a user or item out of range or k < 1
  std::vector<scored_item<>> supporting_users(index_t user, index_t item, int k = 10) const;

  /// Which of the user's own interactions carry a score, largest first, at most k. What a neighbour
  /// adds is shared among the items that the two have in common, in proportion to the product of
  /// their values; so the shares of all of them sum to the score, up to rounding.
  /// @throws value_error for a user or item out of range or k < 1
  std::vector<scored_item<>> explain(index_t user, index_t item, int k = 10) const;
  /// The same for a history of one row that training did not know.
  template <class Source>
  std::vector<scored_item<>> explain_for(const Source& history, index_t item, int k = 10) const {
    const csr_matrix<> row = standard_csr(history);
    check::equal("history.rows()", row.rows(), "one user", 1);
    return explain_history(row, item, k);
  }

 private:
  friend class recommender_base<model>;
  friend struct fitter;

  kernels::term_fold fold() const noexcept {
    return settings_.normalize_scores ? kernels::term_fold::mean_of_weights
                                      : kernels::term_fold::sum;
  }
  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const {
    return kernels::sparse_score_top_k(policy, similarity_.view(), users, history_.view(), fold(),
                                       filter, k, exclude_seen ? &history_.view() : nullptr);
  }
  void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const {
    kernels::sparse_score(similarity_.row(user), history_.view(), fold(), items, scores);
  }
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const {
    const csr_matrix<> neighbors = neighbors_for(policy, histories);
    return kernels::sparse_score_top_k(policy, neighbors.view(), detail::all_rows(histories.rows()),
                                       history_.view(), fold(), filter, k,
                                       exclude_seen ? &histories : nullptr);
  }
  std::vector<scored_item<>> explain_history(const csr_matrix<>& row, index_t item, int k) const;
  std::vector<scored_item<>> supporters(const csr_row<float, index_t>& neighbors,
                                        index_t item) const;
  std::vector<scored_item<>> shared_out(const csr_row<float, index_t>& neighbors,
                                        const csr_row<float, index_t>& own, index_t item,
                                        int k) const;
  void write(model_writer& out) const;
  static model read(model_reader& in);

  params settings_;
  csr_matrix<> history_;
  csr_matrix<> similarity_;
  // What it takes to compare an unknown history with the known ones.
  csr_matrix<> by_item_;  // as the measure sees them, items × users
  fitted_weighting weighting_;
  std::vector<double> item_means_;         // of adjusted_cosine; else empty
  std::vector<double> facts_as_neighbor_;  // of each user
};

/// What fit does, and load.
struct fitter {
  /// @throws cancelled_error when cancelled() says so, from any thread
  /// @param device finds the neighbours; null: the CPU does
  static model fit(const cpu& policy, const csr_matrix<>& interactions, const params& params,
                   kernels::similarity_device* device, const std::function<bool()>& cancelled);
};

/// What fit runs.
struct algorithm : one_step_algorithm<algorithm, params, model> {
  static constexpr bool has_cuda = true;

  template <class Policy, class Source, class Cancelled>
  static model make(const Policy& policy, const Source& source, const params& params,
                    const Cancelled& cancelled) {
    const auto device = kernels::make_similarity_device(policy);
    return fitter::fit(detail::host_of(policy), standard_csr(source), params, device.get(),
                       cancelled);
  }
};

/// Computes the similarities of all pairs of users with common items and keeps the best neighbours
/// of each user.
///
/// @param source users × items; values weigh the interactions, pattern-only counts them as 1
/// @throws value_error for params out of range, memory_error when the neighbours cannot fit,
///         cancelled_error, and what as_csr throws
/// About Σ_i n_i² / 2 additions for items of n_i interactions, less for binary data; memory 16
/// bytes a neighbour while fitting and 8 afterwards, one transpose of the interactions, which the
/// model keeps, and O(users) a thread. See kernels/item_similarity.hpp.
///
/// With cuda the GPU finds the neighbours, at most 1024 a user: those of the CPU, and but for
/// amplification the same bits; Σ_i n_i² additions, see kernels/similarity_device.hpp.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::user_knn
