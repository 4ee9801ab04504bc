// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Some rows turned column by column, for differences of one query to all of them at once.
#pragma once

#include <recokit/core/dense_view.hpp>
#include <recokit/kernels/compiler_vector.hpp>
#include <recokit/kernels/squared_distance.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// Rows in double; column c begins at c · width.
class row_tile {
 public:
  /// Rows that fit the second-level cache, a multiple of 64.
  static std::size_t best_width(std::int64_t columns) noexcept {
    constexpr std::size_t doubles = std::size_t{1} << 15;
    const auto depth = static_cast<std::size_t>(std::max<std::int64_t>(columns, 1));
    return std::clamp<std::size_t>(doubles / depth / 64 * 64, 64, 512);
  }

  template <class Scalar>
  void fill(const dense_view<Scalar>& points, std::span<const index_t> rows) {
    size_ = rows.size();
    width_ = (rows.size() + 7) / 8 * 8;
    columns_ = static_cast<std::size_t>(points.cols());
    values_.assign(columns_ * width_, 0);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const Scalar* const row = points.row(rows[r]);
      for (std::size_t c = 0; c < columns_; ++c) {
        values_[c * width_ + r] = static_cast<double>(row[c]);
      }
    }
  }

  std::size_t size() const noexcept { return size_; }

  /// Writes the squared distance of each row to a query of doubles, the bits of squared_distance().
  /// @param squared has room for size() rounded up to 8
  void squares(const double* query, double* squared) const noexcept {
    for (std::size_t r = 0; r < width_; r += 8) {
      double sums[8] = {};
      for (std::size_t c = 0; c < columns_; ++c) {
        const double* const column = values_.data() + c * width_ + r;
        for (std::size_t l = 0; l < 8; ++l) add_square(sums[l], query[c] - column[l]);
      }
      std::copy_n(sums, 8, squared + r);
    }
  }

 private:
  std::size_t size_ = 0;
  std::size_t width_ = 0;
  std::size_t columns_ = 0;
  std::vector<double> values_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
