// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The k nearest rows by Euclidean distance, exact, by the method that costs least.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/cuda_nearest_rows.hpp>
#include <recokit/kernels/nearest_by_products.hpp>
#include <recokit/kernels/nearest_by_tree.hpp>
#include <recokit/kernels/nearest_direct.hpp>
#include <recokit/kernels/nearest_sparse.hpp>
#include <recokit/kernels/neighbor_costs.hpp>
#include <recokit/kernels/neighbor_problem.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace detail {

/// @throws value_error unless `among` ascends strictly within the rows, the queries are rows, and
/// k of `among` remain for every query
inline void check_neighbor_search(std::int64_t points, std::span<const index_t> among,
                                  std::int64_t asked, std::span<const index_t> queries, int k,
                                  bool leaves_self_out) {
  // The names of elements are put together only for those that are wrong.
  const auto check_row = [](const char* name, std::size_t n, index_t row, std::int64_t rows) {
    if (row >= 0 && row < rows) return;
    check::index_in(std::string(name) + "[" + std::to_string(n) + "]", row, rows);
  };
  for (std::size_t a = 0; a < among.size(); ++a) {
    check_row("among", a, among[a], points);
    if (a > 0 && among[a] <= among[a - 1]) {
      throw value_error("among[" + std::to_string(a) + "]", std::to_string(among[a]),
                        "must be greater than the one before, " + std::to_string(among[a - 1]) +
                            ": sort the rows and name each once");
    }
  }
  bool meets_itself = false;
  for (std::size_t q = 0; q < queries.size(); ++q) {
    check_row("queries", q, queries[q], asked);
    meets_itself = meets_itself ||
                   (leaves_self_out && std::binary_search(among.begin(), among.end(), queries[q]));
  }
  const auto most = std::ssize(among) - (meets_itself ? 1 : 0);
  if (most < 1) {
    throw value_error("among.size()", std::to_string(among.size()),
                      "must leave at least one row to be a neighbour");
  }
  check::in_range("k", k, 1, static_cast<int>(most));
}

/// @throws value_error naming a value that is not finite
template <class Scalar>
void check_finite_rows(const cpu& policy, const char* name, const dense_view<Scalar>& rows,
                       std::span<const index_t> which) {
  parallel_for(policy, std::ssize(which), 1024, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t n = begin; n < end; ++n) {
      const index_t r = which[static_cast<std::size_t>(n)];
      const Scalar* const row = rows.row(r);
      bool finite = true;
      for (std::int64_t c = 0; c < rows.cols(); ++c) finite = finite && std::isfinite(row[c]);
      if (finite) continue;
      const auto at =
          std::find_if_not(row, row + rows.cols(), [](Scalar x) { return std::isfinite(x); });
      throw value_error(
          std::string(name) + "(" + std::to_string(r) + ", " + std::to_string(at - row) + ")",
          std::to_string(*at), "must be finite");
    }
  });
}
/// A csr_view has been checked when it was made.
template <class Value, class Index, class Offset>
void check_finite_rows(const cpu&, const char*, const csr_view<Value, Index, Offset>&,
                       std::span<const index_t>) {}

/// Whether rows that leave out zeros cost less as they are than written out for products.
template <class Rows>
bool stays_sparse(const neighbor_problem<Rows>& problem) {
  const auto pairs =
      static_cast<double>(problem.queries.size()) * static_cast<double>(problem.among.size());
  const double written_out = 8.0 * static_cast<double>(problem.points.cols()) *
                             static_cast<double>(problem.queries.size() + problem.among.size());
  constexpr double most_bytes = 1 << 28;
  return written_out > most_bytes ||
         pairs * neighbor_costs::sparse_pair +
                 sparse_products(problem) * neighbor_costs::sparse_product <
             product_cost(problem);
}

template <class Scalar>
neighbor_table search_neighbors(const cpu& policy,
                                const neighbor_problem<dense_view<Scalar>>& problem) {
  neighbor_table table = table_for(problem);
  if (nearest_by_tree(policy, problem, table)) return table;
  const auto left =
      nearest_by_products(policy, problem, every_query(problem), table, takes_bytes(problem));
  nearest_directly(policy, problem, left, table);
  return table;
}
template <class Value, class Index, class Offset>
neighbor_table search_neighbors(const cpu& policy,
                                const neighbor_problem<csr_view<Value, Index, Offset>>& problem) {
  neighbor_table table = table_for(problem);
  const auto which = every_query(problem);
  const auto left = stays_sparse(problem)
                        ? nearest_by_inverted_rows(policy, problem, which, table)
                        : nearest_by_products(policy, problem, which, table, takes_bytes(problem));
  nearest_directly(policy, problem, left, table);
  return table;
}

}  // namespace detail

/// For each of the rows `queries` of `points`, the k nearest (or farthest) of the rows `among`. A
/// row is no neighbour of itself, by its id: rows equal to it are.
///
/// Neighbours, their order and distances are those of a brute force in double: differences squared
/// and added column by column, ties by lower row id. The same bits for any number of threads, and
/// on a GPU (kernels/cuda_nearest_rows.hpp), which takes dense rows and k up to
/// most_cuda_neighbors.
///
/// @tparam Rows dense_view<Scalar> or csr_view<Scalar, Index, Offset>
/// @param among strictly ascending
/// @throws value_error when a row is out of range, `among` does not ascend, a value is not finite,
/// or k is not in [1, rows of `among` that remain for each query]; on a GPU also backend_error
template <backend Policy, class Rows>
neighbor_table nearest_rows(const Policy& policy, const Rows& points,
                            std::span<const index_t> among, std::span<const index_t> queries, int k,
                            neighbor_order order = neighbor_order::nearest) {
  recokit::detail::require_backend<Policy, true>();
  const cpu host = recokit::detail::host_of(policy);
  detail::check_neighbor_search(points.rows(), among, points.rows(), queries, k, true);
  detail::check_finite_rows(host, "points", points, among);
  detail::check_finite_rows(host, "points", points, queries);
  return detail::search_neighbors(
      policy, detail::neighbor_problem<Rows>{points, among, points, queries, true,
                                             static_cast<std::size_t>(k), order});
}

/// The same for all rows of another matrix: no row is left out.
/// @throws dimension_error when the columns differ, and what nearest_rows() throws
template <backend Policy, class Rows>
neighbor_table nearest_rows_of(const Policy& policy, const Rows& points,
                               std::span<const index_t> among, const Rows& queries, int k,
                               neighbor_order order = neighbor_order::nearest) {
  recokit::detail::require_backend<Policy, true>();
  const cpu host = recokit::detail::host_of(policy);
  check::equal("queries.cols()", queries.cols(), "points.cols()", points.cols());
  std::vector<index_t> all(static_cast<std::size_t>(queries.rows()));
  std::iota(all.begin(), all.end(), index_t{0});
  detail::check_neighbor_search(points.rows(), among, queries.rows(), all, k, false);
  detail::check_finite_rows(host, "points", points, among);
  detail::check_finite_rows(host, "queries", queries, all);
  return detail::search_neighbors(
      policy, detail::neighbor_problem<Rows>{points, among, queries, all, false,
                                             static_cast<std::size_t>(k), order});
}

#if defined(RECOKIT_COMPILED)
extern template neighbor_table nearest_rows(const cpu&, const dense_view<float>&,
                                            std::span<const index_t>, std::span<const index_t>, int,
                                            neighbor_order);
extern template neighbor_table nearest_rows_of(const cpu&, const dense_view<float>&,
                                               std::span<const index_t>, const dense_view<float>&,
                                               int, neighbor_order);
extern template neighbor_table nearest_rows(const cpu&, const dense_view<double>&,
                                            std::span<const index_t>, std::span<const index_t>, int,
                                            neighbor_order);
extern template neighbor_table nearest_rows_of(const cpu&, const dense_view<double>&,
                                               std::span<const index_t>, const dense_view<double>&,
                                               int, neighbor_order);
extern template neighbor_table nearest_rows(const cpu&, const csr_view<float>&,
                                            std::span<const index_t>, std::span<const index_t>, int,
                                            neighbor_order);
extern template neighbor_table nearest_rows_of(const cpu&, const csr_view<float>&,
                                               std::span<const index_t>, const csr_view<float>&,
                                               int, neighbor_order);
extern template neighbor_table nearest_rows(const cpu&, const csr_view<double>&,
                                            std::span<const index_t>, std::span<const index_t>, int,
                                            neighbor_order);
extern template neighbor_table nearest_rows_of(const cpu&, const csr_view<double>&,
                                               std::span<const index_t>, const csr_view<double>&,
                                               int, neighbor_order);
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
