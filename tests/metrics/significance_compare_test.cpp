// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "significance_cases.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>
#include <recokit/metrics/significance.hpp>

#include <array>
#include <cmath>
#include <cstdint>

namespace rk = recokit;
namespace sig = recokit::significance;
using recokit_test::close;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::vector;

namespace {

// 300 users, four models; the second is the best, the fourth close to it.
Eigen::MatrixXd four_models() {
  Eigen::MatrixXd values(300, 4);
  for (Eigen::Index u = 0; u < values.rows(); ++u) {
    rk::random_stream stream(41, rk::random_purpose::user, static_cast<std::uint64_t>(u));
    const double easy = stream.uniform();
    const std::array lift{0.0, 0.11, 0.05, 0.098};
    for (Eigen::Index m = 0; m < 4; ++m) {
      values(u, m) = easy + lift[static_cast<std::size_t>(m)] + 0.1 * stream.normal();
    }
  }
  return values;
}

}  // namespace

// By hand: 4 · 0.005, 3 · 0.01, 2 · 0.03, then 0.04, raised to the one before. statsmodels 0.15
// (multipletests) agrees on all three.
TEST_CASE("p values are adjusted as Holm, Bonferroni and Benjamini and Hochberg wrote") {
  const auto p = vector({0.01, 0.04, 0.03, 0.005});
  const auto check = [&](sig::correction method, const Eigen::VectorXd& expected) {
    const Eigen::VectorXd adjusted = sig::adjust_p_values(p, method);
    REQUIRE(adjusted.size() == expected.size());
    for (Eigen::Index i = 0; i < p.size(); ++i) CHECK(close(adjusted[i], expected[i], 1e-15));
  };
  check(sig::correction::holm, vector({0.03, 0.06, 0.06, 0.02}));
  check(sig::correction::bonferroni, vector({0.04, 0.16, 0.12, 0.02}));
  check(sig::correction::benjamini_hochberg, vector({0.02, 0.04, 0.04, 0.02}));
  check(sig::correction::none, p);
  CHECK(sig::adjust_p_values(p) == sig::adjust_p_values(p, sig::correction::holm));
}

TEST_CASE("a smaller p value is never adjusted above a larger one") {
  // Unbounded, the step-up would give 3 · 0.04 beside 3/2 · 0.041.
  const Eigen::VectorXd adjusted =
      sig::adjust_p_values(vector({0.04, 0.041, 0.5}), sig::correction::benjamini_hochberg);
  CHECK(close(adjusted[0], 0.0615));
  CHECK(close(adjusted[1], 0.0615));
  CHECK(close(adjusted[2], 0.5));
}

TEST_CASE("adjusted p values stop at one and keep NaN out of the count") {
  const Eigen::VectorXd adjusted =
      sig::adjust_p_values(vector({0.6, recokit_test::nan, 0.01, 0.5}));
  CHECK(adjusted[0] == 1);
  CHECK(std::isnan(adjusted[1]));
  CHECK(close(adjusted[2], 0.03));
  CHECK(adjusted[3] == 1);
  CHECK(sig::adjust_p_values(vector({})).size() == 0);
}

TEST_CASE("what is no p value is not adjusted") {
  CHECK_THAT(error_text<rk::value_error>([] {
               sig::adjust_p_values(vector({0.5, 1.5}));
             }),
             ContainsSubstring("p_values[1] = 1.5: must be in [0, 1]"));
}

TEST_CASE("models are compared with the best one") {
  const Eigen::MatrixXd values = four_models();
  const auto result = sig::compare(values);
  CHECK(result.best == 1);
  CHECK(result.users == 300);
  REQUIRE(result.models.size() == 4);
  REQUIRE(result.pairs.size() == 3);
  Eigen::VectorXd p(3);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& pair = result.pairs[i];
    CHECK(pair.second == 1);
    CHECK(pair.first == std::array{0, 2, 3}[i]);
    const auto test = sig::t_test(values.col(pair.first), values.col(1));
    CHECK(pair.p_value == test.p_value);
    CHECK(pair.statistic == test.statistic);
    const auto gap = sig::difference_interval(values.col(pair.first), values.col(1));
    CHECK(pair.difference.low == gap.low);
    CHECK(pair.difference.high == gap.high);
    CHECK(pair.summary.wins == sig::summarize(values.col(pair.first), values.col(1)).wins);
    CHECK(pair.summary.mean_difference < 0);
    p[static_cast<Eigen::Index>(i)] = test.p_value;
  }
  const Eigen::VectorXd holm = sig::adjust_p_values(p);
  for (Eigen::Index i = 0; i < 3; ++i) {
    CHECK(result.pairs[static_cast<std::size_t>(i)].adjusted_p_value == holm[i]);
  }
  REQUIRE(result.find(0, 1) != nullptr);
  REQUIRE(result.find(1, 3) != nullptr);
  CHECK(result.find(0, 1)->adjusted_p_value < 1e-6);
  CHECK(result.find(1, 3)->adjusted_p_value > 0.05);
  CHECK(result.find(1, 1) == nullptr);
  CHECK(result.find(0, 2) == nullptr);
  const auto mean = sig::mean_interval(values.col(2));
  CHECK(result.models[2].low == mean.low);
  CHECK(result.models[2].high == mean.high);
  CHECK(result.method == "paired t test, two-sided, Holm over 3 comparisons; 95 % t intervals");
}

TEST_CASE("models are compared with a baseline or all with each other") {
  const Eigen::MatrixXd values = four_models();
  sig::compare_options options;
  options.pairs = sig::comparison_set::with_baseline;
  options.baseline = 2;
  const auto baseline = sig::compare(values, options);
  REQUIRE(baseline.pairs.size() == 3);
  CHECK(baseline.find(3, 2)->second == 2);
  CHECK(baseline.find(0, 1) == nullptr);
  options.pairs = sig::comparison_set::all_pairs;
  const auto all = sig::compare(values, options);
  CHECK(all.pairs.size() == 6);
  CHECK(all.find(3, 0)->first == 0);
  CHECK(all.find(0, 1)->adjusted_p_value >= 6 * all.find(0, 1)->p_value * 0.5);
  CHECK_THAT(all.method, ContainsSubstring("Holm over 6 comparisons"));
}

TEST_CASE("the best of errors is the lowest") {
  sig::compare_options options;
  options.lower_is_better = true;
  CHECK(sig::compare(four_models(), options).best == 0);
}

TEST_CASE("a comparison uses the test, the correction and the intervals asked for") {
  const Eigen::MatrixXd values = four_models();
  sig::compare_options options;
  options.test = sig::paired_test::wilcoxon;
  options.adjust = sig::correction::bonferroni;
  const auto wilcoxon = sig::compare(values, options);
  CHECK(wilcoxon.find(2, 1)->p_value == sig::wilcoxon_test(values.col(2), values.col(1)).p_value);
  CHECK(wilcoxon.find(2, 1)->adjusted_p_value == 3 * wilcoxon.find(2, 1)->p_value);
  options.test = sig::paired_test::fisher;
  options.permutations = 2000;
  options.resamples = 400;
  options.intervals = sig::interval_method::bca;
  options.level = 0.9;
  const auto fisher = sig::compare(rk::cpu{.threads = 3}, values, options);
  CHECK(fisher.find(0, 1)->p_value == 1.0 / 2001);
  CHECK(fisher.method ==
        "Fisher randomisation test (2000 draws), two-sided, Bonferroni over 3 comparisons; 90 % "
        "BCa bootstrap intervals (400 resamples)");
  const auto t = sig::compare(values);
  CHECK(fisher.models[0].low != t.models[0].low);
  CHECK(std::abs(fisher.models[0].low - t.models[0].low) < 0.05);
  const auto single_thread = sig::compare(rk::cpu{.threads = 1}, values, options);
  CHECK(single_thread.models[3].high == fisher.models[3].high);
  CHECK(single_thread.pairs[2].p_value == fisher.pairs[2].p_value);
  CHECK(single_thread.pairs[2].difference.low == fisher.pairs[2].difference.low);
}

TEST_CASE("pairs of a comparison do not share their random draws") {
  // Two copies of one model: with common draws their p values would be equal.
  Eigen::MatrixXd values(200, 3);
  const Eigen::MatrixXd four = four_models();
  values.col(0) = four.col(3).head(200);
  values.col(1) = four.col(1).head(200);
  values.col(2) = values.col(0);
  sig::compare_options options;
  options.pairs = sig::comparison_set::with_baseline;
  options.baseline = 1;
  options.test = sig::paired_test::fisher;
  const auto result = sig::compare(values, options);
  CHECK(result.pairs[0].p_value != result.pairs[1].p_value);
  CHECK(std::abs(result.pairs[0].p_value - result.pairs[1].p_value) < 0.05);
}

TEST_CASE("a comparison is over the users for whom every model has a value") {
  Eigen::MatrixXd values = four_models();
  values(7, 0) = recokit_test::nan;
  values(9, 3) = recokit_test::nan;
  values(9, 1) = recokit_test::nan;
  const auto result = sig::compare(values);
  CHECK(result.users == 298);
  CHECK(result.dropped == 2);
  for (const auto& model : result.models) CHECK(model.users == 298);
  CHECK(result.pairs[1].summary.users == 298);
  CHECK(result.pairs[1].summary.dropped == 2);
  sig::compare_options strict;
  strict.missing = sig::missing_values::error;
  CHECK_THAT(error_text<rk::value_error>([&] { sig::compare(values, strict); }),
             ContainsSubstring("values.col(0)[7] = nan"));
}

TEST_CASE("a comparison of one model, of no users, and of none") {
  const auto alone = sig::compare(four_models().leftCols(1));
  CHECK(alone.best == 0);
  CHECK(alone.pairs.empty());
  CHECK(alone.models.size() == 1);
  const auto nobody = sig::compare(Eigen::MatrixXd(0, 3));
  CHECK(nobody.best == -1);
  CHECK(nobody.pairs.empty());
  CHECK(std::isnan(nobody.models[0].mean));
  CHECK_THAT(error_text<rk::value_error>([] { sig::compare(Eigen::MatrixXd(5, 0)); }),
             ContainsSubstring("values.cols() = 0"));
  sig::compare_options options;
  options.pairs = sig::comparison_set::with_baseline;
  options.baseline = 4;
  CHECK_THAT(error_text<rk::value_error>([&] { sig::compare(four_models(), options); }),
             ContainsSubstring("options.baseline = 4: must be in [0, 4)"));
}

TEST_CASE("equal models tie for the best and do not differ") {
  Eigen::MatrixXd values(50, 2);
  values.col(0) = four_models().col(0).head(50);
  values.col(1) = values.col(0);
  for (const auto test :
       {sig::paired_test::t, sig::paired_test::wilcoxon, sig::paired_test::fisher}) {
    sig::compare_options options;
    options.test = test;
    const auto result = sig::compare(values, options);
    CHECK(result.best == 0);
    CHECK(result.pairs[0].p_value == 1);
    CHECK(result.pairs[0].adjusted_p_value == 1);
    CHECK(result.pairs[0].difference.half_width() == 0);
  }
}
