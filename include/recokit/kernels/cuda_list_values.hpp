// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ranking metrics of many lists, on a GPU.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/scored_item.hpp>
#include <recokit/kernels/ranking_pass.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Lists and the judged items of their users, one after the other.
struct list_batch {
  std::vector<scored_item<>> listed;
  std::vector<offset_t> listed_offsets = {0};
  std::vector<index_t> judged;  ///< of each user ascending
  std::vector<offset_t> judged_offsets = {0};
  std::vector<double> grades;  ///< one a judged item; empty: all are 1

  std::size_t size() const noexcept { return listed_offsets.size() - 1; }
};

/// What makes a list an error.
struct list_faults {
  bool duplicates = false;
  bool nan_scores = false;
  bool negative_grades = false;
  bool empty_users = false;
};

/// What ranking_evaluator::evaluate writes, of every list of a batch: the same arithmetic
/// (ranking_pass) in double on the device. Implemented in recokit::cuda.
///
/// @param plan    of the host
/// @param values  lists × metrics
/// @param weights lists × metrics
/// @param counted one a list; 0: the user is skipped
/// @returns the number of the first list that has a fault, then nothing is written; -1: none
/// @throws memory_error, backend_error
/// Uploads 8 bytes a listed item, 4 to 12 a judged one, and brings back 16 a list and metric.
/// Scratch beside it: 40 bytes a listed item, and of graded plans 8 a judged one.
std::int64_t list_values(const cuda& policy, const ranking_pass::plan_view& plan,
                         const list_faults& faults, const list_batch& batch,
                         std::span<double> values, std::span<double> weights,
                         std::span<char> counted);

}  // namespace recokit::inline RECOKIT_ABI::kernels
