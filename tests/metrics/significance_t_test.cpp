// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "significance_cases.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/significance.hpp>

namespace rk = recokit;
namespace sig = recokit::significance;
using recokit_test::close;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::vector;

// Expected: scipy 1.17.1, stats.ttest_rel.
TEST_CASE("the paired t test gives scipy's statistic and p values on all sides") {
  using recokit_test::a;
  using recokit_test::b;
  using recokit_test::c;
  using recokit_test::d;
  CHECK(close(sig::t_test(a, b).statistic, 2.997622349537318));
  CHECK(close(sig::t_test(a, b).p_value, 0.015014141525231835));
  CHECK(
      close(sig::t_test(a, b, {.side = sig::alternative::greater}).p_value, 0.007507070762615918));
  CHECK(close(sig::t_test(a, b, {.side = sig::alternative::less}).p_value, 0.9924929292373841));
  CHECK(close(sig::t_test(c, d).statistic, 1.586459559076206));
  CHECK(close(sig::t_test(c, d).p_value, 0.13495722620109324));
  CHECK(close(sig::t_test(d, c).statistic, -1.586459559076206));
  CHECK(close(sig::t_test(d, c, {.side = sig::alternative::less}).p_value, 0.06747861310054662));
}

TEST_CASE("the t test of degenerate data") {
  const auto none = sig::t_test(vector({}), vector({}));
  CHECK(std::isnan(none.p_value));
  CHECK(none.users == 0);
  CHECK(std::isnan(sig::t_test(vector({1}), vector({0})).p_value));
  const auto same = sig::t_test(vector({1, 2, 3}), vector({1, 2, 3}));
  CHECK(same.statistic == 0);
  CHECK(same.p_value == 1);
  const auto constant = sig::t_test(vector({1, 2, 3}), vector({0, 1, 2}));
  CHECK(constant.statistic == recokit_test::infinity);
  CHECK(constant.p_value == 0);
  CHECK(sig::t_test(vector({1, 2}), vector({0, 1}), {.side = sig::alternative::less}).p_value == 1);
}

TEST_CASE("a user without a value in either vector is left out, or an error") {
  const auto x = vector({0.61, recokit_test::nan, 0.42, 0.85, 0.33});
  const auto y = vector({0.55, 0.9, 0.47, recokit_test::nan, 0.21});
  const auto dropped = sig::t_test(x, y);
  CHECK(dropped.users == 3);
  CHECK(dropped.dropped == 2);
  CHECK(dropped.p_value ==
        sig::t_test(vector({0.61, 0.42, 0.33}), vector({0.55, 0.47, 0.21})).p_value);
  const sig::t_options strict{.missing = sig::missing_values::error};
  CHECK_THAT(error_text<rk::value_error>([&] { sig::t_test(x, y, strict); }),
             ContainsSubstring("first[1] = nan") && ContainsSubstring("missing_values::drop"));
  CHECK_THAT(error_text<rk::value_error>([&] { sig::t_test(y.tail(2), x.tail(2), strict); }),
             ContainsSubstring("first[0] = nan"));
}

TEST_CASE("infinite values and vectors of different length are errors") {
  CHECK_THAT(error_text<rk::value_error>([] {
               sig::t_test(vector({1, 2}), vector({1, -recokit_test::infinity}));
             }),
             ContainsSubstring("second[1] = -inf: must be finite"));
  CHECK_THAT(error_text<rk::dimension_error>([] {
               sig::t_test(vector({1, 2}), vector({1, 2, 3}));
             }),
             ContainsSubstring("second.size() is 3 but first.size() is 2"));
}

TEST_CASE("a summary counts wins and gives both effect sizes") {
  const auto s = sig::summarize(recokit_test::c, recokit_test::d);
  CHECK(s.users == 15);
  CHECK(s.wins == 8);
  CHECK(s.ties == 4);
  CHECK(s.losses == 3);
  CHECK(close(s.mean_difference, 0.13333333333333333));
  CHECK(close(s.deviation, 0.3255032733358928));
  CHECK(close(s.cohen_d, 0.40962209678224715));
  CHECK(close(s.cohen_d_average, 0.37534051625777637));
  CHECK(close(s.superiority(), 10.0 / 15));
  CHECK(close(s.mean_first - s.mean_second, s.mean_difference));
}

TEST_CASE("no difference has effect size zero, a sure one has an infinite d") {
  const auto same = sig::summarize(vector({1, 2, 3}), vector({1, 2, 3}));
  CHECK(same.cohen_d == 0);
  CHECK(same.cohen_d_average == 0);
  CHECK(same.ties == 3);
  CHECK(sig::summarize(vector({1, 2, 3}), vector({2, 3, 4})).cohen_d == -recokit_test::infinity);
  CHECK(std::isnan(sig::summarize(vector({}), vector({})).mean_difference));
}

TEST_CASE("sums keep small differences of large values") {
  // Exact in binary: the mean difference is 2^-20.
  Eigen::VectorXd x(100'000);
  for (Eigen::Index i = 0; i < x.size(); ++i) x[i] = 4096.0 + static_cast<double>(i % 7);
  Eigen::VectorXd y = x;
  for (Eigen::Index i = 0; i < x.size(); ++i) y[i] -= (i % 2 == 0 ? 3 : -1) * 0x1p-20;
  CHECK(sig::summarize(x, y).mean_difference == 0x1p-20);
  CHECK(sig::summarize(vector({1e16, 1, -1e16}), vector({0, 0, 0})).mean_first == 1.0 / 3);
}
