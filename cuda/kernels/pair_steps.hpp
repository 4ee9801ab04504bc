// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Steps of BPR on the device, in an order that is given.
#pragma once

#include "kernels/level_schedule.hpp"
#include "runtime/stream.hpp"

#include <recokit/kernels/pair_step.hpp>

#include <cstdint>

namespace recokit::cuda_kernels {

using pair_schedule = level_schedule<pair_step::triple>;

/// Takes one step a sample: a block a job, a warp a sample, a barrier between levels. The bits are
/// those of the samples one after the other where samples of a level, and jobs, share no row.
/// @param rows   on the device; a width that is a multiple of 32
/// @param failed lowered to 0 when a gradient is not finite
/// @throws value_error for a width out of range, backend_error
/// 24 bytes and 12 flops a sample and factor.
void pair_steps(const pair_step::factor_block& rows, const pair_step::pair_rates& rates,
                const pair_schedule& schedule, std::uint32_t* failed, stream_t stream);

}  // namespace recokit::cuda_kernels
