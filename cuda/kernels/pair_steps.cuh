// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of pair_steps.hpp.
#pragma once

#include "kernels/factor_array.hpp"
#include "kernels/level_schedule.cuh"
#include "kernels/pair_pull.cuh"
#include "kernels/pair_steps.hpp"
#include "kernels/row_system.cuh"
#include "simt.hpp"

namespace recokit::cuda_kernels {

/// One warp takes one step. A lane keeps to its own columns, and lane 0 to the biases, so that no
/// lane reads what another writes. @tparam Columns of a lane, kept in registers; 0: any number
template <std::uint32_t Columns>
RECOKIT_DEVICE void pair_step_of_warp(const pair_step::factor_block& rows,
                                      const pair_step::pair_rates& rates,
                                      const pair_step::triple& now, std::uint32_t* failed) {
  constexpr std::uint32_t kept = Columns == 0 ? 1 : Columns;
  const auto width = static_cast<std::uint64_t>(rows.width);
  const std::uint32_t lane = simt::lane_index();
  const std::uint32_t columns =
      Columns == 0 ? static_cast<std::uint32_t>(width / simt::warp_size) : Columns;
  float* const user = rows.users + now.user * width + lane;
  float* const positive = rows.items + now.positive * width + lane;
  float* const negative = rows.items + now.negative * width + lane;
  float w[kept];
  float p[kept];
  float q[kept];
  float liked = 0;
  float other = 0;
  if (lane == 0) {
    liked = rows.item_bias[now.positive];
    other = rows.item_bias[now.negative];
  }
  float sum = liked - other;
  if constexpr (Columns == 0) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      const std::uint32_t f = c * simt::warp_size;
      sum = simt::fma(user[f], positive[f] - negative[f], sum);
    }
  } else {
    RECOKIT_UNROLL
    for (std::uint32_t c = 0; c < Columns; ++c) {
      w[c] = user[c * simt::warp_size];
      p[c] = positive[c * simt::warp_size];
      q[c] = negative[c * simt::warp_size];
    }
    RECOKIT_UNROLL
    for (std::uint32_t c = 0; c < Columns; ++c) sum = simt::fma(w[c], p[c] - q[c], sum);
  }
  const float slope = 1 / (1 + simt::exp(warp_sum(sum)));
  const pair_keep keep = keep_of(rates);
  const float pull = rates.step * slope;
  if (lane == 0) {
    if (!simt::finite(slope)) simt::atomic_min(failed, 0u);
    const float keep_bias = 1 - rates.bias_step * rates.bias;
    const float push = rates.bias_step * slope;
    rows.item_bias[now.positive] = simt::fma(keep_bias, liked, push);
    rows.item_bias[now.negative] = simt::fma(keep_bias, other, -push);
  }
  if constexpr (Columns == 0) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      const std::uint32_t f = c * simt::warp_size;
      pull_apart(keep, pull, user[f], positive[f], negative[f]);
    }
  } else {
    RECOKIT_UNROLL
    for (std::uint32_t c = 0; c < Columns; ++c) {
      const std::uint32_t f = c * simt::warp_size;
      pull_apart(keep, pull, w[c], p[c], q[c]);
      user[f] = w[c];
      positive[f] = p[c];
      negative[f] = q[c];
    }
  }
}

template <std::uint32_t Columns>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(level_threads, 1)
    pair_steps_kernel(pair_step::factor_block rows, pair_step::pair_rates rates,
                      pair_schedule schedule, std::uint32_t* failed) {
  take_job(schedule, simt::block_index(), [&](const pair_step::triple& now) {
    pair_step_of_warp<Columns>(rows, rates, now, failed);
  });
}

template <std::uint32_t Columns>
void launch_pair_steps_of(const pair_step::factor_block& rows, const pair_step::pair_rates& rates,
                          const pair_schedule& schedule, std::uint32_t* failed, stream_t stream) {
  const simt::launch_config config{
      .blocks = schedule.jobs, .threads = level_threads, .stream = stream};
  simt::launch("pair_steps", config, pair_steps_kernel<Columns>, rows, rates, schedule, failed);
}

inline void launch_pair_steps(const pair_step::factor_block& rows,
                              const pair_step::pair_rates& rates, const pair_schedule& schedule,
                              std::uint32_t* failed, stream_t stream) {
  require_range("rows.width", rows.width, 32, most_width, "must be in [32, 4096]");
  if (rows.width % simt::warp_size != 0) {
    fail_value("rows.width", rows.width, "must be a multiple of 32");
  }
  if (schedule.jobs == 0) return;
  switch (rows.width) {
    case 32:
      return launch_pair_steps_of<1>(rows, rates, schedule, failed, stream);
    case 64:
      return launch_pair_steps_of<2>(rows, rates, schedule, failed, stream);
    case 128:
      return launch_pair_steps_of<4>(rows, rates, schedule, failed, stream);
    case 256:
      return launch_pair_steps_of<8>(rows, rates, schedule, failed, stream);
    default:
      return launch_pair_steps_of<0>(rows, rates, schedule, failed, stream);
  }
}

}  // namespace recokit::cuda_kernels
