// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ranking metrics with named conventions, all of them in one pass over each list.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/scored_item.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

enum class ranking_measure { precision, recall, ndcg, mrr, map, hit_rate };

/// What recall and MAP divide by.
enum class relevant_divisor {
  all,        ///< |relevant|
  truncated,  ///< min(k, |relevant|)
};

/// A ranking metric with every choice that libraries disagree on spelled out.
///
/// Relevance is binary: an item of the test row is relevant. Common to all: a list shorter than k
/// is padded with items that are not relevant; the mean is over users with at least one relevant
/// item.
struct ranking_metric {
  ranking_measure measure = ranking_measure::ndcg;
  /// Depth of the list that is looked at, at least 1.
  int k = 10;
  /// Recall and MAP only.
  relevant_divisor divisor = relevant_divisor::all;

  /// "ndcg@10"; "recall(truncated)@20" where a choice differs from the default.
  std::string name() const;
  /// The convention in one line: "hits / |relevant|".
  std::string convention() const;

  friend bool operator==(const ranking_metric&, const ranking_metric&) = default;
};

/// hits in the first k / k
ranking_metric precision(int k);
/// hits in the first k / |relevant| (or / min(k, |relevant|))
ranking_metric recall(int k, relevant_divisor divisor = relevant_divisor::all);
/// DCG of the first k with gain 1 and discount 1 / log2(rank + 1), over that of an ideal list of
/// min(k, |relevant|) hits. Järvelin and Kekäläinen, TOIS 2002.
ranking_metric ndcg(int k);
/// 1 / rank of the first hit in the first k, else 0
ranking_metric mrr(int k = 10);
/// sum of the precision at every hit in the first k / min(k, |relevant|) (or / |relevant|)
ranking_metric map(int k, relevant_divisor divisor = relevant_divisor::truncated);
/// 1 when the first k hold a hit, else 0
ranking_metric hit_rate(int k);

/// "ndcg@10", "recall@20", "recall(truncated)@20", "map(all)@10", … @throws value_error
ranking_metric parse_metric(std::string_view text);

/// All measures with their names, defaults and conventions; for command lines and docs.
std::vector<ranking_metric> all_ranking_metrics(int k = 10);

/// Computes many metrics of one list at once.
///
/// Holds tables of discounts; create it once and share it between threads.
class ranking_evaluator {
 public:
  /// @param items size of the catalogue: no list and no row of relevant items is longer
  /// @throws value_error when a metric has k < 1
  ranking_evaluator(std::vector<ranking_metric> metrics, index_t items);

  const std::vector<ranking_metric>& metrics() const noexcept { return metrics_; }
  /// The longest list that any metric looks at: the largest k, at most the number of items.
  int depth() const noexcept { return depth_; }

  /// Writes one value a metric for one user into `values`.
  /// @param list     best first; entries beyond depth() are ignored
  /// @param relevant item indices in ascending order, at least one
  /// O(depth · log |relevant| + metrics)
  void evaluate(std::span<const scored_item<>> list, std::span<const index_t> relevant,
                std::span<double> values) const;

 private:
  std::vector<ranking_metric> metrics_;
  std::vector<double> discount_;  // by rank, from 1
  std::vector<double> ideal_;     // ideal_[n]: DCG of n hits in the first n ranks
  int depth_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI
