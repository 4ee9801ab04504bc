// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Sweeps over blocks of factors for every row of a half-step.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gathered_entries.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/principal_axes.hpp>
#include <recokit/kernels/row_kernels.hpp>
#include <recokit/kernels/row_problem.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace detail {

/// Sweeps all rows of a row_problem; see block_rows.
template <class Problem>
class block_row_solver {
 public:
  using scalar = typename Problem::scalar;
  using size = std::ptrdiff_t;

  block_row_solver(const cpu& policy, const Problem& problem, int block, int sweeps,
                   row_major_matrix<scalar>& solved, const std::function<bool()>& stop,
                   const row_kernels<scalar>& kernels)
      : policy_(policy),
        problem_(problem),
        sweeps_(sweeps),
        solved_(solved),
        stop_(stop),
        kernels_(kernels),
        unit_(std::max<size>(kernels.lanes, 4)),
        d_(problem.fixed.cols()),
        padded_(whole_strips(d_, unit_)),
        leading_(spread_leading<scalar>(padded_)),
        coordinate_(block == 1),
        block_(coordinate_ ? padded_ : std::min(whole_strips(block, unit_), padded_)),
        spectrum_(diagonal_of(problem.gram, padded_)) {}

  void run() {
    size longest = 0;
    for (std::int64_t r = 0; r < problem_.matrix.rows(); ++r)
      longest = std::max(longest, length(r));
    scratch_pool<space> pool([this, longest] { return space(*this, longest); });
    const std::int64_t row_cost = std::max<std::int64_t>(d_ * 2 / block_, 1);
    const std::int64_t work = std::max<std::int64_t>((std::int64_t{1} << 25) / (d_ * block_), 64);
    parallel_for_rows(policy_, problem_.matrix.offsets().data(), problem_.matrix.rows(), work,
                      row_cost, [&](std::int64_t begin, std::int64_t end) {
                        if (stop_()) return;
                        const auto space = pool.borrow();
                        for (std::int64_t r = begin; r < end; ++r) solve(r, *space);
                      });
  }

 private:
  struct space {
    space(const block_row_solver& solver, size longest)
        : rows(whole_strips(longest, 4) * solver.leading_),
          residual(whole_strips(longest, 4)),
          product(whole_strips(longest, 4)),
          system(solver.block_ * solver.block_),
          x(solver.leading_),
          diagonal(solver.leading_),
          right(solver.leading_),
          step(solver.leading_) {}

    packed_buffer<scalar> rows;
    packed_buffer<scalar> residual;  // z − R x
    packed_buffer<scalar> product;
    packed_buffer<scalar> system;
    packed_buffer<scalar> x;
    packed_buffer<scalar> diagonal;  // s G + ridge I, filled up with ones
    packed_buffer<scalar> right;
    packed_buffer<scalar> step;
    gathered_entries<Problem> entries;
  };

  size length(std::int64_t row) const noexcept {
    const auto offsets = problem_.matrix.offsets();
    const auto r = static_cast<std::size_t>(row);
    return static_cast<size>(offsets[r + 1] - offsets[r]);
  }

  void solve(std::int64_t r, space& space) const {
    const size n = length(r);
    if (n == 0) {
      solved_.row(r).setZero();
      return;
    }
    const size whole = whole_strips(n, 4);
    const scalar row_scale = problem_.row_scale(r);
    const scalar ridge = problem_.ridge(static_cast<std::size_t>(n), row_scale);
    scalar* const x = space.x.get();
    std::copy_n(&solved_(r, 0), d_, x);
    std::fill(x + d_, x + padded_, scalar{0});
    for (size f = 0; f < padded_; ++f) {
      space.diagonal.get()[f] = f < d_ ? row_scale * spectrum_.get()[f] + ridge : scalar{1};
    }

    auto& entries = space.entries;
    entries.clear();
    entries.add(problem_, problem_.fixed.data(), r, 0, static_cast<std::size_t>(n));
    entries.write_rows(kernels_, 0, n, d_, padded_, whole, nullptr, space.rows.get(), leading_);
    kernels_.multiply(whole, padded_, space.rows.get(), leading_, x, space.product.get());
    entries.write_targets(0, n, whole, space.residual.get());
    for (size e = 0; e < whole; ++e) space.residual.get()[e] -= space.product.get()[e];
    std::fill_n(space.right.get(), padded_, scalar{0});
    entries.add_loose(0, n, d_, space.right.get());
    for (int sweep = 0; sweep < sweeps_; ++sweep) {
      if (coordinate_) {
        sweep_coordinates(r, n, space);
      } else {
        sweep_blocks(r, n, whole, space);
      }
    }
    std::copy_n(x, d_, &solved_(r, 0));
  }

  /// (D_bb + R_bᵀ R_b) step = loose_b + R_bᵀ (z − R x) − (D x)_b with the diagonal D = s G + ridge
  /// I.
  void sweep_blocks(std::int64_t r, size n, size whole, space& space) const {
    scalar* const step = space.step.get();
    scalar* const system = space.system.get();
    for (size first = 0; first < padded_; first += block_) {
      const size b = std::min(block_, padded_ - first);
      const scalar* const rows = space.rows.get() + first;
      const scalar* const diagonal = space.diagonal.get() + first;
      const scalar* const right = space.right.get() + first;
      scalar* const x = space.x.get() + first;
      std::fill_n(system, b * b, scalar{0});
      for (size f = 0; f < b; ++f) {
        system[f * b + f] = diagonal[f];
        step[f] = right[f] - diagonal[f] * x[f];
      }
      kernels_.outer(n, b, rows, leading_, system, b, {});
      kernels_.combine(whole, b, rows, leading_, space.residual.get(), step);
      if (!kernels_.solve_one(b, system, b, step)) {
        throw_singular_row(r, static_cast<std::size_t>(n));
      }
      for (size f = 0; f < b; ++f) x[f] += step[f];
      kernels_.multiply(whole, b, rows, leading_, step, space.product.get());
      for (size e = 0; e < whole; ++e) space.residual.get()[e] -= space.product.get()[e];
    }
  }

  /// One factor after the other, each to its own optimum.
  void sweep_coordinates(std::int64_t r, size n, space& space) const {
    scalar* const x = space.x.get();
    scalar* const residual = space.residual.get();
    for (size f = 0; f < d_; ++f) {
      const scalar* const column = space.rows.get() + f;
      const scalar diagonal = space.diagonal.get()[f];
      scalar square = 0;
      scalar right = space.right.get()[f];
      for (size e = 0; e < n; ++e) {
        const scalar h = column[e * leading_];
        square += h * h;
        right += h * residual[e];
      }
      const scalar curvature = diagonal + square;
      if (!(curvature > 0)) throw_singular_row(r, static_cast<std::size_t>(n));
      const scalar step = (right - diagonal * x[f]) / curvature;
      x[f] += step;
      for (size e = 0; e < n; ++e) residual[e] -= step * column[e * leading_];
    }
  }

  cpu policy_;
  const Problem& problem_;
  int sweeps_;
  row_major_matrix<scalar>& solved_;
  const std::function<bool()>& stop_;
  row_kernels<scalar> kernels_;
  size unit_;
  size d_;
  size padded_;
  size leading_;
  bool coordinate_;
  size block_;
  packed_buffer<scalar> spectrum_;  // the diagonal of the Gram matrix
};

}  // namespace detail

/// Improves every row of the problem, from the row as it is in `solved` (rows × d), by `sweeps`
/// sweeps over blocks of factors, each block set to its exact optimum while the others stay: iALS++
/// of Rendle et al., or coordinate descent with block = 1. More sweeps come nearer to exact_rows.
///
/// @param block factors at a time, rounded up to whole vectors; 1: one after the other
/// @param stop  asked between tasks, from any thread; true ends the call early with rows unsolved
/// @throws error when the Gram matrix is not diagonal, and naming the row when a system is not
///         positive definite
///
/// The Gram matrix is to be diagonal (see principal_axes.hpp), so that only a row's entries couple
/// its blocks: n d (block / 2 + 3) + d block² / 6 multiply-adds a row and sweep. Entries are
/// gathered once for all blocks and sweeps: scratch a thread n · d of the longest row. The same
/// bits for any number of threads on one machine. Rendle, Krichene, Zhang, Koren, "iALS++: speeding
/// up matrix factorization with subspace optimization", 2021.
template <class Problem>
void block_rows(const cpu& policy, const Problem& problem, int block, int sweeps,
                row_major_matrix<typename Problem::scalar>& solved,
                const std::function<bool()>& stop,
                const row_kernels<typename Problem::scalar>& kernels =
                    best_row_kernels<typename Problem::scalar>()) {
  detail::block_row_solver<Problem>(policy, problem, block, sweeps, solved, stop, kernels).run();
}

#if defined(RECOKIT_COMPILED)
#define RECOKIT_DETAIL_BLOCK_ROWS(prefix, Scalar, Offset)                                 \
  prefix template void block_rows(                                                        \
      const cpu&, const row_problem<Scalar, csr_view<float, index_t, Offset>>&, int, int, \
      row_major_matrix<Scalar>&, const std::function<bool()>&, const row_kernels<Scalar>&);
RECOKIT_DETAIL_BLOCK_ROWS(extern, float, std::int32_t)
RECOKIT_DETAIL_BLOCK_ROWS(extern, float, std::int64_t)
RECOKIT_DETAIL_BLOCK_ROWS(extern, double, std::int32_t)
RECOKIT_DETAIL_BLOCK_ROWS(extern, double, std::int64_t)
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
