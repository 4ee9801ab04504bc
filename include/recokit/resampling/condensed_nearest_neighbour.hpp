// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Condensed nearest neighbour: keeps the rows that the kept ones misclassify.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/prototype_seeds.hpp>
#include <recokit/resampling/resample_function.hpp>
#include <recokit/resampling/resampled.hpp>
#include <recokit/resampling/row_search.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <cstdint>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::condensed_nearest_neighbour {

struct params {
  sampling_strategy strategy{};  ///< classes to condense
  int k_neighbors = 1;           ///< of the classifier
  int seeds = 1;                 ///< rows of each class to begin with
  /// Over the rows at most. imbalanced-learn makes one; Hart goes on until a pass adds none.
  int passes = 1;
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 65536, "neighbours that the classifier asks"),
        field("seeds", &params::seeds, 1, 1'000'000, "rows of each class to begin with"),
        field("passes", &params::passes, 1, 1'000'000, "over the rows, at most"),
        field("seed", &params::seed, "of the draws")};
  }
};

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params, const detail::seed_draw& draw);

/// What select runs.
struct sampler : detail::seeded_selector<sampler, params, select_rows> {};

/// For each targeted class on its own: begins with the smallest class and some random rows of the
/// class, goes over its other rows in ascending order, and adds each one that the k nearest rows so
/// far misclassify (the more frequent class wins, of equal ones the first by label).
///
/// Kept rows come by class; in a targeted class the seeds in the order drawn, then the rows in the
/// order added. The smallest class stays whole, whatever the strategy.
///
/// Two mistakes of imbalanced-learn are not repeated. It skips rows whose position in their class
/// equals the id of a kept row, so that what is kept depends on the order of the data in a way that
/// has nothing to do with the method; here no row is skipped. With several seeds it may return one
/// row twice.
///
/// @throws value_error when the smallest class and the seeds are fewer than k_neighbors rows, and
///         as resample_function and cleaned_classes say
///
/// Time: the search for k of the kept rows for every row; memory: a few numbers a row.
///
/// Hart, "The condensed nearest neighbor rule", 1968.
inline constexpr resample_function<sampler> select{};

}  // namespace recokit::inline RECOKIT_ABI::condensed_nearest_neighbour
