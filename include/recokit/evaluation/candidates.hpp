// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Evaluates a model on candidate items that are given for each user.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/evaluation/evaluate.hpp>
#include <recokit/evaluation/report.hpp>
#include <recokit/evaluation/scorer.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// How evaluate_candidates ranks and what it keeps.
struct candidate_options {
  /// Relevance, ties, users without a relevant item, duplicates, NaN.
  ranking_options ranking{};
  /// Rank a user's test items that the candidates lack with them. Without, they count as never
  /// listed.
  bool add_positives = true;
  /// Keep one value a user and metric in the report: 8 bytes each.
  bool keep_users = true;
};

namespace detail {

/// The items to rank for each row: those of candidates, with those of judged when `add`; none for a
/// row without candidates.
template <class Value, class Offset>
csr_matrix<> candidate_rows(const csr_view<>& candidates,
                            const csr_view<Value, index_t, Offset>& judged, bool add) {
  std::vector<offset_t> offsets{0};
  std::vector<index_t> items;
  for (index_t u = 0; u < candidates.rows(); ++u) {
    const auto given = candidates.row(u).indices;
    if (add && !given.empty()) {
      const auto wanted = judged.row(u).indices;
      std::set_union(given.begin(), given.end(), wanted.begin(), wanted.end(),
                     std::back_inserter(items));
    } else {
      items.insert(items.end(), given.begin(), given.end());
    }
    offsets.push_back(static_cast<offset_t>(items.size()));
  }
  return {candidates.rows(), candidates.cols(), std::move(offsets), std::move(items)};
}

}  // namespace detail

/// Ranks for every user of `test` his own candidates, such as 1 positive and 99 published
/// negatives, and averages the metrics over users. Nothing is filtered: an item that the user has
/// seen in training ranks when it is a candidate. Candidates rank by score, then by index, unless
/// options.ranking.ties says otherwise; `optimistic` is in favour of the test items.
///
/// Not comparable with the ranking of the whole catalogue, and a warning in the report says so: see
/// evaluate_sampled. A model that scores is asked for the candidates alone; one that only
/// recommends ranks them through recommend_options::only, in O(items) a user.
///
/// @param candidates users × items; stored items are candidates, whatever their values. A user with
///                   test items and no candidates is left out and counted in a warning.
/// @param test       users × items; stored items are judged, and relevant as options.ranking says
/// @throws dimension_error when candidates, test and model differ in shape, else as evaluate does
/// Cost: a score of the candidates and their sort, a user. Memory: a copy of the candidates, the
/// lists of 1024 users at a time, and users × metrics where they are kept.
template <class Model, class Candidates, class Test>
  requires(recommender<Model> || scorer<Model>)
evaluation_report evaluate_candidates(const cpu& policy, const Model& model,
                                      const Candidates& candidates, const Test& test,
                                      const std::vector<ranking_metric>& metrics,
                                      const candidate_options& options = {}) {
  const auto begin = std::chrono::steady_clock::now();
  if (metrics.empty()) throw value_error("metrics", "{}", "must name at least one");
  const auto judged = to_csr(test);
  const csr_matrix<> given = standard_csr(candidates);
  const auto items = static_cast<index_t>(model.items());
  check::equal("test.rows()", judged.rows(), "model.users()",
               static_cast<std::int64_t>(model.users()), detail::split_together);
  check::equal("test.cols()", judged.cols(), "model.items()", items, detail::split_together);
  check::equal("candidates.rows()", given.rows(), "test.rows()", judged.rows());
  check::equal("candidates.cols()", given.cols(), "test.cols()", judged.cols(),
               "read_candidates takes the id maps of the data");

  const csr_matrix<> ranked = detail::candidate_rows(given.view(), judged, options.add_positives);
  const ranking_evaluator evaluator(metrics, items, options.ranking);
  detail::report_builder report(evaluator, judged.rows(), options.keep_users);
  std::int64_t without_candidates = 0;
  std::int64_t fewest = items;
  std::int64_t most = 0;
  constexpr index_t tile = 1024;
  std::vector<index_t> rows;
  for (index_t first = 0; first < given.rows(); first += tile) {
    const index_t last = std::min<index_t>(first + tile, given.rows());
    rows.clear();
    for (index_t u = first; u < last; ++u) {
      const auto count = static_cast<std::int64_t>(ranked.row(u).size());
      if (judged.row(u).size() > 0) {
        if (count == 0) {
          ++without_candidates;
          report.skip();
          continue;
        }
        fewest = std::min(fewest, count);
        most = std::max(most, count);
      }
      rows.push_back(u);
    }
    std::vector<std::vector<scored_item<>>> lists(rows.size());
    parallel_for(policy, static_cast<std::int64_t>(rows.size()), 16,
                 [&](std::int64_t from, std::int64_t to) {
                   std::vector<float> scores;
                   for (auto u = static_cast<std::size_t>(from); std::cmp_less(u, to); ++u) {
                     if (judged.row(rows[u]).size() == 0) continue;
                     const std::span<const index_t> own = ranked.row(rows[u]).indices;
                     auto& list = lists[u];
                     if constexpr (scorer<Model>) {
                       scores.resize(own.size());
                       model.score(rows[u], own, std::span<float>(scores));
                       for (std::size_t i = 0; i < own.size(); ++i) {
                         list.push_back({own[i], scores[i]});
                       }
                       std::sort(list.begin(), list.end(), ranks_before<float, index_t>);
                     } else {
                       const ranked_lists found =
                           model.recommend(cpu{.threads = 1}, std::span<const index_t>(&rows[u], 1),
                                           recommend_options{.k = static_cast<int>(own.size()),
                                                             .exclude_seen = false,
                                                             .only = own});
                       list.assign(found[0].begin(), found[0].end());
                     }
                   }
                 });
    detail::evaluate_rows(
        policy, evaluator, judged, rows,
        [&](std::size_t u) { return std::span<const scored_item<>>(lists[u]); }, report);
  }
  evaluation_report found = report.finish(begin);
  found.protocol = "given candidates";
  found.warnings.push_back(
      "candidates given: ranks are among " +
      (most == 0        ? "no"
       : fewest == most ? std::to_string(most)
                        : std::to_string(fewest) + " to " + std::to_string(most)) +
      " candidates a user, not the catalogue of " + std::to_string(items) +
      " items; not comparable with full ranking: Krichene and Rendle, KDD 2020");
  if (without_candidates > 0) {
    found.warnings.push_back(std::to_string(without_candidates) +
                             " users with test items have no candidates and are left out");
  }
  return found;
}

template <class Model, class Candidates, class Test>
  requires(recommender<Model> || scorer<Model>)
evaluation_report evaluate_candidates(const Model& model, const Candidates& candidates,
                                      const Test& test, const std::vector<ranking_metric>& metrics,
                                      const candidate_options& options = {}) {
  return evaluate_candidates(cpu{}, model, candidates, test, metrics, options);
}

}  // namespace recokit::inline RECOKIT_ABI
