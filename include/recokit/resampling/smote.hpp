// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief SMOTE: new rows on the lines between rows of a class and their neighbours in it.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/params.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/interpolate.hpp>
#include <recokit/resampling/new_rows.hpp>
#include <recokit/resampling/resample_function.hpp>

#include <cstdint>
#include <span>
#include <tuple>
#include <utility>

namespace recokit::inline RECOKIT_ABI::smote {

struct params {
  sampling_strategy strategy{};  ///< not in the table of fields: no number and no switch
  int k_neighbors = 5;           ///< neighbours of a row that it may be joined with
  std::uint64_t seed = 42;

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
    const cpu host = detail::host_of(policy);
    detail::new_rows made;
    const auto wanted = detail::wanted_rows(params.strategy, classes);
    detail::check_class_neighbors("params.k_neighbors", params.k_neighbors, wanted, classes);
    for (const auto& target : wanted) {
      const auto members = classes.rows_of(target.position);
      const auto neighbors =
          kernels::nearest_rows(policy, rows, members, members, params.k_neighbors);
      detail::draw_origins(host, draws, target.label, 0, members, neighbors, 1,
                           made.add(target.label, target.rows));
    }
    return detail::interpolate(host, rows, labels, std::move(made));
  }
};

/// Adds rows to the classes that the strategy names. Each new row takes one of all pairs of a row
/// of its class and one of its k nearest in the class, all pairs alike, and lies at
///   base + u · (neighbor − base),  u uniform in [0, 1), one for all columns.
/// Chawla et al., "SMOTE: synthetic minority over-sampling technique", JAIR 16, 2002, with the
/// draws of imbalanced-learn: rows are not used equally often, and one may not be used at all.
///
/// A row is left out of its own neighbours by its id, so that duplicates of it count;
/// imbalanced-learn leaves out the first that is found. Each class and sample draws from a stream
/// of its own.
///
/// @param source rows × columns, dense or sparse; new sparse rows have entries where either of
/// their
///               two rows has one
/// @param labels the class of each row
/// @return resampled or sparse_resampled of the scalar of the rows
/// @throws value_error for params or values out of range, fewer than two classes, a strategy that
///         does not fit them, or a class of at most k_neighbors rows (the text has the largest that
///         is legal); dimension_error unless each row has a label; memory_error
///
/// The neighbours are nearly all of the time: see kernels/nearest_rows.hpp. Memory beside the
/// result: 12 · k bytes a row of the class. The same bits for any number of threads.
inline constexpr resample_function<sampler> resample{};

}  // namespace recokit::inline RECOKIT_ABI::smote
