// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Sums of bootstrap samples: n values drawn with replacement from n, many times over.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/config.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::significance::detail {

/// The sum of each of `resamples` samples.
///
/// Exact, and cheaper than n random gathers from n values. The values are sorted and cut into
/// cells: a run of equal values, or 256 others, or what is left. How many of the n draws fall into
/// each cell is multinomial and is drawn as such, a binomial a cell; the draws inside a cell are
/// then uniform, one byte each, from a table that fits the first-level cache; those inside a run
/// need no draw at all.
std::vector<double> bootstrap_sums(const cpu& policy, std::span<const double> values,
                                   std::int64_t resamples, std::uint64_t seed,
                                   std::uint32_t stream);

}  // namespace recokit::inline RECOKIT_ABI::significance::detail
