// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The ids of all rows, for functions that take a list of them.
#pragma once

#include <recokit/core/config.hpp>

#include <cstddef>
#include <numeric>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// 0, 1, …, rows − 1.
inline std::vector<index_t> all_rows(index_t rows) {
  std::vector<index_t> which(static_cast<std::size_t>(rows));
  std::iota(which.begin(), which.end(), index_t{0});
  return which;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
