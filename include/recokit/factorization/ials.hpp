// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Implicit alternating least squares (iALS) with an exact solve of every row.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/random.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/factor_model.hpp>
#include <recokit/factorization/first_factors.hpp>
#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/ials_solve.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace recokit::inline RECOKIT_ABI::ials {

struct params {
  int factors = 64;
  int epochs = 16;
  double regularization = 0.003;
  double regularization_exponent = 1;  ///< 0: the same for every row; 1: by the row's weight
  double unobserved_weight = 0.1;
  double init_stddev = 0.1;  ///< of a whole factor row: each entry gets init_stddev / sqrt(factors)
  std::uint64_t seed = 42;
  bool keep_history = true;  ///< hold the interactions, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "dimensions of the latent vectors"),
        field("epochs", &params::epochs, 1, 100'000, "times both sides are solved"),
        field("regularization", &params::regularization, 0, 1e9, "lambda"),
        field("regularization_exponent", &params::regularization_exponent, 0, 10,
              "nu: lambda is scaled by (n + unobserved_weight * size of other side)^nu"),
        field("unobserved_weight", &params::unobserved_weight, 0, 1e6,
              "alpha0: weight of the target 0 of every user and item"),
        field("init_stddev", &params::init_stddev, 0, 1e6,
              "standard deviation of the first factors, times sqrt(factors)"),
        field("seed", &params::seed, "of the first factors"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

namespace detail_ials {

/// @throws value_error when a value is negative: a weight below 0 has no meaning here
template <class Value, class Index, class Offset>
void check_weights(const csr_view<Value, Index, Offset>& matrix) {
  for (const auto value : matrix.values()) {
    if (value < 0) {
      throw value_error("interaction value", std::to_string(value),
                        "ials takes values as weights, which must not be negative; drop such "
                        "interactions (at_least) or use weighting::binary");
    }
  }
}

/// The ridge of the rows of one side. @param other rows of the other side
template <class Scalar>
kernels::row_ridge<Scalar> ridge(const params& params, std::int64_t other) {
  return {static_cast<Scalar>(params.regularization),
          static_cast<Scalar>(params.unobserved_weight * static_cast<double>(other)),
          static_cast<Scalar>(params.regularization_exponent)};
}

}  // namespace detail_ials

template <class Scalar>
struct algorithm;

/// Factors of users and items; a score is their dot product, near 1 for what the user would take.
/// @tparam Scalar float or double
template <class Scalar = float>
class basic_model : public factor_model<basic_model<Scalar>, ials::params, Scalar> {
 public:
  static constexpr std::string_view file_kind = std::is_same_v<Scalar, float> ? "ials" : "ials_f64";
  static constexpr Eigen::Index extra_columns = 0;

 private:
  using base = factor_model<basic_model, ials::params, Scalar>;
  friend base;
  friend class recommender_base<basic_model>;
  friend struct algorithm<Scalar>;

  row_major_matrix<Scalar> solve_users(const cpu& policy, const csr_view<>& histories) const {
    detail_ials::check_weights(histories);
    return solve(policy, histories, this->item_rows_, item_gram_);
  }
  row_major_matrix<Scalar> solve_items(const cpu& policy, const csr_view<>& histories) const {
    detail_ials::check_weights(histories);
    const auto alpha = static_cast<Scalar>(this->settings_.unobserved_weight);
    return solve(policy, histories, this->user_rows_,
                 kernels::gram(policy, this->user_rows_, alpha));
  }
  row_major_matrix<Scalar> solve(const cpu& policy, const csr_view<>& matrix,
                                 const row_major_matrix<Scalar>& fixed,
                                 const row_major_matrix<Scalar>& gram) const {
    row_major_matrix<Scalar> solved(matrix.rows(), fixed.cols());
    kernels::ials_solve(policy, matrix, fixed, gram,
                        detail_ials::ridge<Scalar>(this->settings_, fixed.rows()), solved,
                        [] { return false; });
    return solved;
  }
  void items_changed(const cpu& policy) {
    item_gram_ = kernels::gram(policy, this->item_rows_,
                               static_cast<Scalar>(this->settings_.unobserved_weight));
  }

  // The Gram matrix is stored, not computed again: another machine may round it another way.
  void write(model_writer& out) const {
    this->write_factors(out);
    out.add("item_gram", item_gram_);
  }
  static basic_model read(model_reader& in) {
    basic_model model;
    model.read_factors(in);
    const std::int64_t d = model.settings_.factors;
    model.item_gram_ = in.matrix<Scalar>("item_gram", d, d);
    return model;
  }

  row_major_matrix<Scalar> item_gram_;  // unobserved_weight · Gram of the item factors, for fold-in
};

using model = basic_model<float>;

/// What fit runs.
template <class Scalar>
struct algorithm {
  using params_type = params;
  using model_type = basic_model<Scalar>;
  static constexpr bool has_cuda = false;

  template <class Source, class... Observers>
  static model_type run(const cpu& policy, const Source& source, const params& params,
                        Observers&... observers) {
    const auto by_user = to_csr(source);
    detail_ials::check_weights(by_user);
    const auto users = static_cast<std::int64_t>(by_user.rows());
    const auto items = static_cast<std::int64_t>(by_user.cols());
    const auto start = detail::start_of<model_type>(observers...);
    model_type first;
    const bool started = first.begin(params.keep_history ? standard_csr(source) : csr_matrix<>{},
                                     users, items, params, start);
    if (!started) {
      const Eigen::Index d = params.factors;
      const double stddev = params.init_stddev / std::sqrt(static_cast<double>(d));
      detail::normal_factors(policy, first.user_rows_, d, stddev, params.seed,
                             random_purpose::user_factors);
      detail::normal_factors(policy, first.item_rows_, d, stddev, params.seed,
                             random_purpose::item_factors);
    }
    first.items_changed(policy);
    const auto by_item = transpose(policy, by_user);

    const auto alpha = static_cast<Scalar>(params.unobserved_weight);
    const auto cancelled = [&] { return detail::cancelled(observers...); };
    const auto half_step = [&](const auto& matrix, const row_major_matrix<Scalar>& fixed,
                               row_major_matrix<Scalar>& solved, std::int64_t other) {
      kernels::ials_solve(policy, matrix, fixed, kernels::gram(policy, fixed, alpha),
                          detail_ials::ridge<Scalar>(params, other), solved, cancelled);
      if (cancelled()) throw cancelled_error("ials::fit");
    };
    return detail::run_epochs(
        "ials::fit", std::move(first), start.epochs_done(), params.epochs,
        [&](model_type& model, int epoch) {
          half_step(by_user, model.item_rows_, model.user_rows_, items);
          half_step(by_item.view(), model.user_rows_, model.item_rows_, users);
          model.items_changed(policy);
          model.epochs_done_ = epoch;
        },
        observers...);
  }
};

/// Fits factors W (users) and H (items) to
///   Σ_{(u,i) observed} x_ui (1 − w_u·h_i)² + unobserved_weight · Σ_{all u,i} (w_u·h_i)²
///     + regularization · (Σ_u (n_u + unobserved_weight · items)^nu |w_u|²
///                       + Σ_i (n_i + unobserved_weight · users)^nu |h_i|²)
/// where x_ui, the value of an interaction, is its weight, n counts the entries of a row and nu is
/// regularization_exponent. Each half-step solves one side exactly by Cholesky.
///
/// Not for rating prediction: a low rating still counts as interest. Drop low ratings first
/// (at_least) or make all weights equal (weighting::binary).
///
/// @param source    users × items interactions with values >= 0; see csr_source
/// @param observers called after every epoch; see core/observer.hpp
/// @throws value_error for params out of range or a negative value, memory_error when the factors
///         cannot fit, cancelled_error, error when a system is not positive definite (only without
///         regularization), and what as_csr throws
///
/// An epoch takes 2 · nonzeros · d² + (users + items) · (d³/3 + 3d²) multiply-adds for d factors;
/// memory (users + items) · d scalars, one transpose of the interactions, and d² + 64 d a thread.
/// Hu, Koren, Volinsky, ICDM'08; in the form of Rendle, Krichene, Zhang, Koren, RecSys'22.
inline constexpr fit_function<algorithm<float>> fit{};

/// fit with another scalar type: fit_as<double>(…) gives a basic_model<double>.
template <class Scalar>
inline constexpr fit_function<algorithm<Scalar>> fit_as{};

}  // namespace recokit::inline RECOKIT_ABI::ials
