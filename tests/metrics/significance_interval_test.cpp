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
#include <functional>

namespace rk = recokit;
namespace sig = recokit::significance;
using recokit_test::close;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::vector;
using sig::interval_method;

namespace {

const Eigen::VectorXd skewed = vector({2.1, 0.3, 0.9, 7.4, 1.2, 0.4, 3.8,  0.1, 0.8, 1.5,
                                       5.9, 0.6, 2.7, 0.2, 1.1, 0.5, 12.3, 0.7, 1.9, 4.4});

// Share of 400 data sets whose interval holds the true mean.
double coverage(Eigen::Index users, const sig::interval_options& options, double truth,
                const std::function<double(rk::random_stream&)>& value) {
  int held = 0;
  for (std::uint64_t set = 0; set < 400; ++set) {
    rk::random_stream stream(31, rk::random_purpose::user, set);
    Eigen::VectorXd x(users);
    for (auto& v : x) v = value(stream);
    auto own = options;
    own.seed = set;
    const auto i = sig::mean_interval(x, own);
    held += i.low <= truth && truth <= i.high;
  }
  return held / 400.0;
}

}  // namespace

// Expected: scipy 1.17.1, stats.ttest_rel(...).confidence_interval.
TEST_CASE("the t interval of a difference is scipy's") {
  const auto i = sig::difference_interval(recokit_test::a, recokit_test::b);
  CHECK(close(i.mean, 0.071));
  CHECK(close(i.low, 0.017419815496951062));
  CHECK(close(i.high, 0.12458018450304895));
  CHECK(close(i.standard_error, 0.07489993324429603 / std::sqrt(10.0)));
  CHECK(close(i.half_width(), i.high - i.mean));
  const auto narrow = sig::difference_interval(recokit_test::c, recokit_test::d, {.level = 0.9});
  CHECK(close(narrow.low, -0.014695243943102398));
  CHECK(close(narrow.high, 0.28136191060976895));
}

// Expected: scipy 1.17.1, stats.bootstrap with 2,000,000 resamples. The limits are five standard
// deviations of the quantile of 100,000 resamples, estimated from scipy's own; for BCa that of its
// bias correction is added. The methods are 0.17 to 0.72 apart.
TEST_CASE("bootstrap intervals of a skewed sample are scipy's up to chance") {
  struct row {
    interval_method method;
    double low, high, low_limit, high_limit;
  };
  for (const auto& r : {row{interval_method::percentile, 1.285, 3.88, 0.02, 0.04},
                        row{interval_method::basic, 1.0, 3.595, 0.04, 0.02},
                        row{interval_method::bca, 1.46, 4.32, 0.03, 0.07}}) {
    sig::interval_options options;
    options.method = r.method;
    options.resamples = 100'000;
    const auto i = sig::mean_interval(skewed, options);
    CAPTURE(static_cast<int>(r.method), i.low, i.high);
    CHECK(close(i.mean, 2.44));
    CHECK(std::abs(i.low - r.low) < r.low_limit);
    CHECK(std::abs(i.high - r.high) < r.high_limit);
    // The deviation of all possible resamples is 0.66830.
    CHECK(std::abs(i.standard_error / 0.6682963414534004 - 1) < 0.012);
  }
}

TEST_CASE("a bootstrap interval of a difference draws users in pairs") {
  sig::interval_options options;
  options.method = interval_method::bca;
  options.resamples = 2000;
  const auto pairs = sig::difference_interval(recokit_test::c, recokit_test::d, options);
  const Eigen::VectorXd difference = recokit_test::c - recokit_test::d;
  const auto single = sig::mean_interval(difference, options);
  CHECK(pairs.low == single.low);
  CHECK(pairs.high == single.high);
  // Drawn apart, the models' deviations would add up to more than 0.12.
  CHECK(pairs.standard_error < 0.09);
}

TEST_CASE("bootstrap intervals shift with the values and mirror with their sign") {
  sig::interval_options options;
  options.method = interval_method::bca;
  options.resamples = 5000;
  const auto i = sig::mean_interval(skewed, options);
  const Eigen::VectorXd shifted = skewed.array() + 1024;
  const auto moved = sig::mean_interval(shifted, options);
  CHECK(close(moved.low - 1024, i.low, 1e-9));
  CHECK(close(moved.high - 1024, i.high, 1e-9));
  const Eigen::VectorXd negative = -skewed;
  const auto mirrored = sig::mean_interval(negative, options);
  CHECK(std::abs(-mirrored.high - i.low) < 0.15);
  CHECK(std::abs(-mirrored.low - i.high) < 0.35);
}

TEST_CASE("bootstrap intervals are the same bits on any number of threads") {
  Eigen::VectorXd x(2000);
  rk::random_stream stream(9, rk::random_purpose::user);
  for (auto& v : x) v = stream.below(2) == 0 ? 0.0 : stream.uniform();
  for (const auto method :
       {interval_method::percentile, interval_method::basic, interval_method::bca}) {
    sig::interval_options options;
    options.method = method;
    options.resamples = 500;
    const auto one = sig::mean_interval(rk::cpu{.threads = 1}, x, options);
    for (const int threads : {2, 5}) {
      const auto more = sig::mean_interval(rk::cpu{.threads = threads}, x, options);
      CHECK(more.low == one.low);
      CHECK(more.high == one.high);
      CHECK(more.standard_error == one.standard_error);
    }
  }
}

TEST_CASE("a 95 % interval holds the true mean of about 95 % of data sets") {
  const auto normal = [](rk::random_stream& s) { return 3 + 2 * s.normal(); };
  const auto hit = [](rk::random_stream& s) { return s.uniform() < 0.3 ? 1.0 : 0.0; };
  sig::interval_options options;
  options.resamples = 1000;
  // Binomial(400, 0.95) / 400 has the deviation 0.011.
  const auto check = [&](double share) {
    CAPTURE(static_cast<int>(options.method));
    CHECK(share > 0.95 - 0.035);
    CHECK(share < 0.95 + 0.035);
  };
  for (const auto method : {interval_method::student_t, interval_method::percentile,
                            interval_method::basic, interval_method::bca}) {
    options.method = method;
    check(coverage(80, options, 3, normal));
    check(coverage(300, options, 0.3, hit));
  }
  options.method = interval_method::bca;
  options.level = 0.8;
  const double less = coverage(80, options, 3, normal);
  CHECK(less > 0.8 - 0.07);
  CHECK(less < 0.8 + 0.07);
}

TEST_CASE("intervals of degenerate data") {
  for (const auto method : {interval_method::student_t, interval_method::percentile,
                            interval_method::basic, interval_method::bca}) {
    sig::interval_options options;
    options.method = method;
    CHECK(std::isnan(sig::mean_interval(vector({}), options).mean));
    CHECK(std::isnan(sig::mean_interval(vector({}), options).low));
    const auto single = sig::mean_interval(vector({2}), options);
    CHECK(single.mean == 2);
    CHECK(std::isnan(single.high));
    const auto constant = sig::mean_interval(vector({0.1, 0.1, 0.1}), options);
    CHECK(constant.low == 0.1);
    CHECK(constant.high == 0.1);
    CHECK(constant.half_width() == 0);
    CHECK(constant.standard_error == 0);
    const auto same = sig::difference_interval(skewed, skewed, options);
    CHECK(same.low == 0);
    CHECK(same.high == 0);
  }
}

TEST_CASE("two values have a finite interval by every method") {
  for (const auto method :
       {interval_method::percentile, interval_method::basic, interval_method::bca}) {
    sig::interval_options options;
    options.method = method;
    const auto i = sig::mean_interval(vector({0, 1}), options);
    CHECK(i.low == 0);
    CHECK(i.high == 1);
  }
  // 0.5 ± 12.7062 · 0.5
  CHECK(close(sig::mean_interval(vector({0, 1})).high, 0.5 + 0.5 * 12.706204736174705));
}

TEST_CASE("users without a value are left out of an interval") {
  const auto i = sig::mean_interval(vector({1, recokit_test::nan, 3, 2}));
  CHECK(i.users == 3);
  CHECK(i.dropped == 1);
  CHECK(i.mean == 2);
  const auto d = sig::difference_interval(vector({1, recokit_test::nan, 3, 2}),
                                          vector({recokit_test::nan, 1, 1, 1}));
  CHECK(d.users == 2);
  CHECK(d.dropped == 2);
  CHECK(d.mean == 1.5);
}

TEST_CASE("options of an interval out of range are errors") {
  for (const double level : {0.0, 1.0, -0.5, 95.0, recokit_test::nan}) {
    CHECK_THAT(error_text<rk::value_error>([&] { sig::mean_interval(skewed, {.level = level}); }),
               ContainsSubstring("options.level"));
  }
  CHECK_THAT(error_text<rk::value_error>([&] { sig::mean_interval(skewed, {.resamples = 1}); }),
             ContainsSubstring("options.resamples = 1"));
}
