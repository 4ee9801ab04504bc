// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A factor model that remembers the squared gradients of its fit, so that it can go on.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/factorization/factor_model.hpp>

#include <cstdint>
#include <utility>

namespace recokit::inline RECOKIT_ABI {
namespace detail {

/// Rows of a model and their sums of squared gradients; the latter 0 × 0 without Adagrad.
struct adagrad_state {
  row_major_matrix<float>& users;
  row_major_matrix<float>& items;
  row_major_matrix<float>& user_squares;
  row_major_matrix<float>& item_squares;
};

/// What sums of squared gradients begin with: the first steps are then as long as learning_rate
/// times the gradient.
inline constexpr float first_square = 1;

}  // namespace detail

/// factor_model with what resume needs after Adagrad. Rows that partial_fit solved, or made, go on
/// with the sums that they had, new ones with those of a fresh fit.
template <class Model, class Params>
class adagrad_factor_model : public factor_model<Model, Params> {
 public:
  /// Sums of squared gradients in the shape of user_rows(); 0 × 0 when the fit needed none.
  const row_major_matrix<float>& user_squares() const noexcept { return user_squares_; }
  const row_major_matrix<float>& item_squares() const noexcept { return item_squares_; }

 protected:
  /// After begin(): as large as the rows when `used`.
  void begin_squares(bool used, const detail::fit_start<Model>& start) {
    if (!used) return;
    const auto fill = [&](row_major_matrix<float>& squares, const row_major_matrix<float>& rows,
                          const row_major_matrix<float>* before) {
      squares = row_major_matrix<float>::Constant(rows.rows(), rows.cols(), detail::first_square);
      if (before != nullptr) squares.topRows(before->rows()) = *before;
    };
    const bool resumes = start.model != nullptr && start.resumes;
    check::fits_memory(
        "factors and squared gradients",
        check::bytes("squares",
                     static_cast<std::uint64_t>(this->user_rows_.rows() + this->item_rows_.rows()),
                     static_cast<std::uint64_t>(this->user_rows_.cols()), 2 * sizeof(float)));
    fill(user_squares_, this->user_rows_, resumes ? &start.model->user_squares_ : nullptr);
    fill(item_squares_, this->item_rows_, resumes ? &start.model->item_squares_ : nullptr);
  }
  detail::adagrad_state state() noexcept {
    return {this->user_rows_, this->item_rows_, user_squares_, item_squares_};
  }

  void write(model_writer& out) const {
    this->write_factors(out);
    out.add("user_squares", user_squares_);
    out.add("item_squares", item_squares_);
  }
  static Model read(model_reader& in) {
    Model model;
    model.read_factors(in);
    const auto squares = [&](const char* name, const row_major_matrix<float>& rows) {
      auto read = in.matrix<float>(name);
      if (read.rows() == 0) return row_major_matrix<float>();
      if (read.rows() > rows.rows() || read.cols() != rows.cols()) {
        in.fail(name, "is larger than the factors that it belongs to");
      }
      if (!(read.array() > 0).all()) in.fail(name, "holds a sum of squares that is not positive");
      return read;
    };
    model.user_squares_ = squares("user_squares", model.user_rows_);
    model.item_squares_ = squares("item_squares", model.item_rows_);
    return model;
  }

  row_major_matrix<float> user_squares_;
  row_major_matrix<float> item_squares_;
};

}  // namespace recokit::inline RECOKIT_ABI
