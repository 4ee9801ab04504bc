// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Weights of classes, of rows and of interactions: balance without new or lost rows.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/resampling/class_rows.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// n / (C · n_c) for each of the C classes: the rows of every class together weigh n / C.
/// @return by position of the class. O(classes)
/// @throws value_error when there are no rows
std::vector<double> balanced_class_weights(const class_table& classes);

/// Weights in proportion to (1 − beta) / (1 − beta^n_c), the inverse of the effective number of
/// rows, that add up to the number of classes. With beta 0 all are 1; towards 1 they become those
/// in proportion to 1 / n_c.
/// @param beta in [0, 1); 0.9 to 0.9999 in the paper
/// @return by position of the class. O(classes)
/// @throws value_error for beta out of range, or when there are no rows
///
/// Cui, Jia, Lin, Song and Belongie, "Class-balanced loss based on effective number of samples",
/// CVPR'19.
std::vector<double> effective_number_class_weights(const class_table& classes, double beta);

/// The weight of its class for each row.
/// @param class_weights by position, each finite and not negative
/// @throws dimension_error unless there is a weight for each class, value_error for a bad one
std::vector<double> sample_weights(const class_table& classes,
                                   std::span<const double> class_weights);

/// The same interactions with each value multiplied by the weight of the class of that interaction:
/// confidences for weighted factorization (ials), in which rare ratings or rare positives count as
/// much as frequent ones. For the weights alone pass interactions.pattern().
///
/// @param interactions  users × items; pattern-only counts as values of 1
/// @param classes       of the interactions, in their order: made from one label a stored entry
/// @param class_weights by position, each finite and not negative
/// @throws dimension_error unless there is a label for each interaction and a weight for each
/// class,
///         value_error for a bad weight
template <class Value, class Index, class Offset>
csr_matrix<Value, Index, Offset> weigh_interactions(
    const csr_view<Value, Index, Offset>& interactions, const class_table& classes,
    std::span<const double> class_weights) {
  check::equal("classes.rows()", classes.rows(), "interactions.nonzeros()",
               static_cast<std::int64_t>(interactions.nonzeros()),
               "give each interaction one label");
  const std::vector<double> weights = sample_weights(classes, class_weights);
  const auto given = interactions.values();
  std::vector<Value> values;
  values.reserve(weights.size());
  for (std::size_t e = 0; e < weights.size(); ++e) {
    const double value = given.empty() ? 1.0 : static_cast<double>(given[e]);
    values.push_back(static_cast<Value>(weights[e] * value));
  }
  const auto offsets = interactions.offsets();
  const auto indices = interactions.indices();
  return {interactions.rows(),
          interactions.cols(),
          {offsets.begin(), offsets.end()},
          {indices.begin(), indices.end()},
          std::move(values)};
}

}  // namespace recokit::inline RECOKIT_ABI
