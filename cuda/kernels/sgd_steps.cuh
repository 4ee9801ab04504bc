// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernels of sgd_steps.hpp.
#pragma once

#include "kernels/factor_array.hpp"
#include "kernels/level_schedule.cuh"
#include "kernels/row_system.cuh"
#include "kernels/sgd_steps.hpp"
#include "simt.hpp"

#include <type_traits>

namespace recokit::cuda_kernels {

/// Ratings of a block of sgd_race.
inline constexpr std::uint32_t racing_ratings = 1024;

RECOKIT_DEVICE float shrunk(float value, float by) {
  return value > by ? value - by : value < -by ? value + by : 0.0f;
}

/// One warp takes one step. A lane keeps to its own columns, and lane 0 to the states, so that no
/// lane reads what another writes. @tparam Columns of a lane, kept in registers; 0: any number
template <std::uint32_t Columns, bool Adaptive>
RECOKIT_DEVICE void sgd_step_of_warp(const sgd_arrays& rows, const sgd_step::update<float>& update,
                                     const sgd_step::rating& now, std::uint32_t* failed) {
  constexpr std::uint32_t kept = Columns == 0 ? 1 : Columns;
  const std::uint32_t lane = simt::lane_index();
  const std::uint32_t columns = Columns == 0 ? rows.stride / simt::warp_size : Columns;
  float* const user = rows.users.rows + std::uint64_t{now.user} * rows.stride + lane;
  float* const item = rows.items.rows + std::uint64_t{now.item} * rows.stride + lane;
  [[maybe_unused]] float p[kept];
  [[maybe_unused]] float q[kept];
  float product = 0;
  [[maybe_unused]] float pp = 0;
  [[maybe_unused]] float qq = 0;
  const auto add = [&](float a, float b) {
    product = simt::fma(a, b, product);
    if constexpr (Adaptive) {
      pp = simt::fma(a, a, pp);
      qq = simt::fma(b, b, qq);
    }
  };
  if constexpr (Columns == 0) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      add(user[c * simt::warp_size], item[c * simt::warp_size]);
    }
  } else {
    RECOKIT_UNROLL
    for (std::uint32_t c = 0; c < Columns; ++c) {
      p[c] = user[c * simt::warp_size];
      q[c] = item[c * simt::warp_size];
    }
    RECOKIT_UNROLL
    for (std::uint32_t c = 0; c < Columns; ++c) add(p[c], q[c]);
  }
  product = warp_sum(product);
  if constexpr (Adaptive) {
    pp = warp_sum(pp);
    qq = warp_sum(qq);
  }
  float e = 0;
  float user_rate = update.rate;
  float item_rate = update.rate;
  bool fine = true;
  if (lane == 0) {
    sgd_step::row_state<float> of_user = rows.users.states[now.user];
    sgd_step::row_state<float> of_item = rows.items.states[now.item];
    e = sgd_step::descent(update.loss, of_user.bias + of_item.bias + product, now.target);
    float user_bias_rate = update.bias_rate;
    float item_bias_rate = update.bias_rate;
    if constexpr (Adaptive) {
      user_rate /= simt::sqrt(of_user.factor_squares);
      item_rate /= simt::sqrt(of_item.factor_squares);
      user_bias_rate /= simt::sqrt(of_user.bias_squares);
      item_bias_rate /= simt::sqrt(of_item.bias_squares);
    }
    sgd_step::move_states<Adaptive>(update, {user_rate, item_rate, user_bias_rate, item_bias_rate},
                                    e, product, pp, qq, of_user, of_item);
    rows.users.states[now.user] = of_user;
    rows.items.states[now.item] = of_item;
    fine = simt::finite(of_user.bias) && simt::finite(of_item.bias);
  }
  e = simt::shfl(simt::full_mask, e, 0);
  if constexpr (Adaptive) {
    user_rate = simt::shfl(simt::full_mask, user_rate, 0);
    item_rate = simt::shfl(simt::full_mask, item_rate, 0);
  }
  const float user_fade = -user_rate * update.regularization;
  const float item_fade = -item_rate * update.regularization;
  const float user_step = user_rate * update.user_gain * e;
  const float item_step = item_rate * e;
  const auto move = [&](std::uint32_t f, float a, float b) {
    float to_user = simt::fma(user_step, b, simt::fma(user_fade, a, a));
    float to_item = simt::fma(item_step, a, simt::fma(item_fade, b, b));
    if (update.l1 > 0) {
      to_user = shrunk(to_user, user_rate * update.l1);
      to_item = shrunk(to_item, item_rate * update.l1);
    }
    user[f] = to_user;
    item[f] = to_item;
    fine = fine && simt::finite(to_user) && simt::finite(to_item);
  };
  if constexpr (Columns == 0) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      const std::uint32_t f = c * simt::warp_size;
      move(f, user[f], item[f]);
    }
  } else {
    RECOKIT_UNROLL
    for (std::uint32_t c = 0; c < Columns; ++c) move(c * simt::warp_size, p[c], q[c]);
  }
  if (!fine) simt::atomic_min(failed, 0u);
}

template <std::uint32_t Columns, bool Adaptive>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(level_threads, 1)
    sgd_steps_kernel(sgd_arrays rows, sgd_step::update<float> update, sgd_schedule schedule,
                     std::uint32_t columns, std::uint32_t round, std::uint32_t* failed) {
  const std::uint32_t n = simt::block_index();
  take_job(schedule, n * columns + (n + round) % columns, [&](const sgd_step::rating& now) {
    sgd_step_of_warp<Columns, Adaptive>(rows, update, now, failed);
  });
}

template <std::uint32_t Columns, bool Adaptive>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(level_threads, 1)
    sgd_race_kernel(sgd_arrays rows, sgd_step::update<float> update,
                    const sgd_step::rating* samples, std::uint64_t count, std::uint32_t* failed) {
  const std::uint32_t warps = simt::block_size() / simt::warp_size;
  const std::uint64_t begin = std::uint64_t{simt::block_index()} * racing_ratings;
  const std::uint64_t end = begin + racing_ratings < count ? begin + racing_ratings : count;
  for (std::uint64_t n = begin + simt::warp_index(); n < end; n += warps) {
    sgd_step_of_warp<Columns, Adaptive>(rows, update, samples[n], failed);
  }
}

/// Calls launch(columns of a lane, adaptive) with both as types.
template <class Launch>
void for_sgd_shape(const sgd_arrays& rows, bool adaptive, const Launch& launch) {
  require_range("rows.stride", rows.stride, 32, most_width, "must be in [32, 4096]");
  if (rows.stride % simt::warp_size != 0) {
    fail_value("rows.stride", rows.stride, "must be a multiple of 32");
  }
  const auto with = [&](auto columns) {
    adaptive ? launch(columns, std::true_type{}) : launch(columns, std::false_type{});
  };
  switch (rows.stride) {
    case 32:
      return with(std::integral_constant<std::uint32_t, 1>{});
    case 64:
      return with(std::integral_constant<std::uint32_t, 2>{});
    case 128:
      return with(std::integral_constant<std::uint32_t, 4>{});
    case 256:
      return with(std::integral_constant<std::uint32_t, 8>{});
    default:
      return with(std::integral_constant<std::uint32_t, 0>{});
  }
}

inline void launch_sgd_steps(const sgd_arrays& rows, const sgd_step::update<float>& update,
                             const sgd_schedule& schedule, std::uint32_t blocks,
                             std::uint32_t columns, std::uint32_t round, std::uint32_t* failed,
                             stream_t stream) {
  for_sgd_shape(rows, update.adaptive, [&](auto of_lane, auto adaptive) {
    if (blocks == 0) return;
    const simt::launch_config config{.blocks = blocks, .threads = level_threads, .stream = stream};
    simt::launch("sgd_steps", config,
                 sgd_steps_kernel<decltype(of_lane)::value, decltype(adaptive)::value>, rows,
                 update, schedule, columns, round, failed);
  });
}

inline void launch_sgd_race(const sgd_arrays& rows, const sgd_step::update<float>& update,
                            const sgd_step::rating* samples, std::uint64_t count,
                            std::uint32_t* failed, stream_t stream) {
  for_sgd_shape(rows, update.adaptive, [&](auto of_lane, auto adaptive) {
    if (count == 0) return;
    const simt::launch_config config{.blocks = simt::blocks_for(count, racing_ratings, ~0u),
                                     .threads = level_threads,
                                     .stream = stream};
    simt::launch("sgd_race", config,
                 sgd_race_kernel<decltype(of_lane)::value, decltype(adaptive)::value>, rows, update,
                 samples, count, failed);
  });
}

}  // namespace recokit::cuda_kernels
