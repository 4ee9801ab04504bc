// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief From the judged entries of a list to the values of all metrics, in one walk.
#include "ranking_plan.hpp"

#include <recokit/core/errors.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace recokit::inline RECOKIT_ABI {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double gain_of(gain_function function, const detail::rank_hit& entry) {
  return function == gain_function::binary   ? entry.relevant
         : function == gain_function::linear ? entry.linear
                                             : entry.exponential;
}

// Nothing gained is 0, also out of nothing.
double share(double part, double whole) { return part == 0 ? 0.0 : part / whole; }

double value_without_relevant(empty_user_policy policy) {
  return policy == empty_user_policy::zero ? 0 : policy == empty_user_policy::one ? 1 : nan;
}

}  // namespace

// What is known at a cut is kept there.
void ranking_evaluator::plan::walk(detail::rank_scratch& space, const detail::rank_totals& total,
                                   double& bpref_sum) const {
  space.at_cut.resize(2 * cuts.size());
  space.sums.resize(cuts.size() * sums);
  space.sum.assign(sums, 0.0);
  space.going_on.assign(err_grades.size(), 1.0);
  const auto relevant = static_cast<double>(total.relevant);
  const double limit = std::min(static_cast<double>(total.judged_not_relevant), relevant);
  detail::rank_counts all;
  detail::rank_counts with_positive_score;
  double not_relevant_above = 0;
  std::size_t cut = 0;
  const auto keep = [&] {
    space.at_cut[cut] = all;
    space.at_cut[cuts.size() + cut] = with_positive_score;
    std::copy(space.sum.begin(), space.sum.end(),
              space.sums.begin() + static_cast<std::ptrdiff_t>(cut * sums));
    ++cut;
  };
  for (const auto& entry : space.hits) {
    while (cut < cuts.size() && entry.rank > cuts[cut]) keep();
    if (cut == cuts.size()) return;
    const auto rank = static_cast<double>(entry.rank);
    if (entry.relevant > 0) {
      all.add(entry.relevant, rank);
      if (positive && entry.positive) with_positive_score.add(entry.relevant, rank);
      if (not_relevant) {
        bpref_sum += limit > 0 ? 1 - std::min(not_relevant_above, relevant) / limit : 1;
      }
    } else {
      not_relevant_above += 1;
    }
    double* sum = space.sum.data();
    for (const auto& dcg : dcgs) {
      *sum++ +=
          gain_of(dcg.gain, entry) * discounts[static_cast<std::size_t>(dcg.discount)][entry.rank];
    }
    for (std::size_t s = 0; s < rbps.size(); ++s) {
      const auto r = static_cast<std::size_t>(entry.rank);
      const double power =
          r < powers[s].size() ? powers[s][r] : std::pow(rbps[s].persistence, rank - 1);
      *sum++ += gain_of(rbps[s].gain, entry) * power;
    }
    for (std::size_t s = 0; s < err_grades.size(); ++s) {
      const double highest = detail::exponential_gain(err_grades[s]);
      const double stop = std::min(entry.exponential, highest) / (highest + 1);
      *sum++ += space.going_on[s] * stop / rank;
      space.going_on[s] *= 1 - stop;
    }
  }
  while (cut < cuts.size()) keep();
}

double ranking_evaluator::plan::ideal(const detail::rank_step& step,
                                      const detail::rank_totals& total,
                                      detail::rank_scratch& space) const {
  const auto& metric = step.metric;
  const auto& discount = discounts[static_cast<std::size_t>(metric.discount)];
  if (metric.ideal == ideal_list::filled) {
    return metric.k > 0 ? step.filled_ideal : discount.first(total.listed);
  }
  std::int64_t n = metric.gain == gain_function::binary
                       ? total.relevant
                       : static_cast<std::int64_t>(space.grades.size());
  if (metric.k > 0 && metric.ideal != ideal_list::full) n = std::min<std::int64_t>(n, metric.k);
  if (metric.ideal == ideal_list::listed) n = std::min(n, total.listed);
  if (metric.gain == gain_function::binary) return discount.first(n);
  auto& prefix = space.ideal[step.sum];
  if (prefix.empty()) prefix.push_back(0);
  for (auto i = static_cast<std::int64_t>(prefix.size()); i <= n; ++i) {
    const double grade = space.grades[static_cast<std::size_t>(i) - 1];
    const double gain =
        metric.gain == gain_function::linear ? grade : detail::exponential_gain(grade);
    prefix.push_back(prefix.back() + gain * discount[i]);
  }
  return prefix[static_cast<std::size_t>(n)];
}

bool ranking_evaluator::plan::finish(detail::rank_scratch& space, const detail::rank_totals& total,
                                     std::span<double> values, std::span<double> weights) const {
  if (total.relevant == 0 && options.empty_users == empty_user_policy::skip) {
    std::fill(values.begin(), values.end(), nan);
    std::fill(weights.begin(), weights.end(), 0.0);
    return false;
  }
  if (total.relevant == 0 && options.empty_users == empty_user_policy::error) {
    throw value_error("relevant items", "0",
                      "every user needs one, or choose an empty_user_policy");
  }
  std::sort(space.grades.begin(), space.grades.end(), std::greater<>{});
  double bpref_sum = 0;
  walk(space, total, bpref_sum);

  const auto relevant = static_cast<double>(total.relevant);
  const auto listed = static_cast<double>(total.listed);
  const double unlisted_relevant = relevant - total.listed_relevant;
  const double candidates =
      std::max(static_cast<double>(total.candidates), listed + unlisted_relevant);
  const double others = candidates - relevant;
  const double listed_others = listed - total.listed_relevant;
  const double above_unlisted = listed_others + (others - listed_others) / 2;

  for (std::size_t m = 0; m < steps.size(); ++m) {
    const auto& step = steps[m];
    const auto& metric = step.metric;
    const auto& at = space.at_cut[step.cut + (metric.positive_scores ? cuts.size() : 0)];
    const double k = metric.k == 0 ? listed : static_cast<double>(metric.k);
    const double first_relevant = metric.k == 0 ? relevant : std::min(k, relevant);
    const auto below = [&] {
      switch (metric.divisor) {
        case metric_divisor::k:
          return k;
        case metric_divisor::listed:
          return std::min(k, listed);
        case metric_divisor::all:
          return relevant;
        case metric_divisor::truncated:
          return first_relevant;
        case metric_divisor::truncated_listed:
          return std::min(first_relevant, listed);
        case metric_divisor::hits:
          return at.hits;
      }
      return 0.0;
    };
    double value = 0;
    double weight = 1;
    switch (metric.measure) {
      case ranking_measure::precision:
      case ranking_measure::recall:
        weight = below();
        value = share(at.hits, weight);
        break;
      case ranking_measure::f_beta: {
        const double square = metric.beta * metric.beta;
        value = share((1 + square) * at.hits, square * relevant + k);
        break;
      }
      case ranking_measure::hit_rate:
        value = at.hits > 0 ? 1 : 0;
        break;
      case ranking_measure::r_precision: {
        double hits = 0;
        for (const auto& entry : space.hits) {
          if (static_cast<double>(entry.rank) > first_relevant) break;
          hits += entry.relevant;
        }
        value = share(hits, first_relevant);
        break;
      }
      case ranking_measure::mrr:
        value = at.first_rank > 0 ? 1 / at.first_rank : 0;
        break;
      case ranking_measure::map:
        weight = below();
        value = share(at.precision_sum, weight);
        break;
      case ranking_measure::ndcg:
        weight = ideal(step, total, space);
        value = share(space.sums[step.cut * sums + step.sum], weight);
        break;
      case ranking_measure::dcg:
      case ranking_measure::err:
        value = space.sums[step.cut * sums + step.sum];
        break;
      case ranking_measure::rbp:
        value = (1 - metric.persistence) * space.sums[step.cut * sums + step.sum];
        if (metric.gain == gain_function::linear) value /= metric.max_grade;
        if (metric.gain == gain_function::exponential) {
          value /= detail::exponential_gain(metric.max_grade);
        }
        break;
      case ranking_measure::auc:
        weight = others > 0 ? relevant : 0;  // no pair, no weight
        value = others > 0 && relevant > 0
                    ? 1 - (total.not_relevant_above + unlisted_relevant * above_unlisted) /
                              (relevant * others)
                    : 1;
        break;
      case ranking_measure::partial_auc: {
        // Against all there are, or in the manner of RecTools against k whether listed or not.
        const bool all_pairs = metric.divisor == metric_divisor::all;
        const double against = all_pairs ? std::min(k, others) : k;
        double right = 0;
        double before = 0;
        for (const auto& entry : space.hits) {
          if (entry.relevant == 0) continue;
          if (metric.divisor == metric_divisor::truncated && before == k) break;
          right += std::max(0.0, against - (static_cast<double>(entry.rank) - 1 - before));
          before += 1;
        }
        if (all_pairs) right += unlisted_relevant * std::max(0.0, against - above_unlisted);
        value = against > 0 ? share(right, against * (metric.divisor == metric_divisor::truncated
                                                          ? first_relevant
                                                          : relevant))
                            : 1;
        break;
      }
      case ranking_measure::bpref:
        value = share(bpref_sum, relevant);
        break;
      case ranking_measure::average_rank:
      case ranking_measure::percentile_rank:
        weight = relevant;
        value = share(total.rank_sum + unlisted_relevant * (listed + 1 + candidates) / 2, relevant);
        if (metric.measure == ranking_measure::percentile_rank) {
          value = candidates > 1 ? (value - 1) / (candidates - 1) : 0;
        }
        break;
    }
    // Grades below the level can gain where nothing is relevant.
    const bool gains = metric.gain != gain_function::binary && !space.grades.empty();
    if (total.relevant == 0 && !gains) value = value_without_relevant(options.empty_users);
    values[m] = value;
    if (!weights.empty()) weights[m] = metric.average == user_average::micro ? weight : 1;
  }
  return true;
}

}  // namespace recokit::inline RECOKIT_ABI
