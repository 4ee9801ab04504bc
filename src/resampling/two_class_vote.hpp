// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Votes between two classes: the smallest and one other.
#pragma once

#include <recokit/resampling/class_rows.hpp>

#include <cstddef>

namespace recokit::inline RECOKIT_ABI::detail {

/// Whether `votes` of `voters` for class `position` against the smallest are enough; of equal
/// counts the first by label wins.
inline bool outvotes_minority(const class_table& classes, std::size_t position, std::int64_t votes,
                              std::int64_t voters) {
  const std::int64_t against = voters - votes;
  return votes > against || (votes == against && position < classes.minority());
}

}  // namespace recokit::inline RECOKIT_ABI::detail
