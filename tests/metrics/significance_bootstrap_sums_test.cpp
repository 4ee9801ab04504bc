// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../../src/metrics/binomial.hpp"
#include "../../src/metrics/bootstrap_sums.hpp"

#include "support/catch.hpp"

#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

namespace rk = recokit;
namespace sig = recokit::significance;

namespace {

double binomial_mass(std::int64_t trials, double p, std::int64_t k) {
  const auto n = static_cast<double>(trials);
  const auto x = static_cast<double>(k);
  return std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) +
                  x * std::log(p) + (n - x) * std::log1p(-p));
}

// How many standard deviations Pearson's statistic is above its mean. Rare values share a bin.
template <class Mass>
double misfit(const std::map<std::int64_t, std::int64_t>& counts, std::int64_t draws,
              std::int64_t first, std::int64_t last, const Mass& mass) {
  double statistic = 0;
  double bins = 0;
  double expected = 0;
  std::int64_t observed = 0;
  std::int64_t seen = 0;
  const auto close_bin = [&] {
    const auto off = static_cast<double>(observed) - expected;
    statistic += off * off / expected;
    bins += 1;
    expected = 0;
    observed = 0;
  };
  for (std::int64_t k = first; k <= last; ++k) {
    expected += static_cast<double>(draws) * mass(k);
    const auto found = counts.find(k);
    if (found != counts.end()) observed += found->second;
    if (found != counts.end()) seen += found->second;
    if (expected >= 20) close_bin();
  }
  if (expected > 0.5) close_bin();
  REQUIRE(seen == draws);
  return (statistic - (bins - 1)) / std::sqrt(2 * (bins - 1));
}

}  // namespace

TEST_CASE("binomial draws have the binomial distribution") {
  struct shape {
    std::int64_t trials;
    double p;
  };
  constexpr std::int64_t draws = 100'000;
  std::uint64_t row = 0;
  // Inversion, both near its limit, rejection, mirrored, and the shape of the bootstrap's cells.
  for (const auto& [trials, p] :
       {shape{20, 0.3}, shape{100, 0.0999}, shape{100, 0.1001}, shape{1000, 0.4}, shape{100, 0.96},
        shape{300, 0.7}, shape{100'000, 0.00256}}) {
    CAPTURE(trials, p);
    rk::random_stream stream(11, rk::random_purpose::user, row++);
    std::map<std::int64_t, std::int64_t> counts;
    for (std::int64_t d = 0; d < draws; ++d) ++counts[rk::detail::draw_binomial(stream, trials, p)];
    CHECK(misfit(counts, draws, 0, trials,
                 [&, n = trials, q = p](std::int64_t k) { return binomial_mass(n, q, k); }) < 4);
  }
}

TEST_CASE("binomial draws without chance need none") {
  rk::random_stream stream(1, rk::random_purpose::user);
  CHECK(rk::detail::draw_binomial(stream, 0, 0.5) == 0);
  CHECK(rk::detail::draw_binomial(stream, 9, 0.0) == 0);
  CHECK(rk::detail::draw_binomial(stream, 9, 1.0) == 9);
}

TEST_CASE("bootstrap sums of three values have the multinomial distribution") {
  // 27 equally likely samples of {0, 1, 4}; sums counted by hand of the enumeration below.
  const std::vector<double> values{4, 0, 1};
  std::map<std::int64_t, double> mass;
  for (const double a : values) {
    for (const double b : values) {
      for (const double c : values) mass[static_cast<std::int64_t>(a + b + c)] += 1.0 / 27;
    }
  }
  constexpr std::int64_t draws = 200'000;
  std::map<std::int64_t, std::int64_t> counts;
  for (const double sum : sig::detail::bootstrap_sums(rk::cpu{}, values, draws, 5, 0)) {
    ++counts[static_cast<std::int64_t>(sum)];
  }
  CHECK(misfit(counts, draws, 0, 12, [&](std::int64_t k) { return mass[k]; }) < 4);
}

TEST_CASE("each user is drawn as often as chance has it, in every kind of cell") {
  // 700 users: a run of 100 equal values, two full tables of 256, and 88 left over. One of them is
  // marked; how often it is drawn is binomial(700, 1 / 700).
  constexpr std::int64_t draws = 50'000;
  const auto check_marked = [&](double mark, std::size_t place) {
    std::vector<double> values(700, 0.0);
    for (std::size_t i = 100; i < values.size(); ++i) {
      values[i] = (static_cast<double>(i) - 400.5) * 1e-8;
    }
    values[place] += mark;
    std::map<std::int64_t, std::int64_t> counts;
    for (const double sum : sig::detail::bootstrap_sums(rk::cpu{}, values, draws, 6, 0)) {
      ++counts[std::llround(sum / mark)];
    }
    CHECK(misfit(counts, draws, 0, 30,
                 [](std::int64_t k) { return binomial_mass(700, 1.0 / 700, k); }) < 4);
  };
  check_marked(-1, 150);  // sorted first: in the first table
  check_marked(1, 150);   // sorted last: among those left over
}

TEST_CASE("a run of equal values is drawn as often as its length says") {
  std::vector<double> values(400, 0.0);
  for (std::size_t i = 0; i < 90; ++i) values[i * 3] = 1;
  constexpr std::int64_t draws = 50'000;
  std::map<std::int64_t, std::int64_t> counts;
  for (const double sum : sig::detail::bootstrap_sums(rk::cpu{}, values, draws, 7, 0)) {
    ++counts[static_cast<std::int64_t>(sum)];
  }
  CHECK(misfit(counts, draws, 0, 400,
               [](std::int64_t k) { return binomial_mass(400, 90.0 / 400, k); }) < 4);
}

TEST_CASE("bootstrap sums have the mean and the variance of resampling") {
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(i < 300 ? 0.25 : std::sin(i * i) + i * 1e-3);
  double mean = 0;
  double variance = 0;
  for (const double v : values) mean += v / 1000;
  for (const double v : values) variance += (v - mean) * (v - mean);
  constexpr std::int64_t draws = 40'000;
  const auto sums = sig::detail::bootstrap_sums(rk::cpu{}, values, draws, 8, 0);
  double found_mean = 0;
  double found_variance = 0;
  for (const double s : sums) found_mean += s / draws;
  for (const double s : sums) {
    found_variance += (s - 1000 * mean) * (s - 1000 * mean) / draws;
  }
  CHECK(std::abs(found_mean - 1000 * mean) < 4 * std::sqrt(variance / draws));
  CHECK(std::abs(found_variance / variance - 1) < 4 * std::sqrt(2.0 / draws));
}

TEST_CASE("bootstrap sums do not depend on the threads or on the order of users") {
  std::vector<double> values;
  for (int i = 0; i < 900; ++i) values.push_back(i % 3 == 0 ? 0.5 : std::cos(i));
  const auto one = sig::detail::bootstrap_sums(rk::cpu{.threads = 1}, values, 500, 9, 0);
  CHECK(sig::detail::bootstrap_sums(rk::cpu{.threads = 4}, values, 500, 9, 0) == one);
  CHECK(sig::detail::bootstrap_sums(rk::cpu{}, std::vector(values.rbegin(), values.rend()), 500, 9,
                                    0) == one);
  CHECK(sig::detail::bootstrap_sums(rk::cpu{}, values, 500, 10, 0) != one);
  CHECK(sig::detail::bootstrap_sums(rk::cpu{}, values, 500, 9, 1) != one);
}
