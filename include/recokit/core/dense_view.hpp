// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Rows of a dense matrix that the caller owns.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/errors.hpp>

#include <Eigen/Core>

#include <concepts>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI {

/// Read-only rows × columns scalars, each row without gaps; copies nothing. The memory belongs to
/// the caller and must outlive the view.
template <std::floating_point Scalar>
class dense_view {
 public:
  using value_type = Scalar;

  dense_view() = default;
  /// @param stride the distance of two rows in scalars, at least `cols`
  /// @throws dimension_error when a size is negative or the stride too small
  dense_view(const Scalar* data, std::int64_t rows, std::int64_t cols, std::int64_t stride)
      : data_(data), rows_(rows), cols_(cols), stride_(stride) {
    if (rows < 0) throw dimension_error("rows", rows, "the least", 0);
    if (cols < 0) throw dimension_error("cols", cols, "the least", 0);
    if (stride < cols) {
      throw dimension_error("stride", stride, "cols", cols, "rows must not overlap");
    }
  }
  /// A row-major matrix, map or block of Eigen's.
  /// @throws dimension_error when the columns of a row lie apart
  template <class Derived>
    requires(std::same_as<typename Derived::Scalar, Scalar>&& bool(Derived::IsRowMajor) &&
             bool(Derived::Flags & Eigen::DirectAccessBit))
  dense_view(const Eigen::DenseBase<Derived>& matrix)
      : dense_view(matrix.derived().data(), matrix.rows(), matrix.cols(),
                   matrix.rows() > 1 ? matrix.derived().outerStride() : matrix.cols()) {
    if (matrix.cols() > 1 && matrix.derived().innerStride() != 1) {
      throw dimension_error("matrix.innerStride()", matrix.derived().innerStride(),
                            "its only value", 1,
                            "the columns of a row lie apart: copy the matrix first");
    }
  }

  std::int64_t rows() const noexcept { return rows_; }
  std::int64_t cols() const noexcept { return cols_; }
  std::int64_t stride() const noexcept { return stride_; }
  const Scalar* data() const noexcept { return data_; }
  const Scalar* row(std::int64_t r) const noexcept { return data_ + r * stride_; }

 private:
  const Scalar* data_ = nullptr;
  std::int64_t rows_ = 0;
  std::int64_t cols_ = 0;
  std::int64_t stride_ = 0;
};

template <class Derived>
dense_view(const Eigen::DenseBase<Derived>&) -> dense_view<typename Derived::Scalar>;

}  // namespace recokit::inline RECOKIT_ABI
