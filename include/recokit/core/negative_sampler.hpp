// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Draws items that a user does not have, uniformly or by popularity, with exact chances.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/random.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// Draws items from [0, items()) less an excluded set, each with a chance proportional to its
/// weight. Immutable; safe to share between threads.
class negative_sampler {
 public:
  /// All items weigh the same. @throws value_error when items < 0
  static negative_sampler uniform(index_t items);
  /// An item weighs its number of stored interactions to the power alpha; one without any is never
  /// drawn. Weights are kept to 30 bits of the largest, at least 1.
  /// @throws value_error unless 0 <= alpha <= 10
  static negative_sampler popularity(const csr_view<>& interactions, double alpha);

  index_t items() const noexcept { return items_; }
  /// How many items of positive weight are left. O(excluded). @param excluded each item once
  std::int64_t available(std::span<const index_t> excluded) const noexcept;

  /// Work space, to be used again for the next draw.
  struct scratch {
    std::vector<index_t> excluded;
    std::vector<std::uint64_t> weight_before;  // of the first k excluded items
    std::vector<char> taken;
  };

  /// Fills `drawn`. Without replacement the items are distinct: by weight they are drawn one after
  /// the other from those left, so the order carries meaning; uniform ones are a random set.
  /// @param excluded ascending, in range
  /// @throws value_error when there is nothing to draw from, or without replacement not enough
  /// With replacement O(excluded + drawn · log items); without, uniform the same, by weight
  /// O(drawn · (excluded + drawn)).
  void draw(random_stream& random, std::span<const index_t> excluded, bool replacement,
            std::span<index_t> drawn, scratch& space) const;

 private:
  std::uint64_t before(index_t item) const noexcept;  // weight of all items below `item`
  index_t item_at(std::uint64_t place) const noexcept;
  index_t pick(std::uint64_t place, const scratch& space) const noexcept;

  index_t items_ = 0;
  std::int64_t weighing_ = 0;          // items of positive weight
  std::vector<std::uint64_t> before_;  // items + 1 prefix sums; empty: uniform
};

}  // namespace recokit::inline RECOKIT_ABI
