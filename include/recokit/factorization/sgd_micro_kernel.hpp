// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The inner loop of stochastic gradient descent, written once over the machine's vectors.
///
/// A file that includes this to compile for instructions of its choice first defines
/// RECOKIT_TARGET, an attribute that switches them on, and RECOKIT_TARGET_NAME, a namespace of its
/// own: two files with other instructions must not share functions.
#pragma once

#include <recokit/factorization/sgd_block.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#if !defined(RECOKIT_TARGET)
#define RECOKIT_TARGET
#define RECOKIT_TARGET_NAME portable_sgd
#endif

namespace recokit::inline RECOKIT_ABI::sgd::RECOKIT_TARGET_NAME {

/// Lanes has: scalar, vector, `count` scalars in it, most_lines, the largest number of cache lines
/// of a row that the registers hold, and static functions load, store, all, multiply_add, add,
/// shrink, sum and divide_by_roots.
template <class Lanes>
struct micro_kernel {
  using scalar = typename Lanes::scalar;
  using vector = typename Lanes::vector;
  using size = std::ptrdiff_t;
  static constexpr size lanes = Lanes::count;
  static constexpr size line = 64 / sizeof(scalar);

  static kernel<scalar> table(std::string_view name) noexcept {
    return {name, pass, gather, spread};
  }

  RECOKIT_TARGET static void pass(const update<scalar>& update, std::span<const run> runs,
                                  const entry* entries, const row_block<scalar>& users,
                                  const row_block<scalar>& items, size stride) {
    if (update.l1 > 0) {
      update.adaptive ? walk<0, true, true>(update, runs, entries, users, items, stride)
                      : walk<0, false, true>(update, runs, entries, users, items, stride);
    } else if (update.adaptive) {
      choose<true, 1>(update, runs, entries, users, items, stride);
    } else {
      choose<false, 1>(update, runs, entries, users, items, stride);
    }
  }

  RECOKIT_TARGET static void gather(std::span<const run> runs, const entry* entries,
                                    const scalar* rows, scalar* sums, std::uint32_t first,
                                    size stride) {
    for (const run& run : runs) {
      scalar* const to = sums + static_cast<size>(run.user - first) * stride;
      // Four vectors of sums stay in registers while the rows go by.
      for (size f = 0; f < stride; f += 4 * lanes) {
        const size some = std::min<size>(4, (stride - f) / lanes);
        vector sum[4];
        for (size v = 0; v < 4; ++v) sum[v] = Lanes::load(to + f + std::min(v, some - 1) * lanes);
        for (std::uint32_t n = 0; n < run.count; ++n) {
          const scalar* const from = rows + static_cast<size>(entries[n].item) * stride + f;
#pragma GCC unroll 4
          for (size v = 0; v < 4; ++v) {
            if (v < some) sum[v] = Lanes::add(sum[v], Lanes::load(from + v * lanes));
          }
        }
        for (size v = 0; v < some; ++v) Lanes::store(to + f + v * lanes, sum[v]);
      }
      entries += run.count;
    }
  }

  RECOKIT_TARGET static void spread(std::span<const run> runs, const entry* entries, scalar* rows,
                                    const scalar* sums, const scalar* fades, std::uint32_t first,
                                    size stride) {
    for (const run& run : runs) {
      const scalar* const from = sums + static_cast<size>(run.user - first) * stride;
      const vector fade = Lanes::all(fades[run.user - first]);
      for (std::uint32_t n = 0; n < run.count; ++n) {
        scalar* const to = rows + static_cast<size>(entries[n].item) * stride;
        for (size f = 0; f < stride; f += lanes) {
          Lanes::store(to + f,
                       Lanes::multiply_add(fade, Lanes::load(to + f), Lanes::load(from + f)));
        }
      }
      entries += run.count;
    }
  }

 private:
  template <bool Adaptive, size Lines>
  RECOKIT_TARGET static void choose(const update<scalar>& update, std::span<const run> runs,
                                    const entry* entries, const row_block<scalar>& users,
                                    const row_block<scalar>& items, size stride) {
    if constexpr (Lines > Lanes::most_lines) {
      walk<0, Adaptive, false>(update, runs, entries, users, items, stride);
    } else if (stride == Lines * line) {
      walk<Lines, Adaptive, false>(update, runs, entries, users, items, stride);
    } else {
      choose<Adaptive, Lines + 1>(update, runs, entries, users, items, stride);
    }
  }

  RECOKIT_TARGET static void prefetch_row(const scalar* row, size stride) {
    for (size f = 0; f < stride; f += line) __builtin_prefetch(row + f, 1);
  }

  /// p·q; q is loaded.
  template <size Lines>
  RECOKIT_TARGET __attribute__((always_inline)) static inline scalar dot(const vector* p, vector* q,
                                                                         const scalar* item) {
    constexpr size held = Lines * line / lanes;
    vector part[2] = {Lanes::all(0), Lanes::all(0)};
#pragma GCC unroll 16
    for (size v = 0; v < held; ++v) {
      q[v] = Lanes::load(item + v * lanes);
      part[v % 2] = Lanes::multiply_add(p[v], q[v], part[v % 2]);
    }
    return Lanes::sum(Lanes::add(part[0], part[1]));
  }

  /// @tparam Lines cache lines of a row, kept in registers over a run; 0: any number, in memory
  template <size Lines, bool Adaptive, bool Shrink>
  RECOKIT_TARGET static void walk(const update<scalar>& update, std::span<const run> runs,
                                  const entry* entries, const row_block<scalar>& users,
                                  const row_block<scalar>& items, size stride) {
    constexpr size held = Lines * line / lanes;
    constexpr size sums = 2;
    const size vectors = Lines > 0 ? held : stride / lanes;
    const scalar rate = update.rate;
    const scalar bias_rate = update.bias_rate;
    const scalar gain = update.user_gain;
    const scalar ridge = update.regularization;
    const loss loss = update.loss;
    const entry* next = entries;
    const entry* last = entries;
    for (const run& run : runs) last += run.count;

    for (std::size_t r = 0; r < runs.size(); ++r) {
      scalar* const user = users.rows + static_cast<size>(runs[r].user) * stride;
      row_state<scalar>& user_memory = users.states[runs[r].user];
      row_state<scalar> user_state = user_memory;
      [[maybe_unused]] vector p[held + 1];
      if constexpr (Lines > 0) {
#pragma GCC unroll 16
        for (size v = 0; v < held; ++v) p[v] = Lanes::load(user + v * lanes);
      }
      if (r + 1 < runs.size()) {
        prefetch_row(users.rows + static_cast<size>(runs[r + 1].user) * stride, stride);
      }
      [[maybe_unused]] vector q[held + 1];
      for (const entry* const end = next + runs[r].count; next < end; ++next) {
        if (last - next > 3) {
          prefetch_row(items.rows + static_cast<size>(next[3].item) * stride, stride);
        }
        scalar* const item = items.rows + static_cast<size>(next->item) * stride;
        row_state<scalar>& item_state = items.states[next->item];

        [[maybe_unused]] vector p_squares = Lanes::all(0);
        [[maybe_unused]] vector q_squares = Lanes::all(0);
        scalar product = 0;
        if constexpr (Lines > 0) {
          product = dot<Lines>(p, q, item);
        } else {
          vector part[sums] = {Lanes::all(0), Lanes::all(0)};
          for (size v = 0; v < vectors; ++v) {
            const vector pv = Lanes::load(user + v * lanes);
            const vector qv = Lanes::load(item + v * lanes);
            const vector now = Lanes::multiply_add(pv, qv, part[0]);
            part[0] = part[1];
            part[1] = now;
            if constexpr (Adaptive) {
              p_squares = Lanes::multiply_add(pv, pv, p_squares);
              q_squares = Lanes::multiply_add(qv, qv, q_squares);
            }
          }
          product = Lanes::sum(Lanes::add(part[0], part[1]));
        }
        if constexpr (Adaptive && Lines > 0) {
#pragma GCC unroll 16
          for (size v = 0; v < held; ++v) {
            p_squares = Lanes::multiply_add(p[v], p[v], p_squares);
            q_squares = Lanes::multiply_add(q[v], q[v], q_squares);
          }
        }
        const scalar z = user_state.bias + item_state.bias + product;
        const auto target = static_cast<scalar>(next->target);
        const scalar e = loss == loss::squared ? target - z : descent(loss, z, target);

        sgd_step::step_sizes<scalar> sizes{rate, rate, bias_rate, bias_rate};
        scalar pp = 0;
        scalar qq = 0;
        if constexpr (Adaptive) {
          alignas(64) scalar steps[4];
          Lanes::divide_by_roots(rate, bias_rate, user_state.factor_squares,
                                 item_state.factor_squares, user_state.bias_squares,
                                 item_state.bias_squares, steps);
          sizes = {steps[0], steps[1], steps[2], steps[3]};
          pp = Lanes::sum(p_squares);
          qq = Lanes::sum(q_squares);
        }
        sgd_step::move_states<Adaptive>(update, sizes, e, product, pp, qq, user_state, item_state);

        const vector user_fade = Lanes::all(-sizes.user * ridge);
        const vector item_fade = Lanes::all(-sizes.item * ridge);
        const vector user_step = Lanes::all(sizes.user * gain * e);
        const vector item_step = Lanes::all(sizes.item * e);
        if constexpr (Lines > 0) {
#pragma GCC unroll 16
          for (size v = 0; v < held; ++v) {
            const vector old = p[v];
            p[v] = Lanes::multiply_add(user_step, q[v], Lanes::multiply_add(user_fade, old, old));
            const vector changed =
                Lanes::multiply_add(item_step, old, Lanes::multiply_add(item_fade, q[v], q[v]));
            Lanes::store(item + v * lanes, changed);
          }
        } else {
          [[maybe_unused]] const vector user_shrink = Lanes::all(sizes.user * update.l1);
          [[maybe_unused]] const vector item_shrink = Lanes::all(sizes.item * update.l1);
          for (size v = 0; v < vectors; ++v) {
            const vector pv = Lanes::load(user + v * lanes);
            const vector qv = Lanes::load(item + v * lanes);
            vector pn = Lanes::multiply_add(user_step, qv, Lanes::multiply_add(user_fade, pv, pv));
            vector qn = Lanes::multiply_add(item_step, pv, Lanes::multiply_add(item_fade, qv, qv));
            if constexpr (Shrink) {
              pn = Lanes::shrink(pn, user_shrink);
              qn = Lanes::shrink(qn, item_shrink);
            }
            Lanes::store(user + v * lanes, pn);
            Lanes::store(item + v * lanes, qn);
          }
        }
      }
      if constexpr (Lines > 0) {
#pragma GCC unroll 16
        for (size v = 0; v < held; ++v) Lanes::store(user + v * lanes, p[v]);
      }
      user_memory = user_state;
    }
  }
};

}  // namespace recokit::inline RECOKIT_ABI::sgd::RECOKIT_TARGET_NAME

#undef RECOKIT_TARGET
#undef RECOKIT_TARGET_NAME
