// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Samples of a descent in the order in which a device takes them.
#pragma once

#include <recokit/core/config.hpp>

#include <cstdint>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Samples of one job. Those of a level touch different rows and may be taken at the same time;
/// levels follow each other.
template <class Sample>
struct leveled_job {
  std::vector<Sample> samples;
  std::vector<std::uint64_t> level_ends;  ///< in samples, ascending
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
