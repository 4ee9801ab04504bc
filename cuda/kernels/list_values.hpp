// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The values of ranking metrics over many lists, on the device.
#pragma once

#include "runtime/stream.hpp"

#include <recokit/kernels/ranking_pass.hpp>

#include <cstdint>

namespace recokit::cuda_kernels {

/// A place in a list; scored_item of the host.
struct listed_item {
  std::int32_t item;
  float score;
};

/// Lists and the judged items of their users, one after the other; all of it on the device.
struct judged_lists {
  std::uint32_t count;
  const listed_item* listed;
  const std::int64_t* listed_offsets;  ///< count + 1
  const std::int32_t* judged;          ///< of each user ascending
  const std::int64_t* judged_offsets;  ///< count + 1
  const double* grades;                ///< one a judged item; null: all are 1
};

/// What a list must not hold.
struct list_rules {
  bool no_duplicates;  ///< else a second place of an item is a miss
  bool no_nan;
  bool no_negative_grades;
  bool no_empty_users;  ///< users without a relevant item
};

/// Work space and results, by the same offsets and numbers as the lists.
struct list_results {
  ranking_pass::rank_hit* hits;  ///< one a listed item
  double* grades;                ///< one a judged item where the plan is graded, else null
  ranking_pass::rank_counts* at_cut;
  double* numbers;
  std::int64_t* ideal_counts;
  double* values;          ///< count × metrics
  double* weights;         ///< count × metrics
  unsigned char* counted;  ///< 0: the user is skipped
  std::uint32_t* refused;  ///< gets the least list that breaks a rule
};

/// Writes values, weights and whether the user counts, for every list.
/// @param plan of the device: its pointers are read there
///
/// A warp a list: one binary search among the judged a listed item, depth² / 32 comparisons for
/// duplicates, and the walk of ranking_pass by one lane.
/// @throws backend_error
void list_values(const ranking_pass::plan_view& plan, const list_rules& rules,
                 const judged_lists& lists, const list_results& results, stream_t stream);

}  // namespace recokit::cuda_kernels
