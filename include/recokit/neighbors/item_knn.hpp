// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Item-based collaborative filtering: items near those that a user took.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/data/merge.hpp>
#include <recokit/kernels/similarity_device.hpp>
#include <recokit/neighbors/item_weights.hpp>
#include <recokit/neighbors/similarity.hpp>

#include <array>
#include <functional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::item_knn {

/// Whose nearest neighbours count.
enum class neighbors_of {
  history,    ///< an item that the user took lifts those nearest to it
  candidate,  ///< an item is scored by those nearest to it among what the user took
};
constexpr std::array<std::string_view, 2> enum_names(neighbors_of) {
  return {"history", "candidate"};
}

struct params {
  int neighbors = 100;  ///< most similar items kept for each item
  similarity_measure measure = similarity_measure::cosine;
  similarity_weighting weighting = similarity_weighting::none;
  double shrinkage = 0;  ///< lambda of the measure
  neighbors_of side = neighbors_of::history;
  bool normalize_neighbors = false;  ///< the similarities of an item's neighbours sum to 1
  bool normalize_scores = false;     ///< scores are means of the values, weighted by similarity
  int minimum_support = 1;           ///< pairs with fewer common users are no neighbours
  int significance = 0;              ///< above 0: pairs with n fewer weigh n / significance
  double amplification = 1;          ///< exponent of the similarity, its sign kept
  double alpha = 0.5;                ///< of tversky and asymmetric_cosine
  double beta = 0.5;                 ///< of tversky and conditional_probability
  double bm25_k1 = 1.2;
  double bm25_b = 0.75;
  bool keep_history = true;  ///< hold the interactions: to recommend by user index and to update

  static constexpr auto fields() {
    return std::tuple_cat(
        std::tuple{field("neighbors", &params::neighbors, 1, 1'000'000,
                         "most similar items kept for each item")},
        detail::similarity_fields<params>(),
        std::tuple{
            field("side", &params::side,
                  "whose neighbours are kept: of the item in the history, or "
                  "of the candidate"),
            field("normalize_neighbors", &params::normalize_neighbors,
                  "the similarities of an item's neighbours sum to 1"),
            field("normalize_scores", &params::normalize_scores,
                  "scores are means of the user's values, weighted by similarity"),
            field("keep_history", &params::keep_history,
                  "hold the interactions, to recommend by user and to update"),
        });
  }

  friend bool operator==(const params&, const params&) = default;
};

/// Items with their nearest neighbours. A user's score of an item is the sum, or with
/// normalize_scores the weighted mean, of what the user's interactions give it.
///
/// Sarwar, Karypis, Konstan, Riedl, WWW'01; Deshpande and Karypis, TOIS 2004.
class model : public item_weights_model<model> {
 public:
  static constexpr std::string_view file_kind = "item_knn";

  model() = default;
  /// From similarities, such as those of another program.
  /// @param similarity items × items; row i holds the neighbours of i, none of them i
  /// @param users      rows of the training interactions
  /// @throws dimension_error when similarity is not square, or history not users × items or 0 × 0
  model(const params& settings, csr_matrix<> similarity, index_t users, csr_matrix<> history);

  const params& settings() const noexcept { return settings_; }
  /// items × items; row i holds the nearest neighbours of i in order of index, as the measure says.
  /// weights() follows from it by `side` and `normalize_neighbors`.
  const csr_matrix<>& similarity() const noexcept { return similarity_; }

  /// The nearest neighbours of an item, best first; fewer than k where fewer are kept.
  /// @throws value_error when item is not in [0, items()) or k < 1
  std::vector<scored_item<>> similar_items(index_t item, int k = 10) const {
    check::index_in("item", item, items());
    return best_entries(similarity_.row(item), k);
  }

  /// The model that fit would give, bit for bit, for the interactions known so far together with
  /// `additions`, which may have more rows and columns than training had.
  ///
  /// Only the similarities that change are computed: those of items with additions, and of items
  /// one of whose neighbours fell back. That takes one pass over the interactions and Σ n_u over
  /// the users of these items. Where everything changes (tf_idf, bm25, lift) or most does, it fits
  /// anew.
  /// @param rule what becomes of a pair that was known already
  /// @throws value_error for a model without its history, and what as_csr and merge throw
  template <class Source>
    requires(!backend<Source>)
  model update(const Source& additions, duplicate_rule rule = duplicate_rule::last)
  const { return update(cpu{}, additions, rule); }
  template <class Source>
  model update(const cpu& policy, const Source& additions,
               duplicate_rule rule = duplicate_rule::last) const {
    return updated(policy, standard_csr(additions), rule);
  }

 private:
  friend class recommender_base<model>;

  model updated(const cpu& policy, const csr_matrix<>& additions, duplicate_rule rule) const;
  void write(model_writer& out) const;
  static model read(model_reader& in);

  params settings_;
  csr_matrix<> similarity_;
};

namespace detail_item_knn {

/// What fit does. @throws cancelled_error when cancelled() says so, from any thread
/// @param device finds the neighbours; null: the CPU does
model fit_model(const cpu& policy, const csr_matrix<>& interactions, const params& params,
                kernels::similarity_device* device, const std::function<bool()>& cancelled);

}  // namespace detail_item_knn

/// What fit runs.
struct algorithm : one_step_algorithm<algorithm, params, model> {
  static constexpr bool has_cuda = true;

  template <class Policy, class Source, class Cancelled>
  static model make(const Policy& policy, const Source& source, const params& params,
                    const Cancelled& cancelled) {
    const auto device = kernels::make_similarity_device(policy);
    return detail_item_knn::fit_model(detail::host_of(policy), standard_csr(source), params,
                                      device.get(), cancelled);
  }
};

/// Computes the similarities of all pairs of items with common users and keeps the best neighbours
/// of each item.
///
/// @param source users × items; values weigh the interactions, pattern-only counts them as 1
/// @throws value_error for params out of range, memory_error when the neighbours cannot fit,
///         cancelled_error, and what as_csr throws
/// About Σ_u n_u² / 2 additions for users of n_u interactions, less for binary data; memory 16
/// bytes a neighbour while fitting and 8 afterwards, one transpose of the interactions and O(items)
/// a thread. See kernels/item_similarity.hpp.
///
/// With cuda the GPU finds the neighbours, at most 1024 an item: those of the CPU, and but for
/// amplification the same bits; Σ_u n_u² additions, see kernels/similarity_device.hpp.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::item_knn
