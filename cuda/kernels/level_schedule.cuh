// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How a block walks through the samples of a job.
#pragma once

#include "kernels/level_schedule.hpp"
#include "simt.hpp"

namespace recokit::cuda_kernels {

/// Sixteen warps: about as many samples as a level has.
inline constexpr std::uint32_t level_threads = 512;

/// Calls take(sample) in each lane of the warp that takes it, level after level.
template <class Sample, class Take>
RECOKIT_DEVICE void take_job(const level_schedule<Sample>& schedule, std::uint32_t job,
                             const Take& take) {
  const std::uint32_t warps = simt::block_size() / simt::warp_size;
  const std::uint32_t last = schedule.job_starts[job + 1];
  for (std::uint32_t level = schedule.job_starts[job]; level < last; ++level) {
    const std::uint64_t end = schedule.level_starts[level + 1];
    for (std::uint64_t n = schedule.level_starts[level] + simt::warp_index(); n < end; n += warps) {
      take(schedule.samples[n]);
    }
    simt::block_sync();  // the next level reads what this one wrote
  }
}

}  // namespace recokit::cuda_kernels
