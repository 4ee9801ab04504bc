// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bootstrap_sums.hpp"
#include "distributions.hpp"
#include "paired_values.hpp"

#include <recokit/core/check.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace recokit::inline RECOKIT_ABI::significance {
namespace {

using recokit::detail::normal_cdf;
using recokit::detail::normal_upper_quantile;

// Linear between order statistics: type 7 of Hyndman and Fan, 1996.
double quantile(std::span<const double> sorted, double share) noexcept {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), sorted.size() - 1);
  const auto above = std::min(below + 1, sorted.size() - 1);
  const double weight = place - static_cast<double>(below);
  return sorted[below] + weight * (sorted[above] - sorted[below]);
}

struct shares {
  double low = 0;
  double high = 0;
};

// Where BCa reads the distribution of the (centred, sorted) means. For a mean the jackknife needs
// no loop: the acceleration is that of the third moment.
shares bca_shares(std::span<const double> centred, std::span<const double> sorted, double tail) {
  double squares = 0;
  double cubes = 0;
  double scale = 0;
  for (const double c : centred) {
    squares += c * c;
    cubes += c * c * c;
    scale += std::abs(c);
  }
  const double acceleration = cubes / (6 * squares * std::sqrt(squares));
  // Means equal to the observed one, up to rounding, count half.
  const double margin = 1e-12 * scale / static_cast<double>(centred.size());
  const auto below = std::lower_bound(sorted.begin(), sorted.end(), -margin) - sorted.begin();
  const auto up_to = std::upper_bound(sorted.begin(), sorted.end(), margin) - sorted.begin();
  const auto draws = static_cast<double>(sorted.size());
  // All on one side happens only with few resamples; half a resample keeps the quantile finite.
  const double share =
      std::clamp(0.5 * static_cast<double>(below + up_to) / draws, 0.5 / draws, 1 - 0.5 / draws);
  const double bias = -normal_upper_quantile(share);
  const double z = normal_upper_quantile(tail);
  const auto corrected = [&](double at) {
    return normal_cdf(bias + (bias + at) / (1 - acceleration * (bias + at)));
  };
  return {corrected(-z), corrected(z)};
}

void bootstrap(const cpu& policy, std::span<const double> values, const interval_options& options,
               std::uint32_t stream, interval& result) {
  // Centred values lose no digits to a mean that is large beside their spread.
  std::vector<double> centred(values.begin(), values.end());
  for (double& v : centred) v -= result.mean;
  auto means = detail::bootstrap_sums(policy, centred, options.resamples, options.seed, stream);
  for (double& m : means) m /= static_cast<double>(values.size());
  result.standard_error = detail::moments_of(means).deviation;
  std::sort(means.begin(), means.end());
  const double tail = 0.5 * (1 - options.level);
  const shares at = options.method == interval_method::bca ? bca_shares(centred, means, tail)
                                                           : shares{tail, 1 - tail};
  const double low = quantile(means, at.low);
  const double high = quantile(means, at.high);
  const bool mirrored = options.method == interval_method::basic;
  result.low = result.mean + (mirrored ? -high : low);
  result.high = result.mean + (mirrored ? -low : high);
}

}  // namespace

interval detail::mean_interval(const cpu& policy, std::span<const double> values,
                               const interval_options& options, std::uint32_t stream) {
  constexpr double smallest = std::numeric_limits<double>::epsilon();
  check::in_range("options.level", options.level, smallest, 1 - smallest);
  check::in_range("options.resamples", options.resamples, std::int64_t{2},
                  (std::int64_t{1} << 32) - 1);
  interval result;
  result.users = static_cast<std::int64_t>(values.size());
  const auto [mean, deviation] = moments_of(values);
  result.mean = mean;
  if (values.size() < 2) {
    result.low = result.high = result.standard_error = std::numeric_limits<double>::quiet_NaN();
    return result;
  }
  if (deviation == 0) {
    result.low = result.high = mean;
    return result;
  }
  if (options.method != interval_method::student_t) {
    bootstrap(policy, values, options, stream, result);
    return result;
  }
  const auto n = static_cast<double>(values.size());
  result.standard_error = deviation / std::sqrt(n);
  const double reach = recokit::detail::student_t_upper_quantile(0.5 * (1 - options.level), n - 1) *
                       result.standard_error;
  result.low = mean - reach;
  result.high = mean + reach;
  return result;
}

interval mean_interval(const cpu& policy, values_ref values, const interval_options& options) {
  const auto taken = detail::take(values, options.missing);
  auto result = detail::mean_interval(policy, taken.values, options, 0);
  result.dropped = taken.dropped;
  return result;
}

interval mean_interval(values_ref values, const interval_options& options) {
  return mean_interval(cpu{}, values, options);
}

interval difference_interval(const cpu& policy, values_ref first, values_ref second,
                             const interval_options& options) {
  const auto pairs = detail::pair_up(first, second, options.missing);
  auto result = detail::mean_interval(policy, pairs.difference, options, 0);
  result.dropped = pairs.dropped;
  return result;
}

interval difference_interval(values_ref first, values_ref second, const interval_options& options) {
  return difference_interval(cpu{}, first, second, options);
}

}  // namespace recokit::inline RECOKIT_ABI::significance
