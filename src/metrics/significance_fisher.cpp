// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "paired_values.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::significance {
namespace {

// A Philox block gives the signs of 128 users, one byte for eight of them.
constexpr std::size_t group = 8;
constexpr std::size_t groups = 16;
constexpr std::size_t block_users = group * groups;
using sum_table = std::array<double, 256 * groups>;

// For each group and each byte, the sum of the group's differences, with the sign of those reversed
// whose bit is set. Absent users count 0.
void fill(sum_table& table, std::span<const double> differences) {
  for (std::size_t g = 0; g < groups; ++g) {
    double* const sums = table.data() + 256 * g;
    sums[0] = 0;
    for (std::size_t bit = 0; bit < group; ++bit) {
      const std::size_t user = group * g + bit;
      const double d = user < differences.size() ? differences[user] : 0.0;
      const std::size_t half = std::size_t{1} << bit;
      for (std::size_t byte = 0; byte < half; ++byte) {
        sums[half + byte] = sums[byte] - d;
        sums[byte] += d;
      }
    }
  }
}

double look_up(const sum_table& table, const philox_block& bits) noexcept {
  const auto word = [&](std::size_t w) {
    const std::uint32_t v = bits.word[w];
    const double* const t = table.data() + 1024 * w;
    return (t[v & 255] + t[256 + (v >> 8 & 255)]) + (t[512 + (v >> 16 & 255)] + t[768 + (v >> 24)]);
  };
  return (word(0) + word(1)) + (word(2) + word(3));
}

// What counts as extreme, with a margin for rounding.
struct extreme {
  double observed = 0;
  double margin = 0;
  alternative side = alternative::two_sided;

  bool operator()(double sum) const noexcept {
    switch (side) {
      case alternative::greater:
        return sum >= observed - margin;
      case alternative::less:
        return sum <= observed + margin;
      case alternative::two_sided:
        break;
    }
    return std::abs(sum) >= std::abs(observed) - margin;
  }
};

std::int64_t drawn_hits(const cpu& policy, std::span<const double> differences,
                        const extreme& counts, std::int64_t draws, std::uint64_t seed,
                        std::uint32_t stream) {
  // Draws that share one filling of the table; their sums stay in the first-level cache.
  constexpr std::int64_t together = 512;
  return parallel_reduce(
      policy, draws, together, std::int64_t{0},
      [&](std::int64_t begin, std::int64_t end) {
        std::array<double, together> sums{};
        sum_table table;
        const std::size_t blocks = (differences.size() + block_users - 1) / block_users;
        for (std::size_t b = 0; b < blocks; ++b) {
          const std::size_t from = b * block_users;
          fill(table, differences.subspan(from, std::min(block_users, differences.size() - from)));
          for (std::int64_t r = begin; r < end; ++r) {
            // Block b of random_stream(seed, fisher_signs, r), with the stream in the high half.
            const philox_block counter{{static_cast<std::uint32_t>(b),
                                        static_cast<std::uint32_t>(random_purpose::fisher_signs),
                                        static_cast<std::uint32_t>(r), stream}};
            sums[static_cast<std::size_t>(r - begin)] += look_up(table, philox4x32(counter, seed));
          }
        }
        return static_cast<std::int64_t>(
            std::count_if(sums.begin(), sums.begin() + (end - begin), counts));
      },
      [](std::int64_t& hits, std::int64_t part) { hits += part; });
}

// All sums of ±|difference|, ascending: each value merges two shifted copies of what is there.
std::vector<double> signed_sums(std::span<const double> differences) {
  std::vector<double> sums{0.0};
  std::vector<double> next;
  for (const double difference : differences) {
    const double d = std::abs(difference);
    next.resize(2 * sums.size());
    std::size_t low = 0;
    std::size_t high = 0;
    for (double& out : next) {
      const bool take_low =
          high == sums.size() || (low < sums.size() && sums[low] - d <= sums[high] + d);
      out = take_low ? sums[low++] - d : sums[high++] + d;
    }
    sums.swap(next);
  }
  return sums;
}

// Sign patterns with a sum of at least `bound`: the sums of either half are sorted, so two indices
// walk past each other (Horowitz and Sahni, J. ACM 1974).
std::int64_t patterns_from(std::span<const double> differences, double bound) {
  const auto left = signed_sums(differences.first(differences.size() / 2));
  const auto right = signed_sums(differences.subspan(differences.size() / 2));
  std::int64_t count = 0;
  std::size_t below = right.size();  // right[below..] reach the bound
  for (const double sum : left) {
    while (below > 0 && sum + right[below - 1] >= bound) --below;
    count += static_cast<std::int64_t>(right.size() - below);
  }
  return count;
}

std::int64_t exact_hits(std::span<const double> differences, const extreme& counts) {
  // The sums are symmetric around zero.
  switch (counts.side) {
    case alternative::greater:
      return patterns_from(differences, counts.observed - counts.margin);
    case alternative::less:
      return patterns_from(differences, -counts.observed - counts.margin);
    case alternative::two_sided:
      break;
  }
  const double bound = std::abs(counts.observed) - counts.margin;
  if (bound <= 0) return std::int64_t{1} << differences.size();
  return 2 * patterns_from(differences, bound);
}

}  // namespace

fisher_result fisher_test(const cpu& policy, values_ref first, values_ref second,
                          const fisher_options& options) {
  const auto pairs = detail::pair_up(first, second, options.missing);
  auto result = detail::fisher_test(policy, pairs.difference, options, 0);
  result.dropped = pairs.dropped;
  return result;
}

fisher_result fisher_test(values_ref first, values_ref second, const fisher_options& options) {
  return fisher_test(cpu{}, first, second, options);
}

fisher_result detail::fisher_test(const cpu& policy, std::span<const double> differences,
                                  const fisher_options& options, std::uint32_t stream) {
  check::in_range("options.permutations", options.permutations, std::int64_t{1},
                  (std::int64_t{1} << 32) - 1);
  check::in_range("options.exact_limit", options.exact_limit, 0, 50);
  fisher_result result;
  result.users = static_cast<std::int64_t>(differences.size());
  if (differences.empty()) {
    result.statistic = result.p_value = std::numeric_limits<double>::quiet_NaN();
    return result;
  }
  // A sign does nothing to a zero.
  std::vector<double> differing;
  differing.reserve(differences.size());
  double scale = 0;
  for (const double d : differences) {
    if (d == 0) continue;
    differing.push_back(d);
    scale += std::abs(d);
  }
  const double sum = exact_sum(differing);
  result.statistic = sum / static_cast<double>(differences.size());
  const extreme counts{sum, 1e-12 * scale, options.side};
  if (std::cmp_less_equal(differing.size(), options.exact_limit)) {
    result.exact = true;
    result.draws = std::int64_t{1} << differing.size();
    result.hits = exact_hits(differing, counts);
    result.p_value = static_cast<double>(result.hits) / static_cast<double>(result.draws);
    return result;
  }
  result.draws = options.permutations;
  result.hits = drawn_hits(policy, differing, counts, options.permutations, options.seed, stream);
  const int more = options.p_value == drawn_p_value::add_one ? 1 : 0;
  result.p_value =
      static_cast<double>(result.hits + more) / static_cast<double>(result.draws + more);
  return result;
}

}  // namespace recokit::inline RECOKIT_ABI::significance
