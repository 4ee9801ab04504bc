// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief AllKNN: edited nearest neighbours with one neighbour, then two, up to k.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/edited_nearest_neighbours.hpp>

#include <tuple>

namespace recokit::inline RECOKIT_ABI::all_knn {

struct params {
  sampling_strategy strategy{};  ///< classes to clean
  int k_neighbors = 3;           ///< neighbours asked in the last pass
  agreement keep = agreement::all;
  /// Go on though a class has fewer rows left than the smallest had in the beginning.
  bool allow_minority = false;

  static constexpr auto fields() {
    return std::tuple{field("k_neighbors", &params::k_neighbors, 1, 1'000'000,
                            "neighbours that are asked in the last pass"),
                      field("keep", &params::keep, "when a row is kept: all or mode"),
                      field("allow_minority", &params::allow_minority,
                            "go on though a class became smaller than the smallest was")};
  }
};

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params);

/// What select runs.
struct sampler : detail::row_selector<params, select_rows> {};

/// Runs edited_nearest_neighbours with 1, 2, … k neighbours, each on what the last left, and ends
/// early when a class has no rows left or, unless allow_minority, fewer than the smallest had in
/// the beginning; the pass that ends it counts. Kept rows come by class, ascending in each. Which
/// class is the smallest, for the strategy, is asked anew before each pass.
///
/// @throws value_error when there are not enough rows for a pass, and as resample_function and
///         cleaned_classes say
///
/// Time: k times that of edited_nearest_neighbours.
///
/// Tomek, "An experiment with the edited nearest-neighbor rule", 1976.
inline constexpr resample_function<sampler> select{};

}  // namespace recokit::inline RECOKIT_ABI::all_knn
