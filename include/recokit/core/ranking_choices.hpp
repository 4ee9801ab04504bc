// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What ranking metrics can choose; free of Eigen for use in .cu.
#pragma once

#include <cstdint>

namespace recokit {

enum class ranking_measure : std::uint8_t {
  precision,
  recall,
  f_beta,
  hit_rate,
  r_precision,
  mrr,
  map,
  ndcg,
  dcg,
  auc,
  partial_auc,
  bpref,
  err,
  rbp,
  average_rank,
  percentile_rank,
};

/// What precision, recall, MAP and ROC-like counts divide by.
enum class metric_divisor : std::uint8_t {
  k,                 ///< k; with a whole list, its length
  listed,            ///< min(k, length of the list)
  all,               ///< |relevant|
  truncated,         ///< min(k, |relevant|)
  truncated_listed,  ///< min(k, |relevant|, length of the list)
  hits,              ///< hits in the first k
};

/// What an item of grade r adds to DCG and RBP.
enum class gain_function : std::uint8_t {
  binary,       ///< 1 when relevant
  linear,       ///< r
  exponential,  ///< 2^r − 1 (Burges et al., ICML 2005)
};

/// The list that NDCG divides by.
enum class ideal_list : std::uint8_t {
  truncated,  ///< the best min(k, |relevant|) items
  full,       ///< all relevant items, whatever k
  filled,     ///< k hits, even when fewer items are relevant (binary gain only)
  listed,     ///< the best min(k, |relevant|, length of the list) items
};

enum class discount_function : std::uint8_t {
  log2_next,  ///< 1 / log2(rank + 1): Järvelin and Kekäläinen in the form of Burges
  log2_rank,  ///< 1 / max(log2(rank), 1): ranks 1 and 2 weigh the same (Järvelin and Kekäläinen,
              ///< 2002)
};

/// How users are averaged.
enum class user_average : std::uint8_t {
  macro,  ///< every user weighs the same
  micro,  ///< a user weighs what the metric divides by, as if all lists were one
};

}  // namespace recokit
