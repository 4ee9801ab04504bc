// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief From a list to its judged entries: order, ties, grades.
#include "ranking_plan.hpp"

#include <recokit/core/errors.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace recokit::inline RECOKIT_ABI {

void ranking_evaluator::plan::check_grades(std::span<const double> grades) const {
  for (const double grade : grades) {
    if (std::isnan(grade)) throw value_error("grade", "nan", "must be a number");
    if (grade < 0 && options.negative_grades == negative_grade_policy::error) {
      throw value_error("grade", std::to_string(grade), "must not be negative");
    }
  }
}

std::span<const scored_item<>> ranking_evaluator::plan::in_order(
    const judged_list& user, detail::rank_scratch& space) const {
  if (options.nan_scores == nan_policy::error) {
    bool numbers = true;
    for (const auto& entry : user.list) numbers &= entry.score == entry.score;
    if (!numbers) {
      throw value_error("score", "nan", "must be a number, or set nan_scores to nan_policy::last");
    }
  }
  if (options.ties == tie_policy::as_listed) return user.list;
  constexpr double nothing = -std::numeric_limits<double>::infinity();
  // What is not relevant gains nothing, whatever its grade.
  const auto worth = [&](index_t item) {
    const auto found = std::lower_bound(user.judged.begin(), user.judged.end(), item);
    if (found == user.judged.end() || *found != item) return nothing;
    const auto j = static_cast<std::size_t>(found - user.judged.begin());
    const double grade = user.grades.empty() ? 1.0 : user.grades[j];
    return view.is_relevant(grade) || options.gain_below_level ? grade : nothing;
  };
  space.sorted.assign(user.list.begin(), user.list.end());
  std::sort(space.sorted.begin(), space.sorted.end(), [&](const auto& a, const auto& b) {
    const bool a_is_nan = a.score != a.score;
    const bool b_is_nan = b.score != b.score;
    if (a_is_nan != b_is_nan) return b_is_nan;
    if (!a_is_nan && a.score != b.score) return a.score > b.score;
    if (options.ties == tie_policy::index_descending) return a.item > b.item;
    if (options.ties == tie_policy::optimistic || options.ties == tie_policy::pessimistic) {
      const double a_worth = worth(a.item);
      const double b_worth = worth(b.item);
      if (a_worth != b_worth)
        return (a_worth > b_worth) == (options.ties == tie_policy::optimistic);
    }
    return a.item < b.item;
  });
  return space.sorted;
}

void ranking_evaluator::plan::place_averaged(const judged_list& user,
                                             std::span<const scored_item<>> list,
                                             detail::rank_scratch& space,
                                             ranking_pass::rank_totals& total) const {
  const auto tied = [](const auto& a, const auto& b) {
    return a.score == b.score || (a.score != a.score && b.score != b.score);
  };
  for (std::size_t begin = 0; begin < list.size();) {
    std::size_t end = begin + 1;
    while (end < list.size() && tied(list[begin], list[end])) ++end;
    ranking_pass::rank_hit sum{};
    for (std::size_t i = begin; i < end; ++i) {
      if ((space.found[i / 64] >> (i % 64) & 1) == 0) continue;
      const auto j = static_cast<std::size_t>(space.judged_at[i]);
      const auto one = view.entry_of(0, user.grades.empty() ? 1.0 : user.grades[j], true);
      sum.relevant += one.relevant;
      sum.linear += one.linear;
      sum.exponential += one.exponential;
    }
    const auto size = static_cast<double>(end - begin);
    if (sum.relevant > 0 || sum.linear > 0) {
      const auto above = static_cast<double>(begin);
      total.not_relevant_above +=
          sum.relevant * (above - total.listed_relevant + (size - sum.relevant) / 2);
      total.rank_sum += sum.relevant * (above + (size + 1) / 2);
      total.listed_relevant += sum.relevant;
      for (std::size_t i = begin; i < end; ++i) {
        space.view.hits[space.view.hit_count++] = {static_cast<std::int64_t>(i) + 1,
                                                   sum.relevant / size, sum.linear / size,
                                                   sum.exponential / size, true};
      }
    }
    begin = end;
  }
}

}  // namespace recokit::inline RECOKIT_ABI
