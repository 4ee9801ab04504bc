// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of warp_loss.hpp.
#pragma once

#include "kernels/draws.cuh"
#include "kernels/factor_array.hpp"
#include "kernels/pair_pull.cuh"
#include "kernels/row_system.cuh"
#include "kernels/warp_loss.hpp"
#include "simt.hpp"

namespace recokit::cuda_kernels {

/// Items that are tried at the same time, a warp each.
inline constexpr std::uint32_t most_tried = 16;
inline constexpr std::uint32_t warp_loss_threads = most_tried * simt::warp_size;
/// Draws that wait to be tried: those of a try, one more, and a window of words.
inline constexpr std::uint32_t draws_ahead = 64;

/// What the warps of a block share.
struct warp_loss_shared {
  std::uint64_t after[draws_ahead];  ///< the word of the stream that follows a draw
  std::uint32_t item[draws_ahead];
  std::uint32_t above[2][most_tried];  ///< whether the items tried rank too high; by turns
  std::uint32_t drawn;                 ///< for the user at hand
};

/// The items of a band, and which of them the user has: `own`, with rising item.
struct warp_loss_band {
  const std::uint32_t* items;
  std::uint32_t size;
  const pair_step::banded_entry* own;
  std::uint32_t own_count;

  RECOKIT_DEVICE bool has(std::uint32_t local) const {
    const std::uint32_t item = items[local];
    const std::uint64_t at =
        first_that(own_count, [&](std::uint64_t n) { return items[own[n].local] >= item; });
    return at < own_count && items[own[at].local] == item;
  }
};

/// The interactions of the user of entry `begin`. All lanes of a warp come.
RECOKIT_DEVICE std::uint32_t entries_of_user(const pair_step::banded_entry* entries,
                                             std::uint64_t begin, std::uint64_t end) {
  const std::uint32_t user = entries[begin].user;
  for (std::uint64_t from = begin;; from += simt::warp_size) {
    const std::uint64_t n = from + simt::lane_index();
    const std::uint32_t others = simt::ballot(simt::full_mask, n >= end || entries[n].user != user);
    if (others != 0) return static_cast<std::uint32_t>(from - begin) + simt::lowest_bit(others);
  }
}

/// Draws of one user ahead of their use, 32 words of the stream at a time; for one warp. What comes
/// out is own_items::other of the CPU, draw after draw.
struct warp_loss_draws {
  std::uint64_t word;    ///< next of the stream
  std::uint32_t misses;  ///< draws, since the last that was taken, of items that the user has

  RECOKIT_DEVICE void draw(const word_stream& stream, const warp_loss_band& band,
                           warp_loss_shared& shared, std::uint32_t& drawn) {
    const std::uint32_t lane = simt::lane_index();
    const std::uint32_t up_to = 0xFFFF'FFFFu >> (31 - lane);
    const auto drawn_here =
        bounded(stream_word(stream, word + lane), band.size, bound_limit(band.size));
    std::uint32_t local = drawn_here.value;
    const bool owned = drawn_here.valid && band.has(local);
    const std::uint32_t taken = simt::ballot(simt::full_mask, owned);
    std::uint32_t good = simt::ballot(simt::full_mask, drawn_here.valid && !owned);
    const bool forced = owned && (good & up_to) == 0 &&
                        misses + simt::popcount(taken & up_to) == pair_step::most_misses;
    while (forced && band.has(local)) local = local + 1 == band.size ? 0 : local + 1;
    good |= simt::ballot(simt::full_mask, forced);
    if ((good >> lane & 1) != 0) {
      const std::uint32_t at = (drawn + simt::popcount(good & up_to) - 1) % draws_ahead;
      shared.item[at] = band.items[local];
      shared.after[at] = word + lane + 1;
    }
    std::uint32_t not_after = good;  // all bits up to the last good one
    for (std::uint32_t by = 1; by < simt::warp_size; by *= 2) not_after |= not_after >> by;
    misses = simt::popcount(taken & ~not_after) + (good == 0 ? misses : 0);
    word += simt::warp_size;
    drawn += simt::popcount(good);
  }
};

/// x_ui of a row of items. All lanes of a warp come.
RECOKIT_DEVICE float pair_score(const warp_loss_rows& rows, std::uint32_t user,
                                std::uint32_t item) {
  const auto width = static_cast<std::uint64_t>(rows.factors.width);
  const float* const a = rows.factors.users + user * width;
  const float* const b = rows.factors.items + item * width;
  float sum = 0;
  for (std::uint32_t f = simt::lane_index(); f < rows.columns; f += simt::warp_size) {
    sum = simt::fma(a[f], b[f], sum);
  }
  return warp_sum(sum) + rows.factors.item_bias[item];
}

/// value += step · gradient / √(square + gradient²), and the square grows.
RECOKIT_DEVICE void adagrad_step(float& value, float& square, float gradient, float step) {
  square = simt::fma(gradient, gradient, square);
  value = simt::fma(step, gradient / simt::sqrt(square), value);
}

/// One step on weight · (margin − x_ui + x_uj). All threads of the block come, each with columns of
/// its own, the first with the biases.
RECOKIT_DEVICE void warp_loss_step(const warp_loss_rows& rows, const pair_step::pair_rates& rates,
                                   float weight, const pair_step::triple& now) {
  const auto width = static_cast<std::uint64_t>(rows.factors.width);
  const std::uint64_t u = now.user * width;
  const std::uint64_t i = now.positive * width;
  const std::uint64_t j = now.negative * width;
  const bool adagrad = rows.squares.users != nullptr;
  const pair_keep keep = keep_of(rates);
  for (std::uint32_t f = simt::thread_index(); f < rows.columns; f += simt::block_size()) {
    float& w = rows.factors.users[u + f];
    float& p = rows.factors.items[i + f];
    float& q = rows.factors.items[j + f];
    if (!adagrad) {
      pull_apart(keep, rates.step * weight, w, p, q);
      continue;
    }
    const float of_user = simt::fma(weight, p - q, -rates.user * w);
    const float of_positive = simt::fma(weight, w, -rates.positive * p);
    const float of_negative = simt::fma(-weight, w, -rates.negative * q);
    adagrad_step(w, rows.squares.users[u + f], of_user, rates.step);
    adagrad_step(p, rows.squares.items[i + f], of_positive, rates.step);
    adagrad_step(q, rows.squares.items[j + f], of_negative, rates.step);
  }
  if (simt::thread_index() != 0 || rates.bias_step == 0) return;
  const auto move = [&](std::uint32_t item, float pull) {
    float& bias = rows.factors.item_bias[item];
    const float gradient = simt::fma(-rates.bias, bias, pull);
    if (adagrad) {
      adagrad_step(bias, rows.squares.item_bias[item], gradient, rates.bias_step);
    } else {
      bias = simt::fma(rates.bias_step, gradient, bias);
    }
  };
  move(now.positive, weight);
  move(now.negative, -weight);
}

RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(warp_loss_threads, 1)
    warp_loss_steps_kernel(warp_loss_rows rows, warp_loss::epoch_terms terms, warp_loss_cut cut,
                           std::int64_t round, std::uint32_t* failed) {
  warp_loss_shared& shared = *simt::shared_memory<warp_loss_shared>();
  const std::uint32_t warps = simt::block_size() / simt::warp_size;
  const std::uint32_t warp = simt::warp_index();
  const std::int64_t user_band = simt::block_index();
  const std::int64_t item_band = pair_step::item_band_of(cut.bands, user_band, round);
  const std::int64_t first = pair_step::first_item(cut.bands, cut.item_count, item_band);
  const std::int64_t last = pair_step::first_item(cut.bands, cut.item_count, item_band + 1);
  const std::int64_t* const starts = cut.starts + user_band * (cut.bands.items + 1) + item_band;
  const auto end = static_cast<std::uint64_t>(starts[1]);
  const word_stream stream{terms.seed, terms.purpose,
                           pair_step::stream_of_job(cut.bands, terms.epoch, user_band, item_band)};
  warp_loss_band band{cut.items + first, static_cast<std::uint32_t>(last - first), nullptr, 0};
  const auto trials = static_cast<std::uint32_t>(terms.max_trials);
  std::uint64_t word = 0;  // of the stream, that the next user begins with
  std::uint32_t turn = 0;
  for (auto begin = static_cast<std::uint64_t>(starts[0]); begin < end; begin += band.own_count) {
    band.own = cut.entries + begin;
    band.own_count = entries_of_user(cut.entries, begin, end);
    // Nothing is left that this user does not want.
    if (band.own_count >= band.size) continue;
    const std::uint32_t user = band.own[0].user;
    warp_loss_draws ahead{word, 0};
    std::uint32_t drawn = 0;
    std::uint32_t used = 0;
    const auto have = [&](std::uint32_t needed) {
      if (drawn >= needed) return;
      simt::block_sync();  // nobody looks at earlier draws any more
      if (warp == 0) {
        while (drawn < needed) ahead.draw(stream, band, shared, drawn);
        if (simt::lane_index() == 0) shared.drawn = drawn;
      }
      simt::block_sync();
      drawn = shared.drawn;
    };
    for (std::uint32_t n = 0; n < band.own_count; ++n) {
      const std::uint32_t positive = band.items[band.own[n].local];
      const float floor = pair_score(rows, user, positive) - terms.margin;
      if (simt::thread_index() == 0 && !simt::finite(floor)) simt::atomic_min(failed, 0u);
      for (std::uint32_t tried = 0; tried < trials;) {
        const std::uint32_t some = trials - tried < warps ? trials - tried : warps;
        have(used + some);
        std::uint32_t* const above = shared.above[turn++ % 2];
        bool too_high = false;
        if (warp < some) {
          too_high = pair_score(rows, user, shared.item[(used + warp) % draws_ahead]) > floor;
        }
        if (simt::lane_index() == 0) above[warp] = too_high ? 1 : 0;
        simt::block_sync();
        const std::uint32_t lane = simt::lane_index();
        const std::uint32_t found = simt::ballot(simt::full_mask, lane < warps && above[lane] != 0);
        if (found == 0) {
          tried += some;
          used += some;
          continue;
        }
        const std::uint32_t skipped = simt::lowest_bit(found);
        const std::uint32_t negative = shared.item[(used + skipped) % draws_ahead];
        used += skipped + 1;
        const float weight =
            warp_loss::rank_weight(cut.item_count, static_cast<int>(tried + skipped + 1));
        if (weight != 0) {
          warp_loss_step(rows, terms.rates, weight, {user, positive, negative});
          simt::block_sync();  // what follows reads these rows
        }
        break;
      }
    }
    // The CPU draws one item ahead.
    have(used + 1);
    word = shared.after[used % draws_ahead];
  }
}

inline void launch_warp_loss_steps(const warp_loss_rows& rows, const warp_loss::epoch_terms& terms,
                                   const warp_loss_cut& cut, std::int64_t round,
                                   std::uint32_t* failed, stream_t stream) {
  require_range("rows.columns", rows.columns, 1, most_width, "must be in [1, 4096]");
  require_range("terms.max_trials", terms.max_trials, 1, 100'000, "must be in [1, 100000]");
  if (cut.bands.users == 0) return;
  const auto trials = static_cast<std::uint32_t>(terms.max_trials);
  const simt::launch_config config{
      .blocks = static_cast<std::uint32_t>(cut.bands.users),
      .threads = (trials < most_tried ? trials : most_tried) * simt::warp_size,
      .shared_bytes = sizeof(warp_loss_shared),
      .stream = stream};
  simt::launch("warp_loss_steps", config, warp_loss_steps_kernel, rows, terms, cut, round, failed);
}

}  // namespace recokit::cuda_kernels
