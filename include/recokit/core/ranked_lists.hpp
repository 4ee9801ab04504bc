// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Many ranked lists in one block of memory: what batch recommend returns.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/scored_item.hpp>

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// One ranked list a query, best first, in the order of ranks_before. Lists may differ in length: a
/// query gets min(k, allowed items).
class ranked_lists {
 public:
  /// No lists.
  ranked_lists() = default;

  /// Room for `count` lists of up to `k` items each, all empty.
  /// @throws memory_error when count · k entries do not fit the machine
  ranked_lists(std::size_t count, std::size_t k) : k_(k) {
    check::fits_memory("ranked lists",
                       check::bytes("ranked lists", count, k, sizeof(scored_item<>)));
    sizes_.resize(count);
    items_.resize(count * k);
  }

  std::size_t size() const noexcept { return sizes_.size(); }
  bool empty() const noexcept { return sizes_.empty(); }

  /// List i, best first; a view of these lists.
  std::span<const scored_item<>> operator[](std::size_t i) const& noexcept {
    return {items_.data() + i * k_, sizes_[i]};
  }
  /// A copy of list i, when these lists end with the expression: a loop over
  /// `model.recommend_for(history)[0]` would read what is gone.
  std::vector<scored_item<>> operator[](std::size_t i) const&& {
    const std::span<const scored_item<>> list = (*this)[i];
    return {list.begin(), list.end()};
  }

  /// Copies a finished list into place i; it must not be longer than k. Different places may be
  /// written from different threads.
  void assign(std::size_t i, std::span<const scored_item<>> list) noexcept {
    scored_item<>* const place = items_.data() + i * k_;
    for (std::size_t n = 0; n < list.size(); ++n) place[n] = list[n];
    sizes_[i] = list.size();
  }

 private:
  std::size_t k_ = 0;
  std::vector<std::size_t> sizes_;
  std::vector<scored_item<>> items_;
};

}  // namespace recokit::inline RECOKIT_ABI
