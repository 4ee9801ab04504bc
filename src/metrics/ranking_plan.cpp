// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "ranking_plan.hpp"

#include "ranking_words.hpp"

#include <recokit/core/check.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace recokit::inline RECOKIT_ABI {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t whole_list = std::numeric_limits<std::int64_t>::max();

// What these metrics look at depends on the user.
std::int64_t cut_of(const ranking_metric& metric) {
  const bool whole = metric.k == 0 || metric.measure == ranking_measure::partial_auc;
  return whole ? whole_list : metric.k;
}

template <class T>
std::size_t position_of(std::vector<T>& all, const T& wanted) {
  const auto found = std::find(all.begin(), all.end(), wanted);
  if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
  all.push_back(wanted);
  return all.size() - 1;
}

}  // namespace

namespace detail {

void rank_scratch::begin(const ranking_pass::plan_view& plan, std::size_t most_hits,
                         std::size_t most_grades) {
  if (hits.size() < most_hits) hits.resize(most_hits);
  if (plan.graded && grades.size() < most_grades) grades.resize(most_grades);
  at_cut.resize(2 * plan.cuts.size);
  numbers.resize(ranking_pass::space_view::doubles(plan));
  ideal_counts.resize(plan.dcgs.size);
  view.hits = hits.data();
  view.hit_count = 0;
  view.grades = grades.data();
  view.grade_count = 0;
  view.at_cut = at_cut.data();
  view.take(plan, numbers.data());
  view.ideal_count = ideal_counts.data();
}

discount_table::discount_table(discount_function which, std::size_t length)
    : function(which), discount(length + 1), prefix(length + 1) {
  for (std::size_t rank = 1; rank <= length; ++rank) {
    discount[rank] = ranking_pass::discount_at(function, static_cast<std::int64_t>(rank));
    prefix[rank] = prefix[rank - 1] + discount[rank];
  }
}

}  // namespace detail

ranking_evaluator::plan::plan(std::vector<ranking_metric> wanted, index_t catalogue,
                              const ranking_options& choices)
    : metrics(std::move(wanted)), options(choices), items(catalogue) {
  check::in_range("items", items, index_t{0}, std::numeric_limits<index_t>::max());
  if (std::isnan(options.relevance_level)) {
    throw value_error("options.relevance_level", "nan", "must be a number");
  }
  std::int64_t deepest = 0;
  for (const auto& metric : metrics) {
    detail::check_metric(metric);
    if (options.ties == tie_policy::average &&
        (!detail::words_of(metric.measure).linear || metric.positive_scores)) {
      throw value_error("options.ties", "average",
                        "has no closed form for " + metric.name() + "; choose another tie policy");
    }
    cuts.push_back(cut_of(metric));
    deepest = std::max(deepest, std::min<std::int64_t>(cuts.back(), items));
    view.graded |= metric.gain != gain_function::binary || metric.measure == ranking_measure::err;
    view.exponential |=
        metric.gain == gain_function::exponential || metric.measure == ranking_measure::err;
    view.not_relevant |= metric.measure == ranking_measure::bpref;
    view.positive |= metric.positive_scores;
  }
  view.not_relevant |= options.gain_below_level;
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());

  const auto length = static_cast<std::size_t>(
      std::max<std::int64_t>(deepest, std::min<std::int64_t>(items, 4096)));
  for (const auto function : {discount_function::log2_next, discount_function::log2_rank}) {
    const bool used = std::any_of(metrics.begin(), metrics.end(),
                                  [&](const auto& m) { return m.discount == function; });
    discounts.emplace_back(function, used ? length : 0);
  }
  for (const auto& metric : metrics) {
    const auto cut = std::lower_bound(cuts.begin(), cuts.end(), cut_of(metric));
    ranking_pass::rank_step step{
        .measure = metric.measure,
        .divisor = metric.divisor,
        .gain = metric.gain,
        .ideal = metric.ideal,
        .discount = metric.discount,
        .average = metric.average,
        .positive_scores = metric.positive_scores,
        .k = metric.k,
        .beta = metric.beta,
        .persistence = metric.persistence,
        .max_grade = metric.max_grade,
        .cut = static_cast<std::size_t>(cut - cuts.begin()),
        .sum = 0,
        .filled_ideal = 0,
    };
    if (metric.measure == ranking_measure::ndcg || metric.measure == ranking_measure::dcg) {
      step.sum = position_of(dcgs, ranking_pass::dcg_sum{metric.gain, metric.discount});
      if (metric.ideal == ideal_list::filled && metric.k > 0) {
        step.filled_ideal =
            discounts[static_cast<std::size_t>(metric.discount)].view().first(metric.k);
      }
    } else if (metric.measure == ranking_measure::rbp) {
      step.sum = position_of(rbps, ranking_pass::rbp_sum{metric.gain, metric.persistence});
    } else if (metric.measure == ranking_measure::err) {
      step.sum = position_of(err_grades, metric.max_grade);
    }
    steps.push_back(step);
  }
  // The sums stand behind each other: DCG, RBP, ERR.
  for (auto& step : steps) {
    if (step.measure == ranking_measure::rbp) step.sum += dcgs.size();
    if (step.measure == ranking_measure::err) step.sum += dcgs.size() + rbps.size();
  }
  const auto power_size = static_cast<std::size_t>(deepest) + 1;
  for (const auto& rbp : rbps) {
    for (std::size_t rank = 0; rank < power_size; ++rank) {
      powers.push_back(std::pow(rbp.persistence, static_cast<double>(rank) - 1));
    }
  }

  view.cuts = {cuts.data(), cuts.size()};
  view.steps = {steps.data(), steps.size()};
  view.dcgs = {dcgs.data(), dcgs.size()};
  view.rbps = {rbps.data(), rbps.size()};
  view.err_grades = {err_grades.data(), err_grades.size()};
  view.discounts[0] = discounts[0].view();
  view.discounts[1] = discounts[1].view();
  view.powers = powers.data();
  view.power_size = power_size;
  view.relevance_level = options.relevance_level;
  view.empty_value = options.empty_users == empty_user_policy::zero  ? 0
                     : options.empty_users == empty_user_policy::one ? 1
                                                                     : nan;
  view.skip_empty = options.empty_users == empty_user_policy::skip;
  view.unjudged_negatives = options.negative_grades == negative_grade_policy::unjudged;
  view.gain_below_level = options.gain_below_level;
  view.listed_scope = options.scope == relevant_scope::listed;
}

bool ranking_evaluator::plan::finish(detail::rank_scratch& space,
                                     const ranking_pass::rank_totals& total,
                                     std::span<double> values, std::span<double> weights) const {
  if (total.relevant == 0 && options.empty_users == empty_user_policy::error) {
    throw value_error("relevant items", "0",
                      "every user needs one, or choose an empty_user_policy");
  }
  std::sort(space.view.grades, space.view.grades + space.view.grade_count, std::greater<>{});
  return ranking_pass::finish(view, space.view, total, values.data(),
                              weights.empty() ? nullptr : weights.data());
}

}  // namespace recokit::inline RECOKIT_ABI
