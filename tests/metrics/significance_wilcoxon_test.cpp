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
#include <vector>

namespace rk = recokit;
namespace sig = recokit::significance;
using recokit_test::close;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::vector;
using sig::alternative;
using sig::zero_method;

namespace {

struct expected_row {
  zero_method zeros;
  alternative side;
  bool correction;
  double statistic;
  double p_value;
  double z;  // of the positive ranks
};

void check_rows(const Eigen::VectorXd& x, const Eigen::VectorXd& y,
                const std::vector<expected_row>& rows) {
  for (const auto& row : rows) {
    sig::wilcoxon_options options;
    options.zeros = row.zeros;
    options.side = row.side;
    options.continuity_correction = row.correction;
    options.null = sig::wilcoxon_null::approximate;
    const auto result = sig::wilcoxon_test(x, y, options);
    CAPTURE(static_cast<int>(row.zeros), static_cast<int>(row.side), row.correction);
    CHECK_FALSE(result.exact);
    CHECK(result.statistic == row.statistic);
    CHECK(close(result.p_value, row.p_value));
    CHECK(close(result.z, row.z));
  }
}

}  // namespace

// Expected: scipy 1.17.1, stats.wilcoxon(method="asymptotic"); its two-sided z is −|z|.
TEST_CASE("Wilcoxon's approximation is scipy's in all modes, with one zero") {
  check_rows(
      recokit_test::a, recokit_test::b,
      {{zero_method::wilcox, alternative::two_sided, false, 3, 0.020879263166351643,
        2.31016062326046},
       {zero_method::wilcox, alternative::two_sided, true, 3, 0.02439024143305404,
        2.2509257354845507},
       {zero_method::wilcox, alternative::greater, false, 42, 0.010439631583175821,
        2.31016062326046},
       {zero_method::wilcox, alternative::greater, true, 42, 0.01219512071652702,
        2.2509257354845507},
       {zero_method::wilcox, alternative::less, false, 42, 0.9895603684168242, 2.31016062326046},
       {zero_method::wilcox, alternative::less, true, 42, 0.9910914056202107, 2.369395511036369},
       {zero_method::pratt, alternative::two_sided, false, 5, 0.024744672046398936,
        2.2453655975512468},
       {zero_method::pratt, alternative::greater, true, 49, 0.014105683279870995,
        2.194334561243264},
       {zero_method::pratt, alternative::less, true, 49, 0.989173393364933, 2.2963966338592297},
       {zero_method::split, alternative::two_sided, false, 5.5, 0.024932455602863092,
        2.2424476423255526},
       {zero_method::split, alternative::greater, true, 49.5, 0.014208432087431874,
        2.19148292318179},
       {zero_method::split, alternative::less, false, 49.5, 0.9875337721985684,
        2.2424476423255526}});
}

TEST_CASE("Wilcoxon's approximation is scipy's in all modes, with many ties and zeros") {
  check_rows(
      recokit_test::c, recokit_test::d,
      {{zero_method::wilcox, alternative::two_sided, false, 17, 0.14245289437087158,
        1.4667175952451381},
       {zero_method::wilcox, alternative::two_sided, true, 17, 0.1553508717654733,
        1.4208826703937276},
       {zero_method::wilcox, alternative::less, true, 49, 0.9348033188165497, 1.5125525200965486},
       {zero_method::pratt, alternative::two_sided, false, 29, 0.13008202093616986,
        1.5137785253229132},
       {zero_method::pratt, alternative::two_sided, true, 29, 0.1376319515648772,
        1.484667399835934},
       {zero_method::pratt, alternative::greater, false, 81, 0.06504101046808493,
        1.5137785253229132},
       {zero_method::split, alternative::two_sided, true, 34, 0.14178246450120546,
        1.4691855648849774},
       {zero_method::split, alternative::greater, false, 86, 0.06706751834283577,
        1.4979931249807612},
       {zero_method::split, alternative::less, true, 86, 0.9365947093982228, 1.526800685076545}});
}

// Hollander and Wolfe, depression scores of nine patients: the textbook's p is 0.0195 one-sided.
TEST_CASE("the exact null distribution gives the textbook's p value") {
  const auto before = vector({1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30});
  const auto after = vector({0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29});
  const auto two = sig::wilcoxon_test(before, after);
  CHECK(two.exact);
  CHECK(std::isnan(two.z));
  CHECK(two.statistic == 5);
  CHECK(two.p_value == 0.0390625);
  CHECK(sig::wilcoxon_test(before, after, {.side = alternative::greater}).p_value == 0.01953125);
  CHECK(sig::wilcoxon_test(before, after, {.side = alternative::less}).p_value == 0.986328125);
  CHECK(two.positive_ranks == 40);
  CHECK(two.negative_ranks == 5);
  CHECK(close(two.rank_biserial, 35.0 / 45));
}

// Expected: scipy 1.17.1, stats.wilcoxon(method=PermutationMethod(n_resamples=2**13)).
TEST_CASE("the exact null distribution knows ties and zeros") {
  struct row {
    zero_method zeros;
    double two_sided, greater, less;
  };
  for (const auto& r : {row{zero_method::wilcox, 0.0859375, 0.04296875, 0.986328125},
                        row{zero_method::pratt, 0.09765625, 0.048828125, 0.98046875},
                        row{zero_method::split, 0.09765625, 0.048828125, 0.98046875}}) {
    const auto p = [&](alternative side) {
      sig::wilcoxon_options options;
      options.zeros = r.zeros;
      options.side = side;
      // With 13 users the automatic choice is exact, ties or not.
      const auto result =
          sig::wilcoxon_test(recokit_test::c.head(13), recokit_test::d.head(13), options);
      CHECK(result.exact);
      return result.p_value;
    };
    CHECK(p(alternative::two_sided) == r.two_sided);
    CHECK(p(alternative::greater) == r.greater);
    CHECK(p(alternative::less) == r.less);
  }
}

TEST_CASE("the exact null distribution is the enumeration of all signs") {
  for (std::uint64_t set = 0; set < 40; ++set) {
    rk::random_stream stream(3, rk::random_purpose::user, set);
    const auto users = static_cast<Eigen::Index>(1 + stream.below(12));
    Eigen::VectorXd x(users);
    for (auto& v : x) v = static_cast<double>(stream.below(9)) - 4;  // ties and zeros
    const Eigen::VectorXd y = Eigen::VectorXd::Zero(users);
    for (const auto zeros : {zero_method::wilcox, zero_method::pratt, zero_method::split}) {
      sig::wilcoxon_options options;
      options.zeros = zeros;
      options.null = sig::wilcoxon_null::exact;
      options.side = alternative::greater;
      const auto result = sig::wilcoxon_test(x, y, options);
      std::int64_t reached = 0;
      for (std::int64_t signs = 0; signs < std::int64_t{1} << users; ++signs) {
        Eigen::VectorXd flipped = x;
        for (Eigen::Index u = 0; u < users; ++u) {
          if (signs >> u & 1) flipped[u] = -flipped[u];
        }
        sig::wilcoxon_options ranks_only = options;
        ranks_only.null = sig::wilcoxon_null::approximate;
        reached +=
            sig::wilcoxon_test(flipped, y, ranks_only).positive_ranks >= result.positive_ranks;
      }
      const double share = static_cast<double>(reached) / static_cast<double>(1LL << users);
      CAPTURE(set, static_cast<int>(zeros));
      CHECK(close(result.p_value, share, 1e-14));
    }
  }
}

TEST_CASE("the automatic choice is exact up to 50 users, or 13 with ties or zeros") {
  Eigen::VectorXd x(51);
  for (Eigen::Index u = 0; u < x.size(); ++u)
    x[u] = (u % 3 == 0 ? -1.0 : 1.0) * (1.0 + static_cast<double>(u));
  const Eigen::VectorXd zero = Eigen::VectorXd::Zero(51);
  CHECK(sig::wilcoxon_test(x.head(50), zero.head(50)).exact);
  CHECK_FALSE(sig::wilcoxon_test(x, zero).exact);
  x[1] = 0;
  CHECK(sig::wilcoxon_test(x.head(13), zero.head(13)).exact);
  CHECK_FALSE(sig::wilcoxon_test(x.head(14), zero.head(14)).exact);
  x[1] = x[2];
  CHECK(sig::wilcoxon_test(x.head(13), zero.head(13)).exact);
  CHECK_FALSE(sig::wilcoxon_test(x.head(14), zero.head(14)).exact);
}

TEST_CASE("the exact distribution approaches the normal one") {
  Eigen::VectorXd x(600);
  for (Eigen::Index u = 0; u < x.size(); ++u)
    x[u] = (u % 11 < 6 ? 1.0 : -1.0) * (1.0 + static_cast<double>(u));
  const Eigen::VectorXd zero = Eigen::VectorXd::Zero(600);
  sig::wilcoxon_options options;
  options.null = sig::wilcoxon_null::exact;
  const double exact = sig::wilcoxon_test(x, zero, options).p_value;
  options.null = sig::wilcoxon_null::approximate;
  options.continuity_correction = true;
  const double approximate = sig::wilcoxon_test(x, zero, options).p_value;
  CHECK(exact > 0.01);
  CHECK(std::abs(exact - approximate) < 2e-4);
  CHECK(exact != approximate);
}

TEST_CASE("an exact test of more than a thousand users that differ is refused") {
  const Eigen::VectorXd x = Eigen::VectorXd::LinSpaced(1001, 1, 2);
  sig::wilcoxon_options options;
  options.null = sig::wilcoxon_null::exact;
  CHECK_THAT(error_text<rk::value_error>(
                 [&] { sig::wilcoxon_test(x, Eigen::VectorXd::Zero(1001), options); }),
             ContainsSubstring("= 1001: must be in [0, 1000]"));
}

TEST_CASE("Wilcoxon's test of degenerate data") {
  CHECK(std::isnan(sig::wilcoxon_test(vector({}), vector({})).p_value));
  CHECK(sig::wilcoxon_test(vector({1}), vector({0})).p_value == 1);
  CHECK(sig::wilcoxon_test(vector({1}), vector({0}), {.side = alternative::greater}).p_value ==
        0.5);
  for (const auto zeros : {zero_method::wilcox, zero_method::pratt, zero_method::split}) {
    for (const auto null : {sig::wilcoxon_null::automatic, sig::wilcoxon_null::exact,
                            sig::wilcoxon_null::approximate}) {
      sig::wilcoxon_options options;
      options.zeros = zeros;
      options.null = null;
      const auto same = sig::wilcoxon_test(vector({1, 2}), vector({1, 2}), options);
      CHECK(same.p_value == 1);
      CHECK(same.zeros == 2);
      CHECK(same.rank_biserial == 0);
    }
  }
}
