// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The neighbourhood cleaning rule: cleaning around rows of the smallest class, too.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/edited_nearest_neighbours.hpp>

#include <tuple>

namespace recokit::inline RECOKIT_ABI::neighbourhood_cleaning_rule {

struct params {
  sampling_strategy strategy{};  ///< classes to clean
  int k_neighbors = 3;           ///< neighbours asked
  /// Around misclassified rows only classes are cleaned that have more rows than this times the
  /// smallest; above 0.
  double threshold = 0.5;
  agreement keep = agreement::mode;  ///< of edited nearest neighbours

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 1'000'000, "neighbours that are asked"),
        field("threshold", &params::threshold, 1e-12, 1e12,
              "rows of a class over those of the smallest above which it is cleaned"),
        field("keep", &params::keep, "when a row is kept: all or mode")};
  }
};

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params);

/// What select runs.
struct sampler : detail::row_selector<params, select_rows> {};

/// Removes what edited_nearest_neighbours removes, and of the k neighbours of each misclassified
/// row of the smallest class those in the classes to clean that are larger than threshold times the
/// smallest. A row is misclassified when its class is not the most frequent (of equal ones the
/// first by label) among itself and its k − 1 nearest rows: as in imbalanced-learn, a row votes for
/// itself. Kept rows are in the order of the input.
///
/// @throws value_error when there are not more than k rows, and as resample_function and
///         cleaned_classes say
///
/// Time: the search for k neighbours of every row to clean and every one of the smallest class.
///
/// Laurikkala, "Improving identification of difficult small classes by balancing class
/// distribution", AIME 2001.
inline constexpr resample_function<sampler> select{};

}  // namespace recokit::inline RECOKIT_ABI::neighbourhood_cleaning_rule
