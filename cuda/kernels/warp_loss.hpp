// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Steps of WARP on the device, negatives drawn and tried there.
#pragma once

#include "runtime/stream.hpp"

#include <recokit/kernels/pair_step.hpp>
#include <recokit/kernels/warp_loss.hpp>

#include <cstdint>

namespace recokit::cuda_kernels {

/// recokit::kernels::banded_epoch on the device.
struct warp_loss_cut {
  const pair_step::banded_entry* entries;
  const std::int64_t* starts;
  const std::uint32_t* items;
  std::int64_t item_count;
  pair_step::band_counts bands;
};

/// Rows, and sums of squared gradients in the same shape; without users: plain steps.
struct warp_loss_rows {
  pair_step::factor_block factors;
  pair_step::factor_block squares;
  std::uint32_t columns;  ///< that steps change, at most the width
};

/// Runs the jobs of a round, a block each. A block takes its interactions one after the other, in
/// the order and with the draws of the CPU; its warps try one drawn item each at a time.
/// @param failed lowered to 0 when the score of a positive is not finite
/// @throws value_error for a width out of range, backend_error
/// Of an interaction and factor: 4 bytes a trial, and 24 bytes, with squares 48, of a step.
void warp_loss_steps(const warp_loss_rows& rows, const warp_loss::epoch_terms& terms,
                     const warp_loss_cut& cut, std::int64_t round, std::uint32_t* failed,
                     stream_t stream);

}  // namespace recokit::cuda_kernels
