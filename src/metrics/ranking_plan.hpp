// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a ranking_evaluator works out once for all users, and the work space of one user.
#pragma once

#include "rank_table.hpp"

#include <recokit/kernels/ranking_pass.hpp>
#include <recokit/metrics/ranking.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace detail {

/// Work space for one user; kept by the thread and used again for the next.
struct rank_scratch {
  rank_table places;
  std::vector<scored_item<>> sorted;
  std::vector<std::uint64_t> found;     // one bit a rank
  std::vector<std::int32_t> judged_at;  // by rank
  ranking_pass::space_view view{};      // into the vectors below
  std::vector<ranking_pass::rank_hit> hits;
  std::vector<double> grades;
  std::vector<ranking_pass::rank_counts> at_cut;
  std::vector<double> numbers;
  std::vector<std::int64_t> ideal_counts;

  /// Empties the work space; makes room for so many hits and grades.
  void begin(const ranking_pass::plan_view& plan, std::size_t most_hits, std::size_t most_grades);
};

/// A discount_view's tables.
struct discount_table {
  discount_table(discount_function function, std::size_t length);
  ranking_pass::discount_view view() const {
    return {function, discount.data(), prefix.data(), static_cast<std::int64_t>(discount.size())};
  }

  discount_function function;
  std::vector<double> discount;
  std::vector<double> prefix;
};

}  // namespace detail

struct ranking_evaluator::plan {
  std::vector<ranking_metric> metrics;
  ranking_options options;
  index_t items = 0;
  std::vector<std::int64_t> cuts;
  std::vector<ranking_pass::rank_step> steps;
  std::vector<ranking_pass::dcg_sum> dcgs;
  std::vector<ranking_pass::rbp_sum> rbps;
  std::vector<double> err_grades;
  std::vector<detail::discount_table> discounts;  // by discount_function
  std::vector<double> powers;
  ranking_pass::plan_view view{};  // of all that

  plan(std::vector<ranking_metric> wanted, index_t catalogue, const ranking_options& choices);
  plan(const plan&) = delete;
  plan& operator=(const plan&) = delete;

  /// @throws value_error
  void check_grades(std::span<const double> grades) const;
  /// The list in the order that the tie policy wants. @throws value_error for NaN
  std::span<const scored_item<>> in_order(const judged_list& user,
                                          detail::rank_scratch& space) const;
  /// Places all entries, every place of a tie block with the mean of the block.
  void place_averaged(const judged_list& user, std::span<const scored_item<>> list,
                      detail::rank_scratch& space, ranking_pass::rank_totals& total) const;
  /// All that follows from the entries. @return false when the user is skipped
  /// @throws value_error for a user without a relevant item, where that is an error
  bool finish(detail::rank_scratch& space, const ranking_pass::rank_totals& total,
              std::span<double> values, std::span<double> weights) const;
};

}  // namespace recokit::inline RECOKIT_ABI
