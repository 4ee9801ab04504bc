// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What several selectors do with classes and rows.
#pragma once

#include <recokit/resampling/class_rows.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// The position of the class of a row.
inline std::size_t class_of(const class_table& classes, index_t row) {
  return static_cast<std::size_t>(classes.positions()[static_cast<std::size_t>(row)]);
}

/// By position: whether a cleaner looks at the class.
inline std::vector<bool> is_cleaned(const sampling_strategy& strategy, const class_table& classes) {
  std::vector<bool> cleaned(classes.classes(), false);
  for (const index_t label : cleaned_classes(strategy, classes)) {
    cleaned[classes.find(label).value()] = true;
  }
  return cleaned;
}

/// The rows in their order, those of the first class first, then those of the next.
inline std::vector<index_t> grouped(const class_table& classes, std::span<const index_t> rows) {
  std::vector<std::size_t> place(classes.classes() + 1, 0);
  for (const index_t r : rows) ++place[class_of(classes, r) + 1];
  std::partial_sum(place.begin(), place.end(), place.begin());
  std::vector<index_t> ordered(rows.size());
  for (const index_t r : rows) ordered[place[class_of(classes, r)]++] = r;
  return ordered;
}

/// The rows (ascending) but those named, in whatever order.
inline std::vector<index_t> without(std::span<const index_t> rows, std::vector<index_t> named) {
  std::sort(named.begin(), named.end());
  std::vector<index_t> rest;
  std::set_difference(rows.begin(), rows.end(), named.begin(), named.end(),
                      std::back_inserter(rest));
  return rest;
}

/// "class 3 has 4 rows"
inline std::string size_text(const class_table& classes, std::size_t position) {
  return "class " + std::to_string(classes.label(position)) + " has " +
         std::to_string(classes.count(position)) + " rows";
}

}  // namespace recokit::inline RECOKIT_ABI::detail
