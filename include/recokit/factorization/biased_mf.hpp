// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Biased matrix factorization of ratings by stochastic gradient descent.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/factorization/sgd_rating_model.hpp>

#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace recokit::inline RECOKIT_ABI::biased_mf {

struct params {
  int factors = 64;
  int epochs = 15;
  double learning_rate = 0.1;
  double learning_rate_decay = 0.95;  ///< what an epoch multiplies the rate with
  double regularization = 0.08;       ///< of the factors, for each rating
  double bias_regularization = 0.02;  ///< of the biases, for each rating
  double l1 = 0;                      ///< of the factors: weight of |p| and |q|
  bool biases = true;                 ///< a bias a user and a bias an item
  bool mean = true;                   ///< estimates begin at the mean of the ratings
  sgd::loss loss = sgd::loss::squared;
  sgd::step_rule step_rule = sgd::step_rule::adaptive;
  sgd::schedule schedule = sgd::schedule::blocks;
  int bands = 0;           ///< the ratings are cut into bands × bands blocks; 0: by their number
  double init_stddev = 1;  ///< of a whole factor row: each entry gets init_stddev / sqrt(factors)
  std::uint64_t seed = 42;
  bool clip = true;          ///< predictions stay on the scale of the training ratings
  bool keep_history = true;  ///< hold the ratings, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "dimensions of the latent vectors"),
        field("epochs", &params::epochs, 1, 100'000, "passes over the ratings"),
        field("learning_rate", &params::learning_rate, 1e-9, 10, "step size of the first epoch"),
        field("learning_rate_decay", &params::learning_rate_decay, 1e-3, 1,
              "what each epoch multiplies the step size with; step_rule decay"),
        field("regularization", &params::regularization, 0, 1e6,
              "lambda of the factors, for each rating"),
        field("bias_regularization", &params::bias_regularization, 0, 1e6,
              "lambda of the biases, for each rating"),
        field("l1", &params::l1, 0, 1e6, "weight of the absolute factors, for each rating"),
        field("biases", &params::biases, "a bias a user and a bias an item"),
        field("mean", &params::mean, "estimates begin at the mean of the ratings"),
        field("loss", &params::loss, "what is minimised; hinge and logistic take two classes"),
        field("step_rule", &params::step_rule, "decay over epochs, or adaptive for each row"),
        field("schedule", &params::schedule,
              "blocks: the same bits for any number of threads; hogwild: races"),
        field("bands", &params::bands, 0, 4096,
              "the ratings are cut into bands x bands blocks; 0: by their number"),
        field("init_stddev", &params::init_stddev, 0, 1e6,
              "standard deviation of the first factors, times sqrt(factors)"),
        field("seed", &params::seed, "of the first factors and the order of ratings"),
        field("clip", &params::clip, "predictions stay on the scale of the training ratings"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

template <class Scalar>
struct algorithm;

/// The estimate of item i for user u is z = μ + b_u + b_i + p_u·q_i, and so is the score; the
/// predicted rating is
///   of squared and absolute: z;
///   of logistic and sigmoid: low + (high − low) / (1 + exp(−z)), which for 0 and 1 is the
///     probability of 1;
///   of hinge: the middle of low and high at z = 0, high at z = 1, low at z = −1,
/// clipped to the scale [low, high] of training. fold_in solves a ridge regression for the squared
/// loss without l1; else it makes as many passes over the row as the fit made.
///
/// A user or item without ratings has factors and bias 0. partial_fit_* and fold_in leave the other
/// side as it is.
/// @tparam Scalar float or double
template <class Scalar = float>
class basic_model : public sgd_rating_model<basic_model<Scalar>, biased_mf::params, Scalar> {
 public:
  static constexpr std::string_view file_kind =
      std::is_same_v<Scalar, float> ? "biased_mf" : "biased_mf_f64";

 private:
  using base = sgd_rating_model<basic_model, biased_mf::params, Scalar>;
  friend base;
  friend class factor_model<basic_model, biased_mf::params, Scalar, rating_model>;
  friend class recommender_base<basic_model>;
  friend class rating_model<basic_model>;
  friend struct sgd::matrix_fit<basic_model>;

  static sgd::settings sgd_settings(const biased_mf::params& p) {
    return {.loss = p.loss,
            .step_rule = p.step_rule,
            .schedule = p.schedule,
            .factors = p.factors,
            .epochs = p.epochs,
            .learning_rate = p.learning_rate,
            .learning_rate_decay = p.learning_rate_decay,
            .regularization = p.regularization,
            .bias_regularization = p.bias_regularization,
            .l1 = p.l1,
            .biases = p.biases,
            .mean = p.mean,
            .bands = p.bands,
            .seed = p.seed,
            .owner = "biased_mf::fit"};
  }
};

using model = basic_model<float>;

/// What fit runs.
template <class Scalar>
struct algorithm : sgd::matrix_fit<basic_model<Scalar>> {
  using params_type = params;
  using model_type = basic_model<Scalar>;
};

/// Fits μ + b_u + b_i + p_u·q_i to the ratings that are there, and to nothing else, by descent on
///   Σ_{(u,i) rated} loss(r_ui, z_ui) + λ/2 (|p_u|² + |q_i|²) + λ_b/2 (b_u² + b_i²)
///                   + l1 (|p_u|₁ + |q_i|₁)
/// one rating after the other; sgd_block.hpp has the update. μ is the mean of the ratings (of
/// logistic the log of the odds, of sigmoid its logit, of hinge 0) and stays. hinge and logistic
/// take ratings of exactly two values, the higher the positive class; sigmoid fits
/// (r − low) / (high − low).
///
/// step_rule::adaptive divides the rate of a row by √(1 + Σ |gradient|² / factors) over all its
/// steps so far, as in Chin, Zhuang, Juan, Lin, PAKDD 2015 (LIBMF), with one rate a row; biases
/// have rates of their own. Rates of about 0.1 suit it.
///
/// Not for implicit feedback: what was not rated does not count. Use ials or bpr there. als solves
/// the squared loss with less to choose and more work.
///
/// schedule::blocks permutes users and items by the seed, cuts the matrix into bands of users ×
/// bands of items, and runs blocks that share no band at the same time, in rounds, as FPSG does
/// (Chin, Zhuang, Juan, Lin, TIST 2015) but in an order that the seed and the epoch fix: the same
/// bits for any number of threads on one machine. (Two machines whose vector instructions differ
/// round differently.) At most 32 threads have work, fewer for small data.
/// schedule::hogwild drops the rounds: rows are written without locks (Niu, Recht, Ré, Wright, NIPS
/// 2011), a data race by design, and no two fits are equal.
///
/// @param source    users × items ratings of any sign; pattern-only counts each as 1
/// @param observers called after every epoch; see core/observer.hpp, core/start.hpp
/// @throws value_error for params out of range, when there is no rating, or when values do not suit
///         the loss, memory_error when the factors cannot fit, cancelled_error, error when an epoch
///         diverges, and what as_csr throws
///
/// An epoch takes 6 · nonzeros · d multiply-adds for d factors; memory 2 (users + items) · (d + 2)
/// scalars and 16 bytes a rating at most beside the ratings.
///
/// On a GPU, floats only, the device steps through the same blocks in an order with the same
/// result, up to rounding. The host needs 12 bytes more a rating while it sends them.
inline constexpr fit_function<algorithm<float>> fit{};

/// fit with another scalar type: fit_as<double>(…) gives a basic_model<double>.
template <class Scalar>
inline constexpr fit_function<algorithm<Scalar>> fit_as{};

}  // namespace recokit::inline RECOKIT_ABI::biased_mf
