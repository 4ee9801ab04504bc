// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The search for nearest rows that selectors are given, whatever the type of the rows.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/config.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/resampling/class_rows.hpp>
#include <recokit/resampling/resampled.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// Nearest rows of one matrix, which must outlive it. Selectors take it in place of the matrix, so
/// that they are compiled once, in the library.
class row_search {
 public:
  template <backend Policy, class Rows>
  row_search(const Policy& policy, const Rows& rows)
      : nearest_([policy, rows](std::span<const index_t> among, std::span<const index_t> queries,
                                int k, kernels::neighbor_order order) {
          return kernels::nearest_rows(policy, rows, among, queries, k, order);
        }) {}

  /// See kernels::nearest_rows. No queries are fine.
  kernels::neighbor_table operator()(
      std::span<const index_t> among, std::span<const index_t> queries, int k,
      kernels::neighbor_order order = kernels::neighbor_order::nearest) const {
    if (queries.empty()) return {};
    return nearest_(among, queries, k, order);
  }

 private:
  std::function<kernels::neighbor_table(std::span<const index_t>, std::span<const index_t>, int,
                                        kernels::neighbor_order)>
      nearest_;
};

/// @param argument  "params.k_neighbors"
/// @param available rows that can be neighbours
/// @param of_what   which rows these are: "class 3 has 4 rows"
/// @throws value_error naming the largest k unless 1 <= k <= available
void check_neighbors(std::string_view argument, int k, std::int64_t available,
                     std::string_view of_what);

/// A sampler that needs the search and no draws.
template <class Params, selection (*Select)(const row_search&, const class_table&, const Params&)>
struct row_selector {
  using params_type = Params;
  static constexpr bool takes_nan = false;
  static constexpr bool has_cuda = true;

  template <backend Policy, class Rows>
  static selection run(const Policy& policy, const Rows& rows, std::span<const index_t>,
                       const class_table& classes, const Params& params) {
    return Select(row_search(policy, rows), classes, params);
  }
};

}  // namespace recokit::inline RECOKIT_ABI::detail
