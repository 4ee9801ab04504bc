// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Pairs put in groups by one of their sides, so that work on that side is done once.
#pragma once

#include <recokit/core/config.hpp>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// The positions of `keys` in groups of equal key: groups by rising key, positions rising within a
/// group. O(pairs + keys) time, 8 bytes a pair and a key.
class pair_groups {
 public:
  /// @param keys  each in [0, range)
  pair_groups(std::span<const index_t> keys, index_t range) : order_(keys.size()) {
    std::vector<std::size_t> next(static_cast<std::size_t>(range) + 1, 0);
    for (const index_t key : keys) ++next[static_cast<std::size_t>(key) + 1];
    for (std::size_t key = 0; key < static_cast<std::size_t>(range); ++key) {
      if (next[key + 1] > 0) {
        keys_.push_back(static_cast<index_t>(key));
        starts_.push_back(next[key]);
      }
      next[key + 1] += next[key];
    }
    starts_.push_back(keys.size());
    for (std::size_t n = 0; n < keys.size(); ++n) {
      order_[next[static_cast<std::size_t>(keys[n])]++] = n;
    }
  }

  /// The number of different keys.
  std::int64_t size() const noexcept { return static_cast<std::int64_t>(keys_.size()); }
  /// The key of group g.
  index_t key(std::size_t g) const noexcept { return keys_[g]; }
  /// The positions of the pairs of group g.
  std::span<const std::size_t> positions(std::size_t g) const noexcept {
    return std::span(order_).subspan(starts_[g], starts_[g + 1] - starts_[g]);
  }

 private:
  std::vector<index_t> keys_;
  std::vector<std::size_t> starts_;
  std::vector<std::size_t> order_;
};

}  // namespace recokit::inline RECOKIT_ABI
