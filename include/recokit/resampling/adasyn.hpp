// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief ADASYN: the more neighbours of a row are of other classes, the more new rows it gets.
#pragma once

#include <recokit/core/all_rows.hpp>
#include <recokit/core/backend.hpp>
#include <recokit/core/params.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/interpolate.hpp>
#include <recokit/resampling/new_rows.hpp>
#include <recokit/resampling/resample_function.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::adasyn {

struct params {
  sampling_strategy strategy{};  ///< not in the table of fields: no number and no switch
  int k_neighbors = 5;           ///< neighbours that weigh a row, and that it may be joined with
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 65536,
              "neighbours that weigh a row, and that it may be joined with"),
        field("seed", &params::seed, "of the draws"),
    };
  }
};

namespace detail_adasyn {

/// New rows of each row of a class. @throws value_error when no row has a neighbour of another
/// class
std::vector<std::int64_t> rows_of_each(const detail::class_target& target, int k,
                                       std::span<const int> other_class_neighbors);

}  // namespace detail_adasyn

/// What resample runs.
struct sampler : detail::drawing_sampler<sampler, params> {
  static constexpr bool has_cuda = true;

  template <backend Policy, class Rows, class Draws>
  static auto draw(const Policy& policy, const Rows& rows, std::span<const index_t> labels,
                   const class_table& classes, const params& params, Draws& draws) {
    const cpu host = detail::host_of(policy);
    const int k = params.k_neighbors;
    const auto wanted = detail::wanted_rows(params.strategy, classes);
    detail::check_class_neighbors("params.k_neighbors", k, wanted, classes);
    const auto all = detail::all_rows(static_cast<index_t>(classes.rows()));
    detail::new_rows made;
    for (const auto& target : wanted) {
      const auto members = classes.rows_of(target.position);
      const auto each = detail_adasyn::rows_of_each(
          target, k,
          detail::other_class_counts(kernels::nearest_rows(policy, rows, all, members, k), classes,
                                     target.position));
      // Neighbours inside the class, of rows that get any.
      std::vector<index_t> bases;
      std::vector<index_t> base_of;
      for (std::size_t i = 0; i < each.size(); ++i) {
        if (each[i] == 0) continue;
        base_of.insert(base_of.end(), static_cast<std::size_t>(each[i]),
                       static_cast<index_t>(bases.size()));
        bases.push_back(members[i]);
      }
      const auto neighbors =
          kernels::nearest_rows(policy, rows, members, std::span<const index_t>(bases), k);
      const auto added = made.add(target.label, target.rows);
      parallel_for(host, target.rows, 4096, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          auto&& random = draws.stream(random_purpose::resampled_base, target.label, i);
          const index_t b = base_of[static_cast<std::size_t>(i)];
          const auto column =
              static_cast<Eigen::Index>(random.below(static_cast<std::uint64_t>(k)));
          added[static_cast<std::size_t>(i)] = {bases[static_cast<std::size_t>(b)],
                                                neighbors.rows(b, column), 0};
        }
      });
      parallel_for(host, target.rows, 4096, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          auto&& random = draws.stream(random_purpose::resampled_step, target.label, i);
          added[static_cast<std::size_t>(i)].step = random.uniform();
        }
      });
    }
    return detail::interpolate(host, rows, labels, std::move(made));
  }
};

/// Adds rows to the classes that the strategy names. Of the n new rows of a class, a row of it that
/// has r of its k nearest rows in other classes gets n · r / Σ r, in whole rows. Each joins it with
/// one of its k nearest in the class, all alike, as smote does:
///   base + u · (neighbor − base),  u uniform in [0, 1).
/// He, Bai, Garcia and Li, "ADASYN: adaptive synthetic sampling approach for imbalanced learning",
/// IJCNN 2008.
///
/// The shares are rounded down and the rest goes to the largest remainders, so that n rows are
/// made; imbalanced-learn rounds each and makes about n. A row is left out of its neighbours by its
/// id.
///
/// @param source rows × columns, dense or sparse; new sparse rows have entries where either of
/// their
///               two rows has one
/// @param labels the class of each row
/// @return resampled or sparse_resampled of the scalar of the rows
/// @throws value_error for params or values out of range, fewer than two classes, a strategy that
///         does not fit them, a class of at most k_neighbors rows (the text has the largest that is
///         legal), or one of whose rows no neighbour is of another class; dimension_error unless
///         each row has a label; memory_error
///
/// The neighbours are nearly all of the time: see kernels/nearest_rows.hpp. Memory beside the
/// result: 12 · k bytes a row of the class. The same bits for any number of threads.
inline constexpr resample_function<sampler> resample{};

}  // namespace recokit::inline RECOKIT_ABI::adasyn
