// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Implicit alternating least squares (iALS), exact or by steps of other solvers.
#pragma once

#include <recokit/core/column_counts.hpp>
#include <recokit/core/fit.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/factor_model.hpp>
#include <recokit/factorization/first_factors.hpp>
#include <recokit/factorization/ials_options.hpp>
#include <recokit/factorization/ials_weights.hpp>
#include <recokit/kernels/als_engine.hpp>
#include <recokit/kernels/cuda_als_engine.hpp>
#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/principal_axes.hpp>

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::ials {

template <class Scalar>
struct algorithm;

/// Factors of users and items; a score is their dot product, near 1 for what the user would take.
/// The user factors are solved last, so folding in a user's training history returns their row
/// (exactly with the solver exact), and explain is about the score that the model has.
/// @tparam Scalar float or double
template <class Scalar = float>
class basic_model : public factor_model<basic_model<Scalar>, ials::params, Scalar> {
  using base = factor_model<basic_model, ials::params, Scalar>;

 public:
  static constexpr std::string_view file_kind = std::is_same_v<Scalar, float> ? "ials" : "ials_f64";
  static constexpr Eigen::Index extra_columns = 0;
  static constexpr bool has_cuda = std::is_same_v<Scalar, float>;

  /// Lambda after rescaling by params.reference_exponent; without one, params.regularization.
  double effective_regularization() const noexcept { return regularization_; }
  /// Weights of unobserved items relative to params.unobserved_weight, with mean 1 in training;
  /// empty without params.popularity_exponent: all are 1.
  std::span<const Scalar> item_scales() const noexcept { return item_scales_; }

  /// As factor_model says; the popularity of the changed items is taken from the histories too.
  template <backend Policy, class Source>
  basic_model partial_fit_items(const Policy& policy, std::span<const index_t> items,
                                const Source& histories) const {
    basic_model changed = base::partial_fit_items(policy, items, histories);
    if (this->settings_.popularity_exponent != 0) {
      const auto scales = scales_of_rows(standard_csr(histories).view());
      for (std::size_t n = 0; n < items.size(); ++n) {
        changed.item_scales_[static_cast<std::size_t>(items[n])] = scales[n];
      }
      changed.items_changed(detail::host_of(policy));
    }
    return changed;
  }

  /// The loss that fit minimises, of this model on `source` (users × items), as fit's comment
  /// states it. Nothing of the size users × items is made: nonzeros · d + (users + items) · d²
  /// multiply-adds, in double.
  /// @throws dimension_error when the sizes differ, and what fit throws for values
  template <class Source>
  double loss(const cpu& policy, const Source& source) const;

 private:
  friend base;
  friend class recommender_base<basic_model>;
  friend struct algorithm<Scalar>;
  using side = kernels::factor_side;
  template <class Policy, class Matrix>
  using engine = kernels::als_engine<Policy, Scalar, Matrix>;

  Scalar alpha() const { return static_cast<Scalar>(this->settings_.unobserved_weight); }
  kernels::row_ridge<Scalar> ridge(std::int64_t other) const {
    return detail_ials::ridge<Scalar>(this->settings_, regularization_, other);
  }
  Scalar target_base() const { return detail_ials::target_base<Scalar>(this->settings_); }

  /// Scales of unobserved weights of items with these histories (items × users).
  std::vector<Scalar> scales_of_rows(const csr_view<>& histories) const {
    std::vector<std::int64_t> counts;
    for (index_t r = 0; r < histories.rows(); ++r) {
      counts.push_back(static_cast<std::int64_t>(histories.row(r).size()));
    }
    return detail_ials::item_scales<Scalar>(this->settings_, popularity_mean_, counts);
  }

  template <class Policy>
  row_major_matrix<Scalar> solve_users(const Policy& policy, const csr_view<>& histories) const {
    detail_ials::check_values(this->settings_, histories);
    const auto weights = detail_ials::weigh(this->settings_, histories);
    const csr_view<> none;
    engine<Policy, csr_view<>> engine(policy, weights.view(), none, this->settings_.factors);
    engine.upload(side::items, this->item_rows_);
    row_major_matrix<Scalar> solved(histories.rows(), this->item_rows_.cols());
    engine.solve(side::users, user_problem(weights.view(), item_gram_), {}, solved,
                 [] { return false; });
    engine.download(side::users, solved);
    return solved;
  }
  template <class Policy>
  row_major_matrix<Scalar> solve_items(const Policy& policy, const csr_view<>& histories) const {
    detail_ials::check_values(this->settings_, histories);
    const auto weights = detail_ials::weigh(this->settings_, histories);
    const csr_view<> none;
    engine<Policy, csr_view<>> engine(policy, none, weights.view(), this->settings_.factors);
    engine.upload(side::users, this->user_rows_);
    const auto gram = engine.gram(side::users, this->user_rows_, alpha());
    const auto scales = scales_of_rows(histories);
    row_major_matrix<Scalar> solved(histories.rows(), this->user_rows_.cols());
    engine.solve(side::items, item_problem(weights.view(), gram, scales), {}, solved,
                 [] { return false; });
    engine.download(side::items, solved);
    return solved;
  }
  template <class Matrix>
  kernels::row_problem<Scalar, Matrix> user_problem(const Matrix& matrix,
                                                    const row_major_matrix<Scalar>& gram) const {
    return {matrix, this->item_rows_, gram,         ridge(this->item_rows_.rows()),
            {},     item_scales_,     target_base()};
  }
  template <class Matrix>
  kernels::row_problem<Scalar, Matrix> item_problem(const Matrix& matrix,
                                                    const row_major_matrix<Scalar>& gram,
                                                    std::span<const Scalar> scales) const {
    return {matrix, this->user_rows_, gram, ridge(this->user_rows_.rows()), scales,
            {},     target_base()};
  }
  void items_changed(const cpu& policy) {
    // Items that came in between those named have no interactions, and so no popularity.
    if (!item_scales_.empty()) item_scales_.resize(static_cast<std::size_t>(this->items()));
    item_gram_ = kernels::gram<Scalar>(policy, this->item_rows_, alpha(), item_scales_);
  }

  /// What each interaction adds to the score of `item` for a user folded in with this history:
  /// h_i' A^-1 t_e h_e, with A the user's system.
  std::vector<scored_item<>> shares(const csr_row<float, index_t>& history, index_t item) const {
    // A is symmetric, so one solve, A y = h_i, serves all entries: each adds t_e h_e' y.
    using matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic>;
    const offset_t offsets[] = {0, static_cast<offset_t>(history.size())};
    const auto given =
        csr_view<>::trusted(1, this->items(), offsets, history.indices.data(),
                            history.values.empty() ? nullptr : history.values.data());
    detail_ials::check_values(this->settings_, given);
    const auto weights = detail_ials::weigh(this->settings_, given);
    const auto problem = user_problem(weights.view(), item_gram_);
    const auto row = weights.row(0);
    matrix system = item_gram_.template cast<double>();
    system.diagonal().array() += static_cast<double>(problem.ridge(row.size()));
    for (std::size_t e = 0; e < row.size(); ++e) {
      const Eigen::VectorXd h =
          this->item_rows_.row(row.indices[e]).transpose().template cast<double>();
      system.selfadjointView<Eigen::Lower>().rankUpdate(
          h, static_cast<double>(problem.weight(row, e)));
    }
    const Eigen::VectorXd y = system.selfadjointView<Eigen::Lower>().llt().solve(
        this->item_rows_.row(item).transpose().template cast<double>());
    std::vector<scored_item<>> list;
    for (std::size_t e = 0; e < row.size(); ++e) {
      const double target = static_cast<double>(problem.target(row, e, Scalar{1}));
      const double along =
          this->item_rows_.row(row.indices[e]).template cast<double>().dot(y.transpose());
      list.push_back({row.indices[e], static_cast<float>(target * along)});
    }
    return list;
  }

  // The Gram matrix is stored, not computed again: another machine may round it another way.
  void write(model_writer& out) const {
    this->write_factors(out);
    out.add("item_gram", item_gram_);
    out.add("regularization", regularization_);
    out.add("popularity_mean", popularity_mean_);
    out.add("item_scales", item_scales_);
  }
  static basic_model read(model_reader& in) {
    basic_model model;
    model.read_factors(in);
    const std::int64_t d = model.settings_.factors;
    model.item_gram_ = in.matrix<Scalar>("item_gram", d, d);
    model.regularization_ = in.number<double>("regularization");
    model.popularity_mean_ = in.number<double>("popularity_mean");
    const bool scaled = model.settings_.popularity_exponent != 0;
    model.item_scales_ = in.vector<Scalar>("item_scales", scaled ? model.items() : 0);
    return model;
  }

  row_major_matrix<Scalar> item_gram_;  // weighted Gram matrix of the item factors, for fold-in
  std::vector<Scalar> item_scales_;
  double popularity_mean_ = 1;
  double regularization_ = 0;
};

template <class Scalar>
template <class Source>
double basic_model<Scalar>::loss(const cpu& policy, const Source& source) const {
  const auto by_user = to_csr(source);
  check::equal("source.rows()", by_user.rows(), "users()", this->users());
  check::equal("source.cols()", by_user.cols(), "items()", this->items());
  detail_ials::check_values(this->settings_, by_user);
  const auto weights = detail_ials::weigh(this->settings_, by_user);
  const auto view = weights.view();
  const auto problem = user_problem(view, item_gram_);
  const auto& w = this->user_rows_;
  const auto& h = this->item_rows_;
  // Σ a s² − 2 t s + t over the interactions, and the ridge of the users.
  const double seen = parallel_reduce(
      policy, view.rows(), 256, 0.0,
      [&](std::int64_t begin, std::int64_t end) {
        double sum = 0;
        for (std::int64_t u = begin; u < end; ++u) {
          const auto row = view.row(u);
          for (std::size_t e = 0; e < row.size(); ++e) {
            const double score =
                w.row(u).template cast<double>().dot(h.row(row.indices[e]).template cast<double>());
            const auto a = static_cast<double>(problem.weight(row, e));
            const auto t = static_cast<double>(problem.target(row, e, Scalar{1}));
            sum += a * score * score - 2 * t * score + t;
          }
          sum += static_cast<double>(problem.ridge(row.size())) *
                 w.row(u).template cast<double>().squaredNorm();
        }
        return sum;
      },
      [](double& total, double part) { total += part; });
  const auto counts = detail::column_counts(policy, view);
  const auto item_ridge = ridge(this->users());
  double sum = seen;
  row_major_matrix<double> scaled = h.template cast<double>();
  for (index_t i = 0; i < this->items(); ++i) {
    const Scalar scale =
        item_scales_.empty() ? Scalar{1} : item_scales_[static_cast<std::size_t>(i)];
    sum += static_cast<double>(
               item_ridge(static_cast<std::size_t>(counts[static_cast<std::size_t>(i)]), scale)) *
           scaled.row(i).squaredNorm();
    scaled.row(i) *= std::sqrt(static_cast<double>(scale));
  }
  // Σ over all cells of the squared score is the product of the two Gram matrices.
  const row_major_matrix<double> users = w.template cast<double>();
  sum += kernels::gram(policy, users, this->settings_.unobserved_weight)
             .cwiseProduct(kernels::gram(policy, scaled, 1.0))
             .sum();
  return sum;
}

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
    const auto given = to_csr(source);
    detail_ials::check_values(params, given);
    const auto start = detail::start_of<model_type>(observers...);
    model_type first;
    const bool anew = !first.begin(params.keep_history ? standard_csr(source) : csr_matrix<>{},
                                   given.rows(), given.cols(), params, start);
    if (anew) detail::normal_factors(host, first.user_rows_, first.item_rows_, params);
    // Stays when no epoch is left.
    if (start.model != nullptr) first.item_gram_ = start.model->item_gram_;
    const auto counts = detail::column_counts(host, given);
    first.popularity_mean_ = detail_ials::popularity_mean(params, counts);
    first.item_scales_ = detail_ials::item_scales<Scalar>(params, first.popularity_mean_, counts);
    first.regularization_ = detail_ials::effective_regularization(
        params, given, counts,
        detail_ials::item_scales<double>(params, first.popularity_mean_, counts));

    const auto by_user = detail_ials::weigh(params, given);
    const auto by_item = transpose(host, by_user.view());
    using matrix = std::remove_cvref_t<decltype(by_user.view())>;
    kernels::als_engine<Policy, Scalar, matrix> engine(policy, by_user.view(), by_item.view(),
                                                       params.factors);
    engine.upload(side::users, first.user_rows_);
    engine.upload(side::items, first.item_rows_);
    const kernels::row_method method = method_of(params);
    const std::function<bool()> cancelled = [&] { return detail::cancelled(observers...); };
    const auto solve_items = [&](model_type& model) {
      auto gram = engine.gram(side::users, model.user_rows_, model.alpha());
      turn(host, engine, side::items, method, gram, model.user_rows_, model.item_rows_);
      engine.solve(side::items, model.item_problem(by_item.view(), gram, model.item_scales_),
                   method, model.item_rows_, cancelled);
      if (cancelled()) throw cancelled_error("ials::fit");
    };
    const auto solve_users = [&](model_type& model) {
      model.item_gram_ =
          engine.gram(side::items, model.item_rows_, model.alpha(), model.item_scales_);
      turn(host, engine, side::users, method, model.item_gram_, model.item_rows_, model.user_rows_);
      engine.solve(side::users, model.user_problem(by_user.view(), model.item_gram_), method,
                   model.user_rows_, cancelled);
      if (cancelled()) throw cancelled_error("ials::fit");
    };
    if (anew) solve_users(first);
    return detail::run_epochs(
        "ials::fit", std::move(first), start.epochs_done(), params.epochs,
        [&](model_type& model, int epoch) {
          solve_items(model);
          solve_users(model);
          if (detail::model_needed<Observers...>(epoch, params.epochs)) {
            engine.download(side::users, model.user_rows_);
            engine.download(side::items, model.item_rows_);
          }
          model.epochs_done_ = epoch;
        },
        observers...);
  }

 private:
  using side = kernels::factor_side;
  using rows = row_major_matrix<Scalar>;

  static kernels::row_method method_of(const params& params) {
    kernels::row_method method{.steps = params.cg_steps, .sweeps = params.block_sweeps};
    switch (params.solver) {
      case solver_kind::exact:
        break;
      case solver_kind::cg:
        method.solver = kernels::row_solver::cg;
        break;
      case solver_kind::block:
        method.solver = kernels::row_solver::block;
        method.block = std::max(params.block_size, 2);
        break;
      case solver_kind::coordinate:
        method.solver = kernels::row_solver::block;
        method.block = 1;
        break;
    }
    return method;
  }

  /// Turns both sides so that the Gram matrix of `fixed` is diagonal, where the solver gains by it:
  /// scores and loss stay, and the sides are never turned back.
  template <class Engine>
  static void turn(const cpu& host, Engine& engine, side solving, const kernels::row_method& method,
                   rows& gram, rows& fixed, rows& solved) {
    if (!engine.wants_axes(solving, method)) return;
    const auto basis = kernels::principal_axes_of(host, gram);
    engine.turn(kernels::other_side(solving), basis.axes, fixed);
    // The exact solver does not look at the rows that it replaces.
    if (method.solver != kernels::row_solver::exact) engine.turn(solving, basis.axes, solved);
    gram.setZero();
    gram.diagonal() = basis.eigenvalues;
  }
};

/// Fits factors W (users) and H (items) to
///   Σ_{(u,i) observed} loss_ui + unobserved_weight · Σ_{all u,i} ω_i s_ui²
///     + λ · (Σ_u (n_u + unobserved_weight · items)^ν |w_u|²
///          + Σ_i (n_i + unobserved_weight · ω_i · users)^ν |h_i|²)
/// with s_ui = w_u·h_i, n the number of entries of a row, ν = regularization_exponent, λ =
/// regularization (see reference_exponent), ω_i the item's popularity^popularity_exponent over its
/// mean, and loss_ui for a value x
///   raw:          x (1 − s)²
///   linear, log:  a (1 − s)² plus what turns the unobserved term of this cell into
///                 unobserved_weight ω_i (1 − s)², with a = confidence_scale · x or · log(1 + x /
///                 ε): the cell weighs a + unobserved_weight ω_i on the target 1. Hu et al. is
///                 linear with unobserved_weight = 1
///   a dislike:    |x| s², or a s² with a from |x|
/// Users are solved first, from random items, as in the papers; then each epoch solves the items
/// and the users. The solver exact finds each row's minimum; the others take steps towards it from
/// the row as it was, and lower the same loss.
///
/// Not for rating prediction: a low rating still counts as interest. Drop low ratings first
/// (at_least) or make all weights equal (weighting::binary).
///
/// @param source    users × items interactions; see csr_source. Values >= 0 unless dislikes is set
/// @param observers called after every epoch; see core/observer.hpp, and core/start.hpp for
///                  warm_start and resume
/// @throws value_error for params out of range or a negative value, memory_error when the factors
///         cannot fit, cancelled_error, error when a system is not positive definite (only without
///         regularization), and what as_csr throws
///
/// kernels/exact_rows.hpp, cg_rows.hpp and block_rows.hpp say what an epoch costs. The factors lie
/// along the axes in which the Gram matrix of the items is diagonal (kernels/principal_axes.hpp);
/// on a GPU the solver exact leaves them as they are where that is faster. Both backends start from
/// the same random numbers and take the same steps; they differ by rounding.
/// Memory: factors and one transpose of the interactions (and weights, unless raw).
/// The same bits for any number of threads on one machine.
/// Hu, Koren, Volinsky, ICDM'08; in the form of Rendle, Krichene, Zhang, Koren, RecSys'22.
/// Popularity: He, Zhang, Kan, Chua, SIGIR'16.
inline constexpr fit_function<algorithm<float>> fit{};

/// fit with another scalar type: fit_as<double>(…) gives a basic_model<double>.
template <class Scalar>
inline constexpr fit_function<algorithm<Scalar>> fit_as{};

}  // namespace recokit::inline RECOKIT_ABI::ials
