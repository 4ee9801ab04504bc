// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The area under the ROC curve for three or more classes: one versus rest, one versus one.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/metrics/columns.hpp>

#include <cstdint>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// How the areas of the classes, or of the pairs of classes, become one.
enum class auc_average {
  macro,     ///< plain mean
  weighted,  ///< mean weighted by the samples of the class, or of both classes of the pair
  micro,     ///< one area over all cells of the table, each a sample; one versus rest only
};

struct one_versus_rest_options {
  auc_average average = auc_average::macro;
  /// One a sample, at least 0; not given: 1 each.
  real_column weights = {};
  /// The class of each column, each once. Empty: the labels found in truth, ascending.
  std::vector<std::int64_t> labels = {};
};

struct one_versus_one_options {
  auc_average average = auc_average::macro;
  /// The class of each column, each once. Empty: the labels found in truth, ascending.
  std::vector<std::int64_t> labels = {};
};

/// Each class against all others by its own column, averaged. Depends on how frequent classes are.
/// A class absent from truth makes the macro average NaN and counts 0 in the weighted one, as in
/// scikit-learn.
/// @param truth  one label a sample
/// @param scores samples × classes; a higher score stands for the class of the column
/// Time O(n · classes), memory as binary_ranking (micro: 9 bytes a cell more).
/// @throws value_error when there is no sample, for a label without a column, a label given twice,
///         and the errors of binary_ranking
/// @throws dimension_error when rows or weights differ from truth in length, or the classes from
///         the columns (pass labels when a class is absent from truth)
double roc_auc_one_versus_rest(const cpu& policy, label_column truth, real_table scores,
                               const one_versus_rest_options& options = {});
inline double roc_auc_one_versus_rest(label_column truth, real_table scores,
                                      const one_versus_rest_options& options = {}) {
  return roc_auc_one_versus_rest(cpu{}, truth, scores, options);
}

/// For each two classes that occur in truth, among their samples alone: the mean of the area of one
/// class by its column and of the other by its own; then averaged over pairs. Macro does not depend
/// on how frequent classes are. NaN when truth holds a single class.
/// Hand and Till: A simple generalisation of the area under the ROC curve for multiple class
/// classification problems, Machine Learning 2001.
/// Time O(n · classes), memory 8 bytes a sample (double) and 8 × classes².
/// @throws the errors of roc_auc_one_versus_rest, and value_error for auc_average::micro
double roc_auc_one_versus_one(const cpu& policy, label_column truth, real_table scores,
                              const one_versus_one_options& options = {});
inline double roc_auc_one_versus_one(label_column truth, real_table scores,
                                     const one_versus_one_options& options = {}) {
  return roc_auc_one_versus_one(cpu{}, truth, scores, options);
}

}  // namespace recokit::inline RECOKIT_ABI
