// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Steps of descent on ratings on the device, in an order that is given.
#pragma once

#include "kernels/level_schedule.hpp"
#include "runtime/stream.hpp"

#include <recokit/kernels/sgd_step.hpp>

#include <cstdint>

namespace recokit::cuda_kernels {

using sgd_schedule = level_schedule<sgd_step::rating>;

/// Rows on the device, `stride` floats from row to row.
struct sgd_arrays {
  sgd_step::row_block<float> users;
  sgd_step::row_block<float> items;
  std::uint32_t stride;
};

/// Takes a step a rating of the jobs n · columns + (n + round) mod columns for n < blocks: a block
/// a job, a warp a rating, a barrier between levels. The bits are those of the ratings one after
/// the other where ratings of a level, and these jobs, share no row.
/// @param failed lowered to 0 when a row is not finite
/// @throws value_error for a stride out of range, backend_error
/// 16 bytes and about 12 flops a rating and factor.
void sgd_steps(const sgd_arrays& rows, const sgd_step::update<float>& update,
               const sgd_schedule& schedule, std::uint32_t blocks, std::uint32_t columns,
               std::uint32_t round, std::uint32_t* failed, stream_t stream);

/// The same for `count` ratings without jobs and barriers: steps may overwrite each other.
void sgd_race(const sgd_arrays& rows, const sgd_step::update<float>& update,
              const sgd_step::rating* samples, std::uint64_t count, std::uint32_t* failed,
              stream_t stream);

}  // namespace recokit::cuda_kernels
