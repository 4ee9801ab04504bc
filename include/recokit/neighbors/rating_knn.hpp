// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ratings predicted from those of similar users, or of similar items.
#pragma once

#include <recokit/baseline/bias.hpp>
#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/rating_model.hpp>
#include <recokit/neighbors/rating_similarity.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::rating_knn {

/// Whose neighbours predict.
enum class side {
  user,  ///< users who rated the item
  item,  ///< items that the user rated
};
/// Names of the values of side, in order.
constexpr std::array<std::string_view, 2> enum_names(side) { return {"user", "item"}; }

/// What is averaged over the neighbours, weighted with their similarity. Below, x is the user (by =
/// item: the item), v its neighbours, r_v their ratings, m and s a mean and standard deviation.
enum class form {
  plain,          ///< r_v
  mean_centered,  ///< m_x + average of r_v − m_v
  z_score,        ///< m_x + s_x · average of (r_v − m_v) / s_v
  baseline,       ///< bias baseline + average of (r_v − the baseline of r_v)
};
/// Names of the values of form, in order.
constexpr std::array<std::string_view, 4> enum_names(form) {
  return {"plain", "mean_centered", "z_score", "baseline"};
}

struct params {
  side by = side::user;
  rating_knn::form form = form::mean_centered;
  rating_measure similarity = rating_measure::msd;
  int neighbors = 40;               ///< at most so many, most similar first, ties by lower index
  int min_neighbors = 1;            ///< with fewer the prediction falls back; at most neighbors
  int min_support = 1;              ///< common ratings below which a similarity is 0
  double shrinkage = 0;             ///< similarity times n / (n + shrinkage), n common ratings
  double baseline_shrinkage = 100;  ///< of pearson_baseline
  int significance = 0;             ///< above 0: times min(n, significance) / significance
  double amplification = 1;         ///< similarity to this power, its sign kept
  double regularization_user = 15;  ///< of the bias baseline; see bias::params
  double regularization_item = 10;  ///< of the bias baseline
  int baseline_epochs = 10;         ///< of the bias baseline
  bool clip = true;                 ///< predictions stay on the scale of the training ratings

  static constexpr auto fields() {
    return std::tuple{
        field("by", &params::by, "whose neighbours predict"),
        field("form", &params::form, "what of a neighbour's rating is averaged"),
        field("similarity", &params::similarity, "how alike two users or items are"),
        field("neighbors", &params::neighbors, 1, 1'000'000, "most similar that are averaged"),
        field("min_neighbors", &params::min_neighbors, 1, 1'000'000,
              "with fewer the prediction falls back to the mean or the baseline"),
        field("min_support", &params::min_support, 1, 1'000'000,
              "common ratings below which a similarity is 0"),
        field("shrinkage", &params::shrinkage, 0, 1e9,
              "similarities are multiplied with n / (n + shrinkage), n common ratings"),
        field("baseline_shrinkage", &params::baseline_shrinkage, 0, 1e9, "of pearson_baseline"),
        field("significance", &params::significance, 0, 1'000'000,
              "above 0: similarities times min(n, significance) / significance"),
        field("amplification", &params::amplification, 1e-3, 100,
              "similarities are taken to this power, their sign kept"),
        field("regularization_user", &params::regularization_user, 0, 1e9,
              "of the bias baseline, for form=baseline and pearson_baseline"),
        field("regularization_item", &params::regularization_item, 0, 1e9, "of the bias baseline"),
        field("baseline_epochs", &params::baseline_epochs, 1, 100'000, "of the bias baseline"),
        field("clip", &params::clip, "predictions stay on the scale of the training ratings"),
    };
  }
};

/// What one neighbour adds to a prediction.
struct neighbor_share {
  index_t neighbor;   ///< a user (by = item: an item of the history)
  double similarity;  ///< above 0
  float rating;       ///< theirs of the item (by = item: the user's of that item)
  double share;       ///< what it adds to the estimate
};

/// A prediction before clipping, taken apart: estimate = base + Σ shares, up to rounding.
struct rating_explanation {
  double estimate = 0;
  double base = 0;  ///< what it would be without neighbours; 0 in the plain form
  std::vector<neighbor_share> neighbors;  ///< most similar first; empty when it fell back
};

struct algorithm;
struct scratch;

/// Predicts from at most `neighbors` neighbours with a similarity above 0 that have rated the item
/// (by = item: that the user has rated). A user or item is not its own neighbour.
///
/// Where fewer than min_neighbors are left, the prediction is the mean of all ratings (plain), the
/// mean of the user (by = item: of the item; mean_centered, z_score) or the bias baseline. For
/// users and items without any rating it is the mean of all ratings, or what the baseline knows. A
/// standard deviation of 0 is replaced by that of all ratings, as in Surprise.
///
/// Similarities are not kept: they are summed anew for each user (or item) that is asked for, so
/// memory is two copies of the ratings, three where the measure or the form centres them. A batch
/// of predictions takes Σ_i n_i over the user's items i for each distinct user (by = item: the same
/// with users and items changed), plus the raters of the item a prediction.
class model : public rating_model<model> {
 public:
  static constexpr std::string_view file_kind = "rating_knn";

  index_t users() const noexcept { return history_.rows(); }
  index_t items() const noexcept { return history_.cols(); }
  /// The training ratings; always kept.
  const csr_matrix<>& history() const noexcept { return history_; }
  const rating_knn::params& parameters() const noexcept { return params_; }
  /// The mean of all training ratings.
  double mean() const noexcept { return mean_; }

  /// The users with the largest similarity other than 0, best first, at most k.
  /// @throws value_error for a model fitted with by = item, user out of range, k < 1
  std::vector<scored_item<>> similar_users(index_t user, int k = 10) const;
  /// The same of items, for a model fitted with by = item.
  std::vector<scored_item<>> similar_items(index_t item, int k = 10) const;

  /// Which neighbours made a prediction and what each adds to it.
  /// @throws value_error for a user or item out of range
  rating_explanation explain_rating(index_t user, index_t item) const;
  /// The same for a history of one row (1 × items) that training did not know.
  /// @throws dimension_error when history is not 1 × items(), else as above
  template <class Source>
  rating_explanation explain_rating_for(const Source& history, index_t item) const {
    const csr_matrix<> row = standard_csr(history);
    check::equal("history.rows()", row.rows(), "one user", 1);
    check::equal("history.cols()", row.cols(), "items()", items());
    check::index_in("item", item, items());
    return explain_row(row.row(0), -1, item);
  }

 private:
  friend class recommender_base<model>;
  friend class rating_model<model>;
  friend struct algorithm;

  // The user (or item) whose neighbours are asked for.
  struct subject {
    index_t self = -1;   // index to leave out, or -1
    bool known = false;  // has a rating
    double mean = 0;
    double deviation = 1;
    double bias = 0;
  };

  // What fit does, in the library; read does it again with what write wrote.
  static model learn(const cpu& policy, const csr_matrix<>& ratings, const params& params);

  void write(model_writer& out) const;
  static model read(model_reader& in);
  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const;
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const;
  void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const;
  std::vector<scored_item<>> shares(const csr_row<float, index_t>& history, index_t item) const;
  void estimate(const cpu& policy, std::span<const index_t> users, std::span<const index_t> items,
                std::span<float> estimates) const;
  void estimate_for(const cpu& policy, const csr_view<>& histories, std::span<const index_t> rows,
                    std::span<const index_t> items, std::span<float> estimates) const;

  bool by_user() const noexcept { return params_.by == side::user; }
  subject known_subject(index_t x) const;
  subject new_user(const csr_row<float, index_t>& history) const;
  double user_bias(const csr_row<float, index_t>& history, index_t known) const;
  void compare(const csr_row<float, index_t>& row, const subject& x, scratch& space) const;
  double deviation_of(index_t neighbor, float rating, double other_bias) const;
  double fall_back(const subject& x, bool other_known, double other_bias) const;
  double from_neighbors(const subject& x, double sum, double weight, double other_bias) const;
  double aggregate(const subject& x, const csr_row<float, index_t>& raters, double other_bias,
                   scratch& space) const;
  void estimate_pairs(const cpu& policy, const csr_view<>* histories,
                      std::span<const index_t> users, std::span<const index_t> items,
                      std::span<float> estimates) const;
  ranked_lists rank_by_users(const cpu& policy, const csr_view<>* histories,
                             std::span<const index_t> which, const item_filter& filter, int k,
                             bool exclude_seen) const;
  ranked_lists rank_by_items(const cpu& policy, const csr_view<>* histories,
                             std::span<const index_t> which, const item_filter& filter, int k,
                             bool exclude_seen) const;
  std::vector<scored_item<>> similar(index_t x, int k) const;
  rating_explanation explain_row(const csr_row<float, index_t>& history, index_t user,
                                 index_t item) const;

  params params_;
  csr_matrix<> history_;  // users × items, with values
  csr_matrix<> by_item_;  // its transpose
  double mean_ = 0;
  double deviation_ = 1;             // of all ratings
  std::vector<double> means_;        // of the side that is compared
  std::vector<double> other_means_;  // of the other side; adjusted measures only
  std::vector<double> deviations_;   // z_score only
  bias::model baseline_;             // where the form or the measure asks for it
  rating_similarity similarity_;
};

/// What fit runs.
struct algorithm : one_step_algorithm<algorithm, params, model> {
  template <class Source, class Cancelled>
  static model make(const cpu& policy, const Source& source, const params& params,
                    const Cancelled& cancelled) {
    if (cancelled()) throw cancelled_error("rating_knn::fit");
    return model::learn(policy, standard_csr(source), params);
  }
};

/// Keeps the ratings with their transpose, means and, where asked for, the bias baseline.
///
/// The formulas are those of Surprise's KNNBasic, KNNWithMeans, KNNWithZScore and KNNBaseline:
/// Resnick et al., GroupLens, CSCW'94; Herlocker et al., SIGIR'99; Koren, TKDD 2010.
///
/// @param source users × items ratings of any sign; pattern-only counts each as 1
/// @throws value_error for params out of range and when there is no rating, and what as_csr throws
/// Time O(nonzeros), and the epochs of the baseline; memory see model.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::rating_knn
