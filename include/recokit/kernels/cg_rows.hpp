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
#include <limits>
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
    for (std::int64_t r = 0; r < problem_.matrix.rows(); ++r) {
      if (problem_.matrix.row(r).size() == 0) {
        solved_.row(r).setZero();
      } else {
        rows.push_back(r);
      }
    }
    std::sort(rows.begin(), rows.end(), [&](std::int64_t a, std::int64_t b) {
      return length(a) != length(b) ? length(a) > length(b) : a < b;
    });
    // Rows that go together: what is gathered for them stays in the second-level cache.
    std::vector<std::size_t> cuts{0};
    size held = 0;
    for (std::size_t n = 0; n < rows.size(); ++n) {
      const size more = whole_strips(length(rows[n]), 4);
      const auto count = static_cast<size>(n - cuts.back());
      if (count > 0 && ((held + more) * leading_ > cached || count == most_rows)) {
        cuts.push_back(n);
        held = 0;
      }
      held += more;
    }
    cuts.push_back(rows.size());
    scratch_pool<space> pool([this] { return space(*this); });
    // Short batches are taken some at a time.
    const auto batches = static_cast<std::int64_t>(cuts.size()) - 1;
    parallel_for(policy_, batches, 4, [&](std::int64_t begin, std::int64_t end) {
      const auto space = pool.borrow();
      for (auto b = static_cast<std::size_t>(begin); std::cmp_less(b, end); ++b) {
        if (stop_()) return;
        solve(std::span(rows).subspan(cuts[b], cuts[b + 1] - cuts[b]), *space);
      }
    });
  }

 private:
  static constexpr size most_rows = 48;            // of a batch
  static constexpr size cached = 128 * 1024;       // scalars
  static constexpr size most_gathered = 16 << 20;  // scalars; rows beyond gather again each step
  static constexpr size chunk = 256;               // entries of such rows

  struct space {
    explicit space(const cg_row_solver& solver)
        : x(most_rows * solver.leading_),
          direction(most_rows * solver.leading_),
          image(most_rows * solver.leading_),
          residual(most_rows * solver.leading_) {}
    void need_rows(size elements) {
      if (elements <= held_rows_) return;
      rows = packed_buffer<scalar>(elements);
      held_rows_ = elements;
    }

    packed_buffer<scalar> rows;
    packed_buffer<scalar> x, direction, image, residual;
    gathered_entries<Problem> entries;
    std::vector<size> first;   // gathered row of each row's first entry
    std::vector<size> places;  // of its entries
    std::vector<scalar> targets;
    std::vector<scalar> squares;  // |residual|²
    std::vector<scalar> limits;   // of it, below which a row is done

   private:
    size held_rows_ = 0;
  };

  size length(std::int64_t row) const noexcept {
    const auto offsets = problem_.matrix.offsets();
    const auto r = static_cast<std::size_t>(row);
    return static_cast<size>(offsets[r + 1] - offsets[r]);
  }
  bool gathers_again(std::int64_t r) const noexcept { return length(r) * leading_ > most_gathered; }

  void solve(std::span<const std::int64_t> rows, space& space) {
    const auto count = static_cast<size>(rows.size());
    size held = 0;
    space.first.assign(rows.size(), 0);
    for (std::size_t s = 0; s < rows.size(); ++s) {
      space.first[s] = held;
      held += gathers_again(rows[s]) ? chunk : whole_strips(length(rows[s]), 4);
    }
    space.need_rows(held * leading_);
    for (scalar* const m : {space.x.get(), space.residual.get(), space.direction.get()}) {
      std::fill_n(m, count * leading_, scalar{0});
    }
    space.entries.clear();
    space.places.assign(rows.size(), 0);
    for (std::size_t s = 0; s < rows.size(); ++s) {
      if (gathers_again(rows[s])) continue;  // alone in its batch
      space.places[s] = space.entries.add(problem_, problem_.fixed.data(), rows[s], 0,
                                          static_cast<std::size_t>(length(rows[s])));
    }
    for (std::size_t s = 0; s < rows.size(); ++s) begin_row(rows[s], s, space);

    // residual = right side − A x, where begin_row left the right side.
    apply(rows, space.x.get(), space);
    space.squares.assign(rows.size(), 0);
    space.limits.assign(rows.size(), 0);
    for (std::size_t s = 0; s < rows.size(); ++s) {
      const auto at = static_cast<size>(s) * leading_;
      scalar* const residual = space.residual.get() + at;
      constexpr scalar epsilon = std::numeric_limits<scalar>::epsilon();
      space.limits[s] = epsilon * epsilon * kernels_.dot(padded_, residual, residual);
      kernels_.blend(padded_, scalar{-1}, space.image.get() + at, scalar{1}, residual);
      std::copy_n(residual, padded_, space.direction.get() + at);
      space.squares[s] = kernels_.dot(padded_, residual, residual);
    }
    for (int step = 0; step < steps_; ++step) {
      apply(rows, space.direction.get(), space);
      for (std::size_t s = 0; s < rows.size(); ++s) step_row(rows[s], s, space);
    }
    for (std::size_t s = 0; s < rows.size(); ++s) {
      std::copy_n(space.x.get() + static_cast<size>(s) * leading_, d_, &solved_(rows[s], 0));
    }
  }

  /// Gathers the entries, starts at the row as it is, and puts the right side into the residual.
  void begin_row(std::int64_t r, std::size_t s, space& space) const {
    scalar* const right = space.residual.get() + static_cast<size>(s) * leading_;
    std::copy_n(&solved_(r, 0), d_, space.x.get() + static_cast<size>(s) * leading_);
    for_chunks(r, s, space, true, [&](size first, size n, const scalar* gathered) {
      const size whole = whole_strips(n, 4);
      space.entries.add_loose(first, n, d_, right);
      space.targets.resize(static_cast<std::size_t>(whole));
      space.entries.write_targets(first, n, whole, space.targets.data());
      kernels_.combine(whole, padded_, gathered, leading_, space.targets.data(), right);
    });
  }
  /// Calls body(place, n, rows) for the entries of a row, gathered: at once, or in chunks that are
  /// gathered for the call.
  template <class Body>
  void for_chunks(std::int64_t r, std::size_t s, space& space, bool gather,
                  const Body& body) const {
    const size n = length(r);
    scalar* const to = space.rows.get() + space.first[s] * leading_;
    auto& entries = space.entries;
    if (!gathers_again(r)) {
      const size place = space.places[s];
      if (gather) {
        entries.write_rows(kernels_, place, n, d_, padded_, whole_strips(n, 4), nullptr, to,
                           leading_);
      }
      body(place, n, to);
      return;
    }
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

  /// image = A p for every row's own system A and its p.
  void apply(std::span<const std::int64_t> rows, const scalar* p, space& space) const {
    for (std::size_t s = 0; s < rows.size(); ++s) {
      const std::int64_t r = rows[s];
      const auto at = static_cast<size>(s) * leading_;
      const scalar* const from = p + at;
      scalar* const image = space.image.get() + at;
      const scalar row_scale = problem_.row_scale(r);
      const scalar ridge = problem_.ridge(static_cast<std::size_t>(length(r)), row_scale);
      for (size f = 0; f < padded_; ++f) {
        image[f] = (row_scale * spectrum_.get()[f] + ridge) * from[f];
      }
      for_chunks(r, s, space, false, [&](size, size n, const scalar* gathered) {
        kernels_.normal(whole_strips(n, 4), padded_, gathered, leading_, from, image);
      });
    }
  }

  void step_row(std::int64_t r, std::size_t s, space& space) const {
    if (!(space.squares[s] > space.limits[s])) return;
    const auto at = static_cast<size>(s) * leading_;
    scalar* const p = space.direction.get() + at;
    scalar* const residual = space.residual.get() + at;
    const scalar* const image = space.image.get() + at;
    const scalar curvature = kernels_.dot(padded_, p, image);
    if (!(curvature > 0) || !std::isfinite(curvature)) {
      throw_singular_row(r, static_cast<std::size_t>(length(r)));
    }
    const scalar length_of_step = space.squares[s] / curvature;
    kernels_.blend(padded_, length_of_step, p, scalar{1}, space.x.get() + at);
    kernels_.blend(padded_, -length_of_step, image, scalar{1}, residual);
    const scalar square = kernels_.dot(padded_, residual, residual);
    kernels_.blend(padded_, scalar{1}, residual, square / space.squares[s], p);
    space.squares[s] = square;
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
/// @param stop asked between batches, from any thread; true ends the call early with rows unsolved
/// @throws error when the Gram matrix is not diagonal, and naming the row when a system is not
///         positive definite
///
/// Scratch: a thread 128 K scalars or n · d of the longest row, at most 16 M. The same bits
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
