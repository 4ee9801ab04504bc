// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief SMOTE-NC: SMOTE for rows of numbers and categories.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/kernels/nearest_mixed_rows.hpp>
#include <recokit/resampling/category_votes.hpp>
#include <recokit/resampling/column_spread.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/interpolate.hpp>
#include <recokit/resampling/new_rows.hpp>
#include <recokit/resampling/resample_function.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::smote_nc {

struct params {
  sampling_strategy strategy{};  ///< not in the table of fields: no number and no switch
  int k_neighbors = 5;           ///< neighbours of a row that it may be joined with, and that vote
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 65536,
              "neighbours of a row that it may be joined with, and that vote on categories"),
        field("seed", &params::seed, "of the draws"),
    };
  }
};

namespace detail_smote_nc {

/// @throws value_error unless there are both numbers and categories
void check_columns(std::int64_t numeric, std::int64_t categories);

/// The middle value, or the mean of the two in the middle; at least one value.
double median(Eigen::VectorXd values);

/// The square that a differing category adds to the squared distance of two rows of a class.
template <class Scalar>
double mismatch_square(const cpu& policy, const dense_view<Scalar>& numeric,
                       std::span<const index_t> members) {
  const double middle = median(detail::column_stddev(policy, numeric, members));
  return middle * middle;
}

}  // namespace detail_smote_nc

/// What resample runs.
struct sampler : detail::drawing_sampler<sampler, params> {
  template <class Scalar, class Draws>
  static mixed_resampled<Scalar> draw(const cpu& policy, const mixed_view<Scalar>& rows,
                                      std::span<const index_t> labels, const class_table& classes,
                                      const params& params, Draws& draws) {
    const auto& numeric = rows.numeric();
    const auto& codes = rows.categories();
    detail_smote_nc::check_columns(numeric.cols(), codes.cols());
    const auto wanted = detail::wanted_rows(params.strategy, classes);
    detail::check_class_neighbors("params.k_neighbors", params.k_neighbors, wanted, classes);
    std::int64_t total = 0;
    for (const auto& target : wanted) total += target.rows;
    mixed_resampled<Scalar> result;
    result.rows.categories =
        detail::extended_rows(policy, codes.data(), codes.rows(), codes.cols(), codes.cols(), total,
                              [](std::int64_t, index_t*) {});

    detail::new_rows made;
    for (const auto& target : wanted) {
      const auto members = classes.rows_of(target.position);
      const auto neighbors = kernels::nearest_mixed_rows(
          policy, numeric, codes, detail_smote_nc::mismatch_square(policy, numeric, members),
          members, members, params.k_neighbors);
      const auto first = codes.rows() + static_cast<std::int64_t>(made.origins.size());
      const auto added = made.add(target.label, target.rows);
      detail::draw_origins(policy, draws, target.label, 0, members, neighbors, 1, added);
      scratch_pool<std::vector<index_t>> ballots([] { return std::vector<index_t>(); });
      parallel_for(policy, target.rows, 256, [&](std::int64_t begin, std::int64_t end) {
        const auto ballot = ballots.borrow();
        for (std::int64_t i = begin; i < end; ++i) {
          auto&& random = draws.stream(random_purpose::resampled_category, target.label, i);
          const auto at = std::lower_bound(members.begin(), members.end(),
                                           added[static_cast<std::size_t>(i)].base);
          detail::vote(codes, neighbors.rows.row(at - members.begin()), *ballot, random,
                       result.rows.categories.row(first + i));
        }
      });
    }
    auto interpolated = detail::interpolate(policy, numeric, labels, std::move(made));
    result.rows.numeric = std::move(interpolated.rows);
    result.labels = std::move(interpolated.labels);
    result.origins = std::move(interpolated.origins);
    return result;
  }
};

/// Adds rows to the classes that the strategy names, as smote does, where some columns are
/// categories. The distance of two rows of a class is that of their numbers, with
///   median of the standard deviations of the numeric columns within the class
/// for every category that differs, as one more coordinate. Numbers of a new row lie on the line
/// between base and neighbour; each category is the most frequent one among the k neighbours of the
/// base, of equally frequent ones any, drawn. Chawla et al., "SMOTE", JAIR 16, 2002, section 6.1.
/// Categories are compared as codes: no column is ever spread out over its values.
///
/// When that median is 0, categories do not count in the distance, as in imbalanced-learn; they are
/// still voted on.
///
/// @param source mixed_view(numeric, categories)
/// @param labels the class of each row
/// @return mixed_resampled of the scalar of the numbers
/// @throws value_error for params, values or codes out of range, fewer than two classes, a strategy
///         that does not fit them, a class of at most k_neighbors rows (the text has the largest
///         that is legal), and without numeric or without categorical columns (take smote_n or
///         smote); dimension_error unless each row has a label; memory_error
///
/// The neighbours are nearly all of the time: see kernels/nearest_mixed_rows.hpp. Memory beside the
/// result: 12 · k bytes a row of the class. The same bits for any number of threads.
inline constexpr resample_function<sampler> resample{};

}  // namespace recokit::inline RECOKIT_ABI::smote_nc
