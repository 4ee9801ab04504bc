// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief From the judged entries of a ranking to the values of all metrics, in one walk: the same
/// lines on the CPU and the GPU, over plain pointers and free of Eigen.
#pragma once

#include <recokit/core/host_device.hpp>
#include <recokit/core/ranking_choices.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace recokit::ranking_pass {

inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// A judged entry of the ranking. With averaged ties every place of a tie block is one, and its
/// numbers are means over the block.
struct rank_hit {
  std::int64_t rank;
  double relevant;
  double linear;
  double exponential;
  bool positive;  ///< its score
};

/// What the pass has added up when it reaches a cut; sums of DCG, RBP and ERR follow it.
struct rank_counts {
  double hits = 0;
  double precision_sum = 0;
  double first_rank = 0;

  RECOKIT_HOST_DEVICE void add(double relevant, double rank) {
    hits += relevant;
    precision_sum += hits / rank;
    if (first_rank == 0) first_rank = rank;
  }
};

/// One user in numbers.
struct rank_totals {
  std::int64_t listed = 0;
  std::int64_t candidates = 0;
  std::int64_t relevant = 0;
  std::int64_t judged_not_relevant = 0;
  double listed_relevant = 0;
  double not_relevant_above = 0;  ///< summed over the listed relevant entries
  double rank_sum = 0;            ///< of them
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

/// A ranking_metric in numbers, with what it reads from the pass.
struct rank_step {
  ranking_measure measure;
  metric_divisor divisor;
  gain_function gain;
  ideal_list ideal;
  discount_function discount;
  user_average average;
  bool positive_scores;
  int k;
  double beta;
  double persistence;
  double max_grade;
  std::size_t cut;      ///< number of its cut
  std::size_t sum;      ///< of its DCG, RBP or ERR
  double filled_ideal;  ///< of ideal_list::filled with k
};

RECOKIT_HOST_DEVICE inline double exponential_gain(double grade) { return std::exp2(grade) - 1; }

RECOKIT_HOST_DEVICE inline double discount_at(discount_function function, std::int64_t rank) {
  const auto r = static_cast<double>(rank);
  if (function == discount_function::log2_next) return 1 / std::log2(r + 1);
  const double depth = std::log2(r);
  return depth > 1 ? 1 / depth : 1.0;
}

/// Discounts and their prefix sums by rank, as far as it pays to keep them.
struct discount_view {
  discount_function function;
  const double* discount;  ///< by rank; that of 0 is not used
  const double* prefix;
  std::int64_t size;  ///< of both

  RECOKIT_HOST_DEVICE double operator[](std::int64_t rank) const {
    return rank < size ? discount[rank] : discount_at(function, rank);
  }
  /// Sum over the first n ranks.
  RECOKIT_HOST_DEVICE double first(std::int64_t n) const {
    if (n < size) return prefix[n];
    double sum = prefix[size - 1];
    for (std::int64_t rank = size; rank <= n; ++rank) sum += discount_at(function, rank);
    return sum;
  }
};

/// A list with its length.
template <class T>
struct plan_list {
  const T* data;
  std::size_t size;

  RECOKIT_HOST_DEVICE const T& operator[](std::size_t i) const { return data[i]; }
  RECOKIT_HOST_DEVICE const T* begin() const { return data; }
  RECOKIT_HOST_DEVICE const T* end() const { return data + size; }
};

/// What a grade makes of a judged item.
struct graded_item {
  bool judged;
  bool relevant;
  bool gains;  ///< it counts in ideal lists of graded gain
};

/// What is worked out once for all users.
struct plan_view {
  plan_list<std::int64_t> cuts;  ///< ascending
  plan_list<rank_step> steps;
  plan_list<dcg_sum> dcgs;
  plan_list<rbp_sum> rbps;
  plan_list<double> err_grades;
  discount_view discounts[2];  ///< by discount_function
  const double* powers;        ///< p^(rank − 1) by rank, power_size of them for each RBP
  std::size_t power_size;

  double relevance_level;
  double empty_value;  ///< of a user without a relevant item
  bool skip_empty;     ///< such a user has no value
  bool unjudged_negatives;
  bool gain_below_level;
  bool listed_scope;  ///< only listed items can be relevant
  bool graded;        ///< a gain other than binary, or ERR
  bool exponential;
  bool positive;      ///< a metric looks at positive scores alone
  bool not_relevant;  ///< judged entries that are not relevant matter

  RECOKIT_HOST_DEVICE std::size_t sums() const { return dcgs.size + rbps.size + err_grades.size; }
  RECOKIT_HOST_DEVICE const discount_view& discount(discount_function function) const {
    return discounts[function == discount_function::log2_next ? 0 : 1];
  }
  RECOKIT_HOST_DEVICE bool is_judged(double grade) const {
    return grade >= 0 || !unjudged_negatives;
  }
  RECOKIT_HOST_DEVICE bool is_relevant(double grade) const {
    return grade >= relevance_level && is_judged(grade);
  }
  RECOKIT_HOST_DEVICE graded_item item_of(double grade) const {
    const bool judged = is_judged(grade);
    const bool relevant = is_relevant(grade);
    return {judged, relevant, graded && judged && grade > 0 && (relevant || gain_below_level)};
  }
  RECOKIT_HOST_DEVICE rank_hit entry_of(std::int64_t rank, double grade,
                                        bool positive_score) const {
    const bool relevant = is_relevant(grade);
    const double gained = (relevant || gain_below_level) && grade > 0 ? grade : 0.0;
    return {rank, relevant ? 1.0 : 0.0, gained, exponential ? exponential_gain(gained) : 0.0,
            positive_score};
  }
};

/// The work space of one user.
struct space_view {
  rank_hit* hits;
  std::size_t hit_count = 0;
  double* grades;  ///< of what gains, for ideal lists; sort them, highest first, before finish
  std::size_t grade_count = 0;
  rank_counts* at_cut;  ///< cuts of all hits, then of those with a positive score
  double* sums;         ///< cuts × plan.sums()
  double* sum;          ///< plan.sums(): running
  double* going_on;     ///< one an ERR: running
  double* ideal_sum;    ///< one a DCG: of the best ideal_count[…] grades
  std::int64_t* ideal_count;

  /// How many doubles the four lists of them take.
  RECOKIT_HOST_DEVICE static std::size_t doubles(const plan_view& plan) {
    return (plan.cuts.size + 1) * plan.sums() + plan.err_grades.size + plan.dcgs.size;
  }
  RECOKIT_HOST_DEVICE void take(const plan_view& plan, double* room) {
    sums = room;
    sum = sums + plan.cuts.size * plan.sums();
    going_on = sum + plan.sums();
    ideal_sum = going_on + plan.err_grades.size;
  }
};

/// Counts a relevant or other judged item, and keeps the grade where an ideal list needs it.
RECOKIT_HOST_DEVICE inline void count(const plan_view& plan, double grade, space_view& space,
                                      rank_totals& total) {
  const graded_item item = plan.item_of(grade);
  if (!item.judged) return;
  (item.relevant ? total.relevant : total.judged_not_relevant) += 1;
  if (item.gains) space.grades[space.grade_count++] = grade;
}

/// Adds a judged entry at its rank; ranks ascend.
RECOKIT_HOST_DEVICE inline void place(const plan_view& plan, const rank_hit& entry,
                                      space_view& space, rank_totals& total) {
  if (entry.relevant == 0 && !plan.not_relevant) return;
  if (entry.relevant > 0) {
    total.not_relevant_above += static_cast<double>(entry.rank - 1) - total.listed_relevant;
    total.rank_sum += static_cast<double>(entry.rank);
    total.listed_relevant += 1;
  }
  space.hits[space.hit_count++] = entry;
}

RECOKIT_HOST_DEVICE inline double gain_of(gain_function function, const rank_hit& entry) {
  return function == gain_function::binary   ? entry.relevant
         : function == gain_function::linear ? entry.linear
                                             : entry.exponential;
}

// Nothing gained is 0, also out of nothing.
RECOKIT_HOST_DEVICE inline double share(double part, double whole) {
  return part == 0 ? 0.0 : part / whole;
}

RECOKIT_HOST_DEVICE inline double lesser(double a, double b) { return b < a ? b : a; }

/// Adds up the hits; what is known at a cut is kept there. @returns the sum of bpref
RECOKIT_HOST_DEVICE inline double walk(const plan_view& plan, space_view& space,
                                       const rank_totals& total) {
  const std::size_t width = plan.sums();
  for (std::size_t s = 0; s < width; ++s) space.sum[s] = 0;
  for (std::size_t s = 0; s < plan.err_grades.size; ++s) space.going_on[s] = 1;
  const auto relevant = static_cast<double>(total.relevant);
  const double limit = lesser(static_cast<double>(total.judged_not_relevant), relevant);
  rank_counts all;
  rank_counts with_positive_score;
  double bpref_sum = 0;
  double not_relevant_above = 0;
  std::size_t cut = 0;
  std::size_t next = 0;
  for (;;) {
    const bool over = next == space.hit_count;
    while (cut < plan.cuts.size && (over || space.hits[next].rank > plan.cuts[cut])) {
      space.at_cut[cut] = all;
      space.at_cut[plan.cuts.size + cut] = with_positive_score;
      for (std::size_t s = 0; s < width; ++s) space.sums[cut * width + s] = space.sum[s];
      ++cut;
    }
    if (over || cut == plan.cuts.size) return bpref_sum;
    const rank_hit& entry = space.hits[next++];
    const auto rank = static_cast<double>(entry.rank);
    if (entry.relevant > 0) {
      all.add(entry.relevant, rank);
      if (plan.positive && entry.positive) with_positive_score.add(entry.relevant, rank);
      if (plan.not_relevant) {
        bpref_sum += limit > 0 ? 1 - lesser(not_relevant_above, relevant) / limit : 1;
      }
    } else {
      not_relevant_above += 1;
    }
    double* sum = space.sum;
    for (const dcg_sum& dcg : plan.dcgs) {
      *sum++ += gain_of(dcg.gain, entry) * plan.discount(dcg.discount)[entry.rank];
    }
    for (std::size_t s = 0; s < plan.rbps.size; ++s) {
      const auto r = static_cast<std::size_t>(entry.rank);
      const double power = r < plan.power_size ? plan.powers[s * plan.power_size + r]
                                               : std::pow(plan.rbps[s].persistence, rank - 1);
      *sum++ += gain_of(plan.rbps[s].gain, entry) * power;
    }
    for (std::size_t s = 0; s < plan.err_grades.size; ++s) {
      const double highest = exponential_gain(plan.err_grades[s]);
      const double stop = lesser(entry.exponential, highest) / (highest + 1);
      *sum++ += space.going_on[s] * stop / rank;
      space.going_on[s] *= 1 - stop;
    }
  }
}

/// What a DCG is divided by.
RECOKIT_HOST_DEVICE inline double ideal_of(const plan_view& plan, const rank_step& step,
                                           space_view& space, const rank_totals& total) {
  const discount_view& discount = plan.discount(step.discount);
  if (step.ideal == ideal_list::filled) {
    return step.k > 0 ? step.filled_ideal : discount.first(total.listed);
  }
  std::int64_t n = step.gain == gain_function::binary
                       ? total.relevant
                       : static_cast<std::int64_t>(space.grade_count);
  if (step.k > 0 && step.ideal != ideal_list::full && step.k < n) n = step.k;
  if (step.ideal == ideal_list::listed && total.listed < n) n = total.listed;
  if (step.gain == gain_function::binary) return discount.first(n);
  // Goes on from the sum of a metric with a lower cut.
  std::int64_t& known = space.ideal_count[step.sum];
  double& sum = space.ideal_sum[step.sum];
  if (known > n) {
    known = 0;
    sum = 0;
  }
  while (known < n) {
    const double grade = space.grades[known];
    ++known;
    sum += (step.gain == gain_function::linear ? grade : exponential_gain(grade)) * discount[known];
  }
  return sum;
}

/// Writes the value of every metric, and what the user weighs in its mean.
/// @param weights may be null
/// @returns false for a user who is skipped: then values are NaN and weights 0
RECOKIT_HOST_DEVICE inline bool finish(const plan_view& plan, space_view& space,
                                       const rank_totals& total, double* values, double* weights) {
  if (total.relevant == 0 && plan.skip_empty) {
    for (std::size_t m = 0; m < plan.steps.size; ++m) {
      values[m] = not_a_number;
      if (weights != nullptr) weights[m] = 0;
    }
    return false;
  }
  for (std::size_t s = 0; s < plan.dcgs.size; ++s) {
    space.ideal_count[s] = 0;
    space.ideal_sum[s] = 0;
  }
  const double bpref_sum = walk(plan, space, total);

  const std::size_t width = plan.sums();
  const auto relevant = static_cast<double>(total.relevant);
  const auto listed = static_cast<double>(total.listed);
  const double unlisted_relevant = relevant - total.listed_relevant;
  const double known = listed + unlisted_relevant;
  const auto stated = static_cast<double>(total.candidates);
  const double candidates = stated < known ? known : stated;
  const double others = candidates - relevant;
  const double listed_others = listed - total.listed_relevant;
  const double above_unlisted = listed_others + (others - listed_others) / 2;

  for (std::size_t m = 0; m < plan.steps.size; ++m) {
    const rank_step& step = plan.steps[m];
    const rank_counts& at = space.at_cut[step.cut + (step.positive_scores ? plan.cuts.size : 0)];
    const double k = step.k == 0 ? listed : static_cast<double>(step.k);
    const double first_relevant = step.k == 0 ? relevant : lesser(k, relevant);
    double below = 0;
    switch (step.divisor) {
      case metric_divisor::k:
        below = k;
        break;
      case metric_divisor::listed:
        below = lesser(k, listed);
        break;
      case metric_divisor::all:
        below = relevant;
        break;
      case metric_divisor::truncated:
        below = first_relevant;
        break;
      case metric_divisor::truncated_listed:
        below = lesser(first_relevant, listed);
        break;
      case metric_divisor::hits:
        below = at.hits;
        break;
    }
    double value = 0;
    double weight = 1;
    switch (step.measure) {
      case ranking_measure::precision:
      case ranking_measure::recall:
        weight = below;
        value = share(at.hits, weight);
        break;
      case ranking_measure::f_beta: {
        const double square = step.beta * step.beta;
        value = share((1 + square) * at.hits, square * relevant + k);
        break;
      }
      case ranking_measure::hit_rate:
        value = at.hits > 0 ? 1 : 0;
        break;
      case ranking_measure::r_precision: {
        double hits = 0;
        for (std::size_t h = 0; h < space.hit_count; ++h) {
          if (static_cast<double>(space.hits[h].rank) > first_relevant) break;
          hits += space.hits[h].relevant;
        }
        value = share(hits, first_relevant);
        break;
      }
      case ranking_measure::mrr:
        value = at.first_rank > 0 ? 1 / at.first_rank : 0;
        break;
      case ranking_measure::map:
        weight = below;
        value = share(at.precision_sum, weight);
        break;
      case ranking_measure::ndcg:
        weight = ideal_of(plan, step, space, total);
        value = share(space.sums[step.cut * width + step.sum], weight);
        break;
      case ranking_measure::dcg:
      case ranking_measure::err:
        value = space.sums[step.cut * width + step.sum];
        break;
      case ranking_measure::rbp:
        value = (1 - step.persistence) * space.sums[step.cut * width + step.sum];
        if (step.gain == gain_function::linear) value /= step.max_grade;
        if (step.gain == gain_function::exponential) value /= exponential_gain(step.max_grade);
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
        const bool all_pairs = step.divisor == metric_divisor::all;
        const double against = all_pairs ? lesser(k, others) : k;
        double right = 0;
        double before = 0;
        for (std::size_t h = 0; h < space.hit_count; ++h) {
          const rank_hit& entry = space.hits[h];
          if (entry.relevant == 0) continue;
          if (step.divisor == metric_divisor::truncated && before == k) break;
          const double pairs = against - (static_cast<double>(entry.rank) - 1 - before);
          if (pairs > 0) right += pairs;
          before += 1;
        }
        if (all_pairs && against > above_unlisted) {
          right += unlisted_relevant * (against - above_unlisted);
        }
        value =
            against > 0
                ? share(right, against * (step.divisor == metric_divisor::truncated ? first_relevant
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
        if (step.measure == ranking_measure::percentile_rank) {
          value = candidates > 1 ? (value - 1) / (candidates - 1) : 0;
        }
        break;
    }
    // Grades below the level can gain where nothing is relevant.
    const bool gains = step.gain != gain_function::binary && space.grade_count > 0;
    if (total.relevant == 0 && !gains) value = plan.empty_value;
    values[m] = value;
    if (weights != nullptr) weights[m] = step.average == user_average::micro ? weight : 1;
  }
  return true;
}

}  // namespace recokit::ranking_pass
