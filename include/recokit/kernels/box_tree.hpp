// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A tree of boxes over rows of few columns.
#pragma once

#include <recokit/core/dense_view.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/box_scan.hpp>
#include <recokit/kernels/neighbor_problem.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// What a search has looked at.
struct tree_effort {
  std::int64_t nodes = 0;   ///< of 8 boxes
  std::int64_t points = 0;  ///< in leaves
};

/// A k-d tree, three levels of which are one of nodes with 8 children, so that their boxes fill
/// vectors. Every split is at the median of the column that is spread most; ties go by the place,
/// so that the tree is the same for any number of threads. The boxes are those of the points in
/// them.
///
/// Exact: the distance to a box takes the roundings of squared_distance(), all of which are
/// monotone, on differences that are no larger; so it is at most that of any point in the box.
///
/// Bentley, "Multidimensional binary search trees used for associative searching", CACM 1975.
template <class Scalar>
class box_tree {
 public:
  static constexpr std::size_t leaf = 32;  ///< points at most

  /// O(n log n · columns) time; a copy of the points and boxes of about half their size.
  box_tree(const cpu& policy, const dense_view<Scalar>& points, std::span<const index_t> among)
      : columns_(static_cast<std::size_t>(points.cols())), scan_(best_box_scan<Scalar>()) {
    split(policy, points, among);
    const int tiers = (levels_ + 2) / 3;
    for (int t = 1; t <= tiers; ++t) depths_.push_back(levels_ - 3 * (tiers - t));
    fill_leaves(policy, points, among);
    fill_boxes();
  }

  struct scratch {
    struct entry {
      double squared;
      index_t least;  ///< row below the node
      std::uint32_t node;
      int tier;
    };
    std::vector<entry> open;
    neighbor_heap heap;
    std::vector<double> query;
    tree_effort effort;
  };

  /// The k nearest to space.query of all but the row `left_out`, to space.heap.
  void search(std::size_t k, index_t left_out, scratch& space) const {
    auto& heap = space.heap;
    heap.reset(k);
    space.open.clear();
    space.open.push_back({0, 0, 0, 0});
    while (!space.open.empty()) {
      const auto at = space.open.back();
      space.open.pop_back();
      if (heap.full() && !may_enter(heap, at.squared, at.least)) continue;
      if (at.tier == tiers()) {
        search_leaf(at.node, left_out, space);
      } else {
        open_node(at.node, at.tier, space);
      }
    }
  }

  /// A leaf near space.query: queries of one leaf should follow each other.
  std::uint32_t leaf_near(scratch& space) const {
    std::uint32_t node = 0;
    for (int t = 0; t < tiers(); ++t) {
      double squared[box_scan<Scalar>::group];
      scan_.boxes(space.query.data(), ends_of(t, node), columns_, 0, squared);
      const auto best = std::min_element(squared, squared + children(t));
      node = first_child(t, node) + static_cast<std::uint32_t>(best - squared);
    }
    return node;
  }

 private:
  static constexpr std::size_t group = box_scan<Scalar>::group;

  int tiers() const noexcept { return static_cast<int>(depths_.size()); }
  // The levels of binary splits below which tier t begins.
  int depth(int t) const noexcept { return t == 0 ? 0 : depths_[static_cast<std::size_t>(t - 1)]; }
  std::size_t children(int t) const noexcept { return std::size_t{1} << (depth(t + 1) - depth(t)); }
  std::uint32_t first_child(int t, std::uint32_t node) const noexcept {
    return node << (depth(t + 1) - depth(t));
  }
  const Scalar* ends_of(int t, std::uint32_t node) const noexcept {
    return ends_[static_cast<std::size_t>(t)].data() + node * 2 * group * columns_;
  }
  static bool may_enter(const neighbor_heap& heap, double squared, index_t least) noexcept {
    const auto& last = heap.last();
    return squared < last.key || (squared == last.key && least < last.row);
  }

  // Sorts the places by the splits; the points of node j of level l are [cuts(l, j), cuts(l, j +
  // 1)).
  void split(const cpu& policy, const dense_view<Scalar>& points, std::span<const index_t> among) {
    const std::size_t count = among.size();
    while ((count >> levels_) > leaf - 1) ++levels_;
    order_.resize(count);
    for (std::size_t n = 0; n < count; ++n) order_[n] = static_cast<index_t>(n);
    cuts_ = {0, count};
    using keyed = std::pair<Scalar, index_t>;
    struct space {
      std::vector<Scalar> low, high;
      std::vector<keyed> keys;
    };
    scratch_pool<space> pool([] { return space{}; });
    for (int level = 0; level < levels_; ++level) {
      const auto nodes = static_cast<std::int64_t>(cuts_.size()) - 1;
      std::vector<std::size_t> halves(2 * static_cast<std::size_t>(nodes) + 1);
      parallel_for(policy, nodes, 1, [&](std::int64_t node, std::int64_t) {
        const auto mine = pool.borrow();
        const auto j = static_cast<std::size_t>(node);
        const std::size_t begin = cuts_[j];
        const std::size_t end = cuts_[j + 1];
        const std::size_t middle = begin + (end - begin) / 2;
        halves[2 * j] = begin;
        halves[2 * j + 1] = middle;
        const std::size_t column = widest(points, among, begin, end, mine->low, mine->high);
        auto& keys = mine->keys;
        keys.resize(end - begin);
        for (std::size_t n = begin; n < end; ++n) {
          keys[n - begin] = {points.row(row_at(among, n))[column], order_[n]};
        }
        std::nth_element(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(middle - begin),
                         keys.end());
        for (std::size_t n = begin; n < end; ++n) order_[n] = keys[n - begin].second;
      });
      halves.back() = count;
      cuts_ = std::move(halves);
    }
  }

  index_t row_at(std::span<const index_t> among, std::size_t n) const noexcept {
    return among[static_cast<std::size_t>(order_[n])];
  }

  std::size_t widest(const dense_view<Scalar>& points, std::span<const index_t> among,
                     std::size_t begin, std::size_t end, std::vector<Scalar>& low,
                     std::vector<Scalar>& high) const {
    const Scalar* const first = points.row(row_at(among, begin));
    low.assign(first, first + columns_);
    high = low;
    for (std::size_t n = begin + 1; n < end; ++n) {
      const Scalar* const row = points.row(row_at(among, n));
      for (std::size_t c = 0; c < columns_; ++c) {
        low[c] = row[c] < low[c] ? row[c] : low[c];
        high[c] = row[c] > high[c] ? row[c] : high[c];
      }
    }
    std::size_t column = 0;
    for (std::size_t c = 1; c < columns_; ++c) {
      // Halves: the whole spread may leave the range.
      if (high[c] / 2 - low[c] / 2 > high[column] / 2 - low[column] / 2) column = c;
    }
    return column;
  }

  void fill_leaves(const cpu& policy, const dense_view<Scalar>& points,
                   std::span<const index_t> among) {
    const std::size_t leaves = cuts_.size() - 1;
    std::size_t most = 0;
    for (std::size_t j = 0; j < leaves; ++j) most = std::max(most, cuts_[j + 1] - cuts_[j]);
    width_ = (most + group - 1) / group * group;
    points_.assign(leaves * width_ * columns_, std::numeric_limits<Scalar>::infinity());
    rows_.assign(leaves * width_, std::numeric_limits<index_t>::max());
    parallel_for(policy, static_cast<std::int64_t>(leaves), 64,
                 [&](std::int64_t begin, std::int64_t end) {
                   for (auto j = static_cast<std::size_t>(begin); std::cmp_less(j, end); ++j) {
                     // Ascending, so that equal distances meet lower rows first.
                     std::sort(order_.begin() + static_cast<std::ptrdiff_t>(cuts_[j]),
                               order_.begin() + static_cast<std::ptrdiff_t>(cuts_[j + 1]));
                     for (std::size_t n = cuts_[j]; n < cuts_[j + 1]; ++n) {
                       const std::size_t lane = n - cuts_[j];
                       rows_[j * width_ + lane] = row_at(among, n);
                       const Scalar* const row = points.row(row_at(among, n));
                       for (std::size_t c = 0; c < columns_; ++c) {
                         points_[(j * columns_ + c) * width_ + lane] = row[c];
                       }
                     }
                   }
                 });
    order_ = {};
  }

  // The boxes of all nodes, from the leaves up.
  void fill_boxes() {
    constexpr Scalar infinite = std::numeric_limits<Scalar>::infinity();
    const int all = tiers();
    ends_.resize(static_cast<std::size_t>(all));
    least_.resize(static_cast<std::size_t>(all));
    for (int t = all - 1; t >= 0; --t) {
      const std::size_t nodes = std::size_t{1} << depth(t);
      auto& ends = ends_[static_cast<std::size_t>(t)];
      auto& least = least_[static_cast<std::size_t>(t)];
      ends.assign(nodes * columns_ * 2 * group, 0);
      least.assign(nodes * group, std::numeric_limits<index_t>::max());
      for (std::size_t node = 0; node < nodes; ++node) {
        for (std::size_t child = 0; child < children(t); ++child) {
          const std::size_t below = first_child(t, static_cast<std::uint32_t>(node)) + child;
          for (std::size_t c = 0; c < columns_; ++c) {
            Scalar low = infinite;
            Scalar high = -infinite;
            if (t + 1 == all) {
              const Scalar* const column = points_.data() + (below * columns_ + c) * width_;
              for (std::size_t l = 0; l < cuts_[below + 1] - cuts_[below]; ++l) {
                low = std::min(low, column[l]);
                high = std::max(high, column[l]);
              }
            } else {
              const Scalar* const inner =
                  ends_of(t + 1, static_cast<std::uint32_t>(below)) + c * 2 * group;
              low = *std::min_element(inner, inner + group);
              high = *std::max_element(inner + group, inner + 2 * group);
            }
            Scalar* const at = ends.data() + (node * columns_ + c) * 2 * group + child;
            at[0] = low;
            at[group] = high;
          }
          const index_t* const rows =
              t + 1 == all ? rows_.data() + below * width_
                           : least_[static_cast<std::size_t>(t) + 1].data() + below * group;
          least[node * group + child] =
              *std::min_element(rows, rows + (t + 1 == all ? width_ : group));
        }
      }
    }
  }

  void open_node(std::uint32_t node, int tier, scratch& space) const {
    const auto& heap = space.heap;
    const double limit = heap.full() ? heap.last().key : std::numeric_limits<double>::infinity();
    double squared[group];
    std::uint64_t reached =
        scan_.boxes(space.query.data(), ends_of(tier, node), columns_, limit, squared);
    ++space.effort.nodes;
    reached &= (std::uint64_t{1} << children(tier)) - 1;
    const auto old = static_cast<std::ptrdiff_t>(space.open.size());
    const index_t* const least = least_[static_cast<std::size_t>(tier)].data() + node * group;
    for (; reached != 0; reached &= reached - 1) {
      const auto child = static_cast<std::size_t>(std::countr_zero(reached));
      space.open.push_back({squared[child], least[child],
                            first_child(tier, node) + static_cast<std::uint32_t>(child), tier + 1});
    }
    // The nearest goes on top; a few.
    std::sort(space.open.begin() + old, space.open.end(), [](const auto& a, const auto& b) {
      return a.squared > b.squared || (a.squared == b.squared && a.least > b.least);
    });
  }

  void search_leaf(std::uint32_t node, index_t left_out, scratch& space) const {
    auto& heap = space.heap;
    const double limit = heap.full() ? heap.last().key : std::numeric_limits<double>::infinity();
    double squared[2 * leaf];
    std::uint64_t reached =
        scan_.points(space.query.data(), points_.data() + node * width_ * columns_, columns_,
                     width_, limit, squared);
    const std::size_t size = cuts_[node + 1] - cuts_[node];
    space.effort.points += static_cast<std::int64_t>(size);
    reached &= (std::uint64_t{1} << size) - 1;
    const index_t* const rows = rows_.data() + node * width_;
    for (; reached != 0; reached &= reached - 1) {
      const auto lane = static_cast<std::size_t>(std::countr_zero(reached));
      if (rows[lane] != left_out) heap.push({squared[lane], rows[lane]});
    }
  }

  std::size_t columns_;
  box_scan<Scalar> scan_;
  int levels_ = 0;           ///< of binary splits
  std::vector<int> depths_;  ///< of tiers 1, 2, … in such levels
  std::vector<index_t> order_;
  std::vector<std::size_t> cuts_;            ///< of the leaves
  std::size_t width_ = 0;                    ///< lanes of a leaf
  std::vector<Scalar> points_;               ///< of leaves, column by column
  std::vector<index_t> rows_;                ///< of lanes
  std::vector<std::vector<Scalar>> ends_;    ///< of the children of a tier's nodes
  std::vector<std::vector<index_t>> least_;  ///< row of each child
};

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
