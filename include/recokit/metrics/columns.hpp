// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Views of numbers, labels and probability tables: one door for every type, without copies.
#pragma once

#include <recokit/core/config.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <type_traits>

namespace recokit::inline RECOKIT_ABI {

namespace detail {

template <class T>
concept real_number = std::same_as<T, float> || std::same_as<T, double>;

template <class T>
concept label_number = std::integral<T> &&(std::signed_integral<T> || sizeof(T) < 8) &&
                       !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                       !std::same_as<T, char8_t> && !std::same_as<T, char16_t> &&
                       !std::same_as<T, char32_t>;

template <class T>
concept eigen_dense = std::derived_from<T, Eigen::DenseBase<T>> &&
                      (static_cast<unsigned>(T::Flags) & Eigen::DirectAccessBit) != 0;

template <class T>
concept eigen_vector = eigen_dense<T> &&(T::IsVectorAtCompileTime != 0);

template <class T>
concept plain_range = !std::derived_from<T, Eigen::EigenBase<T>> &&
                      std::ranges::contiguous_range<const T> && std::ranges::sized_range<const T>;

template <class T>
struct column_element {};
template <eigen_vector T>
struct column_element<T> {
  using type = typename T::Scalar;
};
template <plain_range T>
struct column_element<T> {
  using type = std::ranges::range_value_t<const T>;
};

template <class T>
concept real_vector = real_number<typename column_element<T>::type>;

template <class T>
concept label_vector = label_number<typename column_element<T>::type>;

template <class T>
concept real_matrix = eigen_dense<T> && !eigen_vector<T> && real_number<typename T::Scalar>;

}  // namespace detail

/// A read-only view of float or double numbers: an Eigen vector, Map, Ref, segment or column of a
/// matrix (any stride), or anything contiguous (std::vector, std::span, std::array). Copies
/// nothing; the memory belongs to the caller and must outlive the view, as with std::string_view.
/// Eigen expressions that are not stored anywhere do not convert: call .eval() first.
class real_column {
 public:
  /// Stands for "not given", which differs from a column of no numbers.
  real_column() = default;

  template <detail::real_vector Column>
  real_column(const Column& column) {  // NOLINT: implicit, like std::string_view
    if constexpr (detail::eigen_vector<Column>) {
      *this = real_column(column.data(), column.size(), column.innerStride());
    } else {
      *this = real_column(std::ranges::data(column),
                          static_cast<std::int64_t>(std::ranges::size(column)), 1);
    }
  }

  /// @param stride distance from one number to the next, in numbers
  template <detail::real_number Number>
  real_column(const Number* data, std::int64_t size, std::int64_t stride)
      : data_(data),
        size_(size),
        stride_(stride),
        is_float_(std::same_as<Number, float>),
        given_(true) {}

  bool given() const noexcept { return given_; }
  std::int64_t size() const noexcept { return size_; }
  bool is_float() const noexcept { return is_float_; }

  double operator[](std::int64_t i) const noexcept {
    return is_float_ ? double{static_cast<const float*>(data_)[i * stride_]}
                     : static_cast<const double*>(data_)[i * stride_];
  }

  /// Writes the numbers [begin, begin + out.size()) to `out`.
  template <detail::real_number Number>
  void load(std::int64_t begin, std::span<Number> out) const noexcept {
    if (is_float_) {
      copy(static_cast<const float*>(data_) + begin * stride_, out);
    } else {
      copy(static_cast<const double*>(data_) + begin * stride_, out);
    }
  }

 private:
  template <class From, class Number>
  void copy(const From* from, std::span<Number> out) const noexcept {
    const auto n = static_cast<std::int64_t>(out.size());
    if (stride_ == 1) {
      for (std::int64_t i = 0; i < n; ++i) {
        out[static_cast<std::size_t>(i)] = static_cast<Number>(from[i]);
      }
    } else {
      for (std::int64_t i = 0; i < n; ++i) {
        out[static_cast<std::size_t>(i)] = static_cast<Number>(from[i * stride_]);
      }
    }
  }

  const void* data_ = nullptr;
  std::int64_t size_ = 0;
  std::int64_t stride_ = 1;
  bool is_float_ = false;
  bool given_ = false;
};

/// A read-only view of class labels of any integer type or bool; like real_column. Labels are
/// 64-bit integers inside. (std::vector<bool> has no memory to point at: use std::uint8_t.)
class label_column {
 public:
  template <detail::label_vector Column>
  label_column(const Column& column) {  // NOLINT: implicit, like std::string_view
    if constexpr (detail::eigen_vector<Column>) {
      *this = label_column(column.data(), column.size(), column.innerStride());
    } else {
      *this = label_column(std::ranges::data(column),
                           static_cast<std::int64_t>(std::ranges::size(column)), 1);
    }
  }

  /// @param stride distance from one label to the next, in labels
  template <detail::label_number Label>
  label_column(const Label* data, std::int64_t size, std::int64_t stride)
      : data_(data), size_(size), stride_(stride), load_(&load_labels<Label>) {}

  std::int64_t size() const noexcept { return size_; }

  std::int64_t operator[](std::int64_t i) const noexcept {
    std::int64_t label = 0;
    load(i, std::span(&label, 1));
    return label;
  }

  /// Writes the labels [begin, begin + out.size()) to `out`.
  void load(std::int64_t begin, std::span<std::int64_t> out) const noexcept {
    load_(data_, stride_, begin, out);
  }

 private:
  using load_function = void (*)(const void*, std::int64_t, std::int64_t, std::span<std::int64_t>);

  template <class Label>
  static void load_labels(const void* data, std::int64_t stride, std::int64_t begin,
                          std::span<std::int64_t> out) {
    const auto* from = static_cast<const Label*>(data) + begin * stride;
    const auto n = static_cast<std::int64_t>(out.size());
    if (stride == 1) {
      for (std::int64_t i = 0; i < n; ++i) {
        out[static_cast<std::size_t>(i)] = static_cast<std::int64_t>(from[i]);
      }
    } else {
      for (std::int64_t i = 0; i < n; ++i) {
        out[static_cast<std::size_t>(i)] = static_cast<std::int64_t>(from[i * stride]);
      }
    }
  }

  const void* data_ = nullptr;
  std::int64_t size_ = 0;
  std::int64_t stride_ = 1;
  load_function load_ = nullptr;
};

/// A read-only view of a matrix of float or double, samples × classes: an Eigen matrix, Map, Ref or
/// block in either storage order. Copies nothing; see real_column.
class real_table {
 public:
  template <detail::real_matrix Matrix>
  real_table(const Matrix& matrix)  // NOLINT: implicit, like std::string_view
      : data_(matrix.data()),
        rows_(matrix.rows()),
        cols_(matrix.cols()),
        row_stride_(Matrix::IsRowMajor ? matrix.outerStride() : matrix.innerStride()),
        col_stride_(Matrix::IsRowMajor ? matrix.innerStride() : matrix.outerStride()),
        is_float_(std::same_as<typename Matrix::Scalar, float>) {}

  std::int64_t rows() const noexcept { return rows_; }
  std::int64_t cols() const noexcept { return cols_; }
  bool is_float() const noexcept { return is_float_; }

  real_column column(std::int64_t c) const noexcept {
    return is_float_
               ? real_column(static_cast<const float*>(data_) + c * col_stride_, rows_, row_stride_)
               : real_column(static_cast<const double*>(data_) + c * col_stride_, rows_,
                             row_stride_);
  }
  real_column row(std::int64_t r) const noexcept {
    return is_float_
               ? real_column(static_cast<const float*>(data_) + r * row_stride_, cols_, col_stride_)
               : real_column(static_cast<const double*>(data_) + r * row_stride_, cols_,
                             col_stride_);
  }

 private:
  const void* data_;
  std::int64_t rows_;
  std::int64_t cols_;
  std::int64_t row_stride_;
  std::int64_t col_stride_;
  bool is_float_;
};

}  // namespace recokit::inline RECOKIT_ABI
