// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/als_memory.hpp>

#include <recokit/core/errors.hpp>

#include <algorithm>

namespace recokit::inline RECOKIT_ABI::kernels {
namespace {

/// More in a batch gains nothing.
constexpr std::uint64_t most_batch_entries = std::uint64_t{1} << 25;

struct layout {
  std::array<bool, 2> entries_stay;
  std::array<bool, 2> factors_stay;
};

}  // namespace

als_memory plan_als_memory(const als_sizes& sizes, std::uint64_t budget) {
  const std::array<bool, 2> both{true, true};
  const std::array<bool, 2> none{false, false};
  const bool more_users = sizes.rows[0] >= sizes.rows[1];
  const std::array<bool, 2> smaller{!more_users, more_users};
  // Both sides have the same interactions, so either may come in batches first.
  std::uint64_t least = 0;
  for (const layout& l : {layout{both, both}, layout{{true, false}, both}, layout{none, both},
                          layout{none, smaller}, layout{none, none}}) {
    als_memory plan{l.entries_stay, l.factors_stay, 0, 0, 0};
    std::uint64_t longest = 0;
    std::uint64_t coming = 0;
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      const std::uint64_t factors = sizes.rows[side] * sizes.bytes_a_row;
      plan.device_bytes += sizes.rows[side] * als_bytes_a_row;
      (plan.factors_stay[side] ? plan.device_bytes : plan.pinned_factor_bytes) += factors;
      if (sizes.entries[side] == 0) plan.entries_stay[side] = true;
      if (plan.entries_stay[side]) {
        plan.device_bytes += sizes.entries[side] * sizes.bytes_an_entry;
      } else {
        longest = std::max(longest, sizes.longest_row[side]);
        coming = std::max(coming, sizes.entries[side]);
      }
    }
    const std::uint64_t slots = 2 * sizes.bytes_an_entry;
    least = plan.device_bytes + longest * slots;
    if (least > budget) continue;
    plan.batch_entries = std::min(
        {coming, std::max(longest, most_batch_entries), (budget - plan.device_bytes) / slots});
    plan.device_bytes += plan.batch_entries * slots;
    return plan;
  }
  throw memory_error("interactions and factors on the GPU", least, budget);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
