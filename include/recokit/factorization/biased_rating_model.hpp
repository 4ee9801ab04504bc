// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What factor models of ratings with a mean and biases have in common.
#pragma once

#include <recokit/core/model_file.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/rating_model.hpp>
#include <recokit/factorization/factor_model.hpp>

namespace recokit::inline RECOKIT_ABI {

/// Rows of users are [p, 1, μ + b_u], rows of items [q, b_i, 1], so that their dot product is the
/// estimate μ + b_u + b_i + p_u·q_i.
///
/// `Model` derives publicly, and makes this class and what factor_model and rating_model ask for
/// friends.
template <class Model, class Params, class Scalar>
class biased_rating_model : public factor_model<Model, Params, Scalar, rating_model> {
 public:
  static constexpr Eigen::Index extra_columns = 2;

  /// μ, which all users and items share: the mean of the training ratings, or what a loss that is
  /// not of ratings has in its place.
  double mean() const noexcept { return mean_; }
  /// One a user: b_u.
  auto user_biases() const {
    return (this->user_rows_.col(this->factors() + 1).array() - static_cast<Scalar>(mean_))
        .matrix();
  }
  /// One an item: b_i.
  auto item_biases() const { return this->item_rows_.col(this->factors()); }

 protected:
  biased_rating_model() = default;

  void items_changed(const cpu&) {}

  void write_biased(model_writer& out) const {
    this->write_factors(out);
    this->write_scale(out);
    out.add("mean", mean_);
  }
  void read_biased(model_reader& in) {
    this->read_factors(in);
    this->read_scale(in);
    mean_ = in.number<double>("mean");
  }
  void write(model_writer& out) const { write_biased(out); }
  static Model read(model_reader& in) {
    Model model;
    model.read_biased(in);
    return model;
  }

  double mean_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI
