// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The bias baseline of ratings: the mean of all, a bias a user and a bias an item.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/rating_model.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::bias {

/// How the biases are fitted.
enum class fit_method {
  als,  ///< alternating, each side in closed form
  sgd,  ///< stochastic gradient descent over the ratings in order of user and item
};

/// Names of the values of fit_method, in order.
constexpr std::array<std::string_view, 2> enum_names(fit_method) { return {"als", "sgd"}; }

struct params {
  fit_method method = fit_method::als;
  double regularization_user = 15;  ///< als: ratings without error added to each user
  double regularization_item = 10;  ///< als: ratings without error added to each item
  double regularization = 0.02;     ///< sgd: weight of the squared biases
  double learning_rate = 0.005;     ///< sgd
  int epochs = 0;                   ///< 0: 10 of als, 20 of sgd
  bool clip = true;                 ///< predictions stay on the scale of the training ratings
  bool keep_history = true;         ///< hold the ratings, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("method", &params::method, "how the biases are fitted"),
        field("regularization_user", &params::regularization_user, 0, 1e9,
              "als: ratings without error added to each user"),
        field("regularization_item", &params::regularization_item, 0, 1e9,
              "als: ratings without error added to each item"),
        field("regularization", &params::regularization, 0, 1e3,
              "sgd: weight of the squared biases"),
        field("learning_rate", &params::learning_rate, 1e-9, 1, "sgd: step size"),
        field("epochs", &params::epochs, 0, 100'000, "passes; 0: 10 of als, 20 of sgd"),
        field("clip", &params::clip, "predictions stay on the scale of the training ratings"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

struct algorithm;

/// The rating of item i by user u is μ + b_u + b_i; a user or item without ratings has bias 0.
///
/// Every user gets the items in the same order. recommend costs O(items) a user.
class model : public rating_model<model> {
 public:
  static constexpr std::string_view file_kind = "bias";

  index_t users() const noexcept { return static_cast<index_t>(user_bias_.size()); }
  index_t items() const noexcept { return static_cast<index_t>(item_bias_.size()); }
  /// The training ratings, or 0 × 0 without keep_history.
  const csr_matrix<>& history() const noexcept { return history_; }
  /// The mean of all training ratings.
  double mean() const noexcept { return mean_; }
  /// One a user: how far their ratings are above the mean, item biases taken out.
  std::span<const double> user_biases() const noexcept { return user_bias_; }
  /// One an item.
  std::span<const double> item_biases() const noexcept { return item_bias_; }

  /// The bias of a user that training did not know, solved with the item biases as they are: the
  /// sum of r − μ − b_i over n + regularization_user (after sgd over n · (1 + regularization)).
  /// 0 for an empty history. @param history checked ratings of known items
  double fold_in(const csr_row<float, index_t>& history) const;

 private:
  friend class recommender_base<model>;
  friend class rating_model<model>;
  friend struct algorithm;

  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const;
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const;
  void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const;
  void estimate(const cpu& policy, std::span<const index_t> users, std::span<const index_t> items,
                std::span<float> estimates) const;
  void estimate_for(const cpu& policy, const csr_view<>& histories, std::span<const index_t> rows,
                    std::span<const index_t> items, std::span<float> estimates) const;

  void write(model_writer& out) const;
  static model read(model_reader& in);

  void als_epoch(const cpu& policy, const csr_view<>& by_user, const csr_view<>& by_item,
                 const params& params);
  void sgd_epoch(const csr_view<>& by_user, const params& params);

  double mean_ = 0;
  std::vector<double> user_bias_;
  std::vector<double> item_bias_;
  double fold_in_constant_ = 0;  // added to the number of ratings
  double fold_in_factor_ = 1;    // times that number
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
    const csr_matrix<> ratings = standard_csr(source);
    model fitted;
    fitted.scale_ = recokit::detail::scale_of(ratings.view());
    fitted.clip_ = params.clip;
    fitted.mean_ = recokit::detail::mean_of(ratings.view());
    fitted.user_bias_.assign(static_cast<std::size_t>(ratings.rows()), 0);
    fitted.item_bias_.assign(static_cast<std::size_t>(ratings.cols()), 0);
    const bool als = params.method == fit_method::als;
    fitted.fold_in_constant_ = als ? params.regularization_user : 0;
    fitted.fold_in_factor_ = als ? 1 : 1 + params.regularization;
    if (params.keep_history) fitted.history_ = ratings;
    const csr_matrix<> by_item = als ? transpose(policy, ratings.view()) : csr_matrix<>{};

    const int epochs = params.epochs > 0 ? params.epochs : als ? 10 : 20;
    std::optional<model> kept;
    for (int epoch = 1; epoch <= epochs; ++epoch) {
      if (recokit::detail::cancelled(observers...)) throw cancelled_error("bias::fit");
      if (als) {
        fitted.als_epoch(policy, ratings.view(), by_item.view(), params);
      } else {
        fitted.sgd_epoch(ratings.view(), params);
      }
      const auto verdict =
          recokit::detail::notify({epoch, epochs, recokit::detail::seconds_since(begin)},
                                  std::as_const(fitted), observers...);
      if (verdict.keep) kept = fitted;
      if (verdict.stop) break;
    }
    return kept ? *std::move(kept) : fitted;
  }
};

/// Fits the biases to
///   als: Σ (r_ui − μ − b_u − b_i)² + regularization_user Σ b_u² + regularization_item Σ b_i²
///   sgd: Σ [(r_ui − μ − b_u − b_i)² + regularization (b_u² + b_i²)]
/// starting at 0; an epoch of als solves the items, then the users, as in Koren, Factor in the
/// Neighbors, TKDD 2010, section 2.1, and in Surprise's BaselineOnly, whose defaults these are.
///
/// @param source    users × items ratings of any sign; pattern-only counts each as 1
/// @param observers called after every epoch; see core/observer.hpp
/// @throws value_error for params out of range and when there is no rating; error when sgd
/// diverges;
///         cancelled_error; what as_csr throws
/// Time O(epochs · nonzeros), als in parallel, sgd on one thread; memory 8 bytes a user and an
/// item, for als a transpose of the ratings while fitting.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::bias
