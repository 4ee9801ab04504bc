// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../../src/metrics/distributions.hpp"

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace rk = recokit;

namespace {

bool close(double value, double expected, double relative) {
  CAPTURE(value, expected);
  return std::abs(value - expected) <= relative * std::abs(expected);
}

}  // namespace

// Expected values: mpmath 1.4.1 with 30 digits, the t distribution by quadrature of its density.
TEST_CASE("tails of Student's t keep 13 digits from one degree of freedom to ten million") {
  struct row {
    double t, degrees, tail;
  };
  for (const auto& [t, degrees, tail] :
       std::array{row{0.5, 1, 0.35241638234956673}, row{12.7, 1, 0.02501216384467208},
                  row{2, 2, 0.091751709536136984}, row{1.96, 10, 0.039218120123849856},
                  row{-1, 5, 0.81839126617543869}, row{3.3, 29.5, 0.0012662069927056863},
                  row{0.001, 7, 0.49961500862249942}, row{40, 12, 1.9256147903860169e-14},
                  row{1.7, 99999, 0.04456701763988026}, row{5.5, 99999, 1.9035886458637507e-8},
                  row{1.96, 1e7, 0.024997909012657096}}) {
    CAPTURE(t, degrees);
    CHECK(close(rk::detail::student_t_upper_tail(t, degrees), tail, 2e-13));
  }
}

TEST_CASE("one degree of freedom is Cauchy, two have a closed form") {
  for (const double t : {-30.0, -2.0, -0.1, 0.0, 0.1, 1.0, 7.0, 1e6}) {
    const double cauchy =
        t > 1 ? std::atan(1 / t) / std::acos(-1.0) : 0.5 - std::atan(t) / std::acos(-1.0);
    CHECK(close(rk::detail::student_t_upper_tail(t, 1), cauchy, 1e-13));
    const double root = std::sqrt(2 + t * t);
    const double two = t > 0 ? 1 / (root * (root + t)) : (root - t) / (2 * root);
    CHECK(close(rk::detail::student_t_upper_tail(t, 2), two, 1e-13));
  }
}

TEST_CASE("an infinite or overflowing t has an empty tail") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(rk::detail::student_t_upper_tail(infinity, 4) == 0);
  CHECK(rk::detail::student_t_upper_tail(-infinity, 4) == 1);
  CHECK(rk::detail::student_t_upper_tail(1e200, 4) == 0);
}

TEST_CASE("the normal distribution keeps its relative precision far out") {
  struct row {
    double z, below;
  };
  for (const auto& [z, below] :
       std::array{row{-20, 2.7536241186062337e-89}, row{-5, 2.8665157187919391e-7},
                  row{-1, 0.15865525393145705}, row{0.5, 0.6914624612740131},
                  row{3, 0.99865010196836991}}) {
    CHECK(close(rk::detail::normal_cdf(z), below, 1e-13));
  }
}

TEST_CASE("the incomplete beta function has the digits of mpmath") {
  struct row {
    double a, b, x, value;
  };
  for (const auto& [a, b, x, value] : std::array{
           row{2, 3, 0.4, 0.5248}, row{0.5, 0.5, 0.1, 0.20483276469913345},
           row{30, 0.5, 0.97, 0.17821754497024154}, row{8, 10, 0.5, 0.6854705810546875},
           row{0.3, 7, 0.01, 0.48749205093372471}, row{200, 150, 0.55, 0.2084878008596249}}) {
    CAPTURE(a, b, x);
    CHECK(close(rk::detail::incomplete_beta(a, b, x, 1 - x), value, 5e-13));
    CHECK(close(rk::detail::incomplete_beta(b, a, 1 - x, x), 1 - value, 5e-13));
  }
  CHECK(rk::detail::incomplete_beta(2, 3, 0, 1) == 0);
  CHECK(rk::detail::incomplete_beta(2, 3, 1, 0) == 1);
}

TEST_CASE("quantiles are the inverse of the tails") {
  struct t_row {
    double tail, degrees, t;
  };
  for (const auto& [tail, degrees, t] :
       std::array{t_row{0.025, 1, 12.706204736174705}, t_row{0.025, 2, 4.3026527297494639},
                  t_row{0.05, 10, 1.8124611228116764}, t_row{0.005, 29, 2.7563859036706055},
                  t_row{0.025, 99999, 1.9599877077718448}, t_row{1e-6, 3, 103.29946778041934}}) {
    CHECK(close(rk::detail::student_t_upper_quantile(tail, degrees), t, 2e-13));
  }
  struct z_row {
    double tail, z;
  };
  for (const auto& [tail, z] :
       std::array{z_row{0.025, 1.9599639845400542}, z_row{0.005, 2.5758293035489008},
                  z_row{0.3, 0.52440051270804078}, z_row{0.9, -1.2815515655446005},
                  z_row{1e-12, 7.0344838253011319}}) {
    CHECK(close(rk::detail::normal_upper_quantile(tail), z, 2e-13));
  }
  CHECK(rk::detail::normal_upper_quantile(0.5) == 0);
  CHECK(rk::detail::student_t_upper_quantile(0.5, 3) == 0);
}

TEST_CASE("Stirling's error is what lgamma says") {
  for (const double x : {1.0, 2.5, 7.0, 9.99, 10.0, 30.0}) {
    const double stirling = (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::acos(-1.0));
    CHECK(std::abs(rk::detail::stirling_error(x) - (std::lgamma(x) - stirling)) < 1e-13);
  }
}
