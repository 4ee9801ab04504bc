// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Rows of numbers and categories: what the samplers for them take and return.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/config.hpp>
#include <recokit/core/dense_view.hpp>

#include <cstdint>

namespace recokit::inline RECOKIT_ABI {

/// Rows of categories that the caller owns: rows × columns codes, none below 0. Which category a
/// code stands for is the caller's affair; codes of a column need not be dense.
class category_view {
 public:
  category_view(const row_major_matrix<index_t>& codes) : codes_(&codes) {}
  category_view(row_major_matrix<index_t>&&) = delete;

  std::int64_t rows() const noexcept { return codes_->rows(); }
  std::int64_t cols() const noexcept { return codes_->cols(); }
  const row_major_matrix<index_t>& codes() const noexcept { return *codes_; }

 private:
  const row_major_matrix<index_t>* codes_;
};

/// Rows that have numbers and categories, both owned by the caller.
template <class Scalar>
class mixed_view {
 public:
  using value_type = Scalar;

  /// @param numeric    what a dense_view takes
  /// @param categories codes, none below 0
  /// @throws dimension_error when they differ in rows
  template <class Numeric>
  mixed_view(const Numeric& numeric, const row_major_matrix<index_t>& categories)
      : numeric_(numeric), categories_(categories) {
    check::equal("categories.rows()", categories.rows(), "numeric.rows()", numeric_.rows());
  }

  std::int64_t rows() const noexcept { return numeric_.rows(); }
  const dense_view<Scalar>& numeric() const noexcept { return numeric_; }
  const row_major_matrix<index_t>& categories() const noexcept { return categories_.codes(); }

 private:
  dense_view<Scalar> numeric_;
  category_view categories_;
};

template <class Derived>
mixed_view(const Eigen::DenseBase<Derived>&, const row_major_matrix<index_t>&)
    -> mixed_view<typename Derived::Scalar>;
template <class Scalar>
mixed_view(const dense_view<Scalar>&, const row_major_matrix<index_t>&) -> mixed_view<Scalar>;

/// Rows of numbers and categories.
template <class Scalar>
struct mixed_rows {
  row_major_matrix<Scalar> numeric;
  row_major_matrix<index_t> categories;
};

namespace detail {

template <class T>
inline constexpr bool is_mixed_view = false;
template <class Scalar>
inline constexpr bool is_mixed_view<mixed_view<Scalar>> = true;

}  // namespace detail
}  // namespace recokit::inline RECOKIT_ABI
