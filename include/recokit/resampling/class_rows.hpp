// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Which classes there are, and which rows belong to each.
#pragma once

#include <recokit/core/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// The classes of a list of labels, sorted by label, with the rows of each. A class is named by its
/// label outside and by its position, in [0, classes()), inside. Immutable; 8 bytes a row.
class class_table {
 public:
  /// No rows.
  class_table() = default;
  /// @param labels one a row, any integers. O(rows · log classes)
  /// @throws dimension_error for more rows than an index counts
  explicit class_table(std::span<const index_t> labels);

  std::int64_t rows() const noexcept { return static_cast<std::int64_t>(positions_.size()); }
  std::size_t classes() const noexcept { return labels_.size(); }
  /// Ascending.
  std::span<const index_t> labels() const noexcept { return labels_; }
  index_t label(std::size_t position) const noexcept { return labels_[position]; }
  std::int64_t count(std::size_t position) const noexcept {
    return offsets_[position + 1] - offsets_[position];
  }
  /// The rows of a class, ascending.
  std::span<const index_t> rows_of(std::size_t position) const noexcept {
    return std::span(rows_).subspan(static_cast<std::size_t>(offsets_[position]),
                                    static_cast<std::size_t>(count(position)));
  }
  /// The position of the class of every row.
  std::span<const index_t> positions() const noexcept { return positions_; }
  /// The position of a label, or nothing. O(log classes)
  std::optional<std::size_t> find(index_t label) const noexcept;

  /// Positions of the largest and the smallest class; of equal ones the first by label.
  std::size_t majority() const noexcept { return majority_; }
  std::size_t minority() const noexcept { return minority_; }

 private:
  std::vector<index_t> labels_;
  std::vector<std::int64_t> offsets_{0};
  std::vector<index_t> rows_;
  std::vector<index_t> positions_;
  std::size_t majority_ = 0;
  std::size_t minority_ = 0;
};

/// Labels of rows whose classes have names.
struct named_classes {
  std::vector<std::string> names;  ///< ascending in byte order; the label of names[i] is i
  std::vector<index_t> labels;     ///< one a row
};

/// Names of classes, one a row, as labels. O(rows · log classes)
named_classes class_labels(std::span<const std::string> names);

}  // namespace recokit::inline RECOKIT_ABI
