// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How often each item is recommended within several depths, and the measures made of it.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/metrics/beyond_metric.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// What the measures of exposure need to know of the data.
struct exposure_facts {
  std::int64_t seen_items = 0;       // items that occur in training
  std::span<const int> item_groups;  // one a item
  std::int64_t lists = 0;            // that hold an item
};

/// Counts the places of each item within each of several depths.
class exposure_counter {
 public:
  exposure_counter() = default;

  /// @param metrics the aggregate ones
  /// @throws memory_error
  exposure_counter(const std::vector<beyond_metric>& metrics, index_t items);

  void add(const cpu& policy, const ranked_lists& lists);

  /// The value of one of the metrics.
  double value(const beyond_metric& metric, const exposure_facts& facts) const;

 private:
  std::vector<std::int64_t> counts_within(int k) const;
  void count(const ranked_lists& lists, std::size_t begin, std::size_t end,
             std::vector<std::uint32_t>& counts) const;

  std::size_t items_ = 0;
  std::vector<int> depths_;                         // rising
  std::vector<std::uint8_t> slot_;                  // of each rank, from 0
  std::vector<std::vector<std::uint32_t>> counts_;  // one a thread; [item * depths + slot]
  std::vector<int> cosine_depths_;                  // those that need weights
  std::vector<std::vector<double>> weights_;        // one a cosine depth: sum of 1 / sqrt(length)
};

}  // namespace recokit::inline RECOKIT_ABI::detail
