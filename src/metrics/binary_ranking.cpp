// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "compensated_sum.hpp"
#include "ranked_areas.hpp"
#include "ranked_classes.hpp"

#include <recokit/core/check.hpp>
#include <recokit/metrics/binary_ranking.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

using detail::class_cut;
using detail::compensated_sum;
using detail::ranked_classes;
using key_32 = std::uint32_t;
using key_64 = std::uint64_t;

// True and false positives, by weight, with the score that they are reached at.
struct curve_point {
  double tp;
  double fp;
  double score;
};

}  // namespace

struct binary_ranking::state {
  std::variant<ranked_classes<key_32>, ranked_classes<key_64>> classes;
  double positives = 0;
  double negatives = 0;
  std::int64_t thresholds = 0;
  double roc_auc = 0;
  double average_precision = 0;
  double interpolated_pr_auc = 0;

  void measure(const cpu& policy) {
    std::visit(
        [&](const auto& c) {
          positives = c.positive.weight();
          negatives = c.negative.weight();
          detail::check_total_weight(positives + negatives);
          const auto sums = detail::measure_areas(policy, c);
          thresholds = sums.thresholds;
          roc_auc = detail::roc_area(c, sums);
          average_precision = positives > 0 ? sums.steps.value() / positives : 0;
          interpolated_pr_auc = positives > 0 ? sums.trapezoids.value() / (2 * positives) : 0;
        },
        classes);
  }

  // Calls visit(point) at every threshold, best first, until it returns false.
  template <class Visit>
  void for_points(const Visit& visit) const {
    std::visit(
        [&]<class Key>(const ranked_classes<Key>& c) {
          detail::for_thresholds(
              c, {}, {c.positive.keys.size(), c.negative.keys.size()},
              [&](Key key, class_cut, class_cut after) {
                return visit(curve_point{c.positive.weight_before(after.positive),
                                         c.negative.weight_before(after.negative),
                                         double{detail::key_score(key)}});
              });
        },
        classes);
  }

  // The points that keep(before, at, after) does not drop; the first and the last always stay.
  template <class Keep>
  std::vector<curve_point> points(bool drop, const Keep& keep) const {
    std::vector<curve_point> kept;
    if (!drop) kept.reserve(static_cast<std::size_t>(thresholds));
    curve_point before{};
    curve_point at{};
    std::int64_t seen = 0;
    for_points([&](const curve_point& after) {
      if (seen == 1 || (seen > 1 && (!drop || keep(before, at, after)))) kept.push_back(at);
      before = at;
      at = after;
      ++seen;
      return true;
    });
    kept.push_back(at);
    return kept;
  }
};

binary_ranking::binary_ranking(const cpu& policy, label_column truth, real_column scores,
                               const binary_options& options) {
  detail::check_length("scores", scores.size(), truth.size());
  detail::check_weights_length(options.weights, truth.size());
  detail::check_some(truth.size());
  auto result = std::make_shared<state>();
  const bool weighted = options.weights.given();
  if (scores.is_float()) {
    result->classes = weighted
                          ? detail::rank_classes<key_32, detail::weighted_key<key_32>>(
                                policy, truth, scores, options)
                          : detail::rank_classes<key_32, key_32>(policy, truth, scores, options);
  } else {
    result->classes = weighted
                          ? detail::rank_classes<key_64, detail::weighted_key<key_64>>(
                                policy, truth, scores, options)
                          : detail::rank_classes<key_64, key_64>(policy, truth, scores, options);
  }
  result->measure(policy);
  state_ = std::move(result);
}

double binary_ranking::positives() const noexcept { return state_->positives; }
double binary_ranking::negatives() const noexcept { return state_->negatives; }
std::int64_t binary_ranking::thresholds() const noexcept { return state_->thresholds; }
double binary_ranking::roc_auc() const noexcept { return state_->roc_auc; }
double binary_ranking::average_precision() const noexcept { return state_->average_precision; }
double binary_ranking::interpolated_pr_auc() const noexcept { return state_->interpolated_pr_auc; }

double binary_ranking::partial_roc_auc(double max_fpr) const {
  if (!(max_fpr > 0 && max_fpr <= 1)) {
    throw value_error("max_fpr", detail::number_text(max_fpr), "must be above 0 and at most 1");
  }
  if (max_fpr == 1 || std::isnan(state_->roc_auc)) return state_->roc_auc;
  compensated_sum area;
  double fpr = 0;
  double tpr = 0;
  state_->for_points([&](const curve_point& point) {
    const double next_fpr = point.fp / state_->negatives;
    const double next_tpr = point.tp / state_->positives;
    if (next_fpr > max_fpr) {
      const double share = (max_fpr - fpr) / (next_fpr - fpr);
      area.add((max_fpr - fpr) * (2 * tpr + share * (next_tpr - tpr)) / 2);
      return false;
    }
    area.add((next_fpr - fpr) * (tpr + next_tpr) / 2);
    fpr = next_fpr;
    tpr = next_tpr;
    return true;
  });
  const double least = max_fpr * max_fpr / 2;
  return (1 + (area.value() - least) / (max_fpr - least)) / 2;
}

roc_curve binary_ranking::roc(bool drop_intermediate) const {
  const auto points = state_->points(
      drop_intermediate, [](const curve_point& a, const curve_point& b, const curve_point& c) {
        return (c.fp - b.fp) != (b.fp - a.fp) || (c.tp - b.tp) != (b.tp - a.tp);
      });
  const auto n = static_cast<Eigen::Index>(points.size());
  roc_curve curve{Eigen::VectorXd(n + 1), Eigen::VectorXd(n + 1), Eigen::VectorXd(n + 1)};
  // 0 / 0 is the NaN that an absent class stands for.
  const auto rate = [](double part, double all) {
    return all > 0 ? part / all : std::numeric_limits<double>::quiet_NaN();
  };
  curve.false_positive_rate[0] = rate(0, state_->negatives);
  curve.true_positive_rate[0] = rate(0, state_->positives);
  curve.thresholds[0] = std::numeric_limits<double>::infinity();
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto& point = points[static_cast<std::size_t>(i)];
    curve.false_positive_rate[i + 1] = rate(point.fp, state_->negatives);
    curve.true_positive_rate[i + 1] = rate(point.tp, state_->positives);
    curve.thresholds[i + 1] = point.score;
  }
  return curve;
}

precision_recall_curve binary_ranking::precision_recall(bool drop_intermediate) const {
  const auto points = state_->points(
      drop_intermediate, [](const curve_point& a, const curve_point& b, const curve_point& c) {
        return a.tp != b.tp || b.tp != c.tp;
      });
  const auto n = static_cast<Eigen::Index>(points.size());
  precision_recall_curve curve{Eigen::VectorXd(n + 1), Eigen::VectorXd(n + 1), Eigen::VectorXd(n)};
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto& point = points[static_cast<std::size_t>(n - 1 - i)];
    curve.precision[i] = point.tp / (point.tp + point.fp);
    curve.recall[i] = state_->positives > 0 ? point.tp / state_->positives : 1;
    curve.thresholds[i] = point.score;
  }
  curve.precision[n] = 1;
  curve.recall[n] = 0;
  return curve;
}

}  // namespace recokit::inline RECOKIT_ABI
