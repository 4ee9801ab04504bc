// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The k nearest rows on a GPU: the same table as on the CPU, to the bit.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/kernels/neighbor_problem.hpp>

#include <cstdint>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Longest lists of neighbours that a GPU makes.
inline constexpr int most_cuda_neighbors = 1024;

namespace detail {

/// The neighbours of a problem whose parts have been checked. Implemented in recokit::cuda.
///
/// Products of tiles in single precision, whatever the policy's precision, give each pair a bound
/// with the error of distance_error. Of each query the k + k/2 + 32 candidates with the best bounds
/// are measured again in double. The query is settled when the k-th of them is nearer than the last
/// bound lets any other be; else, where many rows are as near, all are measured in double. All of
/// this is on the device: only rows go up, only the k neighbours come down. The host centres (two
/// passes over the rows, see centring_of()).
///
/// @param tile_pairs most products held at once, 4 bytes each. The default is a guess at what stays
/// in the cache of a large card.
/// @throws value_error for k above most_cuda_neighbors, memory_error, backend_error
/// queries · among · columns multiply-adds, in double once more for queries that are not settled.
/// Device memory: both sets of rows (one when the queries are candidates), the candidates in single
/// precision, and of each query of a tile 8 bytes for each of k + k/2 + 32 and 12 for each of k.
neighbor_table search_neighbors(const cuda& policy,
                                const neighbor_problem<dense_view<float>>& problem,
                                std::int64_t tile_pairs = std::int64_t{1} << 23);
neighbor_table search_neighbors(const cuda& policy,
                                const neighbor_problem<dense_view<double>>& problem,
                                std::int64_t tile_pairs = std::int64_t{1} << 23);
template <class Rows>
neighbor_table search_neighbors(const cuda& /*policy*/, const neighbor_problem<Rows>& /*problem*/) {
  static_assert(sizeof(Rows) == 0,
                "recokit: nearest neighbours on a GPU take dense rows of float or double; pass "
                "sparse rows with recokit::cpu{}.");
  return {};
}

}  // namespace detail

}  // namespace recokit::inline RECOKIT_ABI::kernels
