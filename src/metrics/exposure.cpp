// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void sort_unique(std::vector<int>& depths) {
  std::sort(depths.begin(), depths.end());
  depths.erase(std::unique(depths.begin(), depths.end()), depths.end());
}

double gini_of(std::vector<std::int64_t> counts, double total, bool normalised) {
  std::sort(counts.begin(), counts.end());
  const auto n = static_cast<double>(counts.size());
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    sum += (2 * static_cast<double>(i + 1) - n - 1) * static_cast<double>(counts[i]);
  }
  return sum / ((normalised ? n - 1 : n) * total);
}

double entropy_of(const std::vector<std::int64_t>& counts, double total, beyond_variant variant) {
  double nats = 0;
  std::int64_t distinct = 0;
  for (const auto count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / total;
    nats -= share * std::log(share);
    ++distinct;
  }
  nats = std::max(nats, 0.0);  // not -0
  switch (variant) {
    case beyond_variant::bits:
      return nats / std::log(2.0);
    case beyond_variant::nats_a_item:
      return nats / static_cast<double>(distinct);
    case beyond_variant::normalised:
      return nats / std::log(static_cast<double>(counts.size()));
    default:
      return nats;
  }
}

}  // namespace

exposure_counter::exposure_counter(const std::vector<beyond_metric>& metrics, index_t items)
    : items_(static_cast<std::size_t>(items)) {
  for (const auto& metric : metrics) {
    const int depth = std::min(metric.k, items);
    depths_.push_back(depth);
    if (metric.measure == beyond_measure::personalisation &&
        metric.variant == beyond_variant::cosine) {
      cosine_depths_.push_back(depth);
    }
  }
  sort_unique(depths_);
  sort_unique(cosine_depths_);
  if (depths_.size() > std::numeric_limits<std::uint8_t>::max()) {
    throw value_error("distinct k of aggregate metrics", std::to_string(depths_.size()),
                      "must be at most 255");
  }
  for (std::size_t d = 0; d < depths_.size(); ++d) {
    slot_.resize(static_cast<std::size_t>(depths_[d]), static_cast<std::uint8_t>(d));
  }
  const auto needed =
      check::bytes("item exposures", items_, depths_.size(), sizeof(std::uint32_t)) +
      check::bytes("item weights", items_, cosine_depths_.size(), sizeof(double));
  check::fits_memory("item exposures", needed);
  weights_.assign(cosine_depths_.size(), std::vector<double>(items_, 0.0));
}

void exposure_counter::count(const ranked_lists& lists, std::size_t begin, std::size_t end,
                             std::vector<std::uint32_t>& counts) const {
  const std::size_t depths = depths_.size();
  for (std::size_t u = begin; u < end; ++u) {
    const auto list = lists[u];
    const std::size_t length = std::min(list.size(), slot_.size());
    for (std::size_t r = 0; r < length; ++r) {
      ++counts[static_cast<std::size_t>(list[r].item) * depths + slot_[r]];
    }
  }
}

void exposure_counter::add(const cpu& policy, const ranked_lists& lists) {
  if (depths_.empty() || lists.empty()) return;
  // Whole numbers may be summed in any order, so each thread has counts of its own.
  constexpr std::int64_t most_parts = 8;
  constexpr std::int64_t least_lists = 1024;
  const auto size = static_cast<std::int64_t>(lists.size());
  const auto parts = std::clamp<std::int64_t>(
      size / least_lists, 1, std::min<std::int64_t>(thread_count(policy), most_parts));
  while (std::ssize(counts_) < parts) {
    counts_.emplace_back(items_ * depths_.size(), std::uint32_t{0});
  }
  parallel_for(policy, parts, 1, [&](std::int64_t part, std::int64_t) {
    count(lists, static_cast<std::size_t>(size * part / parts),
          static_cast<std::size_t>(size * (part + 1) / parts),
          counts_[static_cast<std::size_t>(part)]);
  });
  // Weights are not whole: one list after the other.
  for (std::size_t d = 0; d < cosine_depths_.size(); ++d) {
    auto& weights = weights_[d];
    for (std::size_t u = 0; u < lists.size(); ++u) {
      const auto list =
          lists[u].first(std::min(lists[u].size(), static_cast<std::size_t>(cosine_depths_[d])));
      if (list.empty()) continue;
      const double weight = 1 / std::sqrt(static_cast<double>(list.size()));
      for (const auto& entry : list) weights[static_cast<std::size_t>(entry.item)] += weight;
    }
  }
}

std::vector<std::int64_t> exposure_counter::counts_within(int k) const {
  const int depth = std::min(k, depths_.back());
  std::vector<std::int64_t> total(items_, 0);
  for (const auto& counts : counts_) {
    for (std::size_t i = 0; i < items_; ++i) {
      for (std::size_t d = 0; d < depths_.size() && depths_[d] <= depth; ++d) {
        total[i] += counts[i * depths_.size() + d];
      }
    }
  }
  return total;
}

double exposure_counter::value(const beyond_metric& metric, const exposure_facts& facts) const {
  const auto counts = counts_within(metric.k);
  const auto total =
      static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  const auto lists = static_cast<double>(facts.lists);
  switch (metric.measure) {
    case beyond_measure::coverage: {
      const auto distinct = static_cast<double>(
          std::count_if(counts.begin(), counts.end(), [](std::int64_t c) { return c > 0; }));
      if (metric.variant == beyond_variant::count) return distinct;
      return distinct / static_cast<double>(metric.variant == beyond_variant::seen
                                                ? facts.seen_items
                                                : static_cast<std::int64_t>(items_));
    }
    case beyond_measure::gini:
      return total > 0 ? gini_of(counts, total, metric.variant == beyond_variant::normalised) : nan;
    case beyond_measure::entropy:
      return total > 0 ? entropy_of(counts, total, metric.variant) : nan;
    case beyond_measure::group_share: {
      std::int64_t members = 0;
      for (std::size_t i = 0; i < items_; ++i) {
        if (facts.item_groups[i] == metric.group) members += counts[i];
      }
      return total > 0 ? static_cast<double>(members) / total : nan;
    }
    case beyond_measure::personalisation: {
      if (facts.lists < 2) return nan;
      // An item in c lists is shared by c (c − 1) / 2 pairs of users.
      const double pairs = lists * (lists - 1) / 2;
      double shared = 0;
      if (metric.variant == beyond_variant::overlap) {
        for (const auto c : counts)
          shared += static_cast<double>(c) * static_cast<double>(c - 1) / 2;
        return 1 - shared / (metric.k * pairs);
      }
      // The square of a sum of weights holds each pair twice, and each list with itself: 1 in all.
      const auto found = std::lower_bound(cosine_depths_.begin(), cosine_depths_.end(),
                                          std::min(metric.k, depths_.back()));
      for (const double w : weights_[static_cast<std::size_t>(found - cosine_depths_.begin())]) {
        shared += w * w;
      }
      return 1 - (shared - lists) / 2 / pairs;
    }
    default:
      return nan;
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail
