// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Probabilistic matrix factorization (PMF): the most probable factors under Gaussian noise.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/factorization/sgd_rating_model.hpp>

#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace recokit::inline RECOKIT_ABI::pmf {

struct params {
  int factors = 32;
  int epochs = 15;
  double learning_rate = 0.1;  ///< over the root of the squared gradients of a row so far
  double regularization =
      0.08;                ///< variance of the noise over that of the factors, for each rating
  bool logistic = false;   ///< ratings pass through the logistic function, so that they stay on
                           ///< the scale
  double init_stddev = 1;  ///< of a whole factor row: each entry gets init_stddev / sqrt(factors)
  std::uint64_t seed = 42;
  bool clip = true;          ///< predictions stay on the scale of the training ratings
  bool keep_history = true;  ///< hold the ratings, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "dimensions of the latent vectors"),
        field("epochs", &params::epochs, 1, 100'000, "passes over the ratings"),
        field("learning_rate", &params::learning_rate, 1e-9, 10,
              "step size, over the root of the squared gradients of a row so far"),
        field("regularization", &params::regularization, 0, 1e6,
              "variance of the noise over that of the factors, for each rating"),
        field("logistic", &params::logistic, "ratings pass through the logistic function"),
        field("init_stddev", &params::init_stddev, 0, 1e6,
              "standard deviation of the first factors, times sqrt(factors)"),
        field("seed", &params::seed, "of the first factors and the order of ratings"),
        field("clip", &params::clip, "predictions stay on the scale of the training ratings"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

/// The score of item i for user u is z = μ + p_u·q_i; the predicted rating is z, or with `logistic`
/// low + (high − low) / (1 + exp(−z)), clipped to the scale [low, high] of training. A user or item
/// without ratings has factors 0.
/// @tparam Scalar float or double
template <class Scalar = float>
class basic_model : public sgd_rating_model<basic_model<Scalar>, pmf::params, Scalar> {
 public:
  static constexpr std::string_view file_kind = std::is_same_v<Scalar, float> ? "pmf" : "pmf_f64";

 private:
  using base = sgd_rating_model<basic_model, pmf::params, Scalar>;
  friend base;
  friend class factor_model<basic_model, pmf::params, Scalar, rating_model>;
  friend class recommender_base<basic_model>;
  friend class rating_model<basic_model>;
  //! @cond Doxygen takes it for a member
  friend struct sgd::matrix_fit<basic_model>;
  //! @endcond

  static sgd::settings sgd_settings(const pmf::params& p) {
    return {.loss = p.logistic ? sgd::loss::sigmoid : sgd::loss::squared,
            .step_rule = sgd::step_rule::adaptive,
            .factors = p.factors,
            .epochs = p.epochs,
            .learning_rate = p.learning_rate,
            .regularization = p.regularization,
            .biases = false,
            .seed = p.seed,
            .owner = "pmf::fit"};
  }
};

using model = basic_model<float>;

/// What fit runs.
template <class Scalar>
struct algorithm : sgd::matrix_fit<basic_model<Scalar>> {
  using params_type = params;
  using model_type = basic_model<Scalar>;
};

/// The factors of largest posterior probability when ratings are normal about μ + p_u·q_i (or, with
/// `logistic`, ratings moved to [0, 1] normal about its logistic function) with variance σ², and
/// factors normal about 0: descent on
///   Σ_{(u,i) rated} (r_ui − z_ui)² / 2 + λ/2 (|p_u|² + |q_i|²),  λ = regularization.
/// The prior counts once for each rating of a row, as in the authors' program, so λ is σ² over the
/// variance of a factor divided by the ratings of the row; rows of many ratings have wider priors
/// than the paper's. This is biased_mf without biases, by the same machinery and with its adaptive
/// step sizes in place of the momentum of the paper. One point, not a distribution: no variance of
/// predictions comes out of it.
///
/// biased_mf, which has biases, predicts better on most data.
///
/// @param source    users × items ratings of any sign; pattern-only counts each as 1
/// @param observers called after every epoch; see core/observer.hpp, core/start.hpp
/// @throws value_error for params out of range, when there is no rating, or when all are equal and
///         `logistic` is on, memory_error, cancelled_error, error when an epoch diverges, and what
///         as_csr throws
///
/// Time and memory as biased_mf, on a GPU too. The same bits for any number of threads on one
/// machine. Mnih and Salakhutdinov, Probabilistic matrix factorization, NIPS 2007.
inline constexpr fit_function<algorithm<float>> fit{};

/// fit with another scalar type: fit_as<double>(…) gives a basic_model<double>.
template <class Scalar>
inline constexpr fit_function<algorithm<Scalar>> fit_as{};

}  // namespace recokit::inline RECOKIT_ABI::pmf
