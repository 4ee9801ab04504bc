// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a ranking_evaluator works out once for all users, and the work space of one user.
#pragma once

#include "rank_table.hpp"

#include <recokit/metrics/ranking.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace detail {

/// A judged entry of the ranking. With averaged ties every place of a tie block is one, and its
/// numbers are means over the block.
struct rank_hit {
  std::int64_t rank;
  double relevant;
  double linear;
  double exponential;
  bool positive;  // its score
};

/// What the pass has added up when it reaches a cut; sums of DCG, RBP and ERR follow it.
struct rank_counts {
  double hits = 0;
  double precision_sum = 0;
  double first_rank = 0;

  void add(double relevant, double rank) {
    hits += relevant;
    precision_sum += hits / rank;
    if (first_rank == 0) first_rank = rank;
  }
};

/// Work space for one user; kept by the thread and used again for the next.
struct rank_scratch {
  rank_table places;
  std::vector<scored_item<>> sorted;
  std::vector<std::uint64_t> found;     // one bit a rank
  std::vector<std::int32_t> judged_at;  // by rank
  std::vector<rank_hit> hits;
  std::vector<double> grades;              // of the relevant items, highest first
  std::vector<rank_counts> at_cut;         // of all hits, then of those with a positive score
  std::vector<double> sums;                // cuts × sums
  std::vector<double> sum;                 // running
  std::vector<double> going_on;            // running, one an ERR
  std::vector<std::vector<double>> ideal;  // prefix sums, one a DCG of graded gain
};

/// One user in numbers.
struct rank_totals {
  std::int64_t listed = 0;
  std::int64_t candidates = 0;
  std::int64_t relevant = 0;
  std::int64_t judged_not_relevant = 0;
  double listed_relevant = 0;
  double not_relevant_above = 0;  // summed over the listed relevant entries
  double rank_sum = 0;            // of them
};

double exponential_gain(double grade);

/// Discounts and their prefix sums by rank, as far as it pays to keep them.
class discount_table {
 public:
  discount_table(discount_function function, std::size_t length);
  double operator[](std::int64_t rank) const {
    const auto r = static_cast<std::size_t>(rank);
    return r < discount_.size() ? discount_[r] : compute(rank);
  }
  /// Sum over the first n ranks.
  double first(std::int64_t n) const;

 private:
  double compute(std::int64_t rank) const;

  discount_function function_;
  std::vector<double> discount_;
  std::vector<double> prefix_;
};

struct dcg_sum {
  gain_function gain;
  discount_function discount;
  friend bool operator==(const dcg_sum&, const dcg_sum&) = default;
};
struct rbp_sum {
  gain_function gain;
  double persistence;
  friend bool operator==(const rbp_sum&, const rbp_sum&) = default;
};

/// A metric with what it reads from the pass.
struct rank_step {
  ranking_metric metric;
  std::size_t cut;
  std::size_t sum;      // of its DCG, RBP or ERR
  double filled_ideal;  // ideal_filled with k
};

}  // namespace detail

struct ranking_evaluator::plan {
  std::vector<ranking_metric> metrics;
  ranking_options options;
  index_t items = 0;
  std::vector<std::int64_t> cuts;
  std::vector<detail::rank_step> steps;
  std::vector<detail::dcg_sum> dcgs;
  std::vector<detail::rbp_sum> rbps;
  std::vector<double> err_grades;
  std::vector<detail::discount_table> discounts;  // by discount_function
  std::vector<std::vector<double>> powers;        // p^(rank − 1), one an RBP
  std::size_t sums = 0;
  bool graded = false;  // a gain other than binary, or ERR
  bool exponential = false;
  bool positive = false;      // a metric looks at positive scores alone
  bool not_relevant = false;  // judged entries that are not relevant matter

  plan(std::vector<ranking_metric> wanted, index_t catalogue, const ranking_options& choices);

  bool is_judged(double grade) const {
    return grade >= 0 || options.negative_grades != negative_grade_policy::unjudged;
  }
  bool is_relevant(double grade) const {
    return grade >= options.relevance_level && is_judged(grade);
  }
  detail::rank_hit entry_of(std::int64_t rank, double grade, bool positive_score) const;
  /// @throws value_error
  void check_grades(std::span<const double> grades) const;
  /// The list in the order that the tie policy wants. @throws value_error for NaN
  std::span<const scored_item<>> in_order(const judged_list& user,
                                          detail::rank_scratch& space) const;
  /// Adds a judged entry at its rank.
  void place(const detail::rank_hit& entry, detail::rank_scratch& space,
             detail::rank_totals& total) const;
  /// The same for all entries, every place of a tie block with the mean of the block.
  void place_averaged(const judged_list& user, std::span<const scored_item<>> list,
                      detail::rank_scratch& space, detail::rank_totals& total) const;
  /// Counts a relevant or other judged item, and keeps the grade where an ideal list needs it.
  void count(double grade, detail::rank_scratch& space, detail::rank_totals& total) const;
  /// All that follows from the entries. @return false when the user is skipped
  bool finish(detail::rank_scratch& space, const detail::rank_totals& total,
              std::span<double> values, std::span<double> weights) const;

 private:
  void walk(detail::rank_scratch& space, const detail::rank_totals& total, double& bpref_sum) const;
  double ideal(const detail::rank_step& step, const detail::rank_totals& total,
               detail::rank_scratch& space) const;
};

}  // namespace recokit::inline RECOKIT_ABI
