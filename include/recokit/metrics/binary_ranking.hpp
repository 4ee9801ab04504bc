// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief ROC and precision-recall areas and curves of two classes, all from one sort of the
/// scores.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/metrics/binary_options.hpp>
#include <recokit/metrics/columns.hpp>

#include <cstdint>
#include <memory>

namespace recokit::inline RECOKIT_ABI {

/// One entry a threshold, thresholds falling; the first is +infinity, where nothing counts as
/// positive. A rate is NaN in every entry when its class is absent.
struct roc_curve {
  Eigen::VectorXd false_positive_rate;
  Eigen::VectorXd true_positive_rate;
  Eigen::VectorXd thresholds;
};

/// Thresholds rise, recall falls. precision and recall have one entry more than thresholds: the
/// last is precision 1 at recall 0. Without positives recall is 1 at every threshold.
struct precision_recall_curve {
  Eigen::VectorXd precision;
  Eigen::VectorXd recall;
  Eigen::VectorXd thresholds;
};

/// The scores of two classes in order, from which every threshold-free metric follows.
///
/// Higher scores stand for the positive class. Equal scores (0 and −0 are equal) share one
/// threshold, so the order of the samples never matters. Samples of weight 0 are left out. The
/// definitions are those of scikit-learn. Immutable; copies share their memory.
class binary_ranking {
 public:
  /// Sorts the scores and computes the areas.
  /// @param truth  one label a sample
  /// @param scores one a sample; float scores are ordered as floats, which is faster than double
  /// Time O(n), parallel, the same bits on any number of threads. Keeps 4 bytes a float score and 8
  /// a double one, with weights 8 more; twice that and with weights 16 more while it sorts.
  /// @throws value_error when there is no sample, naming the first label outside the options, the
  ///         first score that is NaN or infinite or the first negative weight, or when all weights
  ///         are 0
  /// @throws dimension_error when scores or weights differ from truth in length
  binary_ranking(const cpu& policy, label_column truth, real_column scores,
                 const binary_options& options = {});
  binary_ranking(label_column truth, real_column scores, const binary_options& options = {})
      : binary_ranking(cpu{}, truth, scores, options) {}

  /// Samples of the class, or their weight. O(1), as all that follow unless they say otherwise.
  double positives() const noexcept;
  double negatives() const noexcept;
  /// Distinct scores.
  std::int64_t thresholds() const noexcept;

  /// The chance that a positive scores above a negative, ties counting half: the area under the ROC
  /// curve. NaN when one class is absent.
  /// Hanley and McNeil: The meaning and use of the area under a ROC curve, Radiology 1982.
  double roc_auc() const noexcept;

  /// The area up to a false positive rate, scaled so that 0.5 is chance and 1 the best. O(n).
  /// McClish: Analyzing a portion of the ROC curve, Medical Decision Making 1989.
  /// @param max_fpr in (0, 1]; 1 gives roc_auc()
  /// @throws value_error for another max_fpr
  double partial_roc_auc(double max_fpr) const;

  /// The sum of the precision at each threshold times the recall gained there: the area under the
  /// precision-recall curve as steps. 0 without positives.
  double average_precision() const noexcept;

  /// The area under the precision-recall curve joined by straight lines, which is too kind: between
  /// two thresholds no classifier reaches them. Prefer average_precision(). 0 without positives.
  /// Davis and Goadrich: The relationship between precision-recall and ROC curves, ICML 2006.
  double interpolated_pr_auc() const noexcept;

  /// @param drop_intermediate leaves out thresholds on a straight line between their neighbours
  /// O(n) time and memory.
  roc_curve roc(bool drop_intermediate = true) const;

  /// @param drop_intermediate leaves out thresholds whose recall is that of both neighbours
  /// O(n) time and memory.
  precision_recall_curve precision_recall(bool drop_intermediate = false) const;

 private:
  struct state;
  std::shared_ptr<const state> state_;
};

}  // namespace recokit::inline RECOKIT_ABI
