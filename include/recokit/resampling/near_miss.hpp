// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief NearMiss 1, 2 and 3: under-sampling to the rows near, or around, the smallest class.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/resample_function.hpp>
#include <recokit/resampling/resampled.hpp>
#include <recokit/resampling/row_search.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <tuple>

namespace recokit::inline RECOKIT_ABI::near_miss {

struct params {
  sampling_strategy strategy{};  ///< rows to keep of each class
  int version = 1;               ///< 1, 2 or 3
  int k_neighbors = 3;           ///< rows of the smallest class whose distances are added up
  int candidates = 3;            ///< version 3: rows around each row of the smallest class

  static constexpr auto fields() {
    return std::tuple{field("version", &params::version, 1, 3, "of NearMiss"),
                      field("k_neighbors", &params::k_neighbors, 1, 1'000'000,
                            "rows of the smallest class in the sum of distances"),
                      field("candidates", &params::candidates, 1, 1'000'000,
                            "version 3: rows taken around each row of the smallest class")};
  }
};

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params);

/// What select runs.
struct sampler : detail::row_selector<params, select_rows> {};

/// Of each targeted class keeps as many rows as asked by the sum of the distances to k rows of the
/// smallest class: version 1 those with the smallest sum to the k nearest, version 2 those with the
/// smallest sum to the k farthest, version 3 those with the largest sum to the k nearest, of the
/// rows that are among the `candidates` nearest to any row of the smallest class.
///
/// Rows come by class; in a targeted class best first, ties by lower row. Version 3 keeps fewer
/// rows than asked when there are fewer candidates. In the smallest class itself, when the
/// strategy targets it, each row counts as one of its k nearest, as in imbalanced-learn.
///
/// @throws value_error when the smallest class has fewer than k rows or a targeted class fewer than
///         `candidates`, and as resample_function and under_targets say
///
/// Time: the search for k of minority rows for every targeted row; memory: k numbers for each.
///
/// Zhang and Mani, "kNN approach to unbalanced data distributions", ICML'03 workshop.
inline constexpr resample_function<sampler> select{};

}  // namespace recokit::inline RECOKIT_ABI::near_miss
