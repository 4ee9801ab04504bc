// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Jobs of the host laid end to end.
#pragma once

#include "kernels/level_schedule.hpp"
#include "runtime/memory.hpp"
#include "runtime/stream.hpp"

#include <recokit/kernels/leveled_job.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace recokit::cuda_kernels {

/// Where levels and jobs begin in the samples of all jobs.
struct job_bounds {
  std::vector<std::uint64_t> level_starts{0};
  std::vector<std::uint32_t> job_starts{0};
  std::uint64_t samples = 0;
};

template <class Sample>
job_bounds bounds_of(std::span<const kernels::leveled_job<Sample>> jobs) {
  job_bounds bounds;
  for (const auto& job : jobs) {
    for (const std::uint64_t end : job.level_ends) {
      bounds.level_starts.push_back(bounds.samples + end);
    }
    bounds.samples += job.samples.size();
    bounds.job_starts.push_back(static_cast<std::uint32_t>(bounds.level_starts.size() - 1));
  }
  return bounds;
}

/// Copies the samples of all jobs to the device. Waits.
template <class Sample>
void copy_samples(Sample* device, std::span<const kernels::leveled_job<Sample>> jobs,
                  stream_t stream) {
  for (const auto& job : jobs) {
    if (job.samples.empty()) continue;
    copy_to_device(device, job.samples.data(), job.samples.size() * sizeof(Sample), stream);
    device += job.samples.size();
  }
}

}  // namespace recokit::cuda_kernels
