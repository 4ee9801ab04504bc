// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ranking metrics with named conventions, all of them in one pass over each list.
#pragma once

#include <recokit/core/scored_item.hpp>
#include <recokit/kernels/ranking_pass.hpp>
#include <recokit/metrics/ranking_metric.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// What to do with entries of equal score. All but as_listed sort a list by score first. Ties that
/// the end of a cut list runs through are resolved among the listed entries alone.
enum class tie_policy {
  as_listed,         ///< the order of the list is the ranking
  index_ascending,   ///< recokit's own order
  index_descending,  ///< trec_eval's, when items are numbered in the order of their names
  optimistic,        ///< relevant entries first, highest grade first
  pessimistic,       ///< relevant entries last, highest grade last
  average,           ///< the mean over all orders; only for measures that are linear in the gains
};

/// The value of a user without a relevant item.
enum class empty_user_policy {
  skip,   ///< left out of the mean; per-user values do not hold the user
  zero,   ///< 0, counted
  one,    ///< 1, counted
  nan,    ///< NaN, so the mean is NaN
  error,  ///< value_error
};

/// An item that a list holds twice.
enum class duplicate_policy {
  error,  ///< value_error
  miss,   ///< keeps its place and counts as an item that is not relevant
};

enum class nan_policy {
  error,  ///< value_error
  last,   ///< ranks behind all numbers where a list is sorted
};

enum class negative_grade_policy {
  clip,      ///< judged, not relevant, gain 0
  unjudged,  ///< as if it were not stored: trec_eval's pool of documents that nobody judged
  error,     ///< value_error
};

/// Which relevant items exist.
enum class relevant_scope {
  judged,  ///< all that were judged
  listed,  ///< only those in the list, as where a query is nothing but its list (torchmetrics)
};

/// Which entries count as relevant, and what happens to input that has no single right answer.
struct ranking_options {
  /// A judged item (one that is stored in the user's test row) is relevant when its grade is at
  /// least this. Default: all of them, whatever their grades.
  double relevance_level = -std::numeric_limits<double>::infinity();
  /// Whether linear and exponential gains count positive grades below relevance_level too.
  bool gain_below_level = false;
  tie_policy ties = tie_policy::as_listed;
  empty_user_policy empty_users = empty_user_policy::skip;
  duplicate_policy duplicates = duplicate_policy::error;
  nan_policy nan_scores = nan_policy::error;
  negative_grade_policy negative_grades = negative_grade_policy::clip;
  relevant_scope scope = relevant_scope::judged;

  friend bool operator==(const ranking_options&, const ranking_options&) = default;
};

/// One list and what is known of the user's taste.
struct judged_list {
  /// Best first.
  std::span<const scored_item<>> list;
  /// The judged items in ascending order, each once.
  std::span<const index_t> judged;
  /// Their grades; empty: all 1.
  std::span<const double> grades{};
  /// How many items could have been listed, for auc and the ranks; 0: those in the list and the
  /// relevant ones.
  std::int64_t candidates = 0;
};

/// An entry of a ranking that was judged, for rankings that are not lists of indices.
struct judged_rank {
  std::int64_t rank;  ///< from 1
  double grade;
  bool positive_score = true;
};

/// Computes many metrics of one list at once.
///
/// Immutable, cheap to copy and safe to share between threads. Holds tables as long as the longest
/// list.
class ranking_evaluator {
 public:
  /// @param items size of the catalogue: no list is longer
  /// @throws value_error when a metric has k < 0, a choice that its measure does not have or a
  ///         parameter out of range, or when ties are averaged and a measure is not linear
  ranking_evaluator(std::vector<ranking_metric> metrics, index_t items,
                    const ranking_options& options = {});

  const std::vector<ranking_metric>& metrics() const noexcept;
  const ranking_options& options() const noexcept;
  /// All that a backend needs to know; lives as long as the evaluator or a copy of it.
  const ranking_pass::plan_view& pass() const noexcept;
  /// The length of list that the metrics need, at most the number of items.
  /// @param longest the most relevant items that a user has
  int depth(std::int64_t longest) const noexcept;
  /// Whether grades change a result; without it the caller need not gather them.
  bool needs_grades() const noexcept;

  /// Writes one value a metric for one user into `values`; false when the user is to be skipped,
  /// and then all are NaN.
  /// @param weights one a metric: what the user weighs in the mean; empty: not wanted
  /// @throws value_error as the options say; dimension_error when grades differ in size
  /// O(list + judged + metrics), times log where a list or the grades must be sorted. Memory, kept
  /// by the thread: O(list + judged).
  bool evaluate(const judged_list& user, std::span<double> values,
                std::span<double> weights = {}) const;

  /// The same for a ranking whose judged entries are known by rank, ascending, without ties.
  /// @param listed length of the ranking
  /// @param grades of all judged items, listed or not, in any order
  bool evaluate(std::span<const judged_rank> ranking, std::int64_t listed,
                std::span<const double> grades, std::span<double> values,
                std::span<double> weights = {}, std::int64_t candidates = 0) const;

 private:
  struct plan;
  std::shared_ptr<const plan> plan_;
};

}  // namespace recokit::inline RECOKIT_ABI
