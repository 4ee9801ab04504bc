// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The metrics that `--metrics` knows: of ranking, beyond accuracy, and of predicted
/// ratings.
#pragma once

#include <recokit/metrics/beyond_metric.hpp>
#include <recokit/metrics/ranking_metric.hpp>
#include <recokit/metrics/rating.hpp>

#include <string>
#include <variant>
#include <vector>

namespace recokit_bench {

/// Which end of the scale is good. Measures beyond accuracy tell what lists are like; neither end
/// of them is.
enum class good_end { high, low, neither };

/// A number of recokit::rating_report: over all test ratings together.
enum class rating_number { rmse, mae, mse, r2, explained_variance, mean_error, max_error };

class rating_metric {
 public:
  explicit rating_metric(rating_number number) : number_(number) {}

  std::string name() const;
  std::string convention() const;
  good_end good() const noexcept;
  double value(const recokit::rating_report& report) const noexcept;

  friend bool operator==(const rating_metric&, const rating_metric&) = default;

 private:
  rating_number number_;
};

/// All of them.
std::vector<rating_metric> all_rating_metrics();

class bench_metric {
 public:
  bench_metric(const rating_metric& metric) : metric_(metric) {}
  bench_metric(const recokit::ranking_metric& metric) : metric_(metric) {}
  bench_metric(const recokit::beyond_metric& metric) : metric_(metric) {}

  /// Null for the other kinds.
  const recokit::ranking_metric* ranking() const noexcept;
  const recokit::beyond_metric* beyond() const noexcept;
  const rating_metric* rating() const noexcept;

  std::string name() const;
  /// In one line; names the distance where one is used.
  std::string convention() const;
  good_end good() const noexcept;
  /// "more is better", "less is better", or empty
  std::string good_text() const;
  /// The plain mean of a value a user, which has an interval. Not so for measures of all lists
  /// together and for weighted means.
  bool mean_over_users() const noexcept;
  /// Needs a distance between items; see recokit::cooccurrence_distance.
  bool by_distance() const noexcept;

  friend bool operator==(const bench_metric&, const bench_metric&) = default;

 private:
  std::variant<recokit::ranking_metric, recokit::beyond_metric, rating_metric> metric_;
};

/// "ndcg@10", "coverage@10" or "rmse"; a misspelt measure is answered with the nearest.
/// @throws usage_error, also for measures that need item categories or groups
bench_metric parse_metric_word(const std::string& text);

/// What the metrics beyond accuracy of `recokit-bench list` are.
std::vector<recokit::beyond_metric> offered_beyond_metrics(int k);

}  // namespace recokit_bench
