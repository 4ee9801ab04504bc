// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The metrics that `--metrics` knows: of ranking, and beyond accuracy.
#pragma once

#include <recokit/metrics/beyond_metric.hpp>
#include <recokit/metrics/ranking_metric.hpp>

#include <string>
#include <variant>
#include <vector>

namespace recokit_bench {

/// Which end of the scale is good. Measures beyond accuracy tell what lists are like; neither end
/// of them is.
enum class good_end { high, low, neither };

class bench_metric {
 public:
  bench_metric(const recokit::ranking_metric& metric) : metric_(metric) {}
  bench_metric(const recokit::beyond_metric& metric) : metric_(metric) {}

  /// Null for the other kind.
  const recokit::ranking_metric* ranking() const noexcept;
  const recokit::beyond_metric* beyond() const noexcept;

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
  std::variant<recokit::ranking_metric, recokit::beyond_metric> metric_;
};

/// "ndcg@10" or "coverage@10"; a misspelt measure is answered with the nearest.
/// @throws usage_error, also for measures that need item categories or groups
bench_metric parse_metric_word(const std::string& text);

/// What the metrics beyond accuracy of `recokit-bench list` are.
std::vector<recokit::beyond_metric> offered_beyond_metrics(int k);

}  // namespace recokit_bench
