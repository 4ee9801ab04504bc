// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Items and queries packed for products of tiles.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace recokit::inline RECOKIT_ABI::kernels {

/// A copy of some rows of the item factors in strips, the right operand of gemm's kernel.
template <class Scalar>
class packed_items {
 public:
  using scalar = Scalar;

  packed_items(const cpu& policy, const row_major_matrix<Scalar>& all,
               std::span<const index_t> items, const gemm_kernel<Scalar>& kernel)
      : kernel_(kernel),
        depth_(all.cols()),
        factors_(whole_strips(std::ssize(items), kernel.columns) * depth_) {
    scratch_pool<row_major_matrix<Scalar>> pool(
        [&] { return row_major_matrix<Scalar>(kernel.columns, depth_); });
    parallel_for(
        policy, std::ssize(items), 8 * kernel.columns, [&](std::int64_t begin, std::int64_t end) {
          const auto rows = pool.borrow();
          for (std::ptrdiff_t first = begin; first < end; first += kernel_.columns) {
            const auto width = std::min<std::ptrdiff_t>(kernel_.columns, end - first);
            for (std::ptrdiff_t r = 0; r < width; ++r) {
              rows->row(r) = all.row(items[static_cast<std::size_t>(first + r)]);
            }
            pack_strips(kernel_.columns, width, depth_, row_major<Scalar>(rows->data(), depth_),
                        factors_.get() + first * depth_);
          }
        });
  }

  std::ptrdiff_t depth() const noexcept { return depth_; }

  /// A block of queries, the left operand.
  class packed_queries {
   public:
    /// @param block whole strips
    packed_queries(const packed_items& items, std::ptrdiff_t block)
        : items_(items), packed_(block * items.depth_) {}

    void pack(const row_major_matrix<Scalar>& rows, std::ptrdiff_t count) {
      pack_strips(items_.kernel_.rows, count, items_.depth_,
                  row_major<Scalar>(rows.data(), items_.depth_), packed_.get());
    }
    /// Whether the scores of a query mean anything.
    bool usable(std::size_t) const noexcept { return true; }
    /// How far a score is above what it stands for.
    Scalar slack(std::size_t, std::size_t = 0) const noexcept { return 0; }
    /// Copies a query over another.
    void move(std::ptrdiff_t from, std::ptrdiff_t to) const noexcept {
      const std::ptrdiff_t step = items_.kernel_.rows;
      const Scalar* const source = at(from);
      Scalar* const target = at(to);
      for (std::ptrdiff_t p = 0; p < items_.depth_; ++p) target[p * step] = source[p * step];
    }
    /// Writes the scores of the first `rows` queries for places [first, first + columns). Whole
    /// strips of both, so that no product ends at an edge: what is behind means nothing.
    void score(std::ptrdiff_t rows, std::ptrdiff_t first, std::ptrdiff_t columns, Scalar* scores,
               std::ptrdiff_t leading) const {
      const auto& kernel = items_.kernel_;
      const std::ptrdiff_t depth = items_.depth_;
      rows = whole_strips(rows, kernel.rows);
      columns = whole_strips(columns, kernel.columns);
      for (std::ptrdiff_t r = 0; r < rows; ++r) {
        std::fill_n(scores + r * leading, columns, Scalar{0});
      }
      multiply_strips<Scalar>(kernel, rows, columns, 0, depth, {packed_.get(), depth},
                              {items_.factors_.get() + first * depth, depth}, Scalar{1}, scores,
                              leading);
    }

   private:
    Scalar* at(std::ptrdiff_t row) const noexcept {
      const std::ptrdiff_t in_strip = row % items_.kernel_.rows;
      return packed_.get() + (row - in_strip) * items_.depth_ + in_strip;
    }

    const packed_items& items_;
    packed_buffer<Scalar> packed_;
  };

 private:
  gemm_kernel<Scalar> kernel_;
  std::ptrdiff_t depth_;
  packed_buffer<Scalar> factors_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
