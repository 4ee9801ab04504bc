// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Edited nearest neighbours: cleaning of rows that their neighbours disagree with.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/resample_function.hpp>
#include <recokit/resampling/resampled.hpp>
#include <recokit/resampling/row_search.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <array>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// When the neighbours of a row speak for its class.
enum class agreement {
  all,   ///< every one is of its class
  mode,  ///< its class is the most frequent among them; of equally frequent ones the first by label
};
constexpr std::array<std::string_view, 2> enum_names(agreement) { return {"all", "mode"}; }

namespace edited_nearest_neighbours {

struct params {
  sampling_strategy strategy{};  ///< classes to clean
  int k_neighbors = 3;           ///< neighbours asked
  agreement keep = agreement::all;

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 1'000'000, "neighbours that are asked"),
        field("keep", &params::keep, "when a row is kept: all or mode")};
  }
};

/// Of the rows `among` (strictly ascending) those that stay, ascending.
/// @param cleaned by position of a class: whether its rows are asked about; the others stay
std::vector<index_t> kept_rows(const detail::row_search& search, const class_table& classes,
                               std::span<const index_t> among, const std::vector<bool>& cleaned,
                               int k, agreement keep);

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params);

/// What select runs.
struct sampler : detail::row_selector<params, select_rows> {};

/// Removes from the classes to clean each row whose k nearest rows, of all classes, do not agree
/// with its class. All rows are judged by the input, not by what is left. Kept rows come by class,
/// ascending in each.
///
/// @throws value_error when there are not more than k rows, and as resample_function and
///         cleaned_classes say
///
/// Time: the search for k neighbours of every row to clean; memory: k numbers for each.
///
/// Wilson, "Asymptotic properties of nearest neighbor rules using edited data", 1972.
inline constexpr resample_function<sampler> select{};

}  // namespace edited_nearest_neighbours
}  // namespace recokit::inline RECOKIT_ABI
