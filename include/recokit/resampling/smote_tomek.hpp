// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief SMOTE, then Tomek links.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/clean_resampled.hpp>
#include <recokit/resampling/smote.hpp>
#include <recokit/resampling/tomek_links.hpp>

#include <cstdint>
#include <span>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::smote_tomek {

struct params {
  sampling_strategy strategy{};                          ///< of smote
  int k_neighbors = 5;                                   ///< of smote
  std::uint64_t seed = 42;                               ///< of smote
  sampling_strategy cleaned = sampling_strategy::all();  ///< classes that tomek_links cleans

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 65536,
              "neighbours of a row that it may be joined with"),
        field("seed", &params::seed, "of the draws"),
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
    return detail::clean_resampled(
        policy, more, [&](const detail::row_search& search, const class_table& all) {
          return tomek_links::select_rows(search, all, {.strategy = params.cleaned});
        });
  }
};

/// Adds rows by smote, then removes the rows of Tomek links, old and new, of all classes.
/// @return kept_and_new_rows of a row_major_matrix or csr_matrix of the scalar of the rows
/// @throws as smote::resample and tomek_links::select
///
/// Time: that of both. Memory: the rows before cleaning beside those after.
///
/// Batista, Bazzan and Monard, "Balancing training data for automated annotation of keywords",
/// WOB 2003.
inline constexpr resample_function<sampler> resample{};

}  // namespace recokit::inline RECOKIT_ABI::smote_tomek
