// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A run seen through qrels: the relevance of every rank, query by query.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/metrics/trec_files.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::trec {

/// The relevance of a retrieved document that the qrels do not have.
inline constexpr std::int32_t not_in_pool = -1;
/// The relevance of a retrieved document that the qrels have with a relevance below 0.
inline constexpr std::int32_t not_judged = -2;

/// How a run is compared with qrels. The defaults are those of trec_eval.
struct judge_options {
  /// Judgements from here on count as relevant (-l). Not below 0.
  std::int32_t relevance_level = 1;
  /// Documents of a query below this rank are left out (-M). At least 1.
  std::int64_t max_retrieved = std::numeric_limits<std::int64_t>::max();
  /// Leave retrieved documents without a judgement out, before ranks are counted (-J).
  bool judged_only = false;
  /// Take queries that the run does not answer as answered by an empty list (-c). Otherwise they
  /// are left out.
  bool complete = false;
};

/// How many documents of a query were judged with this relevance, retrieved or not.
struct judged_level {
  std::int32_t relevance = 0;
  std::int64_t documents = 0;
};

/// The ranked list of one query with its judgements. Reuse one object for many queries.
struct judged_list {
  /// Relevance by rank: 0 or more, not_in_pool or not_judged.
  std::vector<std::int32_t> relevance;
  /// Ranks of the relevant documents, from 0, ascending.
  std::vector<std::int32_t> relevant_ranks;
  /// Every judged relevance from 0 on, descending.
  std::vector<judged_level> levels;
  /// Judged documents at or above the relevance level, retrieved or not.
  std::int64_t relevant = 0;
  /// Judged documents below the relevance level, retrieved or not.
  std::int64_t nonrelevant = 0;
};

/// The queries that qrels and a run share (or all of the qrels), with their judged lists.
///
/// Queries of the run without judgements are ignored. Both tables must outlive the object.
class judged_run {
 public:
  /// @throws value_error naming the option
  judged_run(const qrels& judgements, const run& results, const judge_options& options = {});

  /// The number of queries, in ascending byte order of their ids.
  std::size_t size() const noexcept { return pairs_.size(); }
  std::string_view query(std::size_t i) const noexcept;
  /// False where the run has no document for the query; only with options.complete.
  bool answered(std::size_t i) const noexcept { return pairs_[i].in_run != nowhere; }

  /// Fills `list` with query i. From any number of threads, each with its own list.
  /// Time O(judged + retrieved).
  void fill(std::size_t i, judged_list& list) const;

  /// Queries of the qrels that the run does not answer.
  std::size_t unanswered() const noexcept { return unanswered_; }
  /// Queries of the run that the qrels do not have.
  std::size_t without_judgements() const noexcept { return without_judgements_; }
  /// No list is longer than this.
  std::size_t longest() const noexcept { return longest_; }

  const judge_options& options() const noexcept { return options_; }

 private:
  static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();
  struct pair {
    std::size_t in_qrels = 0;
    std::size_t in_run = nowhere;
  };

  const qrels* judgements_;
  const run* results_;
  judge_options options_;
  std::vector<pair> pairs_;
  std::size_t unanswered_ = 0;
  std::size_t without_judgements_ = 0;
  std::size_t longest_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI::trec
