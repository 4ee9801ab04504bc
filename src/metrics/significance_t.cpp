// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "distributions.hpp"
#include "paired_values.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

namespace recokit::inline RECOKIT_ABI::significance {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// 0 / 0 is 0: no difference has no size.
double ratio(double difference, double deviation) noexcept {
  return difference == 0 && deviation == 0 ? 0 : difference / deviation;
}

}  // namespace

paired_summary summarize(values_ref first, values_ref second, missing_values missing) {
  return detail::summarize(detail::pair_up(first, second, missing));
}

t_result t_test(values_ref first, values_ref second, const t_options& options) {
  const auto pairs = detail::pair_up(first, second, options.missing);
  auto result = detail::t_test(pairs.difference, options.side);
  result.dropped = pairs.dropped;
  return result;
}

namespace detail {

paired_summary summarize(const paired_values& pairs) {
  paired_summary s;
  s.users = pairs.users();
  s.dropped = pairs.dropped;
  for (const double d : pairs.difference) {
    s.wins += d > 0;
    s.losses += d < 0;
  }
  s.ties = s.users - s.wins - s.losses;
  const auto first = moments_of(pairs.first);
  const auto second = moments_of(pairs.second);
  const auto difference = moments_of(pairs.difference);
  s.mean_first = first.mean;
  s.mean_second = second.mean;
  s.mean_difference = difference.mean;
  s.deviation = difference.deviation;
  s.cohen_d = ratio(difference.mean, difference.deviation);
  s.cohen_d_average = ratio(
      difference.mean,
      std::sqrt(0.5 * (first.deviation * first.deviation + second.deviation * second.deviation)));
  return s;
}

t_result t_test(std::span<const double> differences, alternative side) {
  t_result result;
  result.users = static_cast<std::int64_t>(differences.size());
  const auto n = static_cast<double>(differences.size());
  const auto [mean, deviation] = moments_of(differences);
  if (differences.size() < 2) {
    result.statistic = result.p_value = nan;
    return result;
  }
  if (mean == 0 && deviation == 0) {
    result.p_value = 1;
    return result;
  }
  result.statistic = mean / (deviation / std::sqrt(n));
  const auto tail = [&](double t) { return recokit::detail::student_t_upper_tail(t, n - 1); };
  switch (side) {
    case alternative::two_sided:
      result.p_value = 2 * tail(std::abs(result.statistic));
      break;
    case alternative::greater:
      result.p_value = tail(result.statistic);
      break;
    case alternative::less:
      result.p_value = tail(-result.statistic);
      break;
  }
  result.p_value = clip_p(result.p_value);
  return result;
}

}  // namespace detail
}  // namespace recokit::inline RECOKIT_ABI::significance
