// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The areas under ROC and precision-recall curves of two sorted classes, in one walk.
#pragma once

#include "compensated_sum.hpp"
#include "ranked_classes.hpp"

#include <recokit/core/parallel.hpp>

#include <cstdint>
#include <limits>

namespace recokit::inline RECOKIT_ABI::detail {

/// Samples of one task of a walk; short, so that a plain sum inside is exact enough (and exact
/// without weights).
inline constexpr std::int64_t walk_grain = 8192;

struct area_sums {
  compensated_sum roc;         // twice: pairs in the right order, with ties as half a pair
  compensated_sum steps;       // precision × weight of the positives gained
  compensated_sum trapezoids;  // twice: the same with the mean precision of both ends
  std::int64_t thresholds = 0;

  void add(const area_sums& other) {
    roc.add(other.roc);
    steps.add(other.steps);
    trapezoids.add(other.trapezoids);
    thresholds += other.thresholds;
  }
};

template <class Key>
area_sums sum_areas(const ranked_classes<Key>& classes, class_cut begin, class_cut end) {
  const double negatives = classes.negative.weight();
  double roc = 0;
  double steps = 0;
  double trapezoids = 0;
  std::int64_t thresholds = 0;
  for_thresholds(classes, begin, end, [&](Key, class_cut before, class_cut after) {
    ++thresholds;
    if (before.positive == after.positive) return true;
    const double tp_before = classes.positive.weight_before(before.positive);
    const double fp_before = classes.negative.weight_before(before.negative);
    const double tp = classes.positive.weight_before(after.positive);
    const double fp = classes.negative.weight_before(after.negative);
    const double gained = tp - tp_before;
    const double all_before = tp_before + fp_before;
    const double precision_before = all_before > 0 ? tp_before / all_before : 1;
    const double precision = tp / (tp + fp);
    roc += gained * (2 * (negatives - fp) + (fp - fp_before));
    steps += gained * precision;
    trapezoids += gained * (precision_before + precision);
    return true;
  });
  area_sums sums;
  sums.roc.add(roc);
  sums.steps.add(steps);
  sums.trapezoids.add(trapezoids);
  sums.thresholds = thresholds;
  return sums;
}

/// O(n), parallel, the same bits on any number of threads.
template <class Key>
area_sums measure_areas(const cpu& policy, const ranked_classes<Key>& classes) {
  const auto n =
      static_cast<std::int64_t>(classes.positive.keys.size() + classes.negative.keys.size());
  return parallel_reduce(
      policy, n, walk_grain, area_sums{},
      [&](std::int64_t begin, std::int64_t end) {
        return sum_areas(classes, cut_at(classes, static_cast<std::size_t>(begin)),
                         cut_at(classes, static_cast<std::size_t>(end)));
      },
      [](area_sums& total, const area_sums& part) { total.add(part); });
}

/// NaN when one class is absent.
template <class Key>
double roc_area(const ranked_classes<Key>& classes, const area_sums& sums) {
  const double positives = classes.positive.weight();
  const double negatives = classes.negative.weight();
  return positives > 0 && negatives > 0 ? sums.roc.value() / (2 * positives) / negatives
                                        : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace recokit::inline RECOKIT_ABI::detail
