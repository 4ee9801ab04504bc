// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The inverse of a symmetric positive definite matrix, in place and in matrix products.
#pragma once

#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace detail {

/// Writes the inverse of the Cholesky factor of the n × n matrix `a` (lower triangle) into its
/// place. `first` is the number of the first pivot in messages.
/// @throws error naming the first pivot that is not finite and above 0
template <class Scalar>
void inverse_of_factor(std::ptrdiff_t n, Scalar* a, std::ptrdiff_t leading, std::ptrdiff_t first) {
  constexpr std::ptrdiff_t small = 48;
  if (n > small) {
    // With L = [L11 0; L21 L22] and M = L⁻¹: L21 = A21 M11ᵀ and M21 = −M22 L21 M11.
    const std::ptrdiff_t top = (n / 2 + small - 1) / small * small;
    const std::ptrdiff_t rest = n - top;
    Scalar* const left = a + top * leading;
    Scalar* const corner = left + top;
    const cpu one{.threads = 1};
    inverse_of_factor(top, a, leading, first);
    for (std::ptrdiff_t i = 0; i < top; ++i)
      std::fill(a + i * leading + i + 1, a + i * leading + top, Scalar{0});
    std::vector<Scalar> l(static_cast<std::size_t>(rest * top));
    std::vector<Scalar> product(static_cast<std::size_t>(rest * top));
    const auto m = row_major<Scalar>(a, leading);
    const auto l21 = row_major<Scalar>(l.data(), top);
    gemm(one, rest, top, top, row_major<Scalar>(left, leading), m.transposed(), Scalar{1}, l.data(),
         top);
    gemm(one, rest, rest, top, l21, l21.transposed(), Scalar{-1}, corner, leading);
    inverse_of_factor(rest, corner, leading, first + top);
    for (std::ptrdiff_t i = 0; i < rest; ++i) {
      std::fill(corner + i * leading + i + 1, corner + i * leading + rest, Scalar{0});
      std::fill_n(left + i * leading, top, Scalar{0});
    }
    gemm(one, rest, top, top, l21, m, Scalar{1}, product.data(), top);
    gemm(one, rest, top, rest, row_major<Scalar>(corner, leading),
         row_major<Scalar>(product.data(), top), Scalar{-1}, left, leading);
    return;
  }
  std::array<Scalar, small> column;
  for (std::ptrdiff_t k = 0; k < n; ++k) {
    const Scalar pivot = a[k * leading + k];
    if (!(pivot > 0) || !std::isfinite(pivot)) {
      throw error("spd_inverse: the matrix is not positive definite: pivot " +
                  std::to_string(first + k) + " is " + std::to_string(pivot) +
                  ", must be finite and above 0; add to the diagonal");
    }
    const Scalar root = std::sqrt(pivot);
    a[k * leading + k] = root;
    for (std::ptrdiff_t i = k + 1; i < n; ++i) {
      Scalar* const row = a + i * leading;
      row[k] /= root;
      column[static_cast<std::size_t>(i)] = row[k];
      for (std::ptrdiff_t j = k + 1; j <= i; ++j)
        row[j] -= row[k] * column[static_cast<std::size_t>(j)];
    }
  }
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    Scalar* const row = a + i * leading;
    std::copy_n(row, i, column.begin());
    std::fill_n(row, i, Scalar{0});
    const Scalar inverse = 1 / row[i];
    for (std::ptrdiff_t k = 0; k < i; ++k) {
      const Scalar factor = -column[static_cast<std::size_t>(k)] * inverse;
      for (std::ptrdiff_t j = 0; j <= k; ++j) row[j] += factor * a[k * leading + j];
    }
    row[i] = inverse;
  }
}

/// Sweeps blocks of pivots: see spd_inverse.
template <class Scalar>
class block_sweep {
 public:
  /// @param block a multiple of both widths of the kernel, so that no strip crosses a block
  block_sweep(const cpu& policy, std::ptrdiff_t n, Scalar* a, std::ptrdiff_t leading,
              std::ptrdiff_t block, const std::function<bool()>& stop,
              const gemm_kernel<Scalar>& kernel)
      : policy_(policy),
        n_(n),
        a_(a),
        leading_(leading),
        block_(block),
        blocks_((n + block - 1) / block),
        stop_(stop),
        kernel_(kernel),
        panel_rows_(whole_strips(n, kernel.rows) * block),
        panel_columns_(whole_strips(n, kernel.columns) * block),
        factor_(block * block),
        next_factor_(block * block),
        forward_(block * block),
        backward_(block * block),
        backward_rows_(block * block),
        tiles_([block] {
          return tile_space{packed_buffer<Scalar>(block * block),
                            packed_buffer<Scalar>(block * block)};
        }) {}

  void run() {
    if (n_ == 0) return;
    factor(0);
    for (std::ptrdiff_t k = 0; k < blocks_ && !stop_(); ++k) {
      std::swap(factor_, next_factor_);
      solve_panel(k);
      update(k);
    }
  }

 private:
  std::ptrdiff_t size(std::ptrdiff_t block) const noexcept {
    return std::min(block_, n_ - block * block_);
  }
  Scalar* at(std::ptrdiff_t row_block, std::ptrdiff_t column_block) const noexcept {
    return a_ + row_block * block_ * leading_ + column_block * block_;
  }
  packed_strips<Scalar> rows(std::ptrdiff_t block, std::ptrdiff_t depth) const noexcept {
    return {panel_rows_.get() + block * block_ * depth, depth};
  }
  packed_strips<Scalar> columns(std::ptrdiff_t block, std::ptrdiff_t depth) const noexcept {
    return {panel_columns_.get() + block * block_ * depth, depth};
  }

  /// next_factor_ = M, the inverse of the Cholesky factor of block (k, k); and the block becomes
  /// −MᵀM, minus its inverse. In double: there is little of it and all else is built on it.
  void factor(std::ptrdiff_t k) {
    const std::ptrdiff_t s = size(k);
    std::vector<double> m(static_cast<std::size_t>(s * s));
    for (std::ptrdiff_t i = 0; i < s; ++i)
      std::copy_n(at(k, k) + i * leading_, i + 1, m.data() + i * s);
    inverse_of_factor(s, m.data(), s, k * block_);
    std::vector<double> product(m.size());
    const auto factor = row_major<double>(m.data(), s);
    gemm(cpu{.threads = 1}, s, s, s, factor.transposed(), factor, -1.0, product.data(), s);
    for (std::ptrdiff_t i = 0; i < s; ++i) {
      for (std::ptrdiff_t j = 0; j < s; ++j) {
        const auto from = static_cast<std::size_t>(i * s + j);
        next_factor_.get()[from] = static_cast<Scalar>(m[from]);
        if (j <= i) at(k, k)[i * leading_ + j] = static_cast<Scalar>(product[from]);
      }
    }
  }

  /// With W the columns of block k in all other rows: V = W Mᵀ goes to the panels, and U = V M to
  /// the place of W.
  void solve_panel(std::ptrdiff_t k) {
    const std::ptrdiff_t s = size(k);
    const auto m = row_major<Scalar>(factor_.get(), s);
    pack_strips(kernel_.columns, s, s, m, forward_.get());
    pack_strips(kernel_.columns, s, s, m.transposed(), backward_.get());
    pack_strips(kernel_.rows, s, s, m.transposed(), backward_rows_.get());
    parallel_for(policy_, blocks_, 1, [&](std::int64_t i, std::int64_t) {
      if (i == k || stop_()) return;
      const std::ptrdiff_t count = size(i);
      const auto w = i > k ? row_major<Scalar>(at(i, k), leading_)
                           : row_major<Scalar>(at(k, i), leading_).transposed();
      const auto space = tiles_.borrow();
      Scalar* const v = space->product.get();
      pack_strips(kernel_.rows, count, s, w, space->strips.get());
      std::fill_n(v, count * s, Scalar{0});
      // M is a triangle: a strip of columns of Mᵀ ends where its last row does.
      for (std::ptrdiff_t j = 0; j < s; j += kernel_.columns) {
        multiply_strips<Scalar>(kernel_, count, std::min(kernel_.columns, s - j), 0,
                                std::min(s, j + kernel_.columns), {space->strips.get(), s},
                                {forward_.get() + j * s, s}, Scalar{1}, v + j, s);
      }
      const auto block = row_major<Scalar>(v, s);
      pack_strips(kernel_.rows, count, s, block, panel_rows_.get() + i * block_ * s);
      pack_strips(kernel_.columns, count, s, block, panel_columns_.get() + i * block_ * s);
      if (i > k) {
        clear(count, s, at(i, k));
        for (std::ptrdiff_t j = 0; j < s; j += kernel_.columns) {
          multiply_strips<Scalar>(kernel_, count, std::min(kernel_.columns, s - j), j, s,
                                  rows(i, s), {backward_.get() + j * s, s}, Scalar{1}, at(i, k) + j,
                                  leading_);
        }
      } else {
        clear(s, count, at(k, i));
        for (std::ptrdiff_t j = 0; j < s; j += kernel_.rows) {
          multiply_strips<Scalar>(kernel_, std::min(kernel_.rows, s - j), count, j, s,
                                  {backward_rows_.get() + j * s, s}, columns(i, s), Scalar{1},
                                  at(k, i) + j * leading_, leading_);
        }
      }
    });
  }
  void clear(std::ptrdiff_t height, std::ptrdiff_t width, Scalar* from) const {
    for (std::ptrdiff_t r = 0; r < height; ++r) std::fill_n(from + r * leading_, width, Scalar{0});
  }

  /// Column blocks [begin, end) of a block of rows.
  struct tile {
    std::ptrdiff_t row;
    std::ptrdiff_t begin;
    std::ptrdiff_t end;
  };

  /// A(i,j) −= V(i) V(j)ᵀ for all blocks i >= j but those of block k. The next pivot block comes
  /// first and is factored at once, while other threads still update.
  void update(std::ptrdiff_t k) {
    std::vector<tile> tiles;
    const std::ptrdiff_t next = k + 1;
    if (next < blocks_) tiles.push_back({next, next, next + 1});
    // Columns that stay in the cache for the tiles of the next rows.
    const std::ptrdiff_t wide = std::max<std::ptrdiff_t>(4096 / block_, 1);
    for (std::ptrdiff_t begin = 0; begin < blocks_; begin += wide) {
      for (std::ptrdiff_t i = blocks_ - 1; i >= begin; --i) {
        const std::ptrdiff_t end = std::min(begin + wide, i == next ? i : i + 1);
        if (i != k && begin < end) tiles.push_back({i, begin, end});
      }
    }
    parallel_for(policy_, static_cast<std::int64_t>(tiles.size()), 1,
                 [&](std::int64_t t, std::int64_t) {
                   if (stop_()) return;
                   update(k, tiles[static_cast<std::size_t>(t)]);
                   if (t == 0 && next < blocks_) factor(next);
                 });
  }
  void update(std::ptrdiff_t k, const tile& to) {
    const std::ptrdiff_t s = size(k);
    const std::ptrdiff_t height = size(to.row);
    const auto left = rows(to.row, s);
    const auto subtract = [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
      if (begin >= end) return;
      const std::ptrdiff_t width = std::min(n_, end * block_) - begin * block_;
      multiply_strips(kernel_, height, width, 0, s, left, columns(begin, s), Scalar{-1},
                      at(to.row, begin), leading_);
    };
    const std::ptrdiff_t whole = std::min(to.end, to.row);
    subtract(to.begin, std::min(k, whole));
    subtract(std::max(k + 1, to.begin), whole);
    if (to.end <= to.row) return;
    // The block on the diagonal: strips that lie above it are left out.
    for (std::ptrdiff_t j = 0; j < height; j += kernel_.columns) {
      const std::ptrdiff_t above = j / kernel_.rows * kernel_.rows;
      multiply_strips<Scalar>(kernel_, height - above, std::min(kernel_.columns, height - j), 0, s,
                              {left.data + above * s, s}, {columns(to.row, s).data + j * s, s},
                              Scalar{-1}, at(to.row, to.row) + above * leading_ + j, leading_);
    }
  }

  struct tile_space {
    packed_buffer<Scalar> strips;
    packed_buffer<Scalar> product;
  };

  cpu policy_;
  std::ptrdiff_t n_;
  Scalar* a_;
  std::ptrdiff_t leading_;
  std::ptrdiff_t block_;
  std::ptrdiff_t blocks_;
  const std::function<bool()>& stop_;
  gemm_kernel<Scalar> kernel_;
  packed_buffer<Scalar> panel_rows_;     // V of all rows as left operand
  packed_buffer<Scalar> panel_columns_;  // and as right operand
  packed_buffer<Scalar> factor_;         // M of the block being swept
  packed_buffer<Scalar> next_factor_;
  packed_buffer<Scalar> forward_;        // Mᵀ as right operand
  packed_buffer<Scalar> backward_;       // M as right operand
  packed_buffer<Scalar> backward_rows_;  // Mᵀ as left operand
  scratch_pool<tile_space> tiles_;
};

/// Pivots swept at a time.
template <class Scalar>
std::ptrdiff_t sweep_block(const gemm_kernel<Scalar>& kernel) {
  return std::max<std::ptrdiff_t>(240 / kernel.multiple, 1) * kernel.multiple;
}

}  // namespace detail

/// Bytes that spd_inverse needs beside the matrix, with `threads` threads.
template <class Scalar>
std::uint64_t spd_inverse_scratch(std::int64_t n, int threads) {
  const auto kernel = best_gemm_kernel<Scalar>();
  const auto block = static_cast<std::uint64_t>(detail::sweep_block(kernel));
  const auto strips =
      static_cast<std::uint64_t>(whole_strips(n, kernel.rows) + whole_strips(n, kernel.columns));
  return (strips + (5 + 2 * static_cast<std::uint64_t>(threads)) * block) * block * sizeof(Scalar) +
         6 * block * block * sizeof(double);
}

/// Replaces the lower triangle of a symmetric positive definite matrix with that of its inverse.
/// The upper triangle is not read and holds nothing of meaning afterwards.
///
/// @param n       rows and columns
/// @param a       row-major, rows `leading` apart
/// @param stop    asked between tiles, from any thread; true ends the call early with the matrix in
///                between
/// @throws error naming the first pivot that is not finite and above 0
///
/// Blocks of b = 192 or 240 pivots are swept (symmetric Gauss–Jordan elimination): with K a block,
/// W its columns in all other rows, K = L Lᵀ and V = W L⁻ᵀ, the rest of the matrix loses V Vᵀ, W
/// becomes V L⁻¹ and K minus its inverse; when all are swept, minus the inverse is left. The part
/// not yet swept goes through the steps of the Cholesky factorization, so its pivots decide whether
/// the matrix is positive definite. n³ flops to leading order, as many as the factorization (n³/3)
/// and the inverse from it (2n³/3) together, but each step updates the whole triangle by matrix
/// products: all threads are busy to the end. The next block is factored while the update runs.
/// Scratch: 2 · b · n elements and 2 b² a thread. The same bits for any number of threads on one
/// machine.
///
/// Beaton, "The use of special matrix operators in statistical calculus", 1964; Higham, "Accuracy
/// and stability of numerical algorithms", 2002, sections 14.3 and 14.4.
template <class Scalar>
void spd_inverse(const cpu& policy, std::ptrdiff_t n, Scalar* a, std::ptrdiff_t leading,
                 const std::function<bool()>& stop,
                 const gemm_kernel<Scalar>& kernel = best_gemm_kernel<Scalar>()) {
  detail::block_sweep<Scalar>(policy, n, a, leading, detail::sweep_block(kernel), stop, kernel)
      .run();
  parallel_for(policy, n, 64, [&](std::int64_t begin, std::int64_t end) {
    for (std::ptrdiff_t i = begin; i < end; ++i) {
      for (std::ptrdiff_t j = 0; j <= i; ++j) a[i * leading + j] = -a[i * leading + j];
    }
  });
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
