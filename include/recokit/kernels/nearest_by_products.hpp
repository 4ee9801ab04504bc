// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Nearest rows by products of tiles, |a|² + |b|² − 2ab, with a fused bounded selection.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/centred_bytes.hpp>
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
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// Products of rows in Work.
template <class Work>
class whole_products {
 public:
  using scalar = Work;
  using strips = centred_strips<Work>;

  explicit whole_products(neighbor_order order)
      : order_(order),
        kernel_(best_gemm_kernel<Work>()),
        tiles_(pair_scan_for<Work>(static_cast<std::size_t>(kernel_.columns))) {}

  std::ptrdiff_t rows() const noexcept { return kernel_.rows; }        ///< of a strip
  std::ptrdiff_t columns() const noexcept { return kernel_.columns; }  ///< of a strip
  std::ptrdiff_t multiple() const noexcept { return kernel_.multiple; }
  /// Candidates that lists hold beside 1.5 k.
  static constexpr std::size_t spare = 6;

  template <class Rows>
  strips pack(const cpu& policy, const Rows& rows, std::span<const index_t> which,
              const centring& moved, strip_side side, std::ptrdiff_t block) const {
    return strips(policy, rows, which, moved, order_, kernel_, side, block);
  }
  /// The error of the bounds from these strips.
  distance_error<Work> settle(std::span<strips* const>, std::int64_t depth) const {
    return distance_error<Work>(depth);
  }
  /// Upper bounds for a strip of `left` and `width` rows of `right`, whole strips, row by row.
  void bounds(const strips& left, std::ptrdiff_t i, const strips& right, std::ptrdiff_t j,
              std::ptrdiff_t width, Work* tile) const {
    tiles_.begin(left.halves(i), static_cast<std::size_t>(kernel_.rows), right.halves(j),
                 static_cast<std::size_t>(width), tile);
    const Work sign = order_ == neighbor_order::nearest ? Work{1} : Work{-1};
    for (std::ptrdiff_t c = 0; c < width; c += kernel_.columns) {
      kernel_.multiply(left.depth(), left.strip(i), right.strip(j + c), sign, tile + c, width);
    }
  }

 private:
  neighbor_order order_;
  gemm_kernel<Work> kernel_;
  pair_scan<Work> tiles_;
};

/// Products of rows rounded to eight bits, of nearest rows only: a quarter of the work, and more
/// candidates.
class byte_products {
 public:
  using scalar = float;
  using strips = centred_bytes;

  explicit byte_products(const quantized_kernel& kernel) : kernel_(kernel) {}

  static constexpr std::ptrdiff_t rows() noexcept { return quantized_kernel::rows; }
  static constexpr std::ptrdiff_t columns() noexcept { return quantized_kernel::columns; }
  static constexpr std::ptrdiff_t multiple() noexcept { return std::lcm(rows(), columns()); }
  static constexpr std::size_t spare = 32;
  /// Rows whose rounding takes more of their length away leave too many candidates.
  static constexpr double most_share = 0.02;

  template <class Rows>
  strips pack(const cpu& policy, const Rows& rows, std::span<const index_t> which,
              const centring& moved, strip_side side, std::ptrdiff_t block) const {
    return strips(policy, rows, which, moved, side, block);
  }
  distance_error<float> settle(std::span<strips* const> all, std::int64_t depth) {
    double share = 0;
    for (const strips* part : all) share = std::max(share, part->largest_share());
    usable_ = share <= most_share;
    distance_error<float> error(depth);
    error.relative += 1.01 * share * (1 + share / 2);
    if (usable_) {
      for (strips* part : all) part->bound(error.relative);
    }
    return error;
  }
  /// Whether the rows let themselves be rounded; else there are no bounds.
  bool usable() const noexcept { return usable_; }
  void bounds(const strips& left, std::ptrdiff_t i, const strips& right, std::ptrdiff_t j,
              std::ptrdiff_t width, float* tile) const {
    for (std::ptrdiff_t c = 0; c < width; c += columns()) {
      kernel_.multiply(left.steps(), reinterpret_cast<const std::int8_t*>(left.strip(i)),
                       right.strip(j + c), left.row_parts(i), right.column_parts(j + c), tile + c,
                       width);
    }
  }

 private:
  quantized_kernel kernel_;
  bool usable_ = false;
};

/// Candidates of all queries from one walk over tiles of pairs.
/// @tparam Products whole_products or byte_products
template <class Products, class Rows>
class product_search {
  using Work = typename Products::scalar;
  using strips = typename Products::strips;

 public:
  /// @param which the queries that are asked, by their number in the problem
  product_search(const cpu& policy, const neighbor_problem<Rows>& problem, const centring& moved,
                 std::span<const std::size_t> which, const Products& products)
      : policy_(policy),
        problem_(problem),
        moved_(moved),
        which_(which),
        products_(products),
        tiles_(pair_scan_for<Work>(static_cast<std::size_t>(products.columns()))),
        scan_(best_score_scan<Work>()),
        block_(whole_strips(256, products.multiple())),
        nested_(which.size() == problem.queries.size() &&
                std::cmp_greater_equal(which.size(), 2 * block_) && problem.is_nested()),
        height_(nested_ ? block_ : height_for(which.size(), products.rows(), block_)),
        rest_rows_(nested_ ? rest_of(problem) : std::vector<index_t>{}),
        left_(products.pack(policy, problem.asked, problem.rows_of(which), moved, strip_side::left,
                            height_)),
        right_(products.pack(policy, problem.points, nested_ ? problem.queries : problem.among,
                             moved, strip_side::right, block_)),
        rest_(products.pack(policy, problem.points, rest_rows_, moved, strip_side::right, block_)),
        error_(settle()),
        places_(nested_ ? problem.queries : problem.among, right_, right_.rows(), rest_rows_,
                rest_),
        pool_([this] {
          return scratch{packed_buffer<Work>(products_.rows() * block_), {}, {}, {}};
        }) {}

  const Products& products() const noexcept { return products_; }

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
  using candidates = neighbor_candidates<Work, Rows, strips>;
  struct scratch {
    packed_buffer<Work> panel;
    std::vector<Work> values;
    std::vector<index_t> places;
    candidate_scratch lists;
  };

  // Few queries in blocks small enough for a score of threads.
  static std::ptrdiff_t height_for(std::size_t queries, std::ptrdiff_t strip,
                                   std::ptrdiff_t block) {
    const auto even = static_cast<std::ptrdiff_t>(queries / 32);
    return queries == 0 || even >= block ? block
                                         : std::clamp(whole_strips(even, strip), strip, block);
  }
  distance_error<Work> settle() {
    strips* const all[] = {&left_, &right_, &rest_};
    return products_.settle(all, problem_.points.cols());
  }
  candidates new_candidates() const {
    return candidates(problem_, moved_, which_, left_, places_, error_, Products::spare);
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
    products_.bounds(left_, query, right_, first, block_, panel);
    const Work norm = right_.largest_norm(first, first + block_);
    const std::size_t k = problem_.k;
    space.values.resize(width + score_scan<Work>::overhang);
    space.places.resize(width + score_scan<Work>::overhang);
    for (std::ptrdiff_t r = 0; r < std::min(products_.rows(), std::ssize(which_) - query); ++r) {
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
    scratch_pool<candidates> lists_pool([this] { return new_candidates(); });
    parallel_for(policy_, std::ssize(which_), height_, [&](std::int64_t begin, std::int64_t end) {
      const auto lists = lists_pool.borrow();
      const auto space = pool_.borrow();
      lists->reset(begin, height_);
      for (std::ptrdiff_t i = begin; i < end; i += products_.rows())
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
             const strips& rows_beside, std::ptrdiff_t from, std::ptrdiff_t first_place,
             scratch& space) const {
    std::array<std::uint16_t, 512> positions;
    const auto rows = static_cast<std::size_t>(products_.rows());
    const auto columns = static_cast<std::size_t>(products_.columns());
    for (std::ptrdiff_t j = from; j < rows_beside.rows(); j += products_.columns()) {
      for (std::ptrdiff_t i = begin; i < end; i += products_.rows()) {
        Work* const tile = bounds(i, rows_beside, j, space);
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
    candidates lists = new_candidates();
    lists.reset(0, blocks * block_);
    parallel_for(policy_, blocks, 1, [&](std::int64_t begin, std::int64_t) {
      const auto space = pool_.borrow();
      for (std::ptrdiff_t i = 0; i < block_; i += products_.rows()) {
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
    const auto rows = static_cast<std::size_t>(products_.rows());
    const auto columns = static_cast<std::size_t>(products_.columns());
    for (std::ptrdiff_t j = beside; j < beside + block_; j += products_.columns()) {
      for (std::ptrdiff_t i = above; i < above + block_; i += products_.rows()) {
        Work* const tile = bounds(i, right_, j, space);
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

  Work* bounds(std::ptrdiff_t i, const strips& beside, std::ptrdiff_t j, scratch& space) const {
    Work* const tile = space.panel.get();
    products_.bounds(left_, i, beside, j, products_.columns(), tile);
    return tile;
  }

  const cpu& policy_;
  const neighbor_problem<Rows>& problem_;
  const centring& moved_;
  std::span<const std::size_t> which_;
  Products products_;
  pair_scan<Work> tiles_;
  score_scan<Work> scan_;
  std::ptrdiff_t block_;   ///< candidates whose packed rows stay in the cache
  bool nested_;            ///< see search_pairs
  std::ptrdiff_t height_;  ///< queries
  std::vector<index_t> rest_rows_;
  strips left_;
  strips right_;  ///< candidates, or those of them that are queries
  strips rest_;   ///< the others
  distance_error<Work> error_;
  candidate_places<strips> places_;
  scratch_pool<scratch> pool_;
};

/// queries · among · columns multiply-adds, half of them for pairs of queries that are candidates
/// of each other: of bytes where the processor has AVX-512 VNNI and the rows let themselves be
/// rounded, in float for what that leaves, and in double for what float leaves. Memory: a packed
/// copy of both (two of such queries), and 8 bytes for each of 1.5 k + 6 candidates of a query (1.5
/// k + 32 with bytes).
/// @returns the queries that bounds in double did not settle either
template <class Rows>
std::vector<std::size_t> nearest_by_products(const cpu& policy,
                                             const neighbor_problem<Rows>& problem,
                                             std::span<const std::size_t> which,
                                             neighbor_table& table, bool bytes) {
  const centring moved = centring_of(policy, problem);
  std::vector<std::size_t> left(which.begin(), which.end());
  if (!moved.works) return left;
  if (bytes) {
    product_search<byte_products, Rows> search(policy, problem, moved, which,
                                               byte_products(quantized_kernels().front()));
    if (search.products().usable()) left = search.run(table);
  }
  const auto run = [&]<class Work>(Work) {
    if (left.empty()) return;
    left = product_search<whole_products<Work>, Rows>(policy, problem, moved, left,
                                                      whole_products<Work>(problem.order))
               .run(table);
  };
  run(float{});
  run(double{});
  return left;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
