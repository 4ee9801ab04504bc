// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Slope One: ratings predicted from the mean differences between pairs of items.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/rating_model.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::slope_one {

struct params {
  bool weighted = false;  ///< weigh each pair of items with the users who rated both
  bool clip = true;       ///< predictions stay on the scale of the training ratings

  static constexpr auto fields() {
    return std::tuple{
        field("weighted", &params::weighted,
              "weigh each pair of items with the number of users who rated both"),
        field("clip", &params::clip, "predictions stay on the scale of the training ratings"),
    };
  }
};

struct algorithm;

/// With dev(i, j) the mean of r_i − r_j over the c(i, j) users who rated both, the estimate of item
/// i for a user with mean m_u is, over the other items j of the user's history with c(i, j) > 0,
///   plain:    m_u + mean of dev(i, j)                        (as Surprise's SlopeOne)
///   weighted: Σ c(i, j) (r_uj + dev(i, j)) / Σ c(i, j).
/// Without such items it is m_u; for a user or an item without ratings the mean of all ratings.
///
/// Differences are antisymmetric and counts symmetric, so only pairs i < j are held: 4 · items ·
/// (items − 1) bytes. A prediction takes one look-up an item of the history.
class model : public rating_model<model> {
 public:
  static constexpr std::string_view file_kind = "slope_one";

  index_t users() const noexcept { return history_.rows(); }
  index_t items() const noexcept { return history_.cols(); }
  /// The training ratings; always kept.
  const csr_matrix<>& history() const noexcept { return history_; }
  /// The mean of all training ratings.
  double mean() const noexcept { return mean_; }
  /// The mean of r_i − r_j over the users who rated both; 0 without any and for i = j.
  /// @throws value_error for an item out of range
  double deviation(index_t i, index_t j) const;
  /// How many users rated both; 0 for i = j. @throws as above
  std::int64_t common_users(index_t i, index_t j) const;

 private:
  friend class recommender_base<model>;
  friend class rating_model<model>;
  friend struct algorithm;

  struct pair {
    float deviation = 0;
    std::int32_t users = 0;
  };

  static model learn(const cpu& policy, const csr_matrix<>& ratings, const params& params,
                     const std::function<bool()>& cancelled);

  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const;
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const;
  ranked_lists rank_known(const cpu& policy, const csr_view<>& known,
                          std::span<const index_t> which, const item_filter& filter, int k,
                          bool exclude_seen) const;
  void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const;
  std::vector<scored_item<>> shares(const csr_row<float, index_t>& history, index_t item) const;
  void estimate(const cpu& policy, std::span<const index_t> users, std::span<const index_t> items,
                std::span<float> estimates) const;
  void estimate_for(const cpu& policy, const csr_view<>& histories, std::span<const index_t> rows,
                    std::span<const index_t> items, std::span<float> estimates) const;
  void estimate_known(const cpu& policy, const csr_view<>& known, std::span<const index_t> rows,
                      std::span<const index_t> items, std::span<float> estimates) const;

  void write(model_writer& out) const;
  static model read(model_reader& in);
  void learn_means();

  // Where row i of the triangle would have its column 0: pair (i, j), i < j, is at start(i) + j.
  std::size_t start(std::size_t i) const noexcept;
  // The pair with its difference seen from i.
  pair between(std::size_t i, std::size_t j) const noexcept;
  float combine(double mean, double sum, double weight, bool rated) const noexcept;

  bool weighted_ = false;
  double mean_ = 0;
  std::vector<pair> pairs_;              // i < j, row by row
  std::vector<unsigned char> is_rated_;  // one an item
  csr_matrix<> history_;
};

/// What fit runs.
struct algorithm : one_step_algorithm<algorithm, params, model> {
  template <class Source, class Cancelled>
  static model make(const cpu& policy, const Source& source, const params& params,
                    const Cancelled& cancelled) {
    return model::learn(policy, standard_csr(source), params, cancelled);
  }
};

/// Averages the differences of all pairs of items. Lemire and Maclachlan, Slope One Predictors for
/// Online Rating-Based Collaborative Filtering, SDM'05.
///
/// @param source users × items ratings of any sign; pattern-only counts each as 1
/// @throws memory_error, before anything is allocated, when 4 · items · (items − 1) bytes exceed
///         the machine; value_error when there is no rating; cancelled_error; what as_csr throws
/// Time Σ_u n_u² / 2; memory as the model, 12 bytes an item a thread and a transpose while fitting.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::slope_one
