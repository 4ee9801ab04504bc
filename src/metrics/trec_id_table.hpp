// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Finds an id among few or many others by the hash that it carries.
#pragma once

#include <recokit/metrics/trec_files.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace recokit::inline RECOKIT_ABI::trec::detail {

/// Numbers of ids, in open addressing with linear probing, at most half full. Holds no ids: the
/// caller's `same(number)` compares the one looked for with the one of that number; let it compare
/// hashes first.
class id_table {
 public:
  static constexpr std::uint32_t none = 0xFFFFFFFFu;

  /// Forgets everything and makes room for `count` ids.
  void reset(std::size_t count) {
    const std::size_t wanted = std::bit_ceil(std::max<std::size_t>(count * 2, 16));
    slots_.assign(wanted, none);
    shift_ = 32 - std::countr_zero(wanted);
  }

  /// Puts `number` in for an id, or gives back the number that is there for the same id.
  template <class Same>
  std::uint32_t insert(std::uint32_t hash, std::uint32_t number, const Same& same) {
    std::uint32_t& found = slots_[look(hash, same)];
    if (found == none) {
      found = number;
      return none;
    }
    return found;
  }

  /// The number of an id, or none.
  template <class Same>
  std::uint32_t find(std::uint32_t hash, const Same& same) const {
    return slots_[look(hash, same)];
  }

  /// True when one more id beside `count` needs a larger table: reset it and insert all again.
  bool full(std::size_t count) const noexcept { return (count + 1) * 2 > slots_.size(); }

 private:
  template <class Same>
  std::size_t look(std::uint32_t hash, const Same& same) const {
    // The top bits of the product depend on all bits of the hash.
    std::size_t at = (hash * 0x9E3779B1u) >> shift_;
    while (slots_[at] != none && !same(slots_[at])) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  std::vector<std::uint32_t> slots_;
  int shift_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI::trec::detail
