// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief One half-step of explicit ALS: factors and bias of every row by ridge regression.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/row_kernels.hpp>
#include <recokit/kernels/row_problem.hpp>

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
  using size = std::ptrdiff_t;

  als_row(size d, const als_side<Scalar>& side, const row_kernels<Scalar>& kernels)
      : side_(side),
        kernels_(kernels),
        d_(d),
        width_(d + (side.has_bias ? 1 : 0)),
        unit_(std::max<size>(kernels.lanes, 4)),
        padded_(whole_strips(width_, unit_)),
        leading_(spread_leading<Scalar>(padded_)),
        rows_(std::max(chunk, padded_) * leading_),
        system_(padded_ * leading_),
        solution_(padded_),
        targets_(static_cast<std::size_t>(std::max(chunk, padded_))) {}

  /// @returns false when the system is not positive definite
  bool solve(const csr_row<float, index_t>& row, const row_major_matrix<Scalar>& fixed,
             Scalar* solved) {
    const auto n = static_cast<size>(row.size());
    const Scalar scale = std::pow(static_cast<Scalar>(n), side_.exponent);
    const Scalar ridge = side_.regularization * scale;
    const Scalar bias_ridge = side_.bias_regularization * scale;
    const bool solvable_by_entries = ridge > 0 && (!side_.has_bias || bias_ridge > 0);
    std::fill_n(solution_.get(), padded_, Scalar{0});
    const bool done = n < width_ && solvable_by_entries ? by_entries(row, fixed, ridge, bias_ridge)
                                                        : by_factors(row, fixed, ridge, bias_ridge);
    if (!done) return false;
    std::copy_n(solution_.get(), d_, solved);
    solved[d_] = solved[d_ + 1] = 1;
    solved[side_.bias_column] = side_.shift + (side_.has_bias ? solution_.get()[d_] : Scalar{0});
    return true;
  }

 private:
  static constexpr size chunk = 128;  // entries gathered at a time

  // Rows of the regression for entries [begin, begin + count), the factors and, for the bias,
  // `one`, and what is left of the values when the other side's bias is taken off; both filled up
  // with zeros to whole units. @returns their number
  size gather(const csr_row<float, index_t>& row, const row_major_matrix<Scalar>& fixed, size begin,
              size count, Scalar one) {
    const size whole = whole_strips(count, unit_);
    pointers_.resize(static_cast<std::size_t>(count));
    ones_.assign(static_cast<std::size_t>(count), Scalar{1});
    const size other_bias = 2 * d_ + 1 - side_.bias_column;
    for (size e = 0; e < count; ++e) {
      const auto n = static_cast<std::size_t>(begin + e);
      const Scalar* const from = fixed.data() + row.indices[n] * fixed.cols();
      pointers_[static_cast<std::size_t>(e)] = from;
      targets_[static_cast<std::size_t>(e)] =
          static_cast<Scalar>(row.value(n)) - from[other_bias] - side_.shift;
    }
    std::fill(targets_.begin() + count, targets_.begin() + whole, Scalar{0});
    kernels_.gather(count, 0, d_, padded_, pointers_.data(), ones_.data(), nullptr, rows_.get(),
                    leading_);
    for (size e = 0; e < count && side_.has_bias; ++e) rows_.get()[e * leading_ + d_] = one;
    for (size e = count; e < whole; ++e) {
      std::fill_n(rows_.get() + e * leading_, padded_, Scalar{0});
    }
    return whole;
  }

  // (HᵀH + R) x = Hᵀt with the n × width rows H: for rows of many entries.
  bool by_factors(const csr_row<float, index_t>& row, const row_major_matrix<Scalar>& fixed,
                  Scalar ridge, Scalar bias_ridge) {
    const auto n = static_cast<size>(row.size());
    Scalar* const system = system_.get();
    std::fill_n(system, padded_ * leading_, Scalar{0});
    for (size f = 0; f < padded_; ++f) {
      system[f * leading_ + f] = f < d_ ? ridge : f < width_ ? bias_ridge : Scalar{1};
    }
    for (size begin = 0; begin < n; begin += chunk) {
      const size count = std::min(chunk, n - begin);
      const size whole = gather(row, fixed, begin, count, 1);
      kernels_.outer(count, padded_, rows_.get(), leading_, system, leading_, {});
      kernels_.combine(whole, padded_, rows_.get(), leading_, targets_.data(), solution_.get());
    }
    return kernels_.solve_one(padded_, system, leading_, solution_.get());
  }

  // x = Hᵀ (H Hᵀ + ridge I)⁻¹ t, the same x, for rows of few entries. The bias has a ridge of its
  // own: it enters with the value `one` as one · b, whose ridge is that of the factors.
  bool by_entries(const csr_row<float, index_t>& row, const row_major_matrix<Scalar>& fixed,
                  Scalar ridge, Scalar bias_ridge) {
    const Scalar one = side_.has_bias ? std::sqrt(ridge / bias_ridge) : Scalar{0};
    const size m = gather(row, fixed, 0, static_cast<size>(row.size()), one);
    Scalar* const system = system_.get();
    kernels_.dots(m, padded_, rows_.get(), leading_, system, leading_, {});
    for (size e = 0; e < m; ++e) system[e * leading_ + e] += ridge;
    if (!kernels_.solve_one(m, system, leading_, targets_.data())) return false;
    kernels_.combine(m, padded_, rows_.get(), leading_, targets_.data(), solution_.get());
    if (side_.has_bias) solution_.get()[d_] *= one;
    return true;
  }

  als_side<Scalar> side_;
  row_kernels<Scalar> kernels_;
  size d_;
  size width_;    // of a row of the regression
  size unit_;     // that the kernels take rows and columns in
  size padded_;   // width_ in whole units
  size leading_;  // distance of gathered rows, and of the rows of the system
  packed_buffer<Scalar> rows_;
  packed_buffer<Scalar> system_;
  packed_buffer<Scalar> solution_;
  std::vector<Scalar> targets_;
  std::vector<const Scalar*> pointers_;
  std::vector<Scalar> ones_;
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
/// Scratch a thread: 2 d² + 128 d scalars at most. Rows are independent: the same bits for any
/// number of threads on one machine.
///
/// Zhou, Wilkinson, Schreiber, Pan, "Large-scale parallel collaborative filtering for the Netflix
/// prize", AAIM 2008, for exponent 1 without bias.
template <class Scalar>
void als_solve(const cpu& policy, const csr_view<>& matrix, const row_major_matrix<Scalar>& fixed,
               const als_side<Scalar>& side, row_major_matrix<Scalar>& solved,
               const std::function<bool()>& stop) {
  const Eigen::Index d = fixed.cols() - 2;
  const auto kernels = best_row_kernels<Scalar>();
  scratch_pool<detail::als_row<Scalar>> pool(
      [&] { return detail::als_row<Scalar>(d, side, kernels); });
  // About a millisecond of work a block.
  const std::int64_t work =
      std::max<std::int64_t>(10'000'000 / std::max<std::int64_t>(d * d, 1), 64);
  parallel_for_rows(policy, matrix.offsets().data(), matrix.rows(), work, 1,
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
                          throw_singular_row(r, row.size());
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
