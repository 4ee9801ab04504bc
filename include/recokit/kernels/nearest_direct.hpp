// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Nearest rows by all differences in double: what is left when nothing faster can tell.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/neighbor_problem.hpp>
#include <recokit/kernels/row_tile.hpp>
#include <recokit/kernels/squared_distance.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// Nothing that comes later can enter: ids ascend, and no distance is below 0.
inline bool is_settled(const neighbor_heap& heap, neighbor_order order) noexcept {
  return order == neighbor_order::nearest && heap.full() && heap.last().key == 0;
}

/// Queries that go through the tiles together.
struct direct_block {
  row_tile tile;
  std::vector<double> query;
  std::vector<double> squared;
  std::vector<neighbor_heap> heaps;
};

/// Finds the neighbours of the queries numbered by `which` with tiles that the problem fills.
/// @param fill   called with a block and some of `among`
/// @param measure called with a block and a query's number: writes block.squared
template <class Block, class Problem, class Fill, class Measure>
void nearest_by_tiles(const cpu& policy, const Problem& problem, std::span<const std::size_t> which,
                      std::size_t width, const Fill& fill, const Measure& measure,
                      neighbor_table& table) {
  scratch_pool<Block> pool([] { return Block{}; });
  parallel_for(policy, std::ssize(which), 32, [&](std::int64_t begin, std::int64_t end) {
    const auto block = pool.borrow();
    const auto mine =
        which.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    block->heaps.resize(mine.size());
    block->squared.resize(width + 8);
    for (auto& heap : block->heaps) heap.reset(problem.k);
    for (std::size_t first = 0; first < problem.among.size(); first += width) {
      const auto rows = problem.among.subspan(first, std::min(width, problem.among.size() - first));
      bool filled = false;
      for (std::size_t m = 0; m < mine.size(); ++m) {
        auto& heap = block->heaps[m];
        if (is_settled(heap, problem.order)) continue;
        if (!filled) fill(*block, rows);
        filled = true;
        measure(*block, mine[m]);
        const index_t left_out = problem.left_out(mine[m]);
        for (std::size_t r = 0; r < rows.size(); ++r) {
          const double key = signed_key(problem.order, block->squared[r]);
          // A later row with the same distance ranks behind.
          if ((heap.full() && !(key < heap.last().key)) || rows[r] == left_out) continue;
          heap.push({key, rows[r]});
        }
      }
    }
    for (std::size_t m = 0; m < mine.size(); ++m) {
      write_neighbors(problem, mine[m], block->heaps[m].sorted(), table);
    }
  });
}

/// queries · among · columns multiply-adds in double. Scratch: a tile of 256 KiB a thread.
template <class Scalar>
void nearest_directly(const cpu& policy, const neighbor_problem<dense_view<Scalar>>& problem,
                      std::span<const std::size_t> which, neighbor_table& table) {
  nearest_by_tiles<direct_block>(
      policy, problem, which, row_tile::best_width(problem.points.cols()),
      [&](direct_block& block, std::span<const index_t> rows) {
        block.tile.fill(problem.points, rows);
      },
      [&](direct_block& block, std::size_t q) {
        const Scalar* const row = problem.asked.row(problem.query(q));
        block.query.assign(row, row + problem.asked.cols());
        block.tile.squares(block.query.data(), block.squared.data());
      },
      table);
}

/// Merges the entries of every pair of rows.
template <class Value, class Index, class Offset>
void nearest_directly(const cpu& policy,
                      const neighbor_problem<csr_view<Value, Index, Offset>>& problem,
                      std::span<const std::size_t> which, neighbor_table& table) {
  scratch_pool<neighbor_heap> pool([] { return neighbor_heap{}; });
  parallel_for(policy, std::ssize(which), 8, [&](std::int64_t begin, std::int64_t end) {
    const auto heap = pool.borrow();
    for (std::int64_t m = begin; m < end; ++m) {
      const std::size_t q = which[static_cast<std::size_t>(m)];
      heap->reset(problem.k);
      for (const index_t row : problem.among) {
        if (is_settled(*heap, problem.order)) break;
        if (row == problem.left_out(q)) continue;
        heap->push({signed_key(problem.order, squared_distance(problem.asked, problem.query(q),
                                                               problem.points, row)),
                    row});
      }
      write_neighbors(problem, q, heap->sorted(), table);
    }
  });
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
