// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The candidates of some queries while only bounds of their distances are known.
#pragma once

#include <recokit/kernels/centred_strips.hpp>
#include <recokit/kernels/neighbor_problem.hpp>
#include <recokit/kernels/squared_distance.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// The closest number of Work that is not above (not below) x.
template <class Work>
Work rounded_down(double x) noexcept {
  const auto near = static_cast<Work>(x);
  return static_cast<double>(near) > x
             ? std::nextafter(near, -std::numeric_limits<Work>::infinity())
             : near;
}
template <class Work>
Work rounded_up(double x) noexcept {
  return -rounded_down<Work>(-x);
}

/// The order in which candidates are compared with queries: some rows, then the rest.
/// @tparam Norms norm(n) is the squared norm of the n-th of them, scaled
template <class Norms>
class candidate_places {
 public:
  /// @param split the place of the first of `rest`; places before it that no row has are never
  ///              asked for
  candidate_places(std::span<const index_t> first, const Norms& first_norms, std::ptrdiff_t split,
                   std::span<const index_t> rest, const Norms& rest_norms)
      : first_(first),
        rest_(rest),
        split_(split),
        first_norms_(first_norms),
        rest_norms_(rest_norms) {}
  candidate_places(std::span<const index_t> all, const Norms& norms)
      : candidate_places(all, norms, std::ssize(all), {}, norms) {}

  index_t row(std::ptrdiff_t place) const noexcept {
    return place < split_ ? first_[static_cast<std::size_t>(place)]
                          : rest_[static_cast<std::size_t>(place - split_)];
  }
  double norm(std::ptrdiff_t place) const noexcept {
    return static_cast<double>(place < split_ ? first_norms_.norm(place)
                                              : rest_norms_.norm(place - split_));
  }
  index_t place_of(index_t row) const noexcept {
    const auto first = std::lower_bound(first_.begin(), first_.end(), row);
    if (first != first_.end() && *first == row) return static_cast<index_t>(first - first_.begin());
    const auto rest = std::lower_bound(rest_.begin(), rest_.end(), row);
    return static_cast<index_t>(split_ + (rest - rest_.begin()));
  }

 private:
  std::span<const index_t> first_;  // ascending
  std::span<const index_t> rest_;   // ascending
  std::ptrdiff_t split_;
  const Norms& first_norms_;
  const Norms& rest_norms_;
};

/// Work space of a thread.
struct candidate_scratch {
  std::vector<double> bounds;
  std::vector<index_t> rows;
  std::vector<double> squared;
  std::vector<ranked_neighbor> ranked;
};

/// Bounded lists of places of candidates, one for each query of a block.
///
/// A candidate comes with v, an upper bound of ∓½D (scaled; the larger, the better a neighbour)
/// that is at most 2 · relative · (sum of the two norms) too large. The floor of a query is below
/// ∓½D of k of its candidates, so whose v is below it cannot be among the k best. Lists that bounds
/// do not make short enough are measured exactly and cut to k; a query that this is asked of too
/// often is given up.
///
/// @tparam Norms norm(n) is the squared norm of a row, scaled
template <class Work, class Rows, class Norms = centred_strips<Work>>
class neighbor_candidates {
 public:
  using problem_type = neighbor_problem<Rows>;

  /// @param which the queries, by their number in the problem: row r of a block that begins with
  /// `first` is which[first + r]
  /// @param error of the bounds
  /// @param spare candidates of a list beside 1.5 k
  neighbor_candidates(const problem_type& problem, const centring& moved,
                      std::span<const std::size_t> which, const Norms& asked,
                      const candidate_places<Norms>& among, const distance_error<Work>& error,
                      std::size_t spare)
      : problem_(problem),
        which_(which),
        asked_(asked),
        among_(among),
        error_(error),
        square_scale_(moved.scale * moved.scale),
        capacity_(problem.k + problem.k / 2 + spare),
        budget_(problem.among.size() / 16 + 1024 + 8 * capacity_) {}

  /// Empty lists for the queries [first, first + rows) of `which`, or as many of them as there are.
  void reset(std::ptrdiff_t first, std::ptrdiff_t rows) {
    first_ = first;
    const auto size = static_cast<std::size_t>(rows);
    const auto there = std::clamp<std::ptrdiff_t>(std::ssize(which_) - first, 0, rows);
    entries_.resize(size * capacity_);
    sizes_.assign(size, 0);
    efforts_.assign(size, 0);
    // −∞, the bound of what is not there, reaches no floor.
    floors_.assign(size, std::numeric_limits<Work>::infinity());
    std::fill_n(floors_.begin(), there, std::numeric_limits<Work>::lowest());
  }

  const Work* floors(std::ptrdiff_t row) const noexcept { return floors_.data() + row; }
  /// The row of `points` that is no candidate, or −1.
  index_t left_out(std::ptrdiff_t row) const noexcept { return problem_.left_out(number(row)); }

  /// Raises the floor: at least k candidates reach `bound`, whose norms are at most `norm`.
  void lift(std::ptrdiff_t row, Work bound, Work norm) noexcept {
    const double lowest = static_cast<double>(bound) -
                          2 * error_.relative * (norm_of(row) + static_cast<double>(norm)) -
                          2 * error_.absolute;
    raise(row, rounded_down<Work>(lowest));
  }

  /// Takes a candidate that reaches the floor and is not the row left out.
  void push(std::ptrdiff_t row, index_t place, Work value, candidate_scratch& scratch) {
    const auto r = static_cast<std::size_t>(row);
    entries_[r * capacity_ + sizes_[r]] = {value, place};
    if (++sizes_[r] < capacity_) return;
    cut(row, scratch);
    if (sizes_[r] > problem_.k + (capacity_ - problem_.k) / 2) measure(row, scratch);
  }

  /// Drops the candidates that k others are certainly better than, and raises the floor.
  void cut(std::ptrdiff_t row, candidate_scratch& scratch) {
    const auto r = static_cast<std::size_t>(row);
    const std::size_t size = sizes_[r];
    if (size <= problem_.k) return;
    entry* const entries = entries_.data() + r * capacity_;
    scratch.bounds.resize(size);
    const double own = norm_of(row);
    for (std::size_t n = 0; n < size; ++n) {
      scratch.bounds[n] = static_cast<double>(entries[n].value) -
                          2 * error_.relative * (own + among_.norm(entries[n].place));
    }
    const auto last = scratch.bounds.begin() + static_cast<std::ptrdiff_t>(problem_.k - 1);
    std::nth_element(scratch.bounds.begin(), last, scratch.bounds.end(), std::greater<>{});
    raise(row, rounded_down<Work>(*last - 2 * error_.absolute));
    const Work floor = floors_[r];
    std::size_t kept = 0;
    for (std::size_t n = 0; n < size; ++n) {
      entries[kept] = entries[n];
      kept += entries[n].value >= floor ? 1 : 0;
    }
    sizes_[r] = static_cast<std::uint32_t>(kept);
  }

  /// Writes the neighbours of a query. @returns whether it was not given up
  bool finish(std::ptrdiff_t row, candidate_scratch& scratch, neighbor_table& table) {
    const auto r = static_cast<std::size_t>(row);
    if (efforts_[r] > budget_) return false;
    cut(row, scratch);
    rank(row, scratch);
    write_neighbors(problem_, number(row), scratch.ranked, table);
    return true;
  }

 private:
  struct entry {
    Work value;
    index_t place;
  };

  std::size_t number(std::ptrdiff_t row) const noexcept {
    return which_[static_cast<std::size_t>(first_ + row)];
  }
  double norm_of(std::ptrdiff_t row) const noexcept {
    return static_cast<double>(asked_.norm(first_ + row));
  }
  void raise(std::ptrdiff_t row, Work floor) noexcept {
    auto& old = floors_[static_cast<std::size_t>(row)];
    old = std::max(old, floor);
  }

  // Writes the k best of a list to scratch.ranked, best first, by their exact distances.
  void rank(std::ptrdiff_t row, candidate_scratch& scratch) const {
    const auto r = static_cast<std::size_t>(row);
    const std::size_t size = sizes_[r];
    const entry* const entries = entries_.data() + r * capacity_;
    scratch.rows.resize(size);
    scratch.squared.resize(size);
    scratch.ranked.resize(size);
    for (std::size_t n = 0; n < size; ++n) {
      scratch.rows[n] = among_.row(entries[n].place);
    }
    squared_distances(problem_.asked, problem_.query(number(row)), problem_.points, scratch.rows,
                      scratch.squared.data());
    for (std::size_t n = 0; n < size; ++n) {
      scratch.ranked[n] = {signed_key(problem_.order, scratch.squared[n]), scratch.rows[n]};
    }
    const auto middle = scratch.ranked.begin() + static_cast<std::ptrdiff_t>(problem_.k);
    std::partial_sort(scratch.ranked.begin(), middle, scratch.ranked.end());
    scratch.ranked.erase(middle, scratch.ranked.end());
  }

  // Cuts a list down to its k best.
  void measure(std::ptrdiff_t row, candidate_scratch& scratch) {
    const auto r = static_cast<std::size_t>(row);
    efforts_[r] += sizes_[r];
    if (efforts_[r] > budget_) {
      sizes_[r] = 0;
      floors_[r] = std::numeric_limits<Work>::infinity();
      return;
    }
    rank(row, scratch);
    for (std::size_t n = 0; n < problem_.k; ++n) {
      const auto& neighbor = scratch.ranked[n];
      entries_[r * capacity_ + n] = {rounded_up<Work>(-neighbor.key / 2 * square_scale_),
                                     among_.place_of(neighbor.row)};
    }
    sizes_[r] = static_cast<std::uint32_t>(problem_.k);
    raise(row,
          rounded_down<Work>(-scratch.ranked.back().key / 2 * square_scale_ - error_.absolute));
  }

  const problem_type& problem_;
  std::span<const std::size_t> which_;
  const Norms& asked_;
  const candidate_places<Norms>& among_;
  distance_error<Work> error_;
  double square_scale_;
  std::size_t capacity_;
  std::size_t budget_;
  std::ptrdiff_t first_ = 0;
  std::vector<entry> entries_;
  std::vector<Work> floors_;
  std::vector<std::uint32_t> sizes_;
  std::vector<std::size_t> efforts_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
