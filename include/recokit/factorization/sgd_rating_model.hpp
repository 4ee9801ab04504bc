// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What rating models that stochastic gradient descent fits have in common.
#pragma once

#include <recokit/core/column_counts.hpp>
#include <recokit/core/observer.hpp>
#include <recokit/core/rating_model.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/biased_rating_model.hpp>
#include <recokit/factorization/first_factors.hpp>
#include <recokit/factorization/sgd_trainer.hpp>
#include <recokit/kernels/als_solve.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

/// The dot product of two rows is z, of which the link of the loss makes the estimate.
///
/// `Model` derives publicly, makes this class and what biased_rating_model asks for friends, and
/// has a private static sgd::settings sgd_settings(const Params&).
template <class Model, class Params, class Scalar>
class sgd_rating_model : public biased_rating_model<Model, Params, Scalar> {
  using base = biased_rating_model<Model, Params, Scalar>;

 protected:
  sgd_rating_model() = default;

  sgd::settings descent_settings() const { return Model::sgd_settings(this->settings_); }
  sgd::rating_link link() const { return {descent_settings().loss, this->scale_}; }

  /// Takes scale and mean of the ratings, and the rows to begin with. @returns whether another
  /// model gave them
  bool begin_descent(const cpu& policy, const csr_matrix<>& ratings, const Params& params,
                     const detail::fit_start<Model>& start) {
    const sgd::settings settings = Model::sgd_settings(params);
    this->scale_ = detail::scale_of(ratings.view());
    this->clip_ = params.clip;
    sgd::rating_link::check(settings.loss, ratings.view(), this->scale_);
    this->mean_ =
        settings.mean ? sgd::rating_link(settings.loss, this->scale_).center(ratings.view()) : 0;
    if (this->begin(ratings, ratings.rows(), ratings.cols(), params, start)) {
      const Model& from = *start.model;
      if (start.resumes) {
        user_squares_ = from.user_squares_;
        item_squares_ = from.item_squares_;
        if (user_squares_.rows() % std::max<Eigen::Index>(from.users(), 1) != 0 ||
            item_squares_.rows() % std::max<Eigen::Index>(from.items(), 1) != 0) {
          throw value_error("the model to resume", "has rows that partial_fit added",
                            "has no steps of them; use warm_start");
        }
      }
      return true;
    }
    const Eigen::Index d = params.factors;
    detail::normal_factors(policy, this->user_rows_, this->item_rows_, params);
    for (index_t u = 0; u < ratings.rows(); ++u) {
      if (ratings.row(u).size() == 0) this->user_rows_.row(u).setZero();
    }
    const auto rated = detail::column_counts(policy, ratings.view());
    for (index_t i = 0; i < ratings.cols(); ++i) {
      if (rated[static_cast<std::size_t>(i)] == 0) this->item_rows_.row(i).setZero();
    }
    this->user_rows_.col(d).setOnes();
    this->user_rows_.col(d + 1).setConstant(static_cast<Scalar>(this->mean_));
    this->item_rows_.col(d + 1).setOnes();
    return false;
  }

  row_major_matrix<Scalar> solve_users(const cpu& policy, const csr_view<>& histories) const {
    return solve(policy, histories, this->item_rows_, this->factors() + 1, this->mean_);
  }
  row_major_matrix<Scalar> solve_items(const cpu& policy, const csr_view<>& histories) const {
    return solve(policy, histories, this->user_rows_, this->factors(), 0);
  }

  void estimate(const cpu& policy, std::span<const index_t> users, std::span<const index_t> items,
                std::span<float> estimates) const {
    base::estimate(policy, users, items, estimates);
    to_ratings(estimates);
  }
  void estimate_for(const cpu& policy, const csr_view<>& histories, std::span<const index_t> rows,
                    std::span<const index_t> items, std::span<float> estimates) const {
    base::estimate_for(policy, histories, rows, items, estimates);
    to_ratings(estimates);
  }

  void write_descent(model_writer& out) const {
    this->write_biased(out);
    out.add("user_squares", user_squares_);
    out.add("item_squares", item_squares_);
  }
  void read_descent(model_reader& in) {
    this->read_biased(in);
    user_squares_ = in.matrix<Scalar>("user_squares", any_size, 2);
    item_squares_ = in.matrix<Scalar>("item_squares", any_size, 2);
  }
  void write(model_writer& out) const { write_descent(out); }
  static Model read(model_reader& in) {
    Model model;
    model.read_descent(in);
    return model;
  }

  // Of an adaptive fit, for resume: rows × (factor_squares, bias_squares).
  row_major_matrix<Scalar> user_squares_ = row_major_matrix<Scalar>(0, 2);
  row_major_matrix<Scalar> item_squares_ = row_major_matrix<Scalar>(0, 2);

 private:
  void to_ratings(std::span<float> estimates) const {
    const sgd::rating_link to_rating = link();
    for (float& estimate : estimates) estimate = to_rating.rating(estimate);
  }

  // Rows of one side from the rows of the other. @param shift in the bias column of a row
  row_major_matrix<Scalar> solve(const cpu& policy, const csr_view<>& histories,
                                 const row_major_matrix<Scalar>& fixed, Eigen::Index bias_column,
                                 double shift) const {
    const sgd::settings settings = descent_settings();
    row_major_matrix<Scalar> solved(histories.rows(), fixed.cols());
    if (settings.loss == sgd::loss::squared && settings.l1 == 0) {
      // What descent tends to. It shrinks a row once a rating, so the ridge grows with their
      // number; a row of few ratings needs some.
      const kernels::als_side<Scalar> side{
          bias_column,
          static_cast<Scalar>(shift),
          settings.biases,
          static_cast<Scalar>(std::max(settings.regularization, 1e-6)),
          static_cast<Scalar>(std::max(settings.bias_regularization, 1e-6)),
          1};
      kernels::als_solve<Scalar>(policy, histories, fixed, side, solved, [] { return false; });
      return solved;
    }
    const sgd::rating_link to_target = link();
    parallel_for(policy, histories.rows(), 16, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        descend(settings, to_target, histories.row(r), fixed, bias_column, shift, solved.row(r));
      }
    });
    return solved;
  }

  // As many passes as the fit makes, over one row, with the other side as it is.
  template <class Row>
  static void descend(const sgd::settings& s, const sgd::rating_link& link,
                      const csr_row<float, index_t>& ratings, const row_major_matrix<Scalar>& fixed,
                      Eigen::Index bias_column, double shift, Row&& row) {
    const Eigen::Index d = s.factors;
    Eigen::VectorXd p = Eigen::VectorXd::Zero(d);
    double bias = 0;
    double squares = 1;
    double bias_squares = 1;
    const bool adaptive = s.step_rule == sgd::step_rule::adaptive;
    for (int epoch = 1; epoch <= s.epochs; ++epoch) {
      for (std::size_t n = 0; n < ratings.size(); ++n) {
        const auto other = fixed.row(ratings.indices[n]);
        const Eigen::VectorXd q = other.head(d).transpose().template cast<double>();
        const double z =
            shift + bias + static_cast<double>(other[2 * d + 1 - bias_column]) + p.dot(q);
        const double e = sgd::descent(s.loss, z, double{link.target(ratings.value(n))});
        const Eigen::VectorXd step = e * q - s.regularization * p;
        const double bias_step = e - s.bias_regularization * bias;
        const double rate = s.rate(epoch) / std::sqrt(squares);
        if (s.biases) bias += s.rate(epoch) / std::sqrt(bias_squares) * bias_step;
        p += rate * step;
        if (s.l1 > 0) {
          p = p.array().sign() * (p.array().abs() - rate * s.l1).max(0);
        }
        if (adaptive) {
          squares += step.squaredNorm() / static_cast<double>(d);
          bias_squares += bias_step * bias_step;
        }
      }
    }
    row.head(d) = p.transpose().template cast<Scalar>();
    row.tail(2).setOnes();
    row[bias_column] = static_cast<Scalar>(shift + bias);
  }
};

namespace sgd {

/// The fit of a model that has nothing but the rows of sgd_rating_model.
template <class Model>
struct matrix_fit {
  using scalar = typename Model::scalar;
  static constexpr bool has_cuda = std::is_same_v<scalar, float>;

  template <class Policy, class Source, class Params, class... Observers>
  static Model run(const Policy& policy, const Source& source, const Params& params,
                   Observers&... observers) {
    const cpu host = recokit::detail::host_of(policy);
    const csr_matrix<> ratings = standard_csr(source);
    const auto start = recokit::detail::start_of<Model>(observers...);
    Model first;
    first.begin_descent(host, ratings, params, start);
    const settings settings = Model::sgd_settings(params);
    const auto device = kernels::make_sgd_device(policy);
    using trainer_type = trainer<scalar>;
    trainer_type trainer(host, ratings.view(), rating_link(settings.loss, first.scale_), settings,
                         trainer_type::bands_of(ratings.view(), settings), 1, device.get());
    trainer.take(first.user_rows_, first.item_rows_, first.user_squares_, first.item_squares_);
    return recokit::detail::run_epochs(
        settings.owner, std::move(first), start.epochs_done(), params.epochs,
        [&](Model& model, int epoch) {
          trainer.pass(update_of<scalar>(settings, model.mean_, epoch), epoch,
                       [&] { return recokit::detail::cancelled(observers...); });
          // A device brings its rows home only for those who look at them.
          if (device == nullptr ||
              recokit::detail::model_needed<Observers...>(epoch, params.epochs)) {
            trainer.give(epoch, model.user_rows_, model.item_rows_, model.user_squares_,
                         model.item_squares_);
          }
          model.epochs_done_ = epoch;
        },
        observers...);
  }
};

}  // namespace sgd

}  // namespace recokit::inline RECOKIT_ABI
