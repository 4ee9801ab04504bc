// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Tomek links: cleaning of rows whose nearest row is of another class, and theirs they.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/resample_function.hpp>
#include <recokit/resampling/resampled.hpp>
#include <recokit/resampling/row_search.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <span>
#include <tuple>
#include <vector>

namespace recokit::inline RECOKIT_ABI::tomek_links {

struct params {
  sampling_strategy strategy{};  ///< classes to clean

  static constexpr auto fields() { return std::tuple<>{}; }
};

/// The rows of a link, ascending, whatever their class, of the links between rows of `among` (all
/// of which are looked at, strictly ascending).
std::vector<index_t> linked_rows(const detail::row_search& search, const class_table& classes,
                                 std::span<const index_t> among);

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params);

/// What select runs.
struct sampler : detail::row_selector<params, select_rows> {};

/// Two rows of different classes are a link when each is the nearest row of the other. Removes the
/// rows of links that belong to the classes to clean; the rest is in the order of the input.
///
/// Of equally near rows the lower is the nearest, so that of many equal rows at most two are
/// linked.
///
/// @throws value_error and dimension_error as resample_function and cleaned_classes say
///
/// Time: the search for one neighbour of every row; memory: a few numbers a row.
///
/// Tomek, "Two modifications of CNN", 1976.
inline constexpr resample_function<sampler> select{};

}  // namespace recokit::inline RECOKIT_ABI::tomek_links
