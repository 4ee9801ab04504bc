// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The distinct labels of a column, and from a label to its place among them.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/metrics/columns.hpp>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// The labels of a column, each once, ascending. O(n), or O(n log n) when they lie far apart.
std::vector<std::int64_t> distinct_labels(const cpu& policy, const label_column& labels);

/// The ascending union of two ascending sets.
std::vector<std::int64_t> join_labels(const std::vector<std::int64_t>& a,
                                      const std::vector<std::int64_t>& b);

/// The class of each column of a table: the labels given, or those found in truth.
/// @throws dimension_error unless they are one a column
std::vector<std::int64_t> column_labels(const cpu& policy, const label_column& truth,
                                        const std::vector<std::int64_t>& given, const char* table,
                                        std::int64_t cols);

/// Where each label of a set stands.
class label_places {
 public:
  /// @param argument name for errors: "options.labels"
  /// @throws value_error for a label given twice
  label_places(const char* argument, std::span<const std::int64_t> labels);

  /// The place in the set, −1 for a label outside.
  std::int64_t operator()(std::int64_t label) const noexcept;

  /// Replaces the labels [begin, begin + labels.size()) of a column by their places.
  /// @throws value_error naming the first label outside the set
  void replace(const char* column, std::int64_t begin, std::span<std::int64_t> labels) const;

 private:
  std::vector<std::pair<std::int64_t, std::int64_t>> sorted_;  // label, place
  std::vector<std::int64_t> near_;  // by label − lowest label, when they lie close together
  const char* argument_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
