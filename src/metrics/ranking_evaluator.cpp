// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "ranking_plan.hpp"

#include <recokit/core/check.hpp>
#include <recokit/metrics/ranking.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <utility>

namespace recokit::inline RECOKIT_ABI {
namespace {

detail::rank_scratch& scratch_of_thread() {
  thread_local detail::rank_scratch space;
  return space;
}

}  // namespace

ranking_evaluator::ranking_evaluator(std::vector<ranking_metric> metrics, index_t items,
                                     const ranking_options& options)
    : plan_(std::make_shared<const plan>(std::move(metrics), items, options)) {}

const std::vector<ranking_metric>& ranking_evaluator::metrics() const noexcept {
  return plan_->metrics;
}
const ranking_options& ranking_evaluator::options() const noexcept { return plan_->options; }
const ranking_pass::plan_view& ranking_evaluator::pass() const noexcept { return plan_->view; }

int ranking_evaluator::depth(std::int64_t longest) const noexcept {
  std::int64_t depth = 0;
  for (const auto& metric : plan_->metrics) {
    std::int64_t needed = metric.k == 0 ? plan_->items : metric.k;
    if (metric.measure == ranking_measure::r_precision && metric.k == 0) needed = longest;
    if (metric.measure == ranking_measure::partial_auc) needed = metric.k + longest;
    depth = std::max(depth, needed);
  }
  return static_cast<int>(std::min<std::int64_t>(depth, plan_->items));
}

bool ranking_evaluator::needs_grades() const noexcept {
  const auto& options = plan_->options;
  return plan_->view.graded || plan_->view.not_relevant ||
         options.relevance_level != -std::numeric_limits<double>::infinity() ||
         options.negative_grades != negative_grade_policy::clip;
}

bool ranking_evaluator::evaluate(const judged_list& user, std::span<double> values,
                                 std::span<double> weights) const {
  const plan& p = *plan_;
  if (!user.grades.empty()) {
    check::equal("grades.size()", static_cast<std::int64_t>(user.grades.size()), "judged.size()",
                 static_cast<std::int64_t>(user.judged.size()));
    p.check_grades(user.grades);
  }
  auto& space = scratch_of_thread();
  space.begin(p.view, user.list.size(), user.judged.size());
  ranking_pass::rank_totals total;
  total.listed = static_cast<std::int64_t>(user.list.size());
  total.candidates = user.candidates;
  const auto grade_of = [&](std::size_t j) { return user.grades.empty() ? 1.0 : user.grades[j]; };

  // Places of the listed items by hash: duplicates show, and each judged item is looked up once.
  const auto list = p.in_order(user, space);
  const auto repeated = space.places.fill(list);
  if (repeated >= 0 && p.options.duplicates == duplicate_policy::error) {
    throw value_error("list", "item " + std::to_string(repeated),
                      "is listed twice; or set duplicates to duplicate_policy::miss");
  }
  space.found.assign(list.size() / 64 + 1, 0);
  if (space.judged_at.size() < list.size()) space.judged_at.resize(list.size());
  const bool count_all = !p.view.listed_scope;
  for (std::size_t j = 0; j < user.judged.size(); ++j) {
    const auto place = space.places.find(list, user.judged[j]);
    const bool is_listed = place < list.size();
    if (is_listed || count_all) ranking_pass::count(p.view, grade_of(j), space.view, total);
    if (!is_listed) continue;
    space.found[place / 64] |= std::uint64_t{1} << (place % 64);
    space.judged_at[place] = static_cast<std::int32_t>(j);
  }
  if (p.options.ties == tie_policy::average) {
    p.place_averaged(user, list, space, total);
    return p.finish(space, total, values, weights);
  }
  for (std::size_t w = 0; w < space.found.size(); ++w) {
    for (std::uint64_t word = space.found[w]; word != 0; word &= word - 1) {
      const std::size_t place = w * 64 + static_cast<std::size_t>(std::countr_zero(word));
      const double grade = grade_of(static_cast<std::size_t>(space.judged_at[place]));
      if (!p.view.is_judged(grade)) continue;
      ranking_pass::place(
          p.view,
          p.view.entry_of(static_cast<std::int64_t>(place) + 1, grade, list[place].score > 0),
          space.view, total);
    }
  }
  return p.finish(space, total, values, weights);
}

bool ranking_evaluator::evaluate(std::span<const judged_rank> ranking, std::int64_t listed,
                                 std::span<const double> grades, std::span<double> values,
                                 std::span<double> weights, std::int64_t candidates) const {
  const plan& p = *plan_;
  p.check_grades(grades);
  auto& space = scratch_of_thread();
  space.begin(p.view, ranking.size(), std::max(grades.size(), ranking.size()));
  ranking_pass::rank_totals total;
  total.listed = listed;
  total.candidates = candidates;
  if (p.view.listed_scope) {
    for (const auto& entry : ranking) ranking_pass::count(p.view, entry.grade, space.view, total);
  } else {
    for (const double grade : grades) ranking_pass::count(p.view, grade, space.view, total);
  }
  std::int64_t last = 0;
  for (const auto& [rank, grade, positive] : ranking) {
    if (rank <= last || rank > listed) {
      throw value_error(
          "rank", std::to_string(rank),
          "must rise from " + std::to_string(last + 1) + " to at most " + std::to_string(listed));
    }
    last = rank;
    if (!p.view.is_judged(grade)) continue;
    ranking_pass::place(p.view, p.view.entry_of(rank, grade, positive), space.view, total);
  }
  return p.finish(space, total, values, weights);
}

}  // namespace recokit::inline RECOKIT_ABI
