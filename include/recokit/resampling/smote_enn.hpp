// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief SMOTE, then edited nearest neighbours.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/clean_resampled.hpp>
#include <recokit/resampling/edited_nearest_neighbours.hpp>
#include <recokit/resampling/smote.hpp>

#include <cstdint>
#include <span>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::smote_enn {

struct params {
  sampling_strategy strategy{};                          ///< of smote
  int k_neighbors = 5;                                   ///< of smote
  std::uint64_t seed = 42;                               ///< of smote
  sampling_strategy cleaned = sampling_strategy::all();  ///< classes to clean
  int asked = 3;  ///< neighbours that edited_nearest_neighbours asks
  agreement keep = agreement::all;

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 65536,
              "neighbours of a row that it may be joined with"),
        field("seed", &params::seed, "of the draws"),
        field("asked", &params::asked, 1, 65536, "neighbours that are asked whether a row stays"),
        field("keep", &params::keep, "when a row is kept: all or mode"),
    };
  }
};

/// What resample runs.
struct sampler : detail::drawing_sampler<sampler, params> {
  static constexpr bool has_cuda = true;

  template <backend Policy, class Rows, class Draws>
  static auto draw(const Policy& policy, const Rows& rows, std::span<const index_t> labels,
                   const class_table& classes, const params& params, Draws& draws) {
    const auto more = smote::sampler::draw(
        policy, rows, labels, classes,
        {.strategy = params.strategy, .k_neighbors = params.k_neighbors, .seed = params.seed},
        draws);
    detail::check_all_neighbors("params.asked", params.asked,
                                static_cast<std::int64_t>(more.labels.size()));
    return detail::clean_resampled(
        policy, more, [&](const detail::row_search& search, const class_table& all) {
          return edited_nearest_neighbours::select_rows(
              search, all,
              {.strategy = params.cleaned, .k_neighbors = params.asked, .keep = params.keep});
        });
  }
};

/// Adds rows by smote, then removes those rows, old and new, of all classes, that their nearest
/// rows do not agree with. Rows are in the order that kept_and_new_rows says; imbalanced-learn
/// gives them by class.
/// @return kept_and_new_rows of a row_major_matrix or csr_matrix of the scalar of the rows
/// @throws as smote::resample and edited_nearest_neighbours::select
///
/// Time: that of both. Memory: the rows before cleaning beside those after.
///
/// Batista, Prati and Monard, "A study of the behavior of several methods for balancing machine
/// learning training data", SIGKDD Explorations 2004.
inline constexpr resample_function<sampler> resample{};

}  // namespace recokit::inline RECOKIT_ABI::smote_enn
