// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How sure the numbers of a run are: intervals over users, and tests against the best
/// model.
#pragma once

#include <recokit/metrics/significance.hpp>

#include <optional>
#include <string>

namespace recokit_bench {

struct bench_results;

/// Level of the tests; intervals have 1 − this.
inline constexpr double significance_level = 0.05;

struct inference_options {
  recokit::significance::paired_test test = recokit::significance::paired_test::t;
  /// Nothing: no intervals.
  std::optional<recokit::significance::interval_method> intervals =
      recokit::significance::interval_method::student_t;
};

/// A model against the best one, on one metric.
struct against_best {
  recokit::significance::interval difference;  ///< model − best, over the users of both
  double p_value = 0;                          ///< two-sided
  double adjusted_p_value = 0;                 ///< Holm, over the models
  /// Worse, and the adjusted p value is at most significance_level. Never for a metric without a
  /// good end.
  bool significantly_worse = false;
};

/// What is known of one metric of one model besides its value.
struct metric_inference {
  std::optional<recokit::significance::interval> interval;
  std::optional<against_best> comparison;  ///< not for the best itself
};

/// The conventions of all that.
struct inference_facts {
  /// "95 % t interval"; empty: none were asked for.
  std::string intervals;
  std::string interval_method;  ///< "t"
  std::string best;             ///< label of the model that others are held against, or empty
  std::string test;             ///< "paired t test"
  /// "paired t test, two-sided, Holm over 2 comparisons"; empty when nothing was compared.
  std::string method;
};

/// Fills the inference of ranked results. The values of all folds are pooled: a pair is a user in a
/// fold. Models that failed or whose first metric is NaN are left out; so are metrics without a
/// value a user.
void infer(const recokit::cpu& policy, const inference_options& options, bench_results& results);

}  // namespace recokit_bench
