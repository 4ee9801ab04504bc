// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What over-samplers share before a row is made: how many, from which rows, with which
/// checks.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/resampling/class_rows.hpp>
#include <recokit/resampling/resampled.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// New rows of one class that are asked for; at least 1.
struct class_target {
  std::size_t position;
  index_t label;
  std::int64_t rows;
};

/// What over_targets says, without classes that get no row, ascending by label.
/// @throws as over_targets, and value_error when more rows come out than an index counts
std::vector<class_target> wanted_rows(const sampling_strategy& strategy,
                                      const class_table& classes);

/// New rows that are decided but not made.
struct new_rows {
  std::vector<origin> origins;
  std::vector<index_t> labels;
  std::vector<unmet_target> unmet;

  /// Appends `rows` origins of a class, to be filled in.
  std::span<origin> add(index_t label, std::int64_t rows);
};

/// @throws value_error unless in each target a row of the class has k others; the text names the
/// class, its rows, k and the largest legal k. @param argument "params.k_neighbors"
void check_class_neighbors(std::string_view argument, int k, std::span<const class_target> wanted,
                           const class_table& classes);
/// The same for neighbours of every class. @throws value_error unless a row has k others
void check_all_neighbors(std::string_view argument, int k, std::int64_t rows);

/// `total` divided by weight, exact: each share rounded down, the rest to the largest remainders,
/// of equal ones to the first. @param weights not negative, not all 0
std::vector<std::int64_t> shares(std::int64_t total, std::span<const double> weights);

/// How many of each row's neighbours are of another class than `position`.
std::vector<int> other_class_counts(const kernels::neighbor_table& neighbors,
                                    const class_table& classes, std::size_t position);

/// Draws origins as SMOTE does: one of all pairs (base, neighbour of it), and how far to go between
/// them. @param bases       row ids, one a row of `neighbors`
/// @param first_sample      the number of the first sample within its class
/// @param longest           the step is uniform in [0, longest), or in (longest, 0] below 0
template <class Draws>
void draw_origins(const cpu& policy, Draws& draws, index_t label, std::int64_t first_sample,
                  std::span<const index_t> bases, const kernels::neighbor_table& neighbors,
                  double longest, std::span<origin> origins) {
  const auto k = static_cast<std::uint64_t>(neighbors.rows.cols());
  const auto pairs = static_cast<std::uint64_t>(bases.size()) * k;
  const auto n = static_cast<std::int64_t>(origins.size());
  constexpr std::int64_t grain = 4096;
  parallel_for(policy, n, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      auto&& random = draws.stream(random_purpose::resampled_base, label, first_sample + i);
      const std::uint64_t pair = random.below(pairs);
      origin& drawn = origins[static_cast<std::size_t>(i)];
      drawn.base = bases[static_cast<std::size_t>(pair / k)];
      drawn.neighbor =
          neighbors.rows(static_cast<Eigen::Index>(pair / k), static_cast<Eigen::Index>(pair % k));
    }
  });
  parallel_for(policy, n, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      auto&& random = draws.stream(random_purpose::resampled_step, label, first_sample + i);
      origins[static_cast<std::size_t>(i)].step = longest * random.uniform();
    }
  });
}

}  // namespace recokit::inline RECOKIT_ABI::detail
