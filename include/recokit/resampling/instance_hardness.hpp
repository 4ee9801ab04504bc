// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Instance hardness: keeps the rows that a classifier is surest of.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/resample_function.hpp>
#include <recokit/resampling/resampled.hpp>
#include <recokit/resampling/row_search.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::instance_hardness {

/// Fits a classifier to the rows `train` and gives the probabilities of the rows `held_out` (both
/// ascending, without a row in common): held_out × classes, classes ascending by label.
using class_probabilities = std::function<row_major_matrix<double>(
    std::span<const index_t> train, std::span<const index_t> held_out)>;

struct params {
  sampling_strategy strategy{};  ///< rows to keep of each class
  int folds = 5;                 ///< every row is held out in one
  /// Of the classifier, unless `probabilities` is given.
  int k_neighbors = 5;
  /// Keep also the rows that are as probable as the last one kept: more than asked.
  bool keep_ties = false;
  std::uint64_t seed = 42;
  /// The classifier; without one the share of each class among the k_neighbors nearest rows.
  class_probabilities probabilities{};

  static constexpr auto fields() {
    return std::tuple{
        field("folds", &params::folds, 2, 1'000'000, "every row is held out in one"),
        field("k_neighbors", &params::k_neighbors, 1, 65536, "of the classifier by neighbours"),
        field("keep_ties", &params::keep_ties, "keep rows as probable as the last one kept"),
        field("seed", &params::seed, "of the folds")};
  }
};

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params);

/// What select runs.
struct sampler : detail::row_selector<params, select_rows> {};

/// Gives each row the probability of its own class by a classifier fitted to the other folds, and
/// keeps of each targeted class as many rows as asked, the most probable; of equally probable ones
/// the first. Each class is spread evenly over the folds, at random. Kept rows come by class,
/// ascending in each. Labels may be any integers.
///
/// imbalanced-learn keeps every row at or above a percentile, which is more than asked when rows at
/// the border are equally probable; keep_ties does the same. Its default classifier is a random
/// forest.
///
/// @throws value_error when there are more folds than rows, when a fold leaves fewer than
///         k_neighbors rows, for a probability that is not in [0, 1], and as resample_function and
///         under_targets say; dimension_error when the probabilities have another shape
///
/// Time: `folds` fits of the classifier; by default the search for k_neighbors of every row.
///
/// Smith, Martinez and Giraud-Carrier, "An instance level analysis of data complexity", Machine
/// Learning 95, 2014.
inline constexpr resample_function<sampler> select{};

}  // namespace recokit::inline RECOKIT_ABI::instance_hardness
