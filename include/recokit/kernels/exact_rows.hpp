// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The exact solution of every row of a half-step, by the cheaper of two systems.
#pragma once

#include <recokit/core/huge_pages.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gathered_entries.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/principal_axes.hpp>
#include <recokit/kernels/row_kernels.hpp>
#include <recokit/kernels/row_problem.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Which system an exact solve takes for a row.
enum class row_form {
  adaptive,  ///< the cheaper one
  primal,    ///< factors × factors
  dual,      ///< entries × entries, in the basis in which the Gram matrix is diagonal
};

namespace detail {

/// Solves all rows of a row_problem; see exact_rows.
template <class Problem>
class exact_row_solver {
 public:
  using scalar = typename Problem::scalar;
  using size = std::ptrdiff_t;

  exact_row_solver(const cpu& policy, const Problem& problem, row_major_matrix<scalar>& solved,
                   const std::function<bool()>& stop, row_form form,
                   const row_kernels<scalar>& kernels)
      : policy_(policy),
        problem_(problem),
        solved_(solved),
        stop_(stop),
        kernels_(kernels),
        d_(problem.fixed.cols()),
        padded_(whole_strips(d_, std::max<size>(kernels.lanes, 4))),
        leading_(spread_leading<scalar>(padded_)),
        turned_(is_diagonal(problem.gram)) {
    sort_rows(form);
  }

  void run() {
    if (!dual_.empty()) make_basis();
    for (const std::int64_t row : long_) {
      if (stop_()) return;
      solve_long(row);
    }
    std::vector<task> tasks;
    cut(primal_, false, tasks);
    cut(dual_, true, tasks);
    scratch_pool<space> pool([this] { return space(kernels_, largest_, leading_); });
    parallel_for(policy_, static_cast<std::int64_t>(tasks.size()), 1,
                 [&](std::int64_t t, std::int64_t) {
                   if (stop_()) return;
                   const task& piece = tasks[static_cast<std::size_t>(t)];
                   const auto space = pool.borrow();
                   if (piece.dual) {
                     solve_dual(piece, *space);
                   } else {
                     solve_primal(piece, *space);
                   }
                 });
  }

 private:
  // Systems of at most this size are solved side by side.
  static constexpr size side_by_side = 64;
  // Entries gathered at a time.
  static constexpr size chunk = 64;

  /// Rows [begin, end) of one of the lists.
  struct task {
    bool dual;
    std::size_t begin;
    std::size_t end;
  };

  struct space {
    space(const row_kernels<scalar>& kernels, size largest, size leading)
        : x(kernels.lanes * std::max<size>(largest, leading)),
          many((2 * side_by_side * (side_by_side + 4) + 3 * side_by_side + 16) * kernels.lanes),
          result(leading),
          column_scales(kernels.lanes * leading) {
      need_rows(std::max<size>(chunk, largest) * leading);
    }

    void need_systems(size elements) {
      if (elements <= held_) return;
      systems = packed_buffer<scalar>(elements);
      held_ = elements;
    }
    void need_rows(size elements) {
      if (elements <= held_rows_) return;
      rows = packed_buffer<scalar>(elements);
      held_rows_ = elements;
    }

    packed_buffer<scalar> rows;  // gathered
    packed_buffer<scalar> x;     // right sides, then solutions
    packed_buffer<scalar> many;
    packed_buffer<scalar> result;
    packed_buffer<scalar> systems;
    packed_buffer<scalar> column_scales;  // D^-½ of rows side by side
    gathered_entries<Problem> entries;
    std::array<scalar, chunk> targets;
    // What the column scales written last were made of.
    scalar last_ridge = -1;
    scalar last_row_scale = -1;
    const scalar* last_scales = nullptr;

   private:
    size held_ = 0;
    size held_rows_ = 0;
  };

  // ---- Plan -------------------------------------------------------------------------------------

  /// Multiply-adds of a row, weighed by how fast they run.
  double primal_cost(double n) const {
    const auto d = static_cast<double>(padded_);
    return n * d * (d + 16) / 2 + d * d * d / 4 + 40 * d;
  }
  double dual_cost(double n) const {
    const auto d = static_cast<double>(padded_);
    const double back = turned_ ? 0 : d * d;
    return n * (n + 4) * d / 2 * 1.15 + n * n * n / 4 + 6 * n * d + back + 60 * n;
  }

  void sort_rows(row_form form) {
    const auto rows = static_cast<std::int64_t>(problem_.matrix.rows());
    double saved = 0;
    for (std::int64_t r = 0; r < rows; ++r) {
      const auto row = problem_.matrix.row(r);
      const auto n = row.size();
      if (n == 0) {
        solved_.row(r).setZero();
        continue;
      }
      const auto cost = static_cast<double>(n);
      const double gain = primal_cost(cost) - dual_cost(cost);
      const bool dual =
          form != row_form::primal && (gain > 0 || form == row_form::dual) && has_dual(row, r);
      if (dual) {
        dual_.push_back(r);
        saved += gain;
      } else {
        primal_.push_back(r);
      }
    }
    // What the basis costs: the eigenvectors and the rotation of the fixed side.
    const auto d = static_cast<double>(d_);
    const double basis =
        turned_ ? 0 : 12 * d * d * d + static_cast<double>(problem_.fixed.rows()) * d * d;
    if (form == row_form::adaptive && saved < basis) {
      primal_.insert(primal_.end(), dual_.begin(), dual_.end());
      dual_.clear();
    }
    const auto longer = [&](std::int64_t a, std::int64_t b) {
      const auto n_a = length(a);
      const auto n_b = length(b);
      return n_a != n_b ? n_a > n_b : a < b;
    };
    std::sort(primal_.begin(), primal_.end(), longer);
    std::sort(dual_.begin(), dual_.end(), longer);
    if (!dual_.empty()) largest_ = whole_strips(length(dual_.front()), 16);
    // Rows with a large share of all entries are split over the threads.
    double total = 0;
    for (const std::int64_t row : primal_) total += entries_cost(row);
    const double most = std::max(static_cast<double>(std::int64_t{1} << 28), total / 64);
    const auto split = std::find_if(primal_.begin(), primal_.end(),
                                    [&](std::int64_t row) { return entries_cost(row) <= most; });
    long_.assign(primal_.begin(), split);
    primal_.erase(primal_.begin(), split);
  }
  double entries_cost(std::int64_t row) const noexcept {
    return static_cast<double>(length(row)) * static_cast<double>(padded_ * padded_) / 2;
  }

  std::ptrdiff_t length(std::int64_t row) const noexcept {
    const auto offsets = problem_.matrix.offsets();
    const auto r = static_cast<std::size_t>(row);
    return static_cast<std::ptrdiff_t>(offsets[r + 1] - offsets[r]);
  }

  /// The dual system divides targets by weights.
  template <class Row>
  bool has_dual(const Row& row, std::int64_t r) const {
    if (problem_.target_base == 0) return true;
    for (std::size_t e = 0; e < row.size(); ++e) {
      if (row.value(e) == 0 && problem_.target(row, e, problem_.row_scale(r)) != 0) return false;
    }
    return true;
  }

  /// Tasks of about a millisecond; as many rows side by side as the kernels take.
  void cut(const std::vector<std::int64_t>& rows, bool dual, std::vector<task>& tasks) const {
    constexpr double work = 3e7;
    const auto lanes = static_cast<std::size_t>(kernels_.lanes);
    double load = 0;
    std::size_t begin = 0;
    for (std::size_t n = 0; n < rows.size(); ++n) {
      const auto cost = static_cast<double>(length(rows[n]));
      load += dual ? dual_cost(cost) : primal_cost(cost);
      if (n + 1 == rows.size() || (load >= work && (n + 1 - begin) % lanes == 0) ||
          load >= 4 * work) {
        tasks.push_back({dual, begin, n + 1});
        begin = n + 1;
        load = 0;
      }
    }
  }

  rows_to_come<scalar> to_come(const scalar* fixed, std::span<const index_t> ids) const {
    return {ids.data(), std::min(std::ssize(ids), most_to_come / leading_), fixed, d_};
  }

  // ---- Dual -------------------------------------------------------------------------------------

  /// G = Q Λ Qᵀ, and the fixed side times Q.
  void make_basis() {
    if (turned_) {
      spectrum_ = problem_.gram.diagonal().cwiseMax(scalar{0});
      return;
    }
    auto basis = principal_axes_of(policy_, problem_.gram);
    spectrum_ = std::move(basis.eigenvalues);
    turned_fixed_.resize(problem_.fixed.rows(), d_);
    recokit::detail::prefer_huge_pages(
        turned_fixed_.data(), static_cast<std::size_t>(turned_fixed_.size()) * sizeof(scalar));
    turned_fixed_ = problem_.fixed;
    turn_rows(policy_, basis.axes, turned_fixed_);
    const auto gemm_kernel = best_gemm_kernel<scalar>();
    back_ = packed_buffer<scalar>(whole_strips(d_, gemm_kernel.columns) * d_);
    // Right operand Qᵀ: strips of its columns, which are rows of Q.
    pack_strips(gemm_kernel.columns, d_, d_, row_major<scalar>(basis.axes.data(), d_), back_.get());
  }
  /// The fixed side in the basis in which G is diagonal.
  const scalar* turned_fixed() const noexcept {
    return turned_ ? problem_.fixed.data() : turned_fixed_.data();
  }

  void solve_dual(const task& piece, space& space) {
    const auto lanes = static_cast<std::size_t>(kernels_.lanes);
    const auto gemm_kernel = best_gemm_kernel<scalar>();
    const auto count = static_cast<size>(piece.end - piece.begin);
    packed_buffer<scalar> turned(count * d_);
    space.last_scales = nullptr;
    for (std::size_t first = piece.begin; first < piece.end;) {
      const size m = whole_strips(length(dual_[first]), 4);
      const std::size_t rows = std::min(lanes, piece.end - first);
      const bool together = m <= side_by_side && m * leading_ * static_cast<size>(lanes) <= 196608;
      scalar* const x = turned.get() + static_cast<size>(first - piece.begin) * d_;
      if (together) {
        dual_together(first, rows, m, space, x);
        first += rows;
      } else {
        dual_alone(first, space, x);
        ++first;
      }
    }
    if (turned_) {
      for (size n = 0; n < count; ++n) {
        const std::int64_t row = dual_[piece.begin + static_cast<std::size_t>(n)];
        std::copy_n(turned.get() + n * d_, d_, &solved_(row, 0));
      }
      return;
    }
    // Back to the basis of the factors: X Qᵀ, a block of rows at a time.
    packed_buffer<scalar> strips(whole_strips(count, gemm_kernel.rows) * d_);
    packed_buffer<scalar> product(count * d_);
    pack_strips(gemm_kernel.rows, count, d_, row_major<scalar>(turned.get(), d_), strips.get());
    std::fill_n(product.get(), count * d_, scalar{0});
    multiply_strips<scalar>(gemm_kernel, count, d_, 0, d_, {strips.get(), d_}, {back_.get(), d_},
                            scalar{1}, product.get(), d_);
    for (size n = 0; n < count; ++n) {
      const std::int64_t row = dual_[piece.begin + static_cast<std::size_t>(n)];
      std::copy_n(product.get() + n * d_, d_, &solved_(row, 0));
    }
  }

  /// A row of the list, if there is one.
  rows_to_come<scalar> dual_to_come(std::size_t place) const {
    if (place >= dual_.size()) return {};
    return to_come(turned_fixed(), problem_.matrix.row(dual_[place]).indices);
  }

  /// D^-½ of row r with D = s Λ + ridge, in place `slot` unless the row before had the same.
  const scalar* dual_scales(std::int64_t r, std::size_t slot, space& space) const {
    const scalar row_scale = problem_.row_scale(r);
    const scalar ridge = problem_.ridge(static_cast<std::size_t>(length(r)), row_scale);
    if (space.last_scales == nullptr || ridge != space.last_ridge ||
        row_scale != space.last_row_scale) {
      scalar* const to = space.column_scales.get() + static_cast<size>(slot) * leading_;
      for (size f = 0; f < d_; ++f) {
        const scalar diagonal = row_scale * spectrum_[f] + ridge;
        if (!(diagonal > 0)) throw_singular_row(r, static_cast<std::size_t>(length(r)));
        to[f] = 1 / std::sqrt(diagonal);
      }
      space.last_ridge = ridge;
      space.last_row_scale = row_scale;
      space.last_scales = to;
    }
    return space.last_scales;
  }

  /// x = D^-½ Rᵀ v.
  void finish_dual(size m, const scalar* column_scales, const scalar* rows, const scalar* v,
                   scalar* result, scalar* x) const {
    std::fill_n(result, padded_, scalar{0});
    kernels_.combine(m, padded_, rows, leading_, v, result);
    for (size f = 0; f < d_; ++f) x[f] = result[f] * column_scales[f];
  }

  void dual_alone(std::size_t place, space& space, scalar* x) {
    const std::int64_t r = dual_[place];
    // solve_one wants whole vectors.
    const size m = whole_strips(length(r), std::max<size>(4, kernels_.lanes));
    scalar* const z = space.x.get();
    space.need_systems(m * m);
    space.need_rows(m * leading_);
    const scalar* const scales = dual_scales(r, 0, space);
    const size n = length(r);
    space.entries.clear();
    space.entries.add(problem_, turned_fixed(), r, 0, static_cast<std::size_t>(n));
    // R: the rows of the turned side times the roots of the weights and the column scales.
    space.entries.write_rows(kernels_, 0, n, d_, padded_, m, scales, space.rows.get(), leading_);
    space.entries.write_targets(0, n, m, z);
    scalar* const system = space.systems.get();
    kernels_.dots(m, padded_, space.rows.get(), leading_, system, m, dual_to_come(place + 1));
    for (size e = 0; e < m; ++e) system[e * m + e] += 1;
    if (!kernels_.solve_one(m, system, m, z)) {
      throw_singular_row(r, static_cast<std::size_t>(length(r)));
    }
    finish_dual(m, scales, space.rows.get(), z, space.result.get(), x);
  }

  void dual_together(std::size_t first, std::size_t count, size m, space& space, scalar* x) {
    const auto lanes = static_cast<std::size_t>(kernels_.lanes);
    space.need_systems(m * m * kernels_.lanes);
    space.need_rows(m * leading_ * kernels_.lanes);
    const scalar* systems[16] = {};
    scalar* right[16] = {};
    scalar* rows[16] = {};
    const scalar* scales[16] = {};
    size places[16] = {};
    space.last_scales = nullptr;  // its place may be another lane's now
    space.entries.clear();
    for (std::size_t s = 0; s < count; ++s) {
      const std::int64_t r = dual_[first + s];
      places[s] =
          space.entries.add(problem_, turned_fixed(), r, 0, static_cast<std::size_t>(length(r)));
    }
    for (std::size_t s = 0; s < lanes; ++s) {
      scalar* const system = space.systems.get() + static_cast<size>(s) * m * m;
      systems[s] = system;
      right[s] = space.x.get() + static_cast<size>(s) * m;
      rows[s] = space.rows.get() + static_cast<size>(s) * m * leading_;
      if (s >= count) {
        // A lane without a row solves what the first does.
        systems[s] = systems[0];
        std::copy_n(right[0], m, right[s]);
        continue;
      }
      scales[s] = dual_scales(dual_[first + s], s, space);
      const size n = length(dual_[first + s]);
      space.entries.write_rows(kernels_, places[s], n, d_, padded_, m, scales[s], rows[s],
                               leading_);
      space.entries.write_targets(places[s], n, m, right[s]);
      kernels_.dots(m, padded_, rows[s], leading_, system, m, dual_to_come(first + lanes + s));
      for (size e = 0; e < m; ++e) system[e * m + e] += 1;
    }
    const size failed = kernels_.solve_many(m, systems, m, right, space.many.get());
    if (failed >= 0) {
      const std::int64_t r = dual_[first + std::min(static_cast<std::size_t>(failed), count - 1)];
      throw_singular_row(r, static_cast<std::size_t>(length(r)));
    }
    for (std::size_t s = 0; s < count; ++s) {
      finish_dual(m, scales[s], rows[s], right[s], space.result.get(),
                  x + static_cast<size>(s) * d_);
    }
  }

  // ---- Primal -----------------------------------------------------------------------------------

  /// The chunk of entries of row r from `begin` on; none when r < 0.
  rows_to_come<scalar> primal_to_come(std::int64_t r, std::size_t begin) const {
    if (r < 0) return {};
    const auto ids = problem_.matrix.row(r).indices.subspan(begin);
    return to_come(problem_.fixed.data(),
                   ids.first(std::min(ids.size(), static_cast<std::size_t>(chunk))));
  }
  /// system += Σ a h hᵀ and right += Σ t h over entries [begin, end) of row r. @param after the row
  /// whose turn is next, or -1
  void add_entries(std::int64_t r, std::size_t begin, std::size_t end, std::int64_t after,
                   space& space, scalar* system, scalar* right) const {
    for (std::size_t first = begin; first < end; first += chunk) {
      auto& entries = space.entries;
      entries.clear();
      const std::size_t last = std::min<std::size_t>(first + chunk, end);
      entries.add(problem_, problem_.fixed.data(), r, first, last);
      const auto n = static_cast<size>(last - first);
      const size whole = whole_strips(n, 4);
      scalar* const rows = space.rows.get();
      entries.write_rows(kernels_, 0, n, d_, padded_, whole, nullptr, rows, leading_);
      entries.write_targets(0, n, whole, space.targets.data());
      entries.add_loose(0, n, d_, right);
      kernels_.outer(n, padded_, rows, leading_, system, leading_,
                     last < end ? primal_to_come(r, last) : primal_to_come(after, 0));
      kernels_.combine(whole, padded_, rows, leading_, space.targets.data(), right);
    }
  }
  /// system = s G + ridge I, filled up with the identity.
  void begin_primal(std::int64_t r, scalar* system, scalar* right) const {
    const scalar row_scale = problem_.row_scale(r);
    const scalar ridge = problem_.ridge(static_cast<std::size_t>(length(r)), row_scale);
    for (size i = 0; i < padded_; ++i) {
      scalar* const to = system + i * leading_;
      if (i < d_) {
        // The upper triangle, and whole tiles.
        const scalar* const from = problem_.gram.data() + i * d_;
        for (size j = i / kernels_.lanes * kernels_.lanes; j < d_; ++j) to[j] = row_scale * from[j];
        std::fill(to + d_, to + padded_, scalar{0});
        to[i] += ridge;
      } else {
        std::fill_n(to, padded_, scalar{0});
        to[i] = 1;
      }
    }
    std::fill_n(right, padded_, scalar{0});
  }

  void solve_primal(const task& piece, space& space) {
    const auto lanes = static_cast<std::size_t>(kernels_.lanes);
    const bool together = padded_ <= side_by_side && piece.end - piece.begin > 1;
    const size system_size = padded_ * leading_;
    space.need_systems(system_size * (together ? kernels_.lanes : 1));
    for (std::size_t first = piece.begin; first < piece.end;) {
      const std::size_t count = together ? std::min(lanes, piece.end - first) : 1;
      const scalar* systems[16] = {};
      scalar* right[16] = {};
      for (std::size_t s = 0; s < (together ? lanes : 1); ++s) {
        scalar* const system = space.systems.get() + static_cast<size>(s) * system_size;
        systems[s] = system;
        right[s] = space.x.get() + static_cast<size>(s) * padded_;
        if (s >= count) {
          systems[s] = systems[0];
          std::copy_n(right[0], padded_, right[s]);
          continue;
        }
        const std::int64_t r = primal_[first + s];
        const std::int64_t after = first + s + 1 < primal_.size() ? primal_[first + s + 1] : -1;
        begin_primal(r, system, right[s]);
        add_entries(r, 0, static_cast<std::size_t>(length(r)), after, space, system, right[s]);
      }
      size failed = -1;
      if (together) {
        failed = kernels_.solve_many(padded_, systems, leading_, right, space.many.get());
      } else if (!kernels_.solve_one(padded_, space.systems.get(), leading_, right[0])) {
        failed = 0;
      }
      if (failed >= 0) {
        const std::int64_t r =
            primal_[first + std::min(static_cast<std::size_t>(failed), count - 1)];
        throw_singular_row(r, static_cast<std::size_t>(length(r)));
      }
      for (std::size_t s = 0; s < count; ++s) {
        std::copy_n(right[s], d_, &solved_(primal_[first + s], 0));
      }
      first += count;
    }
  }

  /// A row whose entries are summed by all threads, in pieces that depend on the row alone.
  void solve_long(std::int64_t r) {
    struct part {
      packed_buffer<scalar> system;
      packed_buffer<scalar> right;
    };
    const size system_size = padded_ * leading_;
    const auto fresh = [&] {
      part p{packed_buffer<scalar>(system_size), packed_buffer<scalar>(padded_)};
      std::fill_n(p.system.get(), system_size, scalar{0});
      std::fill_n(p.right.get(), padded_, scalar{0});
      return p;
    };
    part total = fresh();
    begin_primal(r, total.system.get(), total.right.get());
    const auto n = static_cast<std::int64_t>(length(r));
    const std::int64_t pieces = std::clamp<std::int64_t>(n * padded_ * padded_ >> 26, 1, 32);
    const std::int64_t grain = whole_strips((n + pieces - 1) / pieces, chunk);
    scratch_pool<space> pool([this] { return space(kernels_, 0, leading_); });
    total = parallel_reduce(
        policy_, n, grain, std::move(total),
        [&](std::int64_t begin, std::int64_t end) {
          part p = fresh();
          const auto space = pool.borrow();
          add_entries(r, static_cast<std::size_t>(begin), static_cast<std::size_t>(end), -1, *space,
                      p.system.get(), p.right.get());
          return p;
        },
        [&](part& sum, const part& p) {
          for (size i = 0; i < system_size; ++i) sum.system.get()[i] += p.system.get()[i];
          for (size i = 0; i < padded_; ++i) sum.right.get()[i] += p.right.get()[i];
        });
    if (!kernels_.solve_one(padded_, total.system.get(), leading_, total.right.get())) {
      throw_singular_row(r, static_cast<std::size_t>(n));
    }
    std::copy_n(total.right.get(), d_, &solved_(r, 0));
  }

  cpu policy_;
  const Problem& problem_;
  row_major_matrix<scalar>& solved_;
  const std::function<bool()>& stop_;
  row_kernels<scalar> kernels_;
  size d_;
  size padded_;   // d_ filled up to whole vectors
  size leading_;  // distance of gathered rows, and of the rows of primal systems
  size largest_ = 0;
  bool turned_;                                     // the Gram matrix is diagonal as given
  std::vector<std::int64_t> long_, primal_, dual_;  // longest first
  Eigen::Matrix<scalar, Eigen::Dynamic, 1> spectrum_;
  row_major_matrix<scalar> turned_fixed_;
  packed_buffer<scalar> back_;
};

}  // namespace detail

/// Solves every row of the problem exactly and writes it into `solved` (rows × d).
///
/// A row with n entries takes the cheaper of two forms. The primal system s G + Σ a h hᵀ + ridge I
/// is d × d: n d² / 2 + d³ / 6 multiply-adds. For the dual, G = Q Λ Qᵀ is decomposed once and the
/// fixed side is turned by Q; then s Λ + ridge = D is diagonal for every row whatever its ridge,
/// and with R = A^½ H Q D^-½ (n × d) the row is Q D^-½ Rᵀ (I + R Rᵀ)^-1 A^-½ t: n² d / 2 + n³ / 6
/// multiply-adds, and d² to turn it back. A Gram matrix that is diagonal as given (see
/// principal_axes.hpp) saves the decomposition and both turns. Rows of like length are solved side
/// by side, one a vector lane.
///
/// @param form  adaptive, or one form for all rows that have it (a row with an entry of weight 0
///              whose target counts has no dual)
/// @param stop  asked between tasks, from any thread; true ends the call early with rows unsolved
/// @throws error naming the row when a system is not positive definite
///
/// Scratch: with dual rows a copy of the fixed side and 2 d², unless G is diagonal; a thread up to
/// 16 · 64 · d or n · d scalars of gathered rows, and a system. The same bits for any number of
/// threads on one machine. The identity behind the dual: Woodbury; Henderson and Searle, SIAM
/// Review 1981.
template <class Problem>
void exact_rows(const cpu& policy, const Problem& problem,
                row_major_matrix<typename Problem::scalar>& solved,
                const std::function<bool()>& stop, row_form form = row_form::adaptive,
                const row_kernels<typename Problem::scalar>& kernels =
                    best_row_kernels<typename Problem::scalar>()) {
  detail::exact_row_solver<Problem>(policy, problem, solved, stop, form, kernels).run();
}

#if defined(RECOKIT_COMPILED)
#define RECOKIT_DETAIL_EXACT_ROWS(prefix, Scalar, Offset)                                       \
  prefix template void exact_rows(const cpu&,                                                   \
                                  const row_problem<Scalar, csr_view<float, index_t, Offset>>&, \
                                  row_major_matrix<Scalar>&, const std::function<bool()>&,      \
                                  row_form, const row_kernels<Scalar>&);
RECOKIT_DETAIL_EXACT_ROWS(extern, float, std::int32_t)
RECOKIT_DETAIL_EXACT_ROWS(extern, float, std::int64_t)
RECOKIT_DETAIL_EXACT_ROWS(extern, double, std::int32_t)
RECOKIT_DETAIL_EXACT_ROWS(extern, double, std::int64_t)
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
