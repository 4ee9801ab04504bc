// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What the significance tests share: users without NaN, their differences, exact sums.
#pragma once

#include <recokit/metrics/significance.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::significance::detail {

/// The users with a value in both vectors.
struct paired_values {
  std::vector<double> first;
  std::vector<double> second;
  std::vector<double> difference;
  std::int64_t dropped = 0;
  std::int64_t users() const noexcept { return static_cast<std::int64_t>(first.size()); }
};
paired_values pair_up(values_ref first, values_ref second, missing_values missing);

struct single_values {
  std::vector<double> values;
  std::int64_t dropped = 0;
};
single_values take(values_ref values, missing_values missing);

/// @returns whether the value is there. @throws value_error for infinity, and NaN under error
bool present(double value, std::string_view argument, std::int64_t user, missing_values missing);

/// Rounded about once (Neumaier 1974), and the same whatever the alignment, unlike Eigen's sum.
double exact_sum(std::span<const double> values) noexcept;

struct moments {
  double mean = 0;
  double deviation = 0;  ///< divisor n − 1
};
/// NaN where there are too few values. The deviation of equal values is 0.
moments moments_of(std::span<const double> values) noexcept;

/// p less what rounding put outside [0, 1].
double clip_p(double p) noexcept;

// The tests and intervals on values that are clean. `stream` keeps the draws of several calls under
// one seed apart; 0 is that of the public functions.
paired_summary summarize(const paired_values& pairs);
t_result t_test(std::span<const double> differences, alternative side);
wilcoxon_result wilcoxon_test(std::span<const double> differences, const wilcoxon_options& options);
fisher_result fisher_test(const cpu& policy, std::span<const double> differences,
                          const fisher_options& options, std::uint32_t stream);
interval mean_interval(const cpu& policy, std::span<const double> values,
                       const interval_options& options, std::uint32_t stream);

}  // namespace recokit::inline RECOKIT_ABI::significance::detail
