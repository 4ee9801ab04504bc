// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Finds the place of an item in a list: a hash table made anew for every list.
#pragma once

#include <recokit/core/scored_item.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Open addressing over four slots an entry; a slot is the place in the list + 1, or 0.
class rank_table {
 public:
  /// Enters every item of the list at its first place.
  /// @return an item that is listed twice, or -1
  std::int64_t fill(std::span<const scored_item<>> list) {
    const std::size_t size = std::bit_ceil(4 * list.size() | 16);
    if (slots_.size() < size) slots_.resize(size);
    shift_ = 32 - std::countr_zero(size);
    mask_ = static_cast<std::uint32_t>(size - 1);
    std::memset(slots_.data(), 0, size * sizeof(std::uint32_t));
    std::int64_t repeated = -1;
    for (std::uint32_t place = 0; place < list.size(); ++place) {
      const auto item = list[place].item;
      std::uint32_t slot = start(item);
      while (slots_[slot] != 0 && list[slots_[slot] - 1].item != item) slot = (slot + 1) & mask_;
      if (slots_[slot] != 0) {
        repeated = item;
      } else {
        slots_[slot] = place + 1;
      }
    }
    return repeated;
  }

  /// Place of the item from 0, or a number beyond any place. `list` is that of fill.
  std::size_t find(std::span<const scored_item<>> list, index_t item) const {
    std::uint32_t slot = start(item);
    while (slots_[slot] != 0) {
      if (list[slots_[slot] - 1].item == item) return slots_[slot] - 1;
      slot = (slot + 1) & mask_;
    }
    return static_cast<std::size_t>(-1);
  }

 private:
  // Fibonacci hashing (Knuth, volume 3, 6.4).
  std::uint32_t start(index_t item) const {
    return static_cast<std::uint32_t>(item) * 2654435769U >> shift_;
  }

  std::vector<std::uint32_t> slots_;
  int shift_ = 28;
  std::uint32_t mask_ = 15;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
