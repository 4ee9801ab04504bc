// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What the ways to find nearest rows cost beside each other.
#pragma once

#include <recokit/kernels/neighbor_problem.hpp>
#include <recokit/kernels/quantized_rows.hpp>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// In units of one multiply-add of the product in float; measured with AVX-512 on a Zen 4.
struct neighbor_costs {
  static constexpr double product_pair = 12;  ///< beside a unit a column
  static constexpr double tree_build = 400;   ///< a point and level
  static constexpr double tree_query = 4000;  ///< beside nodes and points
  static constexpr double tree_node = 900;    ///< beside its 8 boxes
  static constexpr double tree_column = 12;   ///< of a point or a box
  static constexpr double sparse_pair = 10;
  static constexpr double sparse_product = 50;
};

/// Whether products of bytes are quick here, and do for the problem.
template <class Rows>
bool takes_bytes(const neighbor_problem<Rows>& problem) {
  return quantized_kernels().size() > 1 && problem.order == neighbor_order::nearest &&
         problem.points.cols() >= 8 && problem.points.cols() <= most_quantized;
}

/// What the product of all pairs costs; of bytes four columns take the time of one.
template <class Rows>
double product_cost(const neighbor_problem<Rows>& problem) {
  const auto queries = static_cast<double>(problem.queries.size());
  const auto twice = problem.is_nested() ? queries / 2 : 0;
  return queries * (static_cast<double>(problem.among.size()) - twice) *
         (static_cast<double>(problem.points.cols()) * (takes_bytes(problem) ? 0.25 : 1) +
          neighbor_costs::product_pair);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
