// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Nonnegative matrix factorization of interactions or of ratings.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/random.hpp>
#include <recokit/core/rating_model.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/factor_model.hpp>
#include <recokit/factorization/first_factors.hpp>
#include <recokit/factorization/nmf_update.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string_view>
#include <tuple>
#include <utility>

namespace recokit::inline RECOKIT_ABI::nmf {

struct params {
  int factors = 32;
  int epochs = 100;
  nmf::solver solver = solver::coordinate;
  nmf::missing missing = missing::zero;
  nmf::loss loss = loss::frobenius;
  double regularization_user = 0;  ///< alpha_W of scikit-learn
  double regularization_item = 0;  ///< alpha_H of scikit-learn
  double l1_ratio = 0;             ///< 0: squares of factors are penalised; 1: their sum
  std::uint64_t seed = 42;
  bool clip = true;          ///< predictions stay on the scale of the training values
  bool keep_history = true;  ///< hold the interactions, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "dimensions of the latent vectors"),
        field("epochs", &params::epochs, 1, 100'000, "times both sides are updated"),
        field("solver", &params::solver, "how factors are updated"),
        field("missing", &params::missing, "what cells without interaction are"),
        field("loss", &params::loss, "how the distance from the values is measured"),
        field("regularization_user", &params::regularization_user, 0, 1e9,
              "weight of the user factors, for every cell of the row that counts"),
        field("regularization_item", &params::regularization_item, 0, 1e9,
              "weight of the item factors, for every cell of the column that counts"),
        field("l1_ratio", &params::l1_ratio, 0, 1,
              "share of the sum of factors in the regularization; the rest is of their squares"),
        field("seed", &params::seed, "of the first factors"),
        field("clip", &params::clip, "predictions stay on the scale of the training values"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

struct algorithm;

/// The value of item i for user u is w_u·h_i, with no factor below 0.
///
/// A history that is folded in gets the row that minimises the loss with the items as they are.
/// With missing::ignored, users and items without ratings get the mean row of their side, else
/// zeros.
class model : public factor_model<model, params, float, rating_model> {
 public:
  static constexpr std::string_view file_kind = "nmf";
  static constexpr Eigen::Index extra_columns = 0;

  /// The loss that fit states, regularization included, of these factors for a users × items
  /// matrix. O(nonzeros · d + (users + items) · d²).
  /// @throws dimension_error when the matrix has other users or items, value_error below 0
  template <class Source>
  double loss(const cpu& policy, const Source& source) const {
    const csr_matrix<> data = standard_csr(source);
    check::equal("source.rows()", data.rows(), "users()", users());
    check::equal("source.cols()", data.cols(), "items()", items());
    detail::check_values(data.view());
    return detail::loss_of(policy, data.view(), user_rows_, item_rows_, user_side(), item_side());
  }

 private:
  using base = factor_model<model, params, float, rating_model>;
  friend base;
  friend class recommender_base<model>;
  friend class rating_model<model>;
  friend struct algorithm;

  row_major_matrix<float> solve_users(const cpu& policy, const csr_view<>& histories) const {
    detail::check_values(histories);
    return detail::solved_rows(policy, histories, item_rows_, item_totals_, user_rows_,
                               user_side());
  }
  row_major_matrix<float> solve_items(const cpu& policy, const csr_view<>& histories) const {
    detail::check_values(histories);
    return detail::solved_rows(policy, histories, user_rows_, detail::totals_of(policy, user_rows_),
                               item_rows_, item_side());
  }
  void items_changed(const cpu& policy) { item_totals_ = detail::totals_of(policy, item_rows_); }

  detail::side side(double regularization) const {
    return {settings_.solver, settings_.missing, settings_.loss,
            regularization * settings_.l1_ratio, regularization * (1 - settings_.l1_ratio)};
  }
  detail::side user_side() const { return side(settings_.regularization_user); }
  detail::side item_side() const { return side(settings_.regularization_item); }

  // The totals are stored, not computed again: another machine may round them another way.
  void write(model_writer& out) const {
    write_factors(out);
    write_scale(out);
    out.add("item_gram", item_totals_.gram);
    out.add("item_sums", item_totals_.sums);
  }
  static model read(model_reader& in) {
    model loaded;
    loaded.read_factors(in);
    loaded.read_scale(in);
    const std::int64_t d = loaded.factors();
    loaded.item_totals_.gram = in.matrix<float>("item_gram", d, d);
    loaded.item_totals_.sums = in.vector<float>("item_sums", d);
    return loaded;
  }

  detail::totals item_totals_;  // of the item rows, for fold-in
};

/// What fit runs.
struct algorithm {
  using params_type = params;
  using model_type = model;
  static constexpr bool has_cuda = false;

  template <class Source, class... Observers>
  static model run(const cpu& policy, const Source& source, const params& params,
                   Observers&... observers) {
    const csr_matrix<> data = standard_csr(source);
    if (params.loss == loss::kullback_leibler && params.solver == solver::coordinate) {
      throw value_error("params.solver", "coordinate",
                        "must be multiplicative for the loss kullback_leibler");
    }
    detail::check_values(data.view());
    model first;
    first.scale_ = recokit::detail::scale_of(data.view());
    first.clip_ = params.clip;
    const auto start = recokit::detail::start_of<model>(observers...);
    if (!first.begin(data, data.rows(), data.cols(), params, start)) {
      const double stddev = detail::first_stddev(data.view(), params.missing, params.factors);
      const auto draw = [stddev](random_stream& random) {
        return std::abs(stddev * random.normal());
      };
      recokit::detail::draw_factors(policy, first.user_rows_, params.factors, params.seed,
                                    random_purpose::user_factors, draw);
      recokit::detail::draw_factors(policy, first.item_rows_, params.factors, params.seed,
                                    random_purpose::item_factors, draw);
    }
    first.items_changed(policy);
    const csr_matrix<> by_item = transpose(policy, data.view());
    const std::function<bool()> cancelled = [&] {
      return recokit::detail::cancelled(observers...);
    };
    return recokit::detail::run_epochs(
        "nmf::fit", std::move(first), start.epochs_done(), params.epochs,
        [&](model& fitted, int epoch) {
          detail::half_step(policy, data.view(), fitted.item_rows_, fitted.item_totals_,
                            fitted.user_side(), fitted.user_rows_, cancelled);
          detail::half_step(policy, by_item.view(), fitted.user_rows_,
                            detail::totals_of(policy, fitted.user_rows_), fitted.item_side(),
                            fitted.item_rows_, cancelled);
          fitted.items_changed(policy);
          fitted.epochs_done_ = epoch;
        },
        observers...);
  }
};

/// Fits W (users) and H (items), no entry below 0, to the values x by minimising
///   D(x, W Hᵀ) + Σ_u c_u (a |w_u|₁ + ½ b |w_u|²) + the same for items, where
///   a = regularization · l1_ratio, b = regularization · (1 − l1_ratio) of the side, and
///   D is ½ Σ (x_ui − w_u·h_i)² (frobenius) or Σ (x_ui log(x_ui / w_u·h_i) − x_ui + w_u·h_i)
///   (kullback_leibler).
/// missing::zero sums D over all cells, those without interaction being 0, and c_u = items,
/// c_i = users: the objective of scikit-learn's NMF. missing::ignored sums over the interactions
/// alone, c counts those of the row: for rating prediction, as NMF of Surprise. Nothing is ever
/// formed that is users × items: what all cells add is in the Gram matrix or the column sums.
///
/// An epoch updates the users, then the items, each once. coordinate: the factors of a row one
/// after the other, each to its best value (HALS: Cichocki and Phan 2009; Hsieh and Dhillon,
/// KDD'11). multiplicative: the rules of Lee and Seung, NIPS 2000; slower to converge, and a factor
/// that is 0 stays 0. Neither raises the loss. First factors are |N(0, 1)| · √(mean of x /
/// factors).
///
/// @param source    users × items values, not negative; pattern-only counts each as 1
/// @param observers called after every epoch; see core/observer.hpp, core/start.hpp
/// @throws value_error for params out of range, a value below 0 and when there is no interaction,
///         memory_error when the factors cannot fit, cancelled_error, error when values overflow,
///         and what as_csr throws
///
/// An epoch takes about 2 nonzeros · d + (users + items) · d² multiply-adds with missing::zero,
/// 6 nonzeros · d with missing::ignored. Memory: (users + items) · d floats, the larger side's d
/// floats again, one transpose of the data. The same bits for any number of threads on one machine.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::nmf
