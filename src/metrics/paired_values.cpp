// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "paired_values.hpp"

#include <recokit/core/check.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace recokit::inline RECOKIT_ABI::significance::detail {

bool present(double value, std::string_view argument, std::int64_t user, missing_values missing) {
  if (std::isfinite(value)) return true;
  const auto place = [&] { return std::string(argument) + "[" + std::to_string(user) + "]"; };
  if (!std::isnan(value)) {
    throw value_error(place(), value > 0 ? "inf" : "-inf", "must be finite");
  }
  if (missing == missing_values::error) {
    throw value_error(place(), "nan",
                      "must be a number; missing_values::drop leaves such users out");
  }
  return false;
}

paired_values pair_up(values_ref first, values_ref second, missing_values missing) {
  check::equal("second.size()", second.size(), "first.size()", first.size(),
               "give the values of the same users in the same order");
  paired_values pairs;
  pairs.first.reserve(static_cast<std::size_t>(first.size()));
  pairs.second.reserve(static_cast<std::size_t>(first.size()));
  pairs.difference.reserve(static_cast<std::size_t>(first.size()));
  for (Eigen::Index u = 0; u < first.size(); ++u) {
    const bool in_first = present(first[u], "first", u, missing);
    const bool in_second = present(second[u], "second", u, missing);
    if (!in_first || !in_second) {
      ++pairs.dropped;
      continue;
    }
    pairs.first.push_back(first[u]);
    pairs.second.push_back(second[u]);
    pairs.difference.push_back(first[u] - second[u]);
  }
  return pairs;
}

single_values take(values_ref values, missing_values missing) {
  single_values taken;
  taken.values.reserve(static_cast<std::size_t>(values.size()));
  for (Eigen::Index u = 0; u < values.size(); ++u) {
    if (present(values[u], "values", u, missing)) {
      taken.values.push_back(values[u]);
    } else {
      ++taken.dropped;
    }
  }
  return taken;
}

double exact_sum(std::span<const double> values) noexcept {
  double sum = 0;
  double lost = 0;
  for (const double v : values) {
    const double next = sum + v;
    lost += std::abs(sum) >= std::abs(v) ? (sum - next) + v : (v - next) + sum;
    sum = next;
  }
  return sum + lost;
}

moments moments_of(std::span<const double> values) noexcept {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (values.empty()) return {nan, nan};
  const auto n = static_cast<double>(values.size());
  const bool constant =
      std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
  if (constant) return {values.front(), values.size() > 1 ? 0.0 : nan};
  const double mean = exact_sum(values) / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, std::sqrt(squares / (n - 1))};
}

double clip_p(double p) noexcept { return std::clamp(p, 0.0, 1.0); }

}  // namespace recokit::inline RECOKIT_ABI::significance::detail
