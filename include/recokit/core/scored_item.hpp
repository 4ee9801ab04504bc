// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief An item with its score, and the one order in which recokit ranks.
#pragma once

#include <recokit/core/config.hpp>

namespace recokit::inline RECOKIT_ABI {

/// One entry of a ranked list.
template <class Score = float, class Index = index_t>
struct scored_item {
  Index item;
  Score score;

  friend bool operator==(const scored_item&, const scored_item&) = default;
};

/// True when `a` stands before `b`: higher score first, then lower item index; NaN after all
/// numbers. A strict weak order, the same on every backend and in every ranking function.
template <class Score, class Index>
constexpr bool ranks_before(const scored_item<Score, Index>& a,
                            const scored_item<Score, Index>& b) noexcept {
  if (a.score > b.score) return true;
  if (a.score < b.score) return false;
  if (a.score == b.score) return a.item < b.item;
  const bool a_is_nan = a.score != a.score;
  const bool b_is_nan = b.score != b.score;
  return a_is_nan == b_is_nan ? a.item < b.item : b_is_nan;
}

/// ranks_before for algorithms that take an order: inlined, which a pointer to it is not.
struct by_rank {
  template <class Score, class Index>
  constexpr bool operator()(const scored_item<Score, Index>& a,
                            const scored_item<Score, Index>& b) const noexcept {
    return ranks_before(a, b);
  }
};

}  // namespace recokit::inline RECOKIT_ABI
