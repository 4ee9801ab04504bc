// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "significance_cases.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>
#include <recokit/metrics/significance.hpp>

#include <cmath>
#include <cstdint>

namespace rk = recokit;
namespace sig = recokit::significance;
using recokit_test::close;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::vector;
using sig::alternative;

namespace {

// Pairs of values with a small true difference.
void draw(std::uint64_t set, Eigen::VectorXd& x, Eigen::VectorXd& y, double shift) {
  rk::random_stream stream(21, rk::random_purpose::user, set);
  for (Eigen::Index u = 0; u < x.size(); ++u) {
    y[u] = stream.uniform();
    x[u] = y[u] + 0.3 * stream.normal() + shift;
  }
}

// Counts with a loop what the library counts with tables.
std::int64_t naive_hits(const Eigen::VectorXd& differences, std::int64_t draws, std::uint64_t seed,
                        alternative side) {
  std::int64_t hits = 0;
  const double observed = differences.sum();
  const double margin = 1e-12 * differences.cwiseAbs().sum();
  for (std::int64_t r = 0; r < draws; ++r) {
    rk::random_stream bits(seed, rk::random_purpose::fisher_signs, static_cast<std::uint64_t>(r));
    double sum = 0;
    std::uint32_t word = 0;
    Eigen::Index place = 0;
    for (const double d : differences) {
      if (d == 0) continue;
      if (place % 32 == 0) word = bits();
      sum += (word >> (place % 32) & 1) != 0 ? -d : d;
      ++place;
    }
    switch (side) {
      case alternative::two_sided:
        hits += std::abs(sum) >= std::abs(observed) - margin;
        break;
      case alternative::greater:
        hits += sum >= observed - margin;
        break;
      case alternative::less:
        hits += sum <= observed + margin;
        break;
    }
  }
  return hits;
}

}  // namespace

// Expected: scipy 1.17.1, stats.permutation_test(permutation_type="samples") of the sum, all 2^n.
TEST_CASE("the exact randomisation test gives scipy's p values") {
  struct row {
    alternative side;
    double ten_users, fifteen_users;
  };
  for (const auto& [side, ten, fifteen] : {row{alternative::two_sided, 0.0234375, 0.1923828125},
                                           row{alternative::greater, 0.01171875, 0.09619140625},
                                           row{alternative::less, 0.990234375, 0.95654296875}}) {
    const auto first = sig::fisher_test(recokit_test::a, recokit_test::b, {.side = side});
    CHECK(first.exact);
    CHECK(first.p_value == ten);
    CHECK(first.draws == 512);  // one user does not differ
    CHECK(close(first.statistic, 0.071));
    CHECK(sig::fisher_test(recokit_test::c, recokit_test::d, {.side = side}).p_value == fifteen);
  }
}

TEST_CASE("the exact randomisation test is the enumeration of all signs") {
  for (std::uint64_t set = 0; set < 60; ++set) {
    rk::random_stream stream(4, rk::random_purpose::user, set);
    const auto users = static_cast<Eigen::Index>(1 + stream.below(12));
    // Every second set has tenths, whose sums tie up to rounding, and zeros.
    Eigen::VectorXd x(users);
    for (auto& v : x) {
      v = set % 2 == 0 ? stream.normal() : 0.1 * (static_cast<double>(stream.below(9)) - 3);
    }
    const Eigen::VectorXd y = Eigen::VectorXd::Zero(users);
    const double margin = 1e-12 * x.cwiseAbs().sum();
    std::int64_t two_sided = 0;
    std::int64_t greater = 0;
    std::int64_t less = 0;
    for (std::int64_t signs = 0; signs < std::int64_t{1} << users; ++signs) {
      double sum = 0;
      for (Eigen::Index u = 0; u < users; ++u) sum += (signs >> u & 1) != 0 ? -x[u] : x[u];
      two_sided += std::abs(sum) >= std::abs(x.sum()) - margin;
      greater += sum >= x.sum() - margin;
      less += sum <= x.sum() + margin;
    }
    const auto share = [&](std::int64_t hits) {
      return static_cast<double>(hits) / static_cast<double>(std::int64_t{1} << users);
    };
    const auto p = [&](alternative side) { return sig::fisher_test(x, y, {.side = side}).p_value; };
    CAPTURE(set);
    CHECK(p(alternative::two_sided) == share(two_sided));
    CHECK(p(alternative::greater) == share(greater));
    CHECK(p(alternative::less) == share(less));
  }
}

TEST_CASE("draws take the bits of their random stream, one a user who differs") {
  Eigen::VectorXd x(517);  // four blocks of 128 and some
  Eigen::VectorXd y(517);
  draw(1, x, y, 0.02);
  for (Eigen::Index u = 0; u < x.size(); u += 3) x[u] = y[u];
  for (const auto side : {alternative::two_sided, alternative::greater, alternative::less}) {
    sig::fisher_options options;
    options.side = side;
    options.permutations = 1500;
    options.seed = 77;
    const auto result = sig::fisher_test(x, y, options);
    CHECK_FALSE(result.exact);
    CHECK(result.draws == 1500);
    CHECK(result.hits == naive_hits(x - y, 1500, 77, side));
    CHECK(result.hits > 0);
    CHECK(result.hits < 1500);
  }
}

TEST_CASE("sums that tie up to rounding count as extreme in draws too") {
  // 40 differences of ±0.1: the sum is 0.4, and |sum| >= 0.4 unless it is 0 or ±0.2.
  Eigen::VectorXd x(40);
  for (Eigen::Index u = 0; u < 40; ++u) x[u] = u < 22 ? 0.1 : -0.1;
  const Eigen::VectorXd y = Eigen::VectorXd::Zero(40);
  const auto choose = [](double n, double k) {
    return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1));
  };
  const double expected = 1 - (choose(40, 20) + 2 * choose(40, 19)) / std::exp2(40);
  CHECK(close(sig::fisher_test(x, y, {.exact_limit = 40}).p_value, expected));
  const auto drawn = sig::fisher_test(x, y, {.permutations = 100'000, .exact_limit = 0});
  CHECK(std::abs(drawn.p_value - expected) < 5 * std::sqrt(expected * (1 - expected) / 1e5));
}

TEST_CASE("drawn p values come close to exact ones") {
  for (std::uint64_t set = 0; set < 6; ++set) {
    Eigen::VectorXd x(36);
    Eigen::VectorXd y(36);
    draw(set + 50, x, y, 0.05);
    const double exact = sig::fisher_test(x, y, {.exact_limit = 36}).p_value;
    const double drawn =
        sig::fisher_test(x, y, {.permutations = 50'000, .exact_limit = 35}).p_value;
    CHECK(std::abs(drawn - exact) < 5 * std::sqrt(exact * (1 - exact) / 5e4) + 2e-5);
    CHECK(drawn != exact);
  }
}

TEST_CASE("the p value of draws is never zero unless ranx's share is asked for") {
  const Eigen::VectorXd x = Eigen::VectorXd::LinSpaced(200, 1, 2);
  const Eigen::VectorXd y = Eigen::VectorXd::Zero(200);
  sig::fisher_options options;
  options.permutations = 999;
  CHECK(sig::fisher_test(x, y, options).p_value == 1.0 / 1000);
  options.p_value = sig::drawn_p_value::share;
  CHECK(sig::fisher_test(x, y, options).p_value == 0);
}

TEST_CASE("the randomisation test gives the same hits on any number of threads") {
  Eigen::VectorXd x(1000);
  Eigen::VectorXd y(1000);
  draw(3, x, y, 0.01);
  sig::fisher_options options;
  options.permutations = 3000;
  const auto one = sig::fisher_test(rk::cpu{.threads = 1}, x, y, options);
  for (const int threads : {2, 3, 8}) {
    CHECK(sig::fisher_test(rk::cpu{.threads = threads}, x, y, options).hits == one.hits);
  }
  options.seed = 43;
  CHECK(sig::fisher_test(x, y, options).hits != one.hits);
}

TEST_CASE("without a true difference a twentieth of the p values is below 0.05") {
  int small = 0;
  for (std::uint64_t set = 0; set < 400; ++set) {
    Eigen::VectorXd x(64);
    Eigen::VectorXd y(64);
    draw(set + 1000, x, y, 0);
    small += sig::fisher_test(x, y, {.permutations = 999, .seed = set}).p_value <= 0.05;
  }
  // Binomial(400, 0.05): 20 ± 4.4.
  CHECK(small > 20 - 14);
  CHECK(small < 20 + 14);
}

TEST_CASE("the randomisation test of degenerate data") {
  CHECK(std::isnan(sig::fisher_test(vector({}), vector({})).p_value));
  const auto single = sig::fisher_test(vector({1}), vector({0}));
  CHECK(single.p_value == 1);
  CHECK(single.draws == 2);
  CHECK(sig::fisher_test(vector({1}), vector({0}), {.side = alternative::greater}).p_value == 0.5);
  const auto same = sig::fisher_test(vector({1, 2}), vector({1, 2}), {.exact_limit = 0});
  CHECK(same.p_value == 1);
  CHECK(same.statistic == 0);
}

TEST_CASE("options of the randomisation test out of range are errors") {
  const auto x = vector({1, 2});
  CHECK_THAT(error_text<rk::value_error>([&] { sig::fisher_test(x, x, {.permutations = 0}); }),
             ContainsSubstring("options.permutations = 0"));
  CHECK_THAT(error_text<rk::value_error>([&] { sig::fisher_test(x, x, {.exact_limit = 51}); }),
             ContainsSubstring("options.exact_limit = 51: must be in [0, 50]"));
}
