// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/check.hpp>
#include <recokit/core/column_counts.hpp>
#include <recokit/core/negative_sampler.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

negative_sampler negative_sampler::uniform(index_t items) {
  check::in_range("items", items, index_t{0}, std::numeric_limits<index_t>::max());
  negative_sampler sampler;
  sampler.items_ = items;
  sampler.weighing_ = items;
  return sampler;
}

negative_sampler negative_sampler::popularity(const csr_view<>& interactions, double alpha) {
  check::in_range("alpha", alpha, 0.0, 10.0);
  negative_sampler sampler;
  sampler.items_ = interactions.cols();
  const auto items = static_cast<std::size_t>(sampler.items_);
  const auto counts = detail::column_counts(cpu{}, interactions);
  const std::int64_t most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  sampler.before_.assign(items + 1, 0);
  for (std::size_t i = 0; i < items; ++i) {
    std::uint64_t weight = 0;
    if (counts[i] > 0) {
      const double share =
          std::pow(static_cast<double>(counts[i]) / static_cast<double>(most), alpha);
      weight = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ldexp(share, 30)));
      ++sampler.weighing_;
    }
    sampler.before_[i + 1] = sampler.before_[i] + weight;
  }
  return sampler;
}

std::uint64_t negative_sampler::before(index_t item) const noexcept {
  return before_.empty() ? static_cast<std::uint64_t>(item)
                         : before_[static_cast<std::size_t>(item)];
}

index_t negative_sampler::item_at(std::uint64_t place) const noexcept {
  if (before_.empty()) return static_cast<index_t>(place);
  const auto next = std::upper_bound(before_.begin(), before_.end(), place);
  return static_cast<index_t>(next - before_.begin()) - 1;
}

std::int64_t negative_sampler::available(std::span<const index_t> excluded) const noexcept {
  std::int64_t count = weighing_;
  for (const index_t i : excluded) count -= before(i + 1) > before(i) ? 1 : 0;
  return count;
}

// Places are counted over the weight that is left; the excluded items before a place shift it.
index_t negative_sampler::pick(std::uint64_t place, const scratch& space) const noexcept {
  std::size_t low = 0;
  std::size_t high = space.excluded.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (before(space.excluded[middle]) - space.weight_before[middle] <= place) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return item_at(place + space.weight_before[low]);
}

void negative_sampler::draw(random_stream& random, std::span<const index_t> excluded,
                            bool replacement, std::span<index_t> drawn, scratch& space) const {
  if (drawn.empty()) return;
  space.excluded.assign(excluded.begin(), excluded.end());
  space.weight_before.assign(1, 0);
  for (const index_t i : excluded) {
    space.weight_before.push_back(space.weight_before.back() + before(i + 1) - before(i));
  }
  std::uint64_t left = before(items_) - space.weight_before.back();
  const auto enough = [&](bool yes) {
    if (yes) return;
    throw value_error(
        "drawn.size()", std::to_string(drawn.size()),
        "must be at most the number of items to draw from, " + std::to_string(available(excluded)));
  };
  if (replacement) {
    enough(left > 0);
    for (auto& item : drawn) item = pick(random.below(left), space);
    return;
  }
  if (before_.empty()) {
    // Floyd's random set: Bentley, A sample of brilliance, CACM 1987.
    enough(drawn.size() <= left);
    space.taken.resize(static_cast<std::size_t>(items_), 0);
    for (std::size_t n = 0; n < drawn.size(); ++n) {
      const std::uint64_t last = left - drawn.size() + n;
      index_t item = pick(random.below(last + 1), space);
      if (space.taken[static_cast<std::size_t>(item)] != 0) item = pick(last, space);
      space.taken[static_cast<std::size_t>(item)] = 1;
      drawn[n] = item;
    }
    for (const index_t item : drawn) space.taken[static_cast<std::size_t>(item)] = 0;
    return;
  }
  for (auto& item : drawn) {
    enough(left > 0);
    item = pick(random.below(left), space);
    const std::uint64_t weight = before(item + 1) - before(item);
    left -= weight;
    const auto place = std::lower_bound(space.excluded.begin(), space.excluded.end(), item);
    const auto at = place - space.excluded.begin();
    space.excluded.insert(place, item);
    space.weight_before.insert(space.weight_before.begin() + at,
                               space.weight_before[static_cast<std::size_t>(at)]);
    for (auto k = static_cast<std::size_t>(at) + 1; k < space.weight_before.size(); ++k) {
      space.weight_before[k] += weight;
    }
  }
}

}  // namespace recokit::inline RECOKIT_ABI
