// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The confusion matrix of two or more classes and every metric that follows from it.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/metrics/columns.hpp>

#include <cstdint>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// How the values of the classes become one.
enum class class_average {
  binary,    ///< the value of the positive class; at most two classes
  micro,     ///< from the sums of the counts of all classes
  macro,     ///< mean over classes
  weighted,  ///< mean over classes, weighted by their samples in truth
};

struct class_options {
  class_average average = class_average::binary;
  /// The positive class of class_average::binary.
  std::int64_t positive = 1;
  /// The classes to average over, each a label of the matrix; empty: all. The others still count as
  /// wrong answers.
  std::vector<std::int64_t> labels = {};
  /// The value of 0 / 0, in [0, 1]; NaN leaves the class out of macro and weighted means.
  double zero_division = 0.0;
};

struct confusion_options {
  /// One a sample, at least 0; not given: 1 each.
  real_column weights = {};
  /// All classes, each once, in the order of rows and columns. Empty: the labels found in truth and
  /// predicted, ascending.
  std::vector<std::int64_t> labels = {};
};

/// How far apart two classes are for cohen_kappa, by their places i and j in labels().
enum class kappa_weighting {
  none,       ///< 1 for different classes
  linear,     ///< |i − j|
  quadratic,  ///< (i − j)²
};

/// Counts (or weights) of samples by true and predicted class. The definitions are those of
/// scikit-learn, and of imbalanced-learn for geometric means. For scores that were not cut into
/// classes yet see binary_ranking, roc_auc_one_versus_rest and log_loss.
///
/// Every metric is O(classes²), once the matrix stands.
class confusion_matrix {
 public:
  /// Counts. Time O(n), parallel, the same bits on any number of threads (O(n log n) for labels far
  /// apart); memory 32 bytes × classes² and at most 16 bytes a sample.
  /// @throws value_error when there is no sample, for a label outside options.labels (naming the
  ///         first), a label given twice, the first weight that is negative, NaN or infinite, or
  ///         when all weights are 0
  /// @throws dimension_error when predicted or weights differ from truth in length
  /// @throws memory_error when classes² numbers do not fit
  confusion_matrix(const cpu& policy, label_column truth, label_column predicted,
                   const confusion_options& options = {});
  confusion_matrix(label_column truth, label_column predicted,
                   const confusion_options& options = {})
      : confusion_matrix(cpu{}, truth, predicted, options) {}

  /// Takes counts made elsewhere: one row a true class, one column a predicted class.
  /// @throws dimension_error unless counts is labels × labels
  /// @throws value_error for no label, a label given twice, a count that is negative, NaN or
  ///         infinite, or when all are 0
  static confusion_matrix from_counts(std::vector<std::int64_t> labels, Eigen::MatrixXd counts);

  const std::vector<std::int64_t>& labels() const noexcept { return labels_; }
  /// Rows: true class; columns: predicted class.
  const Eigen::MatrixXd& counts() const noexcept { return counts_; }
  double total() const noexcept { return total_; }

  /// The share of samples that got their class.
  double accuracy() const;

  /// One value a class, in the order of labels(). @param zero_division see class_options
  Eigen::VectorXd precision_by_class(double zero_division = 0.0) const;
  Eigen::VectorXd recall_by_class(double zero_division = 0.0) const;
  Eigen::VectorXd specificity_by_class(double zero_division = 0.0) const;
  Eigen::VectorXd f_by_class(double beta = 1.0, double zero_division = 0.0) const;

  /// TP / (TP + FP), averaged. This and the four below
  /// @throws value_error for class_average::binary with three or more classes or a positive label
  ///         that neither of two classes has, an unknown or repeated label in options.labels, a
  ///         zero_division outside [0, 1] that is not NaN
  double precision(const class_options& options = {}) const;
  /// TP / (TP + FN), averaged: also called sensitivity.
  double recall(const class_options& options = {}) const;
  /// TN / (TN + FP), averaged.
  double specificity(const class_options& options = {}) const;
  /// (1 + β²) TP / ((1 + β²) TP + β² FN + FP), averaged. @param beta at least 0; infinity: recall
  double f_beta(double beta, const class_options& options = {}) const;
  double f1(const class_options& options = {}) const { return f_beta(1.0, options); }

  /// The mean recall of the classes that occur in truth.
  /// @param adjusted scales it so that 0 is chance; NaN for a single class
  double balanced_accuracy(bool adjusted = false) const;

  /// The n-th root of the product of the n recalls; a class absent from truth has recall 0.
  /// Kubat and Matwin: Addressing the curse of imbalanced training sets, ICML 1997.
  /// @param correction takes the place of a recall of 0, so that one missed class does not make the
  ///        whole 0. @throws value_error unless in [0, 1]
  double geometric_mean(double correction = 0.0) const;
  /// √(recall · specificity), both averaged first. @throws the errors of precision
  double averaged_geometric_mean(const class_options& options = {}) const;

  /// Matthews' correlation, for any number of classes, in [−1, 1]; 0 when truth or predictions hold
  /// a single class. Gorodkin: Comparing two K-category assignments by a K-category correlation
  /// coefficient, Computational Biology and Chemistry 2004.
  double matthews_correlation() const;

  /// Agreement beyond chance: 1 − observed / expected disagreement. NaN when truth and predictions
  /// hold one and the same class. Cohen: Weighted kappa, Psychological Bulletin 1968.
  double cohen_kappa(kappa_weighting weighting = kappa_weighting::none) const;

 private:
  confusion_matrix() = default;

  std::vector<std::int64_t> labels_;
  Eigen::MatrixXd counts_;
  double total_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI
