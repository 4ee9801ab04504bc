// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ratings by alternating least squares with biases: ALS-WR.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/random.hpp>
#include <recokit/core/rating_model.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/biased_rating_model.hpp>
#include <recokit/factorization/first_factors.hpp>
#include <recokit/kernels/als_engine.hpp>
#include <recokit/kernels/cuda_als_engine.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace recokit::inline RECOKIT_ABI::als {

struct params {
  int factors = 64;
  int epochs = 15;
  double regularization = 0.12;        ///< of the factors
  double bias_regularization = 0.05;   ///< of the biases
  double regularization_exponent = 1;  ///< 1: times the ratings of the row (ALS-WR); 0: plain ridge
  bool biases = true;                  ///< a bias a user and a bias an item
  double init_stddev = 0.1;  ///< of a whole factor row: each entry gets init_stddev / sqrt(factors)
  std::uint64_t seed = 42;
  bool clip = true;          ///< predictions stay on the scale of the training ratings
  bool keep_history = true;  ///< hold the ratings, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "dimensions of the latent vectors"),
        field("epochs", &params::epochs, 1, 100'000, "times both sides are solved"),
        field("regularization", &params::regularization, 0, 1e9, "lambda of the factors"),
        field("bias_regularization", &params::bias_regularization, 0, 1e9, "lambda of the biases"),
        field("regularization_exponent", &params::regularization_exponent, 0, 10,
              "both lambdas are scaled by (ratings of the row)^this; 1: ALS-WR, 0: plain ridge"),
        field("biases", &params::biases, "a bias a user and a bias an item"),
        field("init_stddev", &params::init_stddev, 0, 1e6,
              "standard deviation of the first factors, times sqrt(factors)"),
        field("seed", &params::seed, "of the first factors"),
        field("clip", &params::clip, "predictions stay on the scale of the training ratings"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

template <class Scalar>
struct algorithm;

/// The rating of item i by user u is μ + b_u + b_i + p_u·q_i, with μ the mean of all training
/// ratings. A user or item without ratings has factors and bias 0.
/// @tparam Scalar float or double
template <class Scalar = float>
class basic_model : public biased_rating_model<basic_model<Scalar>, als::params, Scalar> {
 public:
  static constexpr std::string_view file_kind = std::is_same_v<Scalar, float> ? "als" : "als_f64";
  static constexpr bool has_cuda = std::is_same_v<Scalar, float>;

 private:
  friend class factor_model<basic_model, als::params, Scalar, rating_model>;
  friend class recommender_base<basic_model>;
  friend class rating_model<basic_model>;
  friend struct algorithm<Scalar>;
  using factor_side = kernels::factor_side;

  template <class Policy>
  row_major_matrix<Scalar> solve_users(const Policy& policy, const csr_view<>& histories) const {
    const csr_view<> none;
    kernels::als_engine<Policy, Scalar, csr_view<>> engine(policy, histories, none, width());
    return solve(engine, factor_side::users, histories.rows(), this->item_rows_, user_side());
  }
  template <class Policy>
  row_major_matrix<Scalar> solve_items(const Policy& policy, const csr_view<>& histories) const {
    const csr_view<> none;
    kernels::als_engine<Policy, Scalar, csr_view<>> engine(policy, none, histories, width());
    return solve(engine, factor_side::items, histories.rows(), this->user_rows_, item_side());
  }
  template <class Engine>
  static row_major_matrix<Scalar> solve(Engine& engine, factor_side which, Eigen::Index count,
                                        const row_major_matrix<Scalar>& fixed,
                                        const kernels::als_side<Scalar>& side) {
    row_major_matrix<Scalar> solved(count, fixed.cols());
    engine.upload(kernels::other_side(which), fixed);
    engine.solve(which, side, fixed, solved, [] { return false; });
    engine.download(which, solved);
    return solved;
  }
  int width() const noexcept { return static_cast<int>(this->item_rows_.cols()); }

  kernels::als_side<Scalar> side(Eigen::Index bias_column, double shift) const {
    const als::params& p = this->settings_;
    return {bias_column,
            static_cast<Scalar>(shift),
            p.biases,
            static_cast<Scalar>(p.regularization),
            static_cast<Scalar>(p.bias_regularization),
            static_cast<Scalar>(p.regularization_exponent)};
  }
  kernels::als_side<Scalar> user_side() const { return side(this->factors() + 1, this->mean_); }
  kernels::als_side<Scalar> item_side() const { return side(this->factors(), 0); }
};

using model = basic_model<float>;

/// What fit runs.
template <class Scalar>
struct algorithm {
  using params_type = params;
  using model_type = basic_model<Scalar>;
  static constexpr bool has_cuda = std::is_same_v<Scalar, float>;

  template <class Policy, class Source, class... Observers>
  static model_type run(const Policy& policy, const Source& source, const params& params,
                        Observers&... observers) {
    const cpu host = detail::host_of(policy);
    const csr_matrix<> ratings = standard_csr(source);
    model_type first;
    first.scale_ = detail::scale_of(ratings.view());
    first.clip_ = params.clip;
    first.mean_ = detail::mean_of(ratings.view());
    const auto start = detail::start_of<model_type>(observers...);
    if (!first.begin(ratings, ratings.rows(), ratings.cols(), params, start)) {
      // The users are solved first, so only the items need a start.
      detail::normal_factors(host, first.item_rows_, params.factors, params.init_stddev,
                             params.seed, random_purpose::item_factors);
      first.item_rows_.col(params.factors + 1).setOnes();
    }
    const csr_matrix<> by_item = transpose(host, ratings.view());
    kernels::als_engine<Policy, Scalar, csr_view<>> engine(policy, ratings.view(), by_item.view(),
                                                           first.width());
    engine.upload(side::items, first.item_rows_);
    const std::function<bool()> cancelled = [&] { return detail::cancelled(observers...); };
    return detail::run_epochs(
        "als::fit", std::move(first), start.epochs_done(), params.epochs,
        [&](model_type& model, int epoch) {
          auto& users = model.user_rows_;
          auto& items = model.item_rows_;
          engine.solve(side::users, model.user_side(), items, users, cancelled);
          if (cancelled()) throw cancelled_error("als::fit");
          engine.solve(side::items, model.item_side(), users, items, cancelled);
          if (cancelled()) throw cancelled_error("als::fit");
          if (std::is_same_v<Policy, cpu> ||
              detail::model_needed<Observers...>(epoch, params.epochs)) {
            engine.download(side::users, users);
            engine.download(side::items, items);
            check_finite(users);
            check_finite(items);
          }
          model.epochs_done_ = epoch;
        },
        observers...);
  }

 private:
  using side = kernels::factor_side;

  static void check_finite(const row_major_matrix<Scalar>& rows) {
    if (!rows.allFinite()) {
      throw error(
          "als::fit: the factors are no longer finite; raise params.regularization, or take "
          "ratings of a smaller scale");
    }
  }
};

/// Fits factors and biases to the ratings r_ui that are there, and to nothing else:
///   Σ_{(u,i) rated} (r_ui − μ − b_u − b_i − p_u·q_i)²
///     + regularization · (Σ_u n_u^ν |p_u|² + Σ_i n_i^ν |q_i|²)
///     + bias_regularization · (Σ_u n_u^ν b_u² + Σ_i n_i^ν b_i²)
/// where n counts the ratings of a row and ν is regularization_exponent. An epoch solves all users,
/// then all items; each row's factors and bias come from one exact solve. The loss never rises.
///
/// Not for implicit feedback: what was not rated does not count, so that a matrix of ones is fitted
/// by a constant. Use ials there.
///
/// @param source    users × items ratings of any sign; pattern-only counts each as 1
/// @param observers called after every epoch; see core/observer.hpp, core/start.hpp
/// @throws value_error for params out of range and when there is no rating, memory_error when the
///         factors cannot fit, cancelled_error, error when a system is not positive definite (only
///         without regularization) or ratings overflow, and what as_csr throws
///
/// An epoch takes nonzeros · d² + (users + items) · d³ / 6 multiply-adds for d factors at most;
/// rows with fewer than d ratings n take n² · d / 2 + n³ / 6 (see kernels/als_solve.hpp). Memory:
/// (users + items) · (d + 2) scalars, one transpose of the ratings, 2 d² + 128 d scalars a thread.
/// The same bits for any number of threads on one machine.
///
/// Zhou, Wilkinson, Schreiber, Pan, AAIM 2008 (ALS-WR); biases as in Koren, Bell, Volinsky, IEEE
/// Computer 2009, solved jointly with the factors.
inline constexpr fit_function<algorithm<float>> fit{};

/// fit with another scalar type: fit_as<double>(…) gives a basic_model<double>.
template <class Scalar>
inline constexpr fit_function<algorithm<Scalar>> fit_as{};

}  // namespace recokit::inline RECOKIT_ABI::als
