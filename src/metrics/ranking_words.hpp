// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What each ranking measure is called, which choices it has and what they default to.
#pragma once

#include <recokit/metrics/ranking_metric.hpp>

#include <array>
#include <initializer_list>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// How a measure uses k.
enum class depth_use { needed, optional, none };

struct measure_words {
  ranking_measure measure;
  std::string_view name;
  depth_use depth = depth_use::needed;
  metric_divisor divisor = metric_divisor::k;  // the default; also of measures without the choice
  unsigned divisors = 0;                       // the choices, one bit each
  bool gain = false;
  bool ideal = false;
  bool discount = false;
  bool micro = false;
  bool positive = false;  // may look at positive scores alone
  bool linear = false;    // in the gains at each rank, so that ties can be averaged
};

constexpr unsigned bit(metric_divisor divisor) { return 1U << static_cast<unsigned>(divisor); }

constexpr unsigned bits(std::initializer_list<metric_divisor> divisors) {
  unsigned all = 0;
  for (const auto divisor : divisors) all |= bit(divisor);
  return all;
}

using enum metric_divisor;

inline constexpr std::array ranking_measures{
    measure_words{.measure = ranking_measure::precision,
                  .name = "precision",
                  .divisors = bits({k, listed, truncated}),
                  .micro = true,
                  .positive = true,
                  .linear = true},
    measure_words{.measure = ranking_measure::recall,
                  .name = "recall",
                  .divisor = all,
                  .divisors = bits({all, truncated}),
                  .micro = true,
                  .positive = true,
                  .linear = true},
    measure_words{.measure = ranking_measure::f_beta, .name = "f_beta", .linear = true},
    measure_words{.measure = ranking_measure::hit_rate, .name = "hit_rate"},
    measure_words{.measure = ranking_measure::r_precision,
                  .name = "r_precision",
                  .depth = depth_use::optional,
                  .linear = true},
    measure_words{.measure = ranking_measure::mrr, .name = "mrr", .positive = true},
    measure_words{.measure = ranking_measure::map,
                  .name = "map",
                  .divisor = truncated,
                  .divisors = bits({all, truncated, truncated_listed, hits, k}),
                  .micro = true,
                  .positive = true},
    measure_words{.measure = ranking_measure::ndcg,
                  .name = "ndcg",
                  .gain = true,
                  .ideal = true,
                  .discount = true,
                  .micro = true,
                  .linear = true},
    measure_words{.measure = ranking_measure::dcg,
                  .name = "dcg",
                  .gain = true,
                  .discount = true,
                  .linear = true},
    measure_words{.measure = ranking_measure::auc,
                  .name = "auc",
                  .depth = depth_use::none,
                  .micro = true,
                  .linear = true},
    measure_words{.measure = ranking_measure::partial_auc,
                  .name = "partial_auc",
                  .divisor = all,
                  .divisors = bits({all, listed, truncated})},
    measure_words{.measure = ranking_measure::bpref, .name = "bpref", .depth = depth_use::none},
    measure_words{.measure = ranking_measure::err, .name = "err"},
    measure_words{.measure = ranking_measure::rbp, .name = "rbp", .gain = true, .linear = true},
    measure_words{.measure = ranking_measure::average_rank,
                  .name = "average_rank",
                  .depth = depth_use::none,
                  .micro = true,
                  .linear = true},
    measure_words{.measure = ranking_measure::percentile_rank,
                  .name = "percentile_rank",
                  .depth = depth_use::none,
                  .micro = true,
                  .linear = true},
};

constexpr const measure_words& words_of(ranking_measure measure) {
  for (const auto& words : ranking_measures) {
    if (words.measure == measure) return words;
  }
  return ranking_measures.front();
}

/// @throws value_error when a choice does not exist for the measure or a parameter is out of range
void check_metric(const ranking_metric& metric);

}  // namespace recokit::inline RECOKIT_ABI::detail
