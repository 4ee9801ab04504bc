// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief One half-step of explicit ALS: factors and bias of every row by ridge regression.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// What a half-step of explicit ALS solves for.
template <class Scalar>
struct als_side {
  /// Column of a solved row that holds shift + its bias: d or d + 1. The other of the two is 1.
  Eigen::Index bias_column = 0;
  Scalar shift = 0;                ///< taken off the values, and added to the bias that is stored
  bool has_bias = true;            ///< false: the bias stays 0
  Scalar regularization = 0;       ///< ridge of the factors: times n^exponent
  Scalar bias_regularization = 0;  ///< ridge of the bias: times n^exponent
  Scalar exponent = 1;
};

namespace detail {

/// The work space of one thread, and the solution of one row in it.
template <class Scalar>
class als_row {
 public:
  als_row(Eigen::Index d, const als_side<Scalar>& side, const gemm_kernel<Scalar>& kernel)
      : side_(side),
        kernel_(kernel),
        d_(d),
        width_(d + (side.has_bias ? 1 : 0)),
        leading_(whole_strips(width_, kernel.columns)),
        rows_(static_cast<std::size_t>(std::max<Eigen::Index>(chunk, width_) * width_)),
        left_(whole_strips(width_, kernel.rows) * chunk),
        right_(leading_ * chunk),
        system_(whole_strips(width_, kernel.rows) * leading_),
        solution_(width_) {}

  /// @returns false when the system is not positive definite
  bool solve(const csr_row<float, index_t>& row, const row_major_matrix<Scalar>& fixed,
             Scalar* solved) {
    const auto n = static_cast<Eigen::Index>(row.size());
    const Scalar scale = std::pow(static_cast<Scalar>(n), side_.exponent);
    const Scalar ridge = side_.regularization * scale;
    const Scalar bias_ridge = side_.bias_regularization * scale;
    const bool solvable_by_entries = ridge > 0 && (!side_.has_bias || bias_ridge > 0);
    const bool done = n < width_ && solvable_by_entries ? by_entries(row, fixed, ridge, bias_ridge)
                                                        : by_factors(row, fixed, ridge, bias_ridge);
    if (!done) return false;
    std::copy_n(solution_.data(), d_, solved);
    solved[d_] = solved[d_ + 1] = 1;
    solved[side_.bias_column] = side_.shift + (side_.has_bias ? solution_[d_] : Scalar{0});
    return true;
  }

 private:
  using dense = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  using vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  using rows_map = Eigen::Map<row_major_matrix<Scalar>>;
  static constexpr Eigen::Index chunk = 256;

  // What is left of a value when the other side's bias is taken off.
  Scalar target(const csr_row<float, index_t>& row, const row_major_matrix<Scalar>& fixed,
                Eigen::Index e) const {
    const auto n = static_cast<std::size_t>(e);
    return static_cast<Scalar>(row.value(n)) -
           fixed(row.indices[n], 2 * d_ + 1 - side_.bias_column) - side_.shift;
  }

  // Rows [begin, begin + count) of the regression: the factors and, for the bias, `one`.
  rows_map gather(const csr_row<float, index_t>& row, const row_major_matrix<Scalar>& fixed,
                  Eigen::Index begin, Eigen::Index count, Scalar one) {
    for (Eigen::Index e = 0; e < count; ++e) {
      Scalar* const to = rows_.data() + e * width_;
      std::copy_n(fixed.data() + row.indices[static_cast<std::size_t>(begin + e)] * fixed.cols(),
                  d_, to);
      if (side_.has_bias) to[d_] = one;
    }
    return {rows_.data(), count, width_};
  }

  void clear(Eigen::Index size) {
    std::fill_n(system_.get(), whole_strips(size, kernel_.rows) * leading_, Scalar{0});
  }

  // The upper triangle of system += F Fᵀ for a size × depth block F, depth <= chunk.
  void add_product(Eigen::Index size, Eigen::Index depth, const dense_block<Scalar>& from) {
    pack_strips(kernel_.rows, size, depth, from, left_.get());
    pack_strips(kernel_.columns, size, depth, from, right_.get());
    for (Eigen::Index j = 0; j < size; j += kernel_.columns) {
      for (Eigen::Index i = 0; i < std::min(size, j + kernel_.columns); i += kernel_.rows) {
        kernel_.multiply(depth, left_.get() + i * depth, right_.get() + j * depth, Scalar{1},
                         system_.get() + i * leading_ + j, leading_);
      }
    }
  }

  // The upper triangle by rows is the lower one by columns.
  auto system(Eigen::Index size) {
    return Eigen::Map<dense, 0, Eigen::OuterStride<>>(system_.get(), size, size,
                                                      Eigen::OuterStride<>(leading_));
  }
  template <class Right>
  bool solve_system(Eigen::Index size, Right&& right) {
    auto matrix = system(size);
    Eigen::LLT<Eigen::Ref<dense>> cholesky(matrix);
    if (cholesky.info() != Eigen::Success) return false;
    cholesky.solveInPlace(right);
    return true;
  }

  // (HᵀH + R) x = Hᵀt with the n × width rows H: for rows of many entries.
  bool by_factors(const csr_row<float, index_t>& row, const row_major_matrix<Scalar>& fixed,
                  Scalar ridge, Scalar bias_ridge) {
    const auto n = static_cast<Eigen::Index>(row.size());
    clear(width_);
    solution_.setZero();
    for (Eigen::Index begin = 0; begin < n; begin += chunk) {
      const Eigen::Index count = std::min(chunk, n - begin);
      const rows_map rows = gather(row, fixed, begin, count, 1);
      for (Eigen::Index e = 0; e < count; ++e) {
        solution_ += target(row, fixed, begin + e) * rows.row(e).transpose();
      }
      add_product(width_, count, row_major(rows_.data(), width_).transposed());
    }
    auto matrix = system(width_);
    matrix.diagonal().head(d_).array() += ridge;
    if (side_.has_bias) matrix(d_, d_) += bias_ridge;
    return solve_system(width_, solution_);
  }

  // x = Hᵀ (H Hᵀ + ridge I)⁻¹ t, the same x, for rows of few entries. The bias has a ridge of its
  // own: it enters with the value `one` as one · b, whose ridge is that of the factors.
  bool by_entries(const csr_row<float, index_t>& row, const row_major_matrix<Scalar>& fixed,
                  Scalar ridge, Scalar bias_ridge) {
    const auto n = static_cast<Eigen::Index>(row.size());
    const Scalar one = side_.has_bias ? std::sqrt(ridge / bias_ridge) : Scalar{0};
    const rows_map rows = gather(row, fixed, 0, n, one);
    clear(n);
    for (Eigen::Index begin = 0; begin < width_; begin += chunk) {
      add_product(n, std::min(chunk, width_ - begin), row_major(rows_.data(), width_).at(0, begin));
    }
    system(n).diagonal().array() += ridge;
    targets_.resize(n);
    for (Eigen::Index e = 0; e < n; ++e) targets_[e] = target(row, fixed, e);
    if (!solve_system(n, targets_)) return false;
    solution_.noalias() = rows.transpose() * targets_;
    if (side_.has_bias) solution_[d_] *= one;
    return true;
  }

  als_side<Scalar> side_;
  gemm_kernel<Scalar> kernel_;
  Eigen::Index d_;
  Eigen::Index width_;
  Eigen::Index leading_;
  std::vector<Scalar> rows_;
  packed_buffer<Scalar> left_;
  packed_buffer<Scalar> right_;
  packed_buffer<Scalar> system_;
  vector solution_;
  vector targets_;
};

}  // namespace detail

/// For every row of `matrix` finds the factors x and the bias b that minimise
///   Σ (value − shift − c − h·x − b)² + n^exponent · (regularization |x|² + bias_regularization b²)
/// over its n entries, where h and c are the factors and the bias column of the row of `fixed` at
/// the entry's column; writes x, b + shift and a 1 into the row of `solved`. A row without entries
/// gets x = 0 and b = 0.
///
/// @param matrix  rows × n
/// @param fixed   n × (d + 2): factors, then in one of the last two columns 1, in the other c
/// @param solved  rows × (d + 2): factors, then the same columns the other way round
/// @param stop    asked between blocks of rows; true ends the call early with rows unsolved
/// @throws error when a system is not positive definite
///
/// A row takes n · d² / 2 + d³ / 6 multiply-adds, or, when n <= d and both regularizations are
/// above 0, n² · d / 2 + n³ / 6: then a system of size n is solved in place of one of size d + 1.
/// Scratch a thread: 3 d² + 512 d scalars at most. Rows are independent: the same bits for any
/// number of threads.
///
/// Zhou, Wilkinson, Schreiber, Pan, "Large-scale parallel collaborative filtering for the Netflix
/// prize", AAIM 2008, for exponent 1 without bias.
template <class Scalar>
void als_solve(const cpu& policy, const csr_view<>& matrix, const row_major_matrix<Scalar>& fixed,
               const als_side<Scalar>& side, row_major_matrix<Scalar>& solved,
               const std::function<bool()>& stop) {
  const Eigen::Index d = fixed.cols() - 2;
  const gemm_kernel<Scalar> kernel = best_gemm_kernel<Scalar>();
  scratch_pool<detail::als_row<Scalar>> pool(
      [&] { return detail::als_row<Scalar>(d, side, kernel); });
  // About a millisecond of work a block.
  const std::int64_t work =
      std::max<std::int64_t>(10'000'000 / std::max<std::int64_t>(d * d, 1), 64);
  parallel_for_rows(
      policy, matrix.offsets().data(), matrix.rows(), work, 1,
      [&](std::int64_t begin, std::int64_t end) {
        if (stop()) return;
        const auto space = pool.borrow();
        for (std::int64_t r = begin; r < end; ++r) {
          const auto row = matrix.row(r);
          auto to = solved.row(r);
          if (row.size() == 0) {
            to.head(d).setZero();
            to.tail(2).setOnes();
            to[side.bias_column] = side.shift;
            continue;
          }
          if (!space->solve(row, fixed, to.data())) {
            throw error("als: the system of row " + std::to_string(r) + " (" +
                        std::to_string(row.size()) +
                        " ratings) is not positive definite: raise params.regularization and "
                        "params.bias_regularization");
          }
        }
      });
}

#if defined(RECOKIT_COMPILED)
extern template void als_solve(const cpu&, const csr_view<>&, const row_major_matrix<float>&,
                               const als_side<float>&, row_major_matrix<float>&,
                               const std::function<bool()>&);
extern template void als_solve(const cpu&, const csr_view<>&, const row_major_matrix<double>&,
                               const als_side<double>&, row_major_matrix<double>&,
                               const std::function<bool()>&);
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
