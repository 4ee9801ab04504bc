// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Implicit alternating least squares (iALS) with an exact solve of every row.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/random.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/ials_solve.hpp>
#include <recokit/kernels/score_top_k.hpp>

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

/// Factors of users and items; a score is their dot product. @tparam Scalar float or double
template <class Scalar = float>
class basic_model : public recommender_base<basic_model<Scalar>> {
 public:
  static constexpr std::string_view file_kind = std::is_same_v<Scalar, float> ? "ials" : "ials_f64";

  index_t users() const noexcept { return static_cast<index_t>(user_factors_.rows()); }
  index_t items() const noexcept { return static_cast<index_t>(item_factors_.rows()); }
  /// The training interactions, or 0 × 0 without keep_history.
  const csr_matrix<>& history() const noexcept { return history_; }
  /// What fit was given.
  const ials::params& settings() const noexcept { return settings_; }
  /// users × factors
  const row_major_matrix<Scalar>& user_factors() const noexcept { return user_factors_; }
  /// items × factors
  const row_major_matrix<Scalar>& item_factors() const noexcept { return item_factors_; }

  /// For many items; equal to the scores in lists up to rounding: those come from matrix products,
  /// which add up in another order.
  using recommender_base<basic_model>::score;
  /// The predicted preference of a user for an item, near 1 for what the user would take.
  /// @throws value_error when an index is out of range
  Scalar score(index_t user, index_t item) const {
    check::index_in("user", user, users());
    check::index_in("item", item, items());
    return user_factors_.row(user).dot(item_factors_.row(item));
  }

  /// Factors of users that training did not know, from their interactions: the same solve as in fit
  /// against the fixed item factors. One row a row of `histories`.
  /// @throws dimension_error when histories.cols() is not items(), value_error for weights < 0
  row_major_matrix<Scalar> fold_in(const cpu& policy, const csr_view<>& histories) const {
    check::equal("histories.cols()", histories.cols(), "items()", items());
    detail_ials::check_weights(histories);
    row_major_matrix<Scalar> solved(histories.rows(), item_factors_.cols());
    kernels::ials_solve(policy, histories, item_factors_, item_gram_, user_ridge_, solved,
                        [] { return false; });
    return solved;
  }

 private:
  friend class recommender_base<basic_model>;
  friend struct algorithm<Scalar>;

  // The Gram matrix is stored, not computed again: another machine may round it another way.
  void write(model_writer& out) const {
    out.params(settings_);
    out.add("user_factors", user_factors_);
    out.add("item_factors", item_factors_);
    out.add("item_gram", item_gram_);
    out.history(history_);
  }
  static basic_model read(model_reader& in) {
    basic_model model;
    model.settings_ = in.params<ials::params>();
    const std::int64_t d = model.settings_.factors;
    model.user_factors_ = in.matrix<Scalar>("user_factors", any_size, d);
    model.item_factors_ = in.matrix<Scalar>("item_factors", any_size, d);
    for (const auto& [name, rows] : {std::pair{"user_factors", model.user_factors_.rows()},
                                     std::pair{"item_factors", model.item_factors_.rows()}}) {
      if (rows > std::numeric_limits<index_t>::max()) {
        in.fail(name, "has " + std::to_string(rows) + " rows, more than an index counts");
      }
    }
    model.item_gram_ = in.matrix<Scalar>("item_gram", d, d);
    model.user_ridge_ = detail_ials::ridge<Scalar>(model.settings_, model.item_factors_.rows());
    model.history_ = in.history(model.users(), model.items());
    return model;
  }

  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const {
    return kernels::score_top_k(policy, user_factors_, users,
                                exclude_seen ? &history_.view() : nullptr, item_factors_, filter,
                                k);
  }
  void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const {
    for (std::size_t n = 0; n < items.size(); ++n) {
      scores[n] = static_cast<float>(score(user, items[n]));
    }
  }
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const {
    const row_major_matrix<Scalar> factors = fold_in(policy, histories);
    return kernels::score_top_k<Scalar>(policy, factors, detail::all_rows(histories.rows()),
                                        exclude_seen ? &histories : nullptr, item_factors_, filter,
                                        k);
  }

  row_major_matrix<Scalar> user_factors_;
  row_major_matrix<Scalar> item_factors_;
  row_major_matrix<Scalar> item_gram_;  // unobserved_weight · Gram of the item factors, for fold-in
  kernels::row_ridge<Scalar> user_ridge_{};
  ials::params settings_{};
  csr_matrix<> history_;
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
    const auto begin = std::chrono::steady_clock::now();
    const auto by_user = to_csr(source);
    detail_ials::check_weights(by_user);
    const auto users = static_cast<std::int64_t>(by_user.rows());
    const auto items = static_cast<std::int64_t>(by_user.cols());
    const auto d = static_cast<std::uint64_t>(params.factors);
    check::fits_memory("ials: factors of " + std::to_string(users) + " users and " +
                           std::to_string(items) + " items",
                       check::bytes("ials: factors", static_cast<std::uint64_t>(users + items) + d,
                                    d, sizeof(Scalar)));
    const auto by_item = transpose(policy, by_user);

    const auto alpha = static_cast<Scalar>(params.unobserved_weight);
    const auto cancelled = [&] { return detail::cancelled(observers...); };
    const auto half_step = [&](const auto& matrix, const row_major_matrix<Scalar>& fixed,
                               row_major_matrix<Scalar>& solved, std::int64_t other) {
      kernels::ials_solve(policy, matrix, fixed, kernels::gram(policy, fixed, alpha),
                          detail_ials::ridge<Scalar>(params, other), solved, cancelled);
      if (cancelled()) throw cancelled_error("ials::fit");
    };

    model_type fitted;
    fitted.user_factors_ = first_factors(policy, users, params, random_purpose::user_factors);
    fitted.item_factors_ = first_factors(policy, items, params, random_purpose::item_factors);
    fitted.settings_ = params;
    fitted.user_ridge_ = detail_ials::ridge<Scalar>(params, items);
    if (params.keep_history) fitted.history_ = standard_csr(source);

    std::optional<model_type> kept;
    for (int epoch = 1; epoch <= params.epochs; ++epoch) {
      half_step(by_user, fitted.item_factors_, fitted.user_factors_, items);
      half_step(by_item.view(), fitted.user_factors_, fitted.item_factors_, users);
      fitted.item_gram_ = kernels::gram(policy, fitted.item_factors_, alpha);
      const auto verdict = detail::notify({epoch, params.epochs, detail::seconds_since(begin)},
                                          std::as_const(fitted), observers...);
      if (verdict.keep) kept = fitted;
      if (verdict.stop) break;
    }
    return kept ? *std::move(kept) : fitted;
  }

 private:
  static row_major_matrix<Scalar> first_factors(const cpu& policy, std::int64_t rows,
                                                const params& params, random_purpose purpose) {
    row_major_matrix<Scalar> factors(rows, params.factors);
    const double stddev = params.init_stddev / std::sqrt(static_cast<double>(params.factors));
    parallel_for(policy, rows, 256, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        random_stream random(params.seed, purpose, static_cast<std::uint64_t>(r));
        for (Eigen::Index f = 0; f < factors.cols(); ++f) {
          factors(r, f) = static_cast<Scalar>(stddev * random.normal());
        }
      }
    });
    return factors;
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
