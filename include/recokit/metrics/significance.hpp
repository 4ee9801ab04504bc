// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Is one model better than another? Paired tests, confidence intervals and corrections for
/// many comparisons, from the metric values of the same users.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/config.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// Everything here is about one metric. A vector holds its value for each user; two vectors that
/// are compared hold the same users in the same order. Differences are first − second.
///
/// All functions throw dimension_error when two vectors differ in length, and value_error for an
/// infinite value, for NaN under missing_values::error, and for options out of range (stated at the
/// field). With too few users for an answer (none; one where a deviation is needed) numbers are
/// NaN. Sums run in a fixed order: results are the same bits for any number of threads.
namespace significance {

using values_ref = const Eigen::Ref<const Eigen::VectorXd>&;

/// What to do with users whose value is NaN, which is how a user counts who was not evaluated.
enum class missing_values {
  drop,   ///< leave the user out, of both vectors; the result says how many
  error,  ///< throw value_error
};

/// What the test looks for.
enum class alternative {
  two_sided,  ///< the models differ
  greater,    ///< first is greater
  less,       ///< first is less
};

// ---------------------------------------------------------------------------------------------
// Description

/// Size of a difference, which no p value tells.
struct paired_summary {
  std::int64_t users = 0;    ///< with a value in both
  std::int64_t dropped = 0;  ///< left out for NaN
  double mean_first = 0;
  double mean_second = 0;
  double mean_difference = 0;
  double deviation = 0;   ///< of the differences; divisor users − 1
  std::int64_t wins = 0;  ///< users with first > second
  std::int64_t ties = 0;
  std::int64_t losses = 0;
  /// mean_difference / deviation, called d_z. Grows with the correlation of the two models.
  double cohen_d = 0;
  /// mean_difference / √((variance of first + variance of second) / 2), called d_av; comparable
  /// with d of unpaired studies. Lakens, Frontiers in Psychology 2013.
  double cohen_d_average = 0;

  /// Share of users for whom first is better, ties counted half.
  double superiority() const noexcept {
    return (static_cast<double>(wins) + 0.5 * static_cast<double>(ties)) /
           static_cast<double>(users);
  }
};

/// Both effect sizes are 0 when all differences are, and infinite when all are the same and not 0.
/// Cost O(users).
paired_summary summarize(values_ref first, values_ref second,
                         missing_values missing = missing_values::drop);

// ---------------------------------------------------------------------------------------------
// Tests of two models. Where all differences are zero the p value is 1.

struct t_options {
  alternative side = alternative::two_sided;
  missing_values missing = missing_values::drop;
};
struct t_result {
  double statistic = 0;  ///< mean difference / its standard error
  double p_value = 0;
  std::int64_t users = 0;
  std::int64_t dropped = 0;
};
/// Student's paired t test (scipy.stats.ttest_rel). Differences that are all the same and not zero
/// give an infinite statistic and p = 0, or p = 1 on the other side. Cost O(users).
t_result t_test(values_ref first, values_ref second, const t_options& options = {});

/// What the signed-rank test does with users whose difference is zero.
enum class zero_method {
  wilcox,  ///< leaves them out (Wilcoxon, 1945)
  pratt,   ///< ranks them, then leaves their ranks out (Pratt, 1959)
  split,   ///< ranks them and gives half of their ranks to either side ("zsplit")
};
enum class wilcoxon_null {
  /// scipy's choice: the exact distribution for up to 50 users without ties and zeros, or up to 13
  /// with; else the approximation. Users with zeros count.
  automatic,
  /// The distribution over all signs of the ranks at hand, ties included, by dynamic programming.
  /// Without ties and zeros it is scipy's method="exact"; with them, scipy's PermutationMethod.
  exact,
  approximate,  ///< normal, with the variance corrected for ties
};
struct wilcoxon_options {
  alternative side = alternative::two_sided;
  zero_method zeros = zero_method::wilcox;
  wilcoxon_null null = wilcoxon_null::automatic;
  bool continuity_correction = false;  ///< of the approximation: half a rank
  missing_values missing = missing_values::drop;
};
struct wilcoxon_result {
  double statistic =
      0;  ///< the smaller rank sum if two-sided, else that of the positive differences
  double p_value = 0;
  double positive_ranks = 0;  ///< sum of the ranks of the users with first > second
  double negative_ranks = 0;
  /// Normal deviate of positive_ranks, continuity correction included. NaN with the exact null.
  double z = std::numeric_limits<double>::quiet_NaN();
  /// Effect size in [−1, 1]: (positive − negative) / (positive + negative). Kerby, 2014.
  double rank_biserial = 0;
  bool exact = false;
  std::int64_t users = 0;
  std::int64_t zeros = 0;
  std::int64_t dropped = 0;
};
/// Wilcoxon's signed-rank test, with the conventions of scipy.stats.wilcoxon. Differences tie when
/// they are the same double: 0.3 − 0.2 and 0.2 − 0.1 are not.
///
/// @throws value_error when wilcoxon_null::exact is asked for and more than 1,000 users differ
/// Cost O(users · log users); exact O(m³) time and O(m²) memory for m users that differ.
wilcoxon_result wilcoxon_test(values_ref first, values_ref second,
                              const wilcoxon_options& options = {});

/// How a share of random draws becomes a p value.
enum class drawn_p_value {
  add_one,  ///< (hits + 1) / (draws + 1), a valid p value and never 0 (Phipson and Smyth, 2010)
  share,    ///< hits / draws, as ranx has it
};
struct fisher_options {
  alternative side = alternative::two_sided;
  std::int64_t permutations = 10'000;  ///< draws when not exact; in [1, 2^32)
  /// All 2^m signs are counted when at most this many users differ, in [0, 50]; 0 always draws.
  int exact_limit = 30;
  drawn_p_value p_value = drawn_p_value::add_one;  ///< of draws; exact is always hits / 2^m
  std::uint64_t seed = 42;
  missing_values missing = missing_values::drop;
};
struct fisher_result {
  double statistic = 0;  ///< mean difference
  double p_value = 0;
  std::int64_t hits = 0;   ///< sign patterns at least as extreme as the data
  std::int64_t draws = 0;  ///< sign patterns looked at: 2^m if exact
  bool exact = false;
  std::int64_t users = 0;
  std::int64_t dropped = 0;
};
/// Fisher's randomisation test (paired sign flips): how often the mean difference would be at least
/// as extreme if for each user a coin had decided which model is which. Two-sided: |d*| >= |d|.
/// Sums that differ by less than 1e-12 of Σ|differences| count as equal, so rounding decides no
/// tie.
///
/// Draw r takes the bits of random_stream(seed, random_purpose::fisher_signs, r), one a user who
/// differs. Smucker, Allan, Carterette: A comparison of statistical significance tests for
/// information retrieval evaluation, CIKM 2007.
///
/// Cost for m users that differ: m · permutations / 128 blocks of sixteen table look-ups, parallel
/// over draws; exact O(2^(m/2)) in time and memory.
fisher_result fisher_test(const cpu& policy, values_ref first, values_ref second,
                          const fisher_options& options = {});
fisher_result fisher_test(values_ref first, values_ref second, const fisher_options& options = {});

// ---------------------------------------------------------------------------------------------
// Intervals

enum class interval_method {
  student_t,   ///< mean ± t · deviation / √users; no draws
  percentile,  ///< quantiles of the bootstrap means
  basic,       ///< those, mirrored at the mean
  bca,         ///< bias-corrected and accelerated: Efron, JASA 1987
};
struct interval_options {
  interval_method method = interval_method::student_t;
  double level = 0.95;              ///< in (0, 1)
  std::int64_t resamples = 10'000;  ///< bootstrap only; in [2, 2^32)
  std::uint64_t seed = 42;          ///< bootstrap only
  missing_values missing = missing_values::drop;
};
/// A confidence interval: of many data sets drawn as this one was, a share `level` gives an
/// interval that holds the true mean.
struct interval {
  double mean = 0;
  double low = 0;
  double high = 0;
  /// deviation / √users, or the deviation of the bootstrap means.
  double standard_error = 0;
  std::int64_t users = 0;
  std::int64_t dropped = 0;

  /// Half the width. student_t is mean ± this; a bootstrap interval need not be symmetric.
  double half_width() const noexcept { return 0.5 * (high - low); }
};
/// Interval of the mean over users of one model.
///
/// The bootstrap draws as many users as there are, with replacement, `resamples` times; quantiles
/// are linear between order statistics, and the shares of BCa count ties half, as scipy.stats.
/// bootstrap has it. Values that are all the same give an interval of width 0.
///
/// Cost: student_t O(users). Bootstrap: O(users · log users) once, then for each resample a draw of
/// one byte and a table look-up a user, less for values that many users share; parallel over
/// resamples, 8 bytes of memory each.
interval mean_interval(const cpu& policy, values_ref values, const interval_options& options = {});
interval mean_interval(values_ref values, const interval_options& options = {});

/// Interval of the mean difference; users are drawn in pairs. This, not two intervals that overlap
/// or do not, is what tells two models apart.
interval difference_interval(const cpu& policy, values_ref first, values_ref second,
                             const interval_options& options = {});
interval difference_interval(values_ref first, values_ref second,
                             const interval_options& options = {});

// ---------------------------------------------------------------------------------------------
// Many comparisons

enum class correction {
  none,
  bonferroni,          ///< p · m
  holm,                ///< step-down, never weaker than Bonferroni (Holm, 1979)
  benjamini_hochberg,  ///< step-up, of the false discovery rate (1995); independent tests
};
/// Adjusted p values, in the order given, to be held against the level wanted. NaN stays NaN and
/// does not count as a comparison. Cost O(m · log m).
/// @throws value_error for a p value outside [0, 1]
Eigen::VectorXd adjust_p_values(values_ref p_values, correction method = correction::holm);

enum class comparison_set {
  with_best,      ///< each model against the one with the best mean
  with_baseline,  ///< each model against compare_options::baseline
  all_pairs,
};
enum class paired_test { t, wilcoxon, fisher };

struct compare_options {
  comparison_set pairs = comparison_set::with_best;
  int baseline = 0;              ///< column; with_baseline only
  bool lower_is_better = false;  ///< for errors such as RMSE; decides the best
  paired_test test = paired_test::t;
  correction adjust = correction::holm;
  interval_method intervals = interval_method::student_t;
  double level = 0.95;
  std::int64_t permutations = 10'000;
  std::int64_t resamples = 10'000;
  std::uint64_t seed = 42;
  missing_values missing = missing_values::drop;
};
struct pair_comparison {
  int first = 0;   ///< column; the model in question
  int second = 0;  ///< column; the best or the baseline, or the later one of all pairs
  paired_summary summary;
  interval difference;
  double statistic = 0;
  double p_value = 0;  ///< two-sided
  double adjusted_p_value = 0;
};
struct comparison {
  std::vector<interval> models;  ///< one a column
  std::vector<pair_comparison> pairs;
  int best = -1;             ///< column, the first of equals; −1 without users
  std::int64_t users = 0;    ///< with a value for every model
  std::int64_t dropped = 0;  ///< left out because a model had NaN
  /// Conventions, to be printed with the numbers: "paired t test, two-sided, Holm over 3
  /// comparisons; 95 % t intervals".
  std::string method;

  /// The comparison of two columns in either order, or nullptr when it was not made.
  const pair_comparison* find(int a, int b) const noexcept;
};
/// Compares several models on one metric.
///
/// A user counts when every model has a value, so that all means are over the same users. Each pair
/// and each interval takes random draws of its own.
///
/// @param values users × models; column-major is read in place
/// @throws value_error without a column or for a baseline that is none
/// Cost: that of the test a pair, and of the interval a model and a pair.
comparison compare(const cpu& policy, const Eigen::Ref<const Eigen::MatrixXd>& values,
                   const compare_options& options = {});
comparison compare(const Eigen::Ref<const Eigen::MatrixXd>& values,
                   const compare_options& options = {});

/// "paired t test", "Wilcoxon signed-rank test", "Fisher randomisation test"
std::string name(paired_test test);
/// "t", "percentile bootstrap", "basic bootstrap", "BCa bootstrap"
std::string name(interval_method method);
/// "no correction", "Bonferroni", "Holm", "Benjamini-Hochberg"
std::string name(correction method);

}  // namespace significance
}  // namespace recokit::inline RECOKIT_ABI
