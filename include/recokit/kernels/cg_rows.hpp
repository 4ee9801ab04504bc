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
    std::vector<std::int64_t> rows;
    std::vector<std::size_t> cuts(1);
    cut_long_rows(rows, cuts);
    cut_short_rows(rows, cuts);
    scratch_pool<space> pool([this] { return space(padded_); });
    parallel_for(policy_, std::ssize(cuts) - 1, 1, [&](std::int64_t task, std::int64_t) {
      if (stop_()) return;
      const auto space = pool.borrow();
      const auto first = cuts[static_cast<std::size_t>(task)];
      const auto last = cuts[static_cast<std::size_t>(task) + 1];
      const auto here = std::span(rows).subspan(first, last - first);
      if (by_blocks(length(here[0]))) {
        solve_by_blocks(here, *space);
      } else {
        solve(here, last < rows.size() ? rows[last] : -1, *space);
      }
    });
  }

 private:
  static constexpr size task_entries = 4096;       // of short rows
  static constexpr size most_gathered = 16 << 20;  // scalars; rows beyond gather again each step
  static constexpr size chunk = 256;               // entries of such rows
  // Rows that take the fixed side by blocks: scalars of a block, which a second-level cache holds;
  // the scalars from which on a row is one of them, and the entries in a block; and how many rows
  // share a pass, by their vectors and their entries to a row of the fixed side.
  static constexpr size block_scalars = 128 * 1024;
  static constexpr size least_scalars = 256 * 1024;
  static constexpr size least_entries = 16;
  static constexpr size together_scalars = 128 * 1024;
  static constexpr size together_entries = 12;

  /// The vectors of one row's iteration.
  struct iterate {
    scalar* x;
    scalar* residual;
    scalar* direction;
    scalar* image;  // −A p
    scalar row_scale = 0;
    scalar ridge = 0;
    scalar square = 0;
    scalar done = 0;

    bool goes_on() const noexcept { return square > done; }
  };
  static constexpr size vectors = 4;

  struct space {
    explicit space(size padded) : iterates(vectors * padded) {}
    void need_rows(size elements) {
      if (elements <= held_rows_) return;
      rows = packed_buffer<scalar>(elements);
      held_rows_ = elements;
    }

    packed_buffer<scalar> rows;
    packed_buffer<scalar> iterates;  // of one row
    gathered_entries<Problem> entries;
    std::vector<scalar> targets;
    std::vector<scalar> weights;
    std::span<const index_t> next;  // the entries of the row to come that are to be fetched
    std::size_t next_part = 0;      // how many of them with each pass over a row

   private:
    size held_rows_ = 0;
  };

  size length(std::int64_t row) const noexcept {
    const auto offsets = problem_.matrix.offsets();
    const auto r = static_cast<std::size_t>(row);
    return static_cast<size>(offsets[r + 1] - offsets[r]);
  }
  bool gathers_again(size n) const noexcept { return n * leading_ > most_gathered; }
  bool is_long(size n) const noexcept {
    return n >= task_entries || gathers_again(n) || by_blocks(n);
  }
  /// Whether a row's entries would not stay in the cache and lie so dense that many rows have some
  /// in a block of the fixed side that does.
  bool by_blocks(size n) const noexcept {
    return d_ == padded_ && n * d_ >= least_scalars &&
           n * block_rows() >= least_entries * problem_.fixed.rows();
  }
  size block_rows() const noexcept { return std::max<size>(block_scalars / d_, 1); }

  // ---- Plan -------------------------------------------------------------------------------------

  /// Rows that take the fixed side block by block, some at a time, then other long ones, each a
  /// task of its own: longest first, so that none is left at the end. Tasks begin at the cuts.
  void cut_long_rows(std::vector<std::int64_t>& rows, std::vector<std::size_t>& cuts) const {
    double spread = 0;
    for (std::int64_t r = 0; r < problem_.matrix.rows(); ++r) {
      const size n = length(r);
      if (by_blocks(n)) spread += static_cast<double>(n);
      if (is_long(n)) rows.push_back(r);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::int64_t a, std::int64_t b) { return length(a) > length(b); });
    const double share = std::min(spread / (4 * thread_count(policy_)),
                                  static_cast<double>(together_entries * problem_.fixed.rows()));
    double load = 0;
    for (std::size_t n = 0; n < rows.size(); ++n) {
      load += static_cast<double>(length(rows[n]));
      const bool more = n + 1 < rows.size() && by_blocks(length(rows[n + 1]));
      const auto held = static_cast<size>(n + 1 - cuts.back()) * padded_;
      if (more && load < share && held < together_scalars) continue;
      cuts.push_back(n + 1);
      load = 0;
    }
  }
  /// The rest, in their order.
  void cut_short_rows(std::vector<std::int64_t>& rows, std::vector<std::size_t>& cuts) const {
    size entries = 0;
    for (std::int64_t r = 0; r < problem_.matrix.rows(); ++r) {
      const size n = length(r);
      if (n == 0) solved_.row(r).setZero();
      if (n == 0 || is_long(n)) continue;
      if (entries > 0 && entries + n > task_entries) {
        cuts.push_back(rows.size());
        entries = 0;
      }
      rows.push_back(r);
      entries += n;
    }
    if (cuts.back() != rows.size()) cuts.push_back(rows.size());
  }

  // ---- One row ----------------------------------------------------------------------------------

  iterate iterate_at(scalar* vectors_of_row) const noexcept {
    return {vectors_of_row, vectors_of_row + padded_, vectors_of_row + 2 * padded_,
            vectors_of_row + 3 * padded_};
  }
  void begin(std::int64_t r, iterate& row) const {
    row.row_scale = problem_.row_scale(r);
    row.ridge = problem_.ridge(static_cast<std::size_t>(length(r)), row.row_scale);
    std::copy_n(&solved_(r, 0), d_, row.x);
    std::fill(row.x + d_, row.x + padded_, scalar{0});
    diagonal_times(row, row.x, row.residual);
  }
  /// to = −(s G + ridge I) from.
  void diagonal_times(const iterate& row, const scalar* from, scalar* to) const {
    const scalar* const spectrum = spectrum_.get();
    for (size f = 0; f < padded_; ++f) {
      to[f] = -(row.row_scale * spectrum[f] + row.ridge) * from[f];
    }
  }
  /// Once the residual has what the entries add to it.
  void start(iterate& row) const {
    std::copy_n(row.residual, padded_, row.direction);
    row.square = kernels_.dot(padded_, row.residual, row.residual);
    constexpr scalar epsilon = std::numeric_limits<scalar>::epsilon();
    row.done =
        std::max(epsilon * epsilon * row.square, std::numeric_limits<scalar>::min() / epsilon);
  }
  /// Once the image has what the entries add to it.
  void step(std::int64_t r, iterate& row) const {
    const scalar curvature = -kernels_.dot(padded_, row.direction, row.image);
    if (!(curvature > 0) || !std::isfinite(curvature)) {
      throw_singular_row(r, static_cast<std::size_t>(length(r)));
    }
    const scalar step_length = row.square / curvature;
    kernels_.blend(padded_, step_length, row.direction, scalar{1}, row.x);
    kernels_.blend(padded_, step_length, row.image, scalar{1}, row.residual);
    const scalar last = row.square;
    row.square = kernels_.dot(padded_, row.residual, row.residual);
    kernels_.blend(padded_, scalar{1}, row.residual, row.square / last, row.direction);
  }

  /// @param rows one, or short ones
  /// @param after the row whose turn is next, or -1
  void solve(std::span<const std::int64_t> rows, std::int64_t after, space& space) const {
    space.entries.clear();
    space.next = {};
    if (gathers_again(length(rows[0]))) {
      space.need_rows(chunk * leading_);
      solve_row(rows[0], 0, space);
      return;
    }
    size longest = 0;
    for (const std::int64_t r : rows) {
      longest = std::max(longest, length(r));
      space.entries.add(problem_, problem_.fixed.data(), r, 0, static_cast<std::size_t>(length(r)));
    }
    space.need_rows(whole_strips(longest, 4) * leading_);
    size place = 0;
    for (std::size_t s = 0; s < rows.size(); ++s) {
      // The next row is fetched bit by bit beside the passes over this one, into a cache that is to
      // hold both.
      const std::int64_t next = s + 1 < rows.size() ? rows[s + 1] : after;
      if (next < 0) {
        space.next = {};
      } else {
        const auto ids = problem_.matrix.row(next).indices;
        space.next =
            ids.first(std::min(ids.size(), static_cast<std::size_t>(most_to_come / leading_)));
      }
      const auto passes = static_cast<std::size_t>(steps_) + 1;
      space.next_part = (space.next.size() + passes - 1) / passes;
      solve_row(rows[s], place, space);
      place += length(rows[s]);
    }
  }
  rows_to_come<scalar> next_part(space& space) const {
    const auto part = space.next.first(std::min(space.next_part, space.next.size()));
    space.next = space.next.subspan(part.size());
    return {part.data(), std::ssize(part), problem_.fixed.data(), d_};
  }

  /// @param place of the row's first entry
  void solve_row(std::int64_t r, size place, space& space) const {
    iterate row = iterate_at(space.iterates.get());
    begin(r, row);
    add_gaps(r, place, space, true, row.x, row.residual);
    start(row);
    for (int n = 0; n < steps_ && row.goes_on(); ++n) {
      diagonal_times(row, row.direction, row.image);
      add_gaps(r, place, space, false, row.direction, row.image);
      step(r, row);
    }
    std::copy_n(row.x, d_, &solved_(r, 0));
  }

  /// out += Rᵀ(z − R x) for the entries of a row at the first pass over them, −RᵀR x at later ones.
  void add_gaps(std::int64_t r, size place, space& space, bool first, const scalar* x,
                scalar* out) const {
    const size n = length(r);
    if (gathers_again(n)) {
      for (size begin = 0; begin < n; begin += chunk) {
        const size end = std::min(n, begin + chunk);
        space.entries.clear();
        space.entries.add(problem_, problem_.fixed.data(), r, static_cast<std::size_t>(begin),
                          static_cast<std::size_t>(end));
        gather_and_add(0, end - begin, space, first, x, out);
      }
    } else if (first) {
      gather_and_add(place, n, space, true, x, out);
    } else {
      kernels_.residual(whole_strips(n, 4), padded_, space.rows.get(), leading_, nullptr, x, out,
                        next_part(space));
    }
  }
  void gather_and_add(size place, size count, space& space, bool with_targets, const scalar* x,
                      scalar* out) const {
    const size whole = whole_strips(count, 4);
    if (with_targets) {
      space.entries.add_loose(place, count, d_, out);
      space.targets.resize(static_cast<std::size_t>(whole));
      space.entries.write_targets(place, count, whole, space.targets.data());
    }
    space.entries.gather_residual(kernels_, place, count, d_, padded_,
                                  with_targets ? space.targets.data() : nullptr, x,
                                  space.rows.get(), leading_, out, next_part(space));
  }

  // ---- Many rows, block by block of the fixed side ----------------------------------------------

  /// Each pass reads a block of the fixed side once for all of these rows. Nothing is gathered: a
  /// row gets the same bits whichever rows are with it.
  void solve_by_blocks(std::span<const std::int64_t> rows, space& space) const {
    const packed_buffer<scalar> all(std::ssize(rows) * vectors * padded_);
    std::vector<iterate> iterates;
    for (const std::int64_t r : rows) {
      iterates.push_back(iterate_at(all.get() + std::ssize(iterates) * vectors * padded_));
      begin(r, iterates.back());
    }
    pass_over_blocks(rows, iterates, true, space);
    for (auto& row : iterates) start(row);
    for (int n = 0; n < steps_; ++n) {
      if (stop_()) return;
      for (const auto& row : iterates) diagonal_times(row, row.direction, row.image);
      pass_over_blocks(rows, iterates, false, space);
      for (std::size_t s = 0; s < rows.size(); ++s) {
        if (iterates[s].goes_on()) step(rows[s], iterates[s]);
      }
    }
    for (std::size_t s = 0; s < rows.size(); ++s) {
      std::copy_n(iterates[s].x, d_, &solved_(rows[s], 0));
    }
  }

  /// What the entries add to the residuals at the first pass, to the images at later ones.
  void pass_over_blocks(std::span<const std::int64_t> rows, std::span<const iterate> iterates,
                        bool first, space& space) const {
    std::vector<std::size_t> places(rows.size());
    const auto all = static_cast<size>(problem_.fixed.rows());
    for (size end = block_rows(); end < all + block_rows(); end += block_rows()) {
      for (std::size_t s = 0; s < rows.size(); ++s) {
        if (!first && !iterates[s].goes_on()) continue;
        const auto row = problem_.matrix.row(rows[s]);
        const std::size_t begin = places[s];
        std::size_t last = begin;
        while (last < row.size() && row.indices[last] < end) ++last;
        places[s] = last;
        if (last == begin) continue;
        space.weights.resize(last - begin);
        space.targets.resize(last - begin);
        for (std::size_t e = begin; e < last; ++e) {
          space.weights[e - begin] = problem_.weight(row, e);
          if (first) space.targets[e - begin] = problem_.target(row, e, iterates[s].row_scale);
        }
        kernels_.scattered_residual(static_cast<size>(last - begin), d_, row.indices.data() + begin,
                                    problem_.fixed.data(), d_, space.weights.data(),
                                    first ? space.targets.data() : nullptr,
                                    first ? iterates[s].x : iterates[s].direction,
                                    first ? iterates[s].residual : iterates[s].image);
      }
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
/// The Gram matrix is to be diagonal (see principal_axes.hpp), so that only a row's entries couple
/// its factors: 2 n d multiply-adds a row and step, and once more to begin. Entries are gathered
/// once, beside the first product, and kept in the cache. Rows too long for that go together over
/// the fixed side, a block that the cache holds at a time, and gather nothing.
///
/// @param stop asked between tasks, from any thread; true ends the call early with rows unsolved
/// @throws error when the Gram matrix is not diagonal, and naming the row when a system is not
///         positive definite
///
/// Scratch: a thread n · d of the longest row that is gathered, at most 16 M scalars, or 0.5 M
/// scalars of rows that go together. The same bits for any number of threads on one machine, and
/// for a row whichever rows are solved with it. Takács, Pilászy, Tikk, "Applications of the
/// conjugate gradient method for implicit feedback collaborative filtering", RecSys 2011.
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
