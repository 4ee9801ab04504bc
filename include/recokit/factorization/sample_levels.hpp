// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Which samples of a job may be taken at the same time without changing what comes out.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/kernels/leveled_job.hpp>
#include <recokit/kernels/pair_step.hpp>
#include <recokit/kernels/sgd_step.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// The items of a sample.
inline std::array<std::uint32_t, 2> items_of(const pair_step::triple& sample) noexcept {
  return {sample.positive, sample.negative};
}
inline std::array<std::uint32_t, 1> items_of(const sgd_step::rating& sample) noexcept {
  return {sample.item};
}

/// A sample waits for the last one before it that touches one of its rows; its level is how many
/// stand in that line. Taken level by level, every row sees its samples in their order, so the
/// result is that of one sample after the other. Jobs that share no row may be sorted at the same
/// time.
class sample_levels {
 public:
  sample_levels(std::int64_t users, std::int64_t items)
      : users_(static_cast<std::size_t>(users)), items_(static_cast<std::size_t>(items)) {}

  /// Sorts samples by level, those of a level staying in their order, and sets level_ends.
  template <class Sample>
  void sort(kernels::leveled_job<Sample>& job) {
    std::vector<std::uint32_t> levels;
    levels.reserve(job.samples.size());
    job.level_ends.clear();
    for (const Sample& now : job.samples) {
      std::uint32_t level = users_[now.user];
      for (const std::uint32_t item : items_of(now)) level = std::max(level, items_[item]);
      set(now, level + 1);
      levels.push_back(level);
      if (level == job.level_ends.size()) job.level_ends.push_back(0);
      ++job.level_ends[level];
    }
    for (const Sample& now : job.samples) set(now, 0);
    std::uint64_t before = 0;
    for (std::uint64_t& level : job.level_ends) before += std::exchange(level, before);
    std::vector<Sample> sorted(job.samples.size());
    for (std::size_t n = 0; n < levels.size(); ++n) {
      sorted[job.level_ends[levels[n]]++] = job.samples[n];  // a begin moves up to its end
    }
    job.samples = std::move(sorted);
  }

 private:
  template <class Sample>
  void set(const Sample& sample, std::uint32_t level) {
    users_[sample.user] = level;
    for (const std::uint32_t item : items_of(sample)) items_[item] = level;
  }

  std::vector<std::uint32_t> users_;  // level of the next sample of a row
  std::vector<std::uint32_t> items_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
