// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What all splits share: checks, the choice of k of n, and the assembly of a holdout.
#pragma once

#include "select_entries.hpp"

#include <recokit/core/random.hpp>
#include <recokit/data/split.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Where each entry goes.
using entry_parts = std::vector<std::uint8_t>;
inline constexpr std::uint8_t to_train = 0;
inline constexpr std::uint8_t to_test = 1;
inline constexpr std::uint8_t to_fold_in = 2;

/// @throws value_error unless 0 < value < 1
void check_fraction(std::string_view argument, double value);
/// @throws value_error when there is nothing to split
void check_splittable(const interactions& data);
/// @throws value_error that tells how to read timestamps
void check_timestamps(const interactions& data, std::string_view split);

/// @param advice what to do when train or test would come out empty
/// @throws value_error when one of them did
holdout make_holdout(interactions train, interactions test, std::string protocol,
                     const std::string& advice);

/// Test is what `part` sends to test, train what it sends to train.
holdout divide(const interactions& data, const entry_parts& part, std::string protocol,
               const std::string& advice);

/// Calls chosen(i) for k random places of [0, n) in ascending order; every set of k is as likely.
/// Selection sampling: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S.
template <class Chosen>
void choose(random_stream& stream, std::size_t n, std::size_t k, const Chosen& chosen) {
  for (std::size_t i = 0; i < n && k > 0; ++i) {
    if (stream.below(n - i) >= k) continue;
    chosen(i);
    --k;
  }
}

/// share × count, rounded, and at least 1. count must be positive.
inline std::size_t share_of(double share, std::size_t count) {
  const auto rounded = static_cast<std::size_t>(share * static_cast<double>(count) + 0.5);
  return rounded < 1 ? 1 : rounded < count ? rounded : count;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
