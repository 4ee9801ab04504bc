// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "distributions.hpp"
#include "paired_values.hpp"

#include <recokit/core/check.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::significance {
namespace {

constexpr std::int64_t most_exact = 1000;

// Ranks of |difference|, doubled so that the mean of tied ranks is an integer.
struct signed_ranks {
  std::vector<std::int64_t> twice;  // of the differences that are not zero, ascending
  std::int64_t positive = 0;        // sum of those of positive differences
  std::int64_t negative = 0;
  std::int64_t zeros = 0;
  double tie_term = 0;  // Σ t³ − t over groups of t equal differences that are not zero
  bool ties = false;
};

signed_ranks rank_differences(std::span<const double> differences, zero_method zeros) {
  std::vector<double> sorted;
  sorted.reserve(differences.size());
  for (const double d : differences) {
    if (d != 0) sorted.push_back(d);
  }
  signed_ranks ranks;
  ranks.zeros = static_cast<std::int64_t>(differences.size() - sorted.size());
  std::sort(sorted.begin(), sorted.end(), [](double a, double b) {
    const double size_a = std::abs(a);
    const double size_b = std::abs(b);
    return size_a != size_b ? size_a < size_b : a < b;
  });
  ranks.twice.reserve(sorted.size());
  const std::int64_t below = zeros == zero_method::wilcox ? 0 : ranks.zeros;
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin + 1;
    while (end < sorted.size() && std::abs(sorted[end]) == std::abs(sorted[begin])) ++end;
    const auto t = static_cast<double>(end - begin);
    ranks.ties = ranks.ties || end - begin > 1;
    ranks.tie_term += t * t * t - t;
    const std::int64_t twice = 2 * below + static_cast<std::int64_t>(begin + end + 1);
    for (; begin < end; ++begin) {
      ranks.twice.push_back(twice);
      (sorted[begin] > 0 ? ranks.positive : ranks.negative) += twice;
    }
  }
  return ranks;
}

struct tails {
  double at_most = 1;
  double at_least = 1;
};

// Shares of all sign patterns with a (doubled) rank sum up to, and from, `observed`.
tails exact_tails(const signed_ranks& ranks) {
  // Without ties all doubled ranks are even, which halves the table.
  const bool even = std::all_of(ranks.twice.begin(), ranks.twice.end(),
                                [](std::int64_t r) { return r % 2 == 0; });
  const std::int64_t unit = even ? 2 : 1;
  const auto total = static_cast<std::size_t>((ranks.positive + ranks.negative) / unit);
  std::vector<double> mass(total + 1, 0.0);
  mass[0] = 1;
  std::size_t reached = 0;
  for (const std::int64_t twice : ranks.twice) {
    const auto rank = static_cast<std::size_t>(twice / unit);
    reached += rank;
    for (std::size_t s = reached + 1; s-- > 0;) {
      mass[s] = 0.5 * (mass[s] + (s >= rank ? mass[s - rank] : 0.0));
    }
  }
  // The distribution is symmetric, so both tails are sums of small terms on the short side.
  const auto observed = static_cast<std::size_t>(ranks.positive / unit);
  const auto lower = [&](std::size_t last) {  // P(sum <= last)
    double sum = 0;
    if (2 * last <= total) {
      for (std::size_t s = 0; s <= last; ++s) sum += mass[s];
      return sum;
    }
    for (std::size_t s = 0; s < total - last; ++s) sum += mass[s];
    return 1 - sum;
  };
  return {lower(observed), lower(total - observed)};
}

double one_p(const tails& both, alternative side) {
  switch (side) {
    case alternative::greater:
      return both.at_least;
    case alternative::less:
      return both.at_most;
    case alternative::two_sided:
      break;
  }
  return detail::clip_p(2 * std::min(both.at_most, both.at_least));
}

// Positive rank sum as a normal deviate; `users` count in the ranks.
double deviate(double positive, double users, const signed_ranks& ranks,
               const wilcoxon_options& options) {
  const auto cubic = [](double n) { return n * (n + 1) * (2 * n + 1); };
  const auto zeros = static_cast<double>(ranks.zeros);
  double mean = users * (users + 1) / 4;
  double variance = cubic(users);
  double ties = ranks.tie_term;
  if (options.zeros == zero_method::pratt) {  // Cureton, JASA 1967
    mean -= zeros * (zeros + 1) / 4;
    variance -= cubic(zeros);
  } else if (options.zeros == zero_method::split) {
    ties += zeros * zeros * zeros - zeros;
  }
  const double deviation = std::sqrt((variance - ties / 2) / 24);
  double z = (positive - mean) / deviation;
  if (options.continuity_correction) {
    const double sign = options.side == alternative::greater ? 1
                        : options.side == alternative::less  ? -1
                        : z > 0                              ? 1
                        : z < 0                              ? -1
                                                             : 0;
    z -= sign * 0.5 / deviation;
  }
  return z;
}

}  // namespace

wilcoxon_result wilcoxon_test(values_ref first, values_ref second,
                              const wilcoxon_options& options) {
  const auto pairs = detail::pair_up(first, second, options.missing);
  auto result = detail::wilcoxon_test(pairs.difference, options);
  result.dropped = pairs.dropped;
  return result;
}

wilcoxon_result detail::wilcoxon_test(std::span<const double> differences,
                                      const wilcoxon_options& options) {
  wilcoxon_result result;
  result.users = static_cast<std::int64_t>(differences.size());
  if (differences.empty()) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    result.statistic = result.p_value = result.rank_biserial = nan;
    result.positive_ranks = result.negative_ranks = nan;
    return result;
  }
  const auto ranks = rank_differences(differences, options.zeros);
  result.zeros = ranks.zeros;
  const auto zeros = static_cast<double>(ranks.zeros);
  const double split = options.zeros == zero_method::split ? zeros * (zeros + 1) / 4 : 0;
  result.positive_ranks = 0.5 * static_cast<double>(ranks.positive) + split;
  result.negative_ranks = 0.5 * static_cast<double>(ranks.negative) + split;
  result.statistic = options.side == alternative::two_sided
                         ? std::min(result.positive_ranks, result.negative_ranks)
                         : result.positive_ranks;
  const auto differing = static_cast<std::int64_t>(ranks.twice.size());
  const double all_ranks = result.positive_ranks + result.negative_ranks;
  if (all_ranks > 0) {
    result.rank_biserial = (result.positive_ranks - result.negative_ranks) / all_ranks;
  }
  result.exact = options.null == wilcoxon_null::exact;
  if (options.null == wilcoxon_null::automatic) {
    const bool plain = !ranks.ties && ranks.zeros == 0;
    result.exact = result.users <= (plain ? 50 : 13);
  }
  if (differing == 0) {
    result.p_value = 1;
  } else if (result.exact) {
    check::in_range("users that differ (options.null = exact)", differing, std::int64_t{0},
                    most_exact);
    result.p_value = one_p(exact_tails(ranks), options.side);
  } else {
    const double users =
        static_cast<double>(options.zeros == zero_method::wilcox ? differing : result.users);
    result.z = deviate(result.positive_ranks, users, ranks, options);
    result.p_value =
        one_p({recokit::detail::normal_cdf(result.z), recokit::detail::normal_cdf(-result.z)},
              options.side);
  }
  return result;
}

}  // namespace recokit::inline RECOKIT_ABI::significance
