// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The k best items of each query by dot product, on a GPU.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/core/recommender.hpp>

#include <cstdint>
#include <span>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Longest lists that a GPU makes.
inline constexpr int most_cuda_top_k = 1024;

/// score_top_k of kernels/score_top_k.hpp on a GPU, with the same arguments and the same rule for
/// ties. Scores come from matrix products in tiles of queries and items, the filter and what a
/// query has seen are left out before selection. Implemented in recokit::cuda.
///
/// @param tile_scores most scores held at once, 4 bytes each
/// @throws value_error for k above most_cuda_top_k or more than 4096 factors, memory_error,
///         backend_error
/// which.size() · items · d multiply-adds, each score written and read once; uploads all item rows
/// once and the queries that are asked for. Items that the data share of the context has no room
/// for come in parts, one after the other; then every part brings the queries and their lists
/// again.
ranked_lists score_top_k(const cuda& policy, const row_major_matrix<float>& queries,
                         std::span<const index_t> which, const csr_view<>* seen,
                         const row_major_matrix<float>& items, const item_filter& filter, int k,
                         std::int64_t tile_scores = std::int64_t{1} << 27);

}  // namespace recokit::inline RECOKIT_ABI::kernels
