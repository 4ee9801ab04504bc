// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Draws from a fixed discrete distribution in O(1).
#pragma once

#include <recokit/core/random.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Vose: A linear algorithm for generating random numbers with a given distribution, IEEE TSE 1991.
/// Probabilities are exact to 2^-32 of the mean.
class alias_table {
 public:
  /// @param weights positive and finite, at least one
  explicit alias_table(std::span<const double> weights) : cells_(weights.size()) {
    double total = 0;
    for (const double w : weights) total += w;
    const double scale = static_cast<double>(weights.size()) / total;
    std::vector<double> share(weights.begin(), weights.end());
    std::vector<index_t> small;
    std::vector<index_t> large;
    for (std::size_t i = 0; i < share.size(); ++i) {
      share[i] *= scale;
      (share[i] < 1 ? small : large).push_back(static_cast<index_t>(i));
    }
    while (!small.empty() && !large.empty()) {
      const index_t low = small.back();
      const index_t high = large.back();
      small.pop_back();
      cells_[at(low)] = {static_cast<std::uint32_t>(share[at(low)] * 0x1p32), high};
      share[at(high)] -= 1 - share[at(low)];
      if (share[at(high)] < 1) {
        large.pop_back();
        small.push_back(high);
      }
    }
    // What is left has a share of 1 up to rounding, and stands for itself.
    for (const auto* rest : {&small, &large}) {
      for (const index_t i : *rest) cells_[at(i)] = {0, i};
    }
  }

  index_t operator()(random_stream& stream) const noexcept {
    const auto i = stream.below(cells_.size());
    const cell& drawn = cells_[i];
    return stream() < drawn.threshold ? static_cast<index_t>(i) : drawn.other;
  }

 private:
  struct cell {
    std::uint32_t threshold;  // of 2^32, below which the cell stands for itself
    index_t other;
  };
  static std::size_t at(index_t i) noexcept { return static_cast<std::size_t>(i); }

  std::vector<cell> cells_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
