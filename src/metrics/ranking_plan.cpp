// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "ranking_plan.hpp"

#include "ranking_words.hpp"

#include <recokit/core/check.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace recokit::inline RECOKIT_ABI {
namespace {

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

double exponential_gain(double grade) { return std::exp2(grade) - 1; }

discount_table::discount_table(discount_function function, std::size_t length)
    : function_(function), discount_(length + 1), prefix_(length + 1) {
  for (std::size_t rank = 1; rank <= length; ++rank) {
    discount_[rank] = compute(static_cast<std::int64_t>(rank));
    prefix_[rank] = prefix_[rank - 1] + discount_[rank];
  }
}

double discount_table::compute(std::int64_t rank) const {
  const auto r = static_cast<double>(rank);
  return function_ == discount_function::log2_next ? 1 / std::log2(r + 1)
                                                   : 1 / std::max(std::log2(r), 1.0);
}

double discount_table::first(std::int64_t n) const {
  const auto last = static_cast<std::int64_t>(prefix_.size()) - 1;
  double sum = prefix_[static_cast<std::size_t>(std::min(n, last))];
  for (std::int64_t rank = last + 1; rank <= n; ++rank) sum += compute(rank);
  return sum;
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
    graded |= metric.gain != gain_function::binary || metric.measure == ranking_measure::err;
    exponential |=
        metric.gain == gain_function::exponential || metric.measure == ranking_measure::err;
    not_relevant |= metric.measure == ranking_measure::bpref;
    positive |= metric.positive_scores;
  }
  not_relevant |= options.gain_below_level;
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
    detail::rank_step step{metric, static_cast<std::size_t>(cut - cuts.begin()), 0, 0};
    if (metric.measure == ranking_measure::ndcg || metric.measure == ranking_measure::dcg) {
      step.sum = position_of(dcgs, detail::dcg_sum{metric.gain, metric.discount});
      if (metric.ideal == ideal_list::filled && metric.k > 0) {
        step.filled_ideal = discounts[static_cast<std::size_t>(metric.discount)].first(metric.k);
      }
    } else if (metric.measure == ranking_measure::rbp) {
      step.sum = position_of(rbps, detail::rbp_sum{metric.gain, metric.persistence});
    } else if (metric.measure == ranking_measure::err) {
      step.sum = position_of(err_grades, metric.max_grade);
    }
    steps.push_back(step);
  }
  // The sums stand behind each other: DCG, RBP, ERR.
  for (auto& step : steps) {
    if (step.metric.measure == ranking_measure::rbp) step.sum += dcgs.size();
    if (step.metric.measure == ranking_measure::err) step.sum += dcgs.size() + rbps.size();
  }
  for (const auto& rbp : rbps) {
    auto& power = powers.emplace_back(static_cast<std::size_t>(deepest) + 1);
    for (std::size_t rank = 1; rank < power.size(); ++rank) {
      power[rank] = std::pow(rbp.persistence, static_cast<double>(rank - 1));
    }
  }
  sums = dcgs.size() + rbps.size() + err_grades.size();
}

}  // namespace recokit::inline RECOKIT_ABI
