// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What the metrics of two classes need to know besides truth and scores.
#pragma once

#include <recokit/metrics/columns.hpp>

#include <cstdint>
#include <optional>

namespace recokit::inline RECOKIT_ABI {

struct binary_options {
  /// One a sample, at least 0; not given: 1 each.
  real_column weights = {};
  /// The label of the positive class; every other label is negative. Not given: labels must be 1
  /// (positive) and 0 or −1 (negative).
  std::optional<std::int64_t> positive = {};
};

}  // namespace recokit::inline RECOKIT_ABI
