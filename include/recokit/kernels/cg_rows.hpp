// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Some steps of conjugate gradients for every row of a half-step.
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
#include <iterator>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace detail {

/// Runs conjugate gradients on all rows of a row_problem; see cg_rows.
template <class Problem>
class cg_row_solver {
 public:
  using scalar = typename Problem::scalar;
  using size = std::ptrdiff_t;

  cg_row_solver(const cpu& policy, const Problem& problem, int steps,
                row_major_matrix<scalar>& solved, const std::function<bool()>& stop,
                const row_kernels<scalar>& kernels)
      : policy_(policy),
        problem_(problem),
        steps_(steps),
        solved_(solved),
        stop_(stop),
        kernels_(kernels),
        d_(problem.fixed.cols()),
        padded_(whole_strips(d_, std::max<size>(kernels.lanes, 4))),
        leading_(spread_leading<scalar>(padded_)),
        spectrum_(diagonal_of(problem.gram, padded_)) {}

  void run() {
    // Long rows first, each a task of its own, so that none is left at the end; then short ones in
    // their order, some at a time.
    std::vector<std::int64_t> rows;
    for (std::int64_t r = 0; r < problem_.matrix.rows(); ++r) {
      const size n = length(r);
      if (n == 0) solved_.row(r).setZero();
      if (is_long(n)) rows.push_back(r);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::int64_t a, std::int64_t b) { return length(a) > length(b); });
    std::vector<std::size_t> cuts(rows.size() + 1);
    std::iota(cuts.begin(), cuts.end(), std::size_t{0});
    size entries = 0;
    for (std::int64_t r = 0; r < problem_.matrix.rows(); ++r) {
      const size n = length(r);
      if (n == 0 || is_long(n)) continue;
      if (entries > 0 && entries + n > task_entries) {
        cuts.push_back(rows.size());
        entries = 0;
      }
      rows.push_back(r);
      entries += n;
    }
    if (cuts.back() != rows.size()) cuts.push_back(rows.size());
    scratch_pool<space> pool([this] { return space(*this); });
    parallel_for(policy_, std::ssize(cuts) - 1, 1, [&](std::int64_t task, std::int64_t) {
      if (stop_()) return;
      const auto space = pool.borrow();
      const auto first = cuts[static_cast<std::size_t>(task)];
      solve(std::span(rows).subspan(first, cuts[static_cast<std::size_t>(task) + 1] - first),
            *space);
    });
  }

 private:
  static constexpr size task_entries = 4096;       // of short rows
  static constexpr size most_gathered = 16 << 20;  // scalars; rows beyond gather again each step
  static constexpr size most_fetched = 16 * 1024;  // scalars of a row, before its turn
  static constexpr size chunk = 256;               // entries of such rows

  struct space {
    explicit space(const cg_row_solver& solver)
        : x(solver.padded_),
          direction(solver.padded_),
          residual(solver.padded_),
          image(solver.padded_),
          diagonal(solver.padded_) {}
    void need_rows(size elements) {
      if (elements <= held_rows_) return;
      rows = packed_buffer<scalar>(elements);
      held_rows_ = elements;
    }

    packed_buffer<scalar> rows;
    packed_buffer<scalar> x, direction, residual;
    packed_buffer<scalar> image;     // −A p
    packed_buffer<scalar> diagonal;  // s G + ridge I
    gathered_entries<Problem> entries;
    std::vector<scalar> targets;
    size next_place = 0;  // the first entry that has not begun to be fetched
    size next_part = 0;   // entries to fetch with each pass over a row

   private:
    size held_rows_ = 0;
  };

  size length(std::int64_t row) const noexcept {
    const auto offsets = problem_.matrix.offsets();
    const auto r = static_cast<std::size_t>(row);
    return static_cast<size>(offsets[r + 1] - offsets[r]);
  }
  bool gathers_again(size n) const noexcept { return n * leading_ > most_gathered; }
  bool is_long(size n) const noexcept { return n >= task_entries || gathers_again(n); }

  /// @param rows one, or short ones
  void solve(std::span<const std::int64_t> rows, space& space) const {
    space.entries.clear();
    if (gathers_again(length(rows[0]))) {
      solve_row(rows[0], 0, space);
      return;
    }
    // All at once, so that the next row can be fetched ahead.
    size longest = 0;
    for (const std::int64_t r : rows) {
      longest = std::max(longest, length(r));
      space.entries.add(problem_, problem_.fixed.data(), r, 0, static_cast<std::size_t>(length(r)));
    }
    space.need_rows(whole_strips(longest, 4) * leading_);
    size place = 0;
    for (std::size_t s = 0; s < rows.size(); ++s) {
      // The next row is fetched bit by bit with the passes over this one, if the cache holds both.
      const size next = s + 1 < rows.size() ? length(rows[s + 1]) : 0;
      space.next_place = place + length(rows[s]);
      space.next_part = next * leading_ <= most_fetched ? (next + steps_) / (steps_ + 1) : 0;
      solve_row(rows[s], place, space);
      place += length(rows[s]);
    }
  }

  /// @param place of the row's first entry
  void solve_row(std::int64_t r, size place, space& space) const {
    const size n = length(r);
    scalar* const x = space.x.get();
    scalar* const residual = space.residual.get();
    scalar* const p = space.direction.get();
    scalar* const image = space.image.get();
    const scalar* const diagonal = space.diagonal.get();
    const scalar row_scale = problem_.row_scale(r);
    const scalar ridge = problem_.ridge(static_cast<std::size_t>(n), row_scale);
    std::copy_n(&solved_(r, 0), d_, x);
    std::fill(x + d_, x + padded_, scalar{0});
    for (size f = 0; f < padded_; ++f) {
      space.diagonal.get()[f] = row_scale * spectrum_.get()[f] + ridge;
      residual[f] = -diagonal[f] * x[f];
    }
    for_chunks(r, place, space, true, [&](size first, size count, const scalar* gathered) {
      const size whole = whole_strips(count, 4);
      space.entries.add_loose(first, count, d_, residual);
      space.targets.resize(static_cast<std::size_t>(whole));
      space.entries.write_targets(first, count, whole, space.targets.data());
      kernels_.residual(whole, padded_, gathered, leading_, space.targets.data(), x, residual);
    });
    std::copy_n(residual, padded_, p);
    scalar square = kernels_.dot(padded_, residual, residual);
    constexpr scalar epsilon = std::numeric_limits<scalar>::epsilon();
    const scalar done =
        std::max(epsilon * epsilon * square, std::numeric_limits<scalar>::min() / epsilon);
    for (int step = 0; step < steps_ && square > done; ++step) {
      for (size f = 0; f < padded_; ++f) image[f] = -diagonal[f] * p[f];
      for_chunks(r, place, space, false, [&](size, size count, const scalar* gathered) {
        kernels_.residual(whole_strips(count, 4), padded_, gathered, leading_, nullptr, p, image);
      });
      const scalar curvature = -kernels_.dot(padded_, p, image);
      if (!(curvature > 0) || !std::isfinite(curvature)) {
        throw_singular_row(r, static_cast<std::size_t>(n));
      }
      const scalar step_length = square / curvature;
      kernels_.blend(padded_, step_length, p, scalar{1}, x);
      kernels_.blend(padded_, step_length, image, scalar{1}, residual);
      const scalar last = square;
      square = kernels_.dot(padded_, residual, residual);
      kernels_.blend(padded_, scalar{1}, residual, square / last, p);
    }
    std::copy_n(x, d_, &solved_(r, 0));
  }

  /// Calls body(place, n, rows) for the entries of a row, gathered: at once, where they stay if
  /// `gather` is false, or in chunks that are gathered for the call.
  template <class Body>
  void for_chunks(std::int64_t r, size place, space& space, bool gather, const Body& body) const {
    const size n = length(r);
    auto& entries = space.entries;
    if (!gathers_again(n)) {
      scalar* const to = space.rows.get();
      if (gather) {
        entries.write_rows(kernels_, place, n, d_, padded_, whole_strips(n, 4), nullptr, to,
                           leading_);
      }
      entries.fetch(space.next_place, space.next_place + space.next_part, d_);
      space.next_place += space.next_part;
      body(place, n, to);
      return;
    }
    space.need_rows(chunk * leading_);
    scalar* const to = space.rows.get();
    for (size begin = 0; begin < n; begin += chunk) {
      const size end = std::min(n, begin + chunk);
      entries.clear();
      entries.add(problem_, problem_.fixed.data(), r, static_cast<std::size_t>(begin),
                  static_cast<std::size_t>(end));
      entries.write_rows(kernels_, 0, end - begin, d_, padded_, whole_strips(end - begin, 4),
                         nullptr, to, leading_);
      body(0, end - begin, to);
    }
  }

  cpu policy_;
  const Problem& problem_;
  int steps_;
  row_major_matrix<scalar>& solved_;
  const std::function<bool()>& stop_;
  row_kernels<scalar> kernels_;
  size d_;
  size padded_;
  size leading_;
  packed_buffer<scalar> spectrum_;  // the diagonal of the Gram matrix
};

}  // namespace detail

/// Takes `steps` steps of conjugate gradients for every row of the problem, from the row as it is
/// in `solved` (rows × d); a row ends earlier when its residual is rounding.
///
/// The Gram matrix is to be diagonal (see principal_axes.hpp), so that only a row's entries,
/// gathered once and kept in the cache, couple its factors: 2 n d multiply-adds a row and step, and
/// once more to begin.
///
/// @param stop asked between tasks, from any thread; true ends the call early with rows unsolved
/// @throws error when the Gram matrix is not diagonal, and naming the row when a system is not
///         positive definite
///
/// Scratch: a thread n · d of the longest row, at most 16 M scalars. The same bits
/// for any number of threads on one machine. Takács, Pilászy, Tikk, "Applications of the conjugate
/// gradient method for implicit feedback collaborative filtering", RecSys 2011.
template <class Problem>
void cg_rows(const cpu& policy, const Problem& problem, int steps,
             row_major_matrix<typename Problem::scalar>& solved, const std::function<bool()>& stop,
             const row_kernels<typename Problem::scalar>& kernels =
                 best_row_kernels<typename Problem::scalar>()) {
  detail::cg_row_solver<Problem>(policy, problem, steps, solved, stop, kernels).run();
}

#if defined(RECOKIT_COMPILED)
#define RECOKIT_DETAIL_CG_ROWS(prefix, Scalar, Offset)                               \
  prefix template void cg_rows(                                                      \
      const cpu&, const row_problem<Scalar, csr_view<float, index_t, Offset>>&, int, \
      row_major_matrix<Scalar>&, const std::function<bool()>&, const row_kernels<Scalar>&);
RECOKIT_DETAIL_CG_ROWS(extern, float, std::int32_t)
RECOKIT_DETAIL_CG_ROWS(extern, float, std::int64_t)
RECOKIT_DETAIL_CG_ROWS(extern, double, std::int32_t)
RECOKIT_DETAIL_CG_ROWS(extern, double, std::int64_t)
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
