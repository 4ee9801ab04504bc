// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Nearest rows of few columns by a tree, and whether that pays.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/box_tree.hpp>
#include <recokit/kernels/neighbor_costs.hpp>
#include <recokit/kernels/neighbor_problem.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// The neighbours of all queries when a tree finds them cheaper than products would: a tree is
/// built where its building is cheap beside them, some queries try it, and what they looked at
/// decides. Counts, not clocks: the choice is the same wherever the products are.
/// @returns whether the neighbours were found
template <class Scalar>
bool nearest_by_tree(const cpu& policy, const neighbor_problem<dense_view<Scalar>>& problem,
                     neighbor_table& table) {
  const auto columns = static_cast<double>(problem.points.cols());
  const auto points = static_cast<double>(problem.among.size());
  const auto queries = static_cast<double>(problem.queries.size());
  const double products = product_cost(problem);
  const double build = neighbor_costs::tree_build * points *
                       std::log2(std::max(2.0, points / box_tree<Scalar>::leaf));
  if (problem.order != neighbor_order::nearest || columns < 1 || columns > 24 ||
      problem.among.size() < 4 * box_tree<Scalar>::leaf ||
      build + queries * neighbor_costs::tree_query > products / 2) {
    return false;
  }
  const box_tree<Scalar> tree(policy, problem.points, problem.among);
  using space_type = typename box_tree<Scalar>::scratch;
  scratch_pool<space_type> pool([] { return space_type{}; });
  const auto take = [&](std::size_t q, space_type& space) {
    const Scalar* const row = problem.asked.row(problem.query(q));
    space.query.assign(row, row + problem.asked.cols());
  };

  const std::size_t tries = std::min<std::size_t>(problem.queries.size(), 64);
  const std::size_t step = problem.queries.size() / tries;
  const tree_effort effort = parallel_reduce(
      policy, static_cast<std::int64_t>(tries), 8, tree_effort{},
      [&](std::int64_t begin, std::int64_t end) {
        const auto space = pool.borrow();
        space->effort = {};
        for (auto n = static_cast<std::size_t>(begin); std::cmp_less(n, end); ++n) {
          take(n * step, *space);
          tree.search(problem.k, problem.left_out(n * step), *space);
        }
        return space->effort;
      },
      [](tree_effort& all, const tree_effort& part) {
        all.nodes += part.nodes;
        all.points += part.points;
      });
  const double tried =
      (static_cast<double>(effort.nodes) *
           (neighbor_costs::tree_node + 16 * columns * neighbor_costs::tree_column) +
       static_cast<double>(effort.points) * columns * neighbor_costs::tree_column) /
      static_cast<double>(tries);
  if (queries * (tried + neighbor_costs::tree_query) > products) return false;

  // Queries that are near each other look at the same leaves.
  std::vector<std::pair<std::uint32_t, index_t>> order(problem.queries.size());
  const auto count = static_cast<std::int64_t>(order.size());
  parallel_for(policy, count, 1024, [&](std::int64_t begin, std::int64_t end) {
    const auto space = pool.borrow();
    for (auto q = static_cast<std::size_t>(begin); std::cmp_less(q, end); ++q) {
      take(q, *space);
      order[q] = {tree.leaf_near(*space), static_cast<index_t>(q)};
    }
  });
  std::sort(order.begin(), order.end());
  parallel_for(policy, count, 256, [&](std::int64_t begin, std::int64_t end) {
    const auto space = pool.borrow();
    for (auto n = static_cast<std::size_t>(begin); std::cmp_less(n, end); ++n) {
      const auto q = static_cast<std::size_t>(order[n].second);
      take(q, *space);
      tree.search(problem.k, problem.left_out(q), *space);
      write_neighbors(problem, q, space->heap.sorted(), table);
    }
  });
  return true;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
