// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Names a ranking metric with every choice that libraries disagree on.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/ranking_choices.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// A ranking metric with every choice spelled out.
///
/// Make one with a factory below or with parse_metric; a field that a measure does not use keeps
/// its default. Common to all: "the first k" of a shorter list are its entries followed by misses.
struct ranking_metric {
  ranking_measure measure = ranking_measure::ndcg;
  /// Depth of the list that is looked at; 0: the whole list.
  int k = 10;
  /// precision: k, listed or truncated. recall: all or truncated. map: all, truncated,
  /// truncated_listed, hits or k. partial_auc: see there.
  metric_divisor divisor = metric_divisor::k;
  /// ndcg, dcg and rbp.
  gain_function gain = gain_function::binary;
  /// ndcg only.
  ideal_list ideal = ideal_list::truncated;
  /// ndcg and dcg.
  discount_function discount = discount_function::log2_next;
  /// precision, recall, map, ndcg, auc, average_rank and percentile_rank may be micro.
  user_average average = user_average::macro;
  /// precision, recall, map and mrr: an entry with a score of 0 or less is a miss (torchmetrics).
  bool positive_scores = false;
  /// f_beta: weight of recall against precision, above 0.
  double beta = 1;
  /// rbp: the chance p of going on to the next item, in (0, 1).
  double persistence = 0.8;
  /// err, and rbp with graded gain: the highest grade there is, above 0. For err a grade beyond it
  /// counts as it; rbp divides by the gain of it, so that values stay in [0, 1].
  double max_grade = 4;

  /// "ndcg@10"; "recall(truncated)@20" where a choice differs from the default of its measure;
  /// "map@all" for whole lists. parse_metric reads it back.
  std::string name() const;
  /// The convention in one line: "hits in the first 20 / |relevant|".
  std::string convention() const;
  /// True for average_rank and percentile_rank.
  bool lower_is_better() const noexcept;

  friend bool operator==(const ranking_metric&, const ranking_metric&) = default;
};

/// hits in the first k / k
ranking_metric precision(int k, metric_divisor divisor = metric_divisor::k);
/// hits in the first k / |relevant|
ranking_metric recall(int k, metric_divisor divisor = metric_divisor::all);
/// (1 + beta²) · P · R / (beta² · P + R) of precision(k) and recall(k); van Rijsbergen, 1979
ranking_metric f_beta(int k, double beta = 1);
/// 1 when the first k hold a hit, else 0
ranking_metric hit_rate(int k);
/// hits in the first |relevant| / |relevant|; with k, min(k, |relevant|) in both places
ranking_metric r_precision(int k = 0);
/// 1 / rank of the first hit in the first k, else 0
ranking_metric mrr(int k = 10);
/// sum of the precision at every hit in the first k / min(k, |relevant|)
ranking_metric map(int k, metric_divisor divisor = metric_divisor::truncated);
/// DCG of the first k over that of the ideal list. Järvelin and Kekäläinen, TOIS 2002.
ranking_metric ndcg(int k, gain_function gain = gain_function::binary,
                    ideal_list ideal = ideal_list::truncated);
/// sum of gain(grade) / log2(rank + 1) over the first k
ranking_metric dcg(int k, gain_function gain = gain_function::binary);
/// The share of pairs of a relevant and another candidate in which the relevant one ranks higher.
/// Candidates that a shorter list leaves out stand behind it in unknown order: half credit among
/// themselves. 1 when every candidate is relevant.
ranking_metric auc();
/// auc with a mean in which a user weighs |relevant|, the GAUC of Zhu et al., KDD 2017.
ranking_metric gauc();
/// auc against the k highest ranked other candidates alone (all, when there are fewer).
/// `listed`: what the list leaves out gives no credit and the divisor is k · |relevant|;
/// `truncated`: the same for the first k hits over k · min(k, |relevant|). These are the partial
/// AUC and the pAp of RecTools.
ranking_metric partial_auc(int k, metric_divisor divisor = metric_divisor::all);
/// mean over the relevant items of 1 − min(N_above, R) / min(N, R), where N counts the judged items
/// that are not relevant; an item not listed gives 0; 1 for each listed item when N is 0. Buckley
/// and Voorhees, SIGIR 2004, as trec_eval has it. Needs ranking_options::relevance_level.
ranking_metric bpref();
/// sum over the first k of P(stop at rank) / rank, P(satisfied) = (2^r − 1) / 2^max_grade.
/// Chapelle et al., CIKM 2009.
ranking_metric err(int k, double max_grade = 4);
/// (1 − p) · sum of gain · p^(rank − 1) over the first k. Moffat and Zobel, TOIS 2008.
ranking_metric rbp(int k, double persistence = 0.8);
/// Mean rank of the relevant items, the best is 1; a relevant item that is not listed takes the
/// mean of the places behind the list. Lower is better.
ranking_metric average_rank();
/// average_rank on a scale from 0 (first) to 1 (last): (rank − 1) / (candidates − 1). Hu et al.,
/// ICDM 2008. Lower is better.
ranking_metric percentile_rank();

/// Reads what name() writes: "ndcg@10", "ndcg(exponential,ideal_full)@10", "recall(truncated)@20",
/// "map(all)@all", "f_beta(beta=2)@5", "rbp(p=0.95)@100", "err(max=3)@20", "precision(micro)@10",
/// "f1@10", "auc", "gauc", "bpref", … @throws value_error
ranking_metric parse_metric(std::string_view text);

/// Every measure with its default choices; k for those that need one.
std::vector<ranking_metric> all_ranking_metrics(int k = 10);

}  // namespace recokit::inline RECOKIT_ABI
