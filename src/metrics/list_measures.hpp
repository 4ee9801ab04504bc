// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The measures that give each user's list a value of its own.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/metrics/beyond_accuracy.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// What is known before the first list.
struct beyond_facts {
  csr_view<> train;
  csr_view<> histories;
  beyond_inputs inputs;
  std::vector<std::int64_t> counts;  // users of each item in training
  std::int64_t active_users = 0;     // users with an interaction in training
  std::int64_t seen_items = 0;       // items that occur in training
};

/// Work space of one thread.
struct list_scratch {
  std::vector<index_t> items;       // the list
  std::vector<double> parts;        // one a rank
  std::vector<std::int64_t> order;  // for sorting
  std::vector<double> profile;      // one a category: of the history
  std::vector<double> listed;       // one a category: of the list
  std::vector<unsigned char> marks;
  item_distance::scratch distance;
};

/// One definition, for all metrics that differ in k or in what follows from the sum over ranks.
class list_measure {
 public:
  virtual ~list_measure() = default;
  /// Writes into row[column] for each metric it serves.
  virtual void measure(index_t user, std::span<const index_t> items, std::span<double> row,
                       list_scratch& work) const = 0;
};

/// A column of values: metric m of the request has columns[m] and, when it is popularity_lift, the
/// next one too: the popularity in the list, then that in the history.
struct list_plan {
  std::vector<std::unique_ptr<const list_measure>> measures;
  std::vector<std::size_t> columns;  // one a metric; of no meaning for aggregates
  std::size_t width = 0;
};

/// `facts` must outlive the plan. The metrics and their inputs have been checked.
list_plan plan_list_measures(const std::vector<beyond_metric>& metrics, const beyond_facts& facts);

}  // namespace recokit::inline RECOKIT_ABI::detail
