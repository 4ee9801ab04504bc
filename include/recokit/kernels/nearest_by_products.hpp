// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Nearest rows by products of tiles, |a|² + |b|² − 2ab, with a fused bounded selection.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/centred_strips.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/neighbor_candidates.hpp>
#include <recokit/kernels/neighbor_problem.hpp>
#include <recokit/kernels/pair_scan.hpp>
#include <recokit/kernels/score_scan.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// Candidates of all queries from one walk over tiles of pairs in Work.
template <class Work, class Rows>
class product_search {
 public:
  /// @param which the queries that are asked, by their number in the problem
  product_search(const cpu& policy, const neighbor_problem<Rows>& problem, const centring& moved,
                 std::span<const std::size_t> which)
      : policy_(policy),
        problem_(problem),
        moved_(moved),
        which_(which),
        kernel_(best_gemm_kernel<Work>()),
        tiles_(pair_scan_for<Work>(static_cast<std::size_t>(kernel_.columns))),
        scan_(best_score_scan<Work>()),
        sign_(problem.order == neighbor_order::nearest ? Work{1} : Work{-1}),
        block_(whole_strips(256, kernel_.multiple)),
        nested_(which.size() == problem.queries.size() &&
                std::cmp_greater_equal(which.size(), 2 * block_) && problem.is_nested()),
        height_(nested_ ? block_ : height_for(which.size(), kernel_, block_)),
        rest_rows_(nested_ ? rest_of(problem) : std::vector<index_t>{}),
        left_(policy, problem.asked, problem.rows_of(which), moved, problem.order, kernel_,
              strip_side::left, height_),
        right_(policy, problem.points, nested_ ? problem.queries : problem.among, moved,
               problem.order, kernel_, strip_side::right, block_),
        rest_(policy, problem.points, rest_rows_, moved, problem.order, kernel_, strip_side::right,
              block_),
        places_(nested_ ? problem.queries : problem.among, right_, right_.rows(), rest_rows_,
                rest_),
        pool_([this] {
          return scratch{packed_buffer<Work>(kernel_.rows * block_), {}, {}, {}};
        }) {}

  /// Finds the neighbours. @returns the queries that were given up
  std::vector<std::size_t> run(neighbor_table& table) {
    std::vector<unsigned char> found(which_.size(), 0);
    if (nested_) {
      search_pairs(found, table);
    } else {
      search_rows(found, table);
    }
    std::vector<std::size_t> left;
    for (std::size_t n = 0; n < found.size(); ++n) {
      if (found[n] == 0) left.push_back(which_[n]);
    }
    return left;
  }

 private:
  using candidates = neighbor_candidates<Work, Rows>;
  struct scratch {
    packed_buffer<Work> panel;
    std::vector<Work> values;
    std::vector<index_t> places;
    candidate_scratch lists;
  };

  // Few queries in blocks small enough for a score of threads.
  static std::ptrdiff_t height_for(std::size_t queries, const gemm_kernel<Work>& kernel,
                                   std::ptrdiff_t block) {
    const auto even = static_cast<std::ptrdiff_t>(queries / 32);
    return queries == 0 || even >= block
               ? block
               : std::clamp(whole_strips(even, kernel.rows), kernel.rows, block);
  }
  // Candidates that are no queries.
  static std::vector<index_t> rest_of(const neighbor_problem<Rows>& problem) {
    std::vector<index_t> rest;
    std::set_difference(problem.among.begin(), problem.among.end(), problem.queries.begin(),
                        problem.queries.end(), std::back_inserter(rest));
    return rest;
  }

  // The first candidates of a strip of queries, from all of one block of `right_`.
  void seed(candidates& lists, std::ptrdiff_t row, std::ptrdiff_t query, std::ptrdiff_t first,
            scratch& space) const {
    const auto width = static_cast<std::size_t>(block_);
    Work* const panel = space.panel.get();
    tiles_.begin(left_.halves(query), static_cast<std::size_t>(kernel_.rows), right_.halves(first),
                 width, panel);
    for (std::ptrdiff_t c = 0; c < block_; c += kernel_.columns) {
      kernel_.multiply(left_.depth(), left_.strip(query), right_.strip(first + c), sign_, panel + c,
                       block_);
    }
    const Work norm = right_.largest_norm(first, first + block_);
    const std::size_t k = problem_.k;
    space.values.resize(width + score_scan<Work>::overhang);
    space.places.resize(width + score_scan<Work>::overhang);
    for (std::ptrdiff_t r = 0; r < std::min(kernel_.rows, std::ssize(which_) - query); ++r) {
      Work* const values = panel + r * block_;
      const auto all = nested_ ? problem_.queries : problem_.among;
      const auto here = all.subspan(static_cast<std::size_t>(first),
                                    std::min(all.size() - static_cast<std::size_t>(first), width));
      const auto self = std::lower_bound(here.begin(), here.end(), lists.left_out(row + r));
      if (self != here.end() && *self == lists.left_out(row + r)) {
        values[self - here.begin()] = -std::numeric_limits<Work>::infinity();
      }
      const Work floor = floor_of_best(scan_, values, here.size(), k, k + k / 4 + 4);
      if (floor > -std::numeric_limits<Work>::infinity()) lists.lift(row + r, floor, norm);
      const std::size_t reached =
          scan_.collect(values, here.size(), *lists.floors(row + r), static_cast<index_t>(first),
                        space.values.data(), space.places.data());
      for (std::size_t n = 0; n < reached; ++n) {
        // The floor may have risen since.
        if (space.values[n] >= *lists.floors(row + r)) {
          lists.push(row + r, space.places[n], space.values[n], space.lists);
        }
      }
      lists.cut(row + r, space.lists);
    }
  }

  // One block of queries against all of `among`.
  void search_rows(std::vector<unsigned char>& found, neighbor_table& table) {
    scratch_pool<candidates> lists_pool(
        [this] { return candidates(problem_, moved_, which_, left_, places_); });
    parallel_for(policy_, std::ssize(which_), height_, [&](std::int64_t begin, std::int64_t end) {
      const auto lists = lists_pool.borrow();
      const auto space = pool_.borrow();
      lists->reset(begin, height_);
      for (std::ptrdiff_t i = begin; i < end; i += kernel_.rows)
        seed(*lists, i - begin, i, 0, *space);
      sweep(*lists, begin, end, begin, right_, block_, 0, *space);
      for (std::ptrdiff_t n = begin; n < end; ++n) {
        found[static_cast<std::size_t>(n)] = lists->finish(n - begin, space->lists, table) ? 1 : 0;
      }
    });
  }

  // The queries [begin, end) against the rows of `strips` from `from` on. The list of query i is
  // i − first_list, row j of the strips has place first_place + j.
  void sweep(candidates& lists, std::ptrdiff_t begin, std::ptrdiff_t end, std::ptrdiff_t first_list,
             const centred_strips<Work>& strips, std::ptrdiff_t from, std::ptrdiff_t first_place,
             scratch& space) const {
    std::array<std::uint16_t, 512> positions;
    const auto rows = static_cast<std::size_t>(kernel_.rows);
    const auto columns = static_cast<std::size_t>(kernel_.columns);
    for (std::ptrdiff_t j = from; j < strips.rows(); j += kernel_.columns) {
      for (std::ptrdiff_t i = begin; i < end; i += kernel_.rows) {
        Work* const tile = multiply(i, strips, j, space);
        const std::size_t hits =
            tiles_.reach_rows(tile, rows, columns, lists.floors(i - first_list), positions.data());
        for (std::size_t h = 0; h < hits; ++h) {
          const std::size_t at_row = positions[h] / 256;
          const std::size_t at_column = positions[h] % 256;
          const auto r = static_cast<std::ptrdiff_t>(at_row) + i - first_list;
          const auto place = first_place + j + static_cast<std::ptrdiff_t>(at_column);
          const Work value = tile[at_row * columns + at_column];
          if (value >= *lists.floors(r) && places_.row(place) != lists.left_out(r)) {
            lists.push(r, static_cast<index_t>(place), value, space.lists);
          }
        }
      }
    }
  }

  // Queries are candidates, too: each pair of their blocks is multiplied once and serves both
  // sides. In a round every block is in one pair, as teams are in a tournament, so that threads
  // share no list. Then come the candidates that are no queries.
  void search_pairs(std::vector<unsigned char>& found, neighbor_table& table) {
    const std::ptrdiff_t blocks = whole_strips(std::ssize(which_), block_) / block_;
    candidates lists(problem_, moved_, which_, left_, places_);
    lists.reset(0, blocks * block_);
    parallel_for(policy_, blocks, 1, [&](std::int64_t begin, std::int64_t) {
      const auto space = pool_.borrow();
      for (std::ptrdiff_t i = 0; i < block_; i += kernel_.rows) {
        seed(lists, begin * block_ + i, begin * block_ + i, begin * block_, *space);
      }
    });
    const std::ptrdiff_t ring = (blocks + 1) / 2 * 2 - 1;
    for (std::ptrdiff_t round = 0; round < ring; ++round) {
      parallel_for(policy_, (ring + 1) / 2, 1, [&](std::int64_t pair, std::int64_t) {
        const std::ptrdiff_t a = pair == 0 ? ring : (round + pair) % ring;
        const std::ptrdiff_t b = pair == 0 ? round : (round - pair + ring) % ring;
        if (a >= blocks || b >= blocks) return;  // an odd number of blocks: one rests
        const auto space = pool_.borrow();
        meet(lists, std::max(a, b) * block_, std::min(a, b) * block_, *space);
      });
    }
    parallel_for(policy_, std::ssize(which_), block_, [&](std::int64_t begin, std::int64_t end) {
      const auto space = pool_.borrow();
      sweep(lists, begin, end, 0, rest_, 0, right_.rows(), *space);
      for (std::ptrdiff_t n = begin; n < end; ++n) {
        found[static_cast<std::size_t>(n)] = lists.finish(n, space->lists, table) ? 1 : 0;
      }
    });
  }

  void meet(candidates& lists, std::ptrdiff_t above, std::ptrdiff_t beside, scratch& space) const {
    std::array<std::uint16_t, 512> positions;
    const auto rows = static_cast<std::size_t>(kernel_.rows);
    const auto columns = static_cast<std::size_t>(kernel_.columns);
    for (std::ptrdiff_t j = beside; j < beside + block_; j += kernel_.columns) {
      for (std::ptrdiff_t i = above; i < above + block_; i += kernel_.rows) {
        Work* const tile = multiply(i, right_, j, space);
        const std::size_t hits =
            tiles_.reach(tile, rows, columns, lists.floors(i), lists.floors(j), positions.data());
        for (std::size_t h = 0; h < hits; ++h) {
          const std::size_t at_row = positions[h] / 256;
          const std::size_t at_column = positions[h] % 256;
          const auto r = i + static_cast<std::ptrdiff_t>(at_row);
          const auto c = j + static_cast<std::ptrdiff_t>(at_column);
          const Work value = tile[at_row * columns + at_column];
          if (value >= *lists.floors(r)) {
            lists.push(r, static_cast<index_t>(c), value, space.lists);
          }
          if (value >= *lists.floors(c)) {
            lists.push(c, static_cast<index_t>(r), value, space.lists);
          }
        }
      }
    }
  }

  Work* multiply(std::ptrdiff_t i, const centred_strips<Work>& strips, std::ptrdiff_t j,
                 scratch& space) const {
    Work* const tile = space.panel.get();
    tiles_.begin(left_.halves(i), static_cast<std::size_t>(kernel_.rows), strips.halves(j),
                 static_cast<std::size_t>(kernel_.columns), tile);
    kernel_.multiply(left_.depth(), left_.strip(i), strips.strip(j), sign_, tile, kernel_.columns);
    return tile;
  }

  const cpu& policy_;
  const neighbor_problem<Rows>& problem_;
  const centring& moved_;
  std::span<const std::size_t> which_;
  gemm_kernel<Work> kernel_;
  pair_scan<Work> tiles_;
  score_scan<Work> scan_;
  Work sign_;
  std::ptrdiff_t block_;   ///< candidates whose packed rows stay in the cache
  bool nested_;            ///< see search_pairs
  std::ptrdiff_t height_;  ///< queries
  std::vector<index_t> rest_rows_;
  centred_strips<Work> left_;
  centred_strips<Work> right_;  ///< candidates, or those of them that are queries
  centred_strips<Work> rest_;   ///< the others
  candidate_places<centred_strips<Work>> places_;
  scratch_pool<scratch> pool_;
};

/// queries · among · columns multiply-adds in float, half of them for pairs of queries that are
/// candidates of each other. Memory: a packed copy of both (two of such queries) in float, and 8
/// bytes for each of 1.5 k + 6 candidates of a query.
/// @returns the queries that bounds in double did not settle either
template <class Rows>
std::vector<std::size_t> nearest_by_products(const cpu& policy,
                                             const neighbor_problem<Rows>& problem,
                                             std::span<const std::size_t> which,
                                             neighbor_table& table) {
  const centring moved = centring_of(policy, problem);
  if (!moved.works) return {which.begin(), which.end()};
  const auto left = product_search<float, Rows>(policy, problem, moved, which).run(table);
  if (left.empty()) return left;
  return product_search<double, Rows>(policy, problem, moved, left).run(table);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
