// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Samples of jobs on the device, by level.
#pragma once

#include <cstdint>

namespace recokit::cuda_kernels {

/// Samples by level and job: the samples of level l are [level_starts[l], level_starts[l + 1]), the
/// levels of job j are [job_starts[j], job_starts[j + 1]). All on the device.
template <class Sample>
struct level_schedule {
  const Sample* samples;
  const std::uint64_t* level_starts;
  const std::uint32_t* job_starts;
  std::uint32_t jobs;
};

}  // namespace recokit::cuda_kernels
