// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief One-sided selection: rows that a few of their class misclassify, then Tomek links.
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

namespace recokit::inline RECOKIT_ABI::one_sided_selection {

struct params {
  sampling_strategy strategy{};  ///< classes to select from and to clean
  int k_neighbors = 1;           ///< of the classifier
  int seeds = 1;                 ///< rows of each class to begin with
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 65536, "neighbours that the classifier asks"),
        field("seeds", &params::seeds, 1, 1'000'000, "rows of each class to begin with"),
        field("seed", &params::seed, "of the draws")};
  }
};

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params, const detail::seed_draw& draw);

/// What select runs.
struct sampler : detail::seeded_selector<sampler, params, select_rows> {};

/// For each targeted class on its own: takes the smallest class and some random rows of the class,
/// keeps these and all other rows of it that the k nearest of them misclassify (the more frequent
/// class wins, of equal ones the first by label). Then, of all rows kept, removes those of targeted
/// classes that are part of a Tomek link.
///
/// Kept rows come by class; in a targeted class the seeds in the order drawn, then the others
/// ascending. The first step leaves the smallest class whole, whatever the strategy. With several
/// seeds imbalanced-learn may return one row twice; here each comes once.
///
/// @throws value_error when the smallest class and the seeds are fewer than k_neighbors rows, and
///         as resample_function and cleaned_classes say
///
/// Time: the search for k of few rows for every row, and tomek_links of the rest.
///
/// Kubat and Matwin, "Addressing the curse of imbalanced training sets: one-sided selection",
/// ICML'97.
inline constexpr resample_function<sampler> select{};

}  // namespace recokit::inline RECOKIT_ABI::one_sided_selection
