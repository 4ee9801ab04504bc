// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Checks at the door of metrics that take a table of samples × classes.
#pragma once

#include "column_checks.hpp"
#include "label_set.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

inline std::string cell_name(const char* table, std::int64_t row, std::int64_t col) {
  return std::string(table) + "(" + std::to_string(row) + ", " + std::to_string(col) + ")";
}

/// @throws dimension_error, value_error unless there is a sample, and a row and a weight for each
inline void check_table_shape(const char* table, const label_column& truth,
                              const real_table& values, const real_column& weights) {
  check::equal(std::string(table) + ".rows()", values.rows(), "truth.size()", truth.size(),
               "pass one row a sample");
  check_weights_length(weights, truth.size());
  check_some(truth.size());
}

}  // namespace recokit::inline RECOKIT_ABI::detail
