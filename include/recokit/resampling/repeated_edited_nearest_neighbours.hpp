// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Repeated edited nearest neighbours: the same cleaning until nothing changes.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/edited_nearest_neighbours.hpp>

#include <tuple>

namespace recokit::inline RECOKIT_ABI::repeated_edited_nearest_neighbours {

struct params {
  sampling_strategy strategy{};  ///< classes to clean
  int k_neighbors = 3;           ///< neighbours asked
  agreement keep = agreement::all;
  int passes = 100;  ///< at most

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 1'000'000, "neighbours that are asked"),
        field("keep", &params::keep, "when a row is kept: all or mode"),
        field("passes", &params::passes, 1, 1'000'000, "at most")};
  }
};

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params);

/// What select runs.
struct sampler : detail::row_selector<params, select_rows> {};

/// Runs edited_nearest_neighbours on what the last pass left, until a pass removes nothing, a class
/// has no rows left, a class has fewer rows left than the smallest had in the beginning, or
/// `passes` are done; the pass that ends it counts. Kept rows come by class, ascending in each.
///
/// Which class is the smallest, for the strategy, is asked anew before each pass. When the first
/// pass removes nothing the ids that imbalanced-learn reports are in a wrong order; these are not.
///
/// @throws value_error when no more than k rows are left for a pass, and as resample_function and
///         cleaned_classes say
///
/// Time: that of edited_nearest_neighbours for each pass.
///
/// Tomek, "An experiment with the edited nearest-neighbor rule", 1976.
inline constexpr resample_function<sampler> select{};

}  // namespace recokit::inline RECOKIT_ABI::repeated_edited_nearest_neighbours
