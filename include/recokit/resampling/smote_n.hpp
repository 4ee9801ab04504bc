// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief SMOTE-N: new rows of categories, by the vote of a row and its neighbours.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/kernels/nearest_mixed_rows.hpp>
#include <recokit/resampling/category_votes.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/interpolate.hpp>
#include <recokit/resampling/new_rows.hpp>
#include <recokit/resampling/resample_function.hpp>
#include <recokit/resampling/value_difference.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::smote_n {

struct params {
  sampling_strategy strategy{};  ///< not in the table of fields: no number and no switch
  int k_neighbors = 5;           ///< neighbours of a row that vote with it
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 65536,
              "neighbours of a row that vote with it"),
        field("seed", &params::seed, "of the draws"),
    };
  }
};

namespace detail_smote_n {

/// What each of `bases` and its neighbours elect: numbers of values, of equally frequent ones the
/// smallest.
row_major_matrix<index_t> elected(const cpu& policy, const dense_categories& categories,
                                  std::span<const index_t> bases,
                                  const kernels::neighbor_table& neighbors);

}  // namespace detail_smote_n

/// What resample runs.
struct sampler : detail::drawing_sampler<sampler, params> {
  template <class Draws>
  static resampled<index_t> draw(const cpu& policy, const category_view& rows,
                                 std::span<const index_t> labels, const class_table& classes,
                                 const params& params, Draws& draws) {
    const auto wanted = detail::wanted_rows(params.strategy, classes);
    detail::check_class_neighbors("params.k_neighbors", params.k_neighbors, wanted, classes);
    const dense_categories categories = densified(rows.codes());
    const auto tables = value_differences(categories, classes);
    std::int64_t total = 0;
    for (const auto& target : wanted) total += target.rows;
    const auto& codes = rows.codes();
    resampled<index_t> result;
    result.rows = detail::extended_rows(policy, codes.data(), codes.rows(), codes.cols(),
                                        codes.cols(), total, [](std::int64_t, index_t*) {});
    detail::new_rows made;
    for (const auto& target : wanted) {
      const auto members = classes.rows_of(target.position);
      const auto winners = detail_smote_n::elected(
          policy, categories, members,
          kernels::nearest_categorical_rows(policy, categories.codes, tables, members, members,
                                            params.k_neighbors, false));
      const auto first = codes.rows() + static_cast<std::int64_t>(made.origins.size());
      const auto added = made.add(target.label, target.rows);
      parallel_for(policy, target.rows, 4096, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          auto&& random = draws.stream(random_purpose::resampled_base, target.label, i);
          const auto member = static_cast<Eigen::Index>(random.below(members.size()));
          const index_t base = members[static_cast<std::size_t>(member)];
          added[static_cast<std::size_t>(i)] = {base, base, 0};
          for (Eigen::Index c = 0; c < codes.cols(); ++c) {
            result.rows(first + i, c) =
                categories.values[static_cast<std::size_t>(c)]
                                 [static_cast<std::size_t>(winners(member, c))];
          }
        }
      });
    }
    result.labels = detail::joined_labels(labels, made);
    result.origins = std::move(made.origins);
    return result;
  }
};

/// Adds rows of categories to the classes that the strategy names. Each new row takes a row of its
/// class, all alike, and in every column the most frequent category among that row and its k
/// nearest in the class, of equally frequent ones the one with the smallest code. Rows are near by
/// the value difference metric: see value_difference.hpp. Chawla et al., "SMOTE", JAIR 16, 2002,
/// section 6.2.
///
/// Neighbours are the nearest by that metric; imbalanced-learn takes rows whose distances to all
/// rows of the class are alike, for which it keeps all these distances. Origins give the base
/// twice, with step 0.
///
/// @param source rows × columns codes of categories, none below 0
/// @param labels the class of each row
/// @return resampled<index_t>
/// @throws value_error for params or codes out of range, fewer than two classes, a strategy that
///         does not fit them, or a class of at most k_neighbors rows (the text has the largest that
///         is legal); dimension_error unless each row has a label; memory_error
///
/// The neighbours are nearly all of the time: see kernels/nearest_mixed_rows.hpp. Memory beside the
/// result: 12 · k bytes a row of the class, and 8 · v² for a column of v categories. The same bits
/// for any number of threads.
inline constexpr resample_function<sampler> resample{};

}  // namespace recokit::inline RECOKIT_ABI::smote_n
