// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernels of exact_neighbors.hpp.
#pragma once

#include "kernels/exact_neighbors.hpp"
#include "kernels/top_k.cuh"
#include "simt.hpp"

namespace recokit::cuda_kernels {

template <class Scalar>
RECOKIT_GLOBAL void centre_rows_kernel(const Scalar* rows, const std::int32_t* which,
                                       std::int64_t count, std::int64_t columns, row_centring moved,
                                       double half, float* centred, std::int64_t stride,
                                       float* halves) {
  const auto warps = static_cast<std::int64_t>(simt::global_size() / simt::warp_size);
  const std::uint32_t lane = simt::lane_index();
  for (auto n = static_cast<std::int64_t>(simt::global_index() / simt::warp_size); n < count;
       n += warps) {
    const Scalar* const row = rows + (which == nullptr ? n : std::int64_t{which[n]}) * columns;
    double norm = 0;
    for (std::int64_t c = lane; c < stride; c += simt::warp_size) {
      float value = 0;
      if (c < columns) {
        value = static_cast<float>((static_cast<double>(row[c]) - moved.centre[c]) * moved.scale);
      }
      centred[n * stride + c] = value;
      norm += static_cast<double>(value) * static_cast<double>(value);
    }
    for (std::uint32_t apart = simt::warp_size / 2; apart > 0; apart /= 2) {
      norm += simt::shfl_xor(simt::full_mask, norm, apart);
    }
    if (lane == 0) halves[n] = static_cast<float>(half * norm);
  }
}

template <class Scalar>
void launch_centre_rows(const Scalar* rows, const std::int32_t* which, std::int64_t count,
                        std::int64_t columns, const row_centring& moved, double half,
                        float* centred, std::int64_t stride, float* halves, stream_t stream) {
  require_range("stride", stride, columns, std::int64_t{1} << 48, "must be at least the columns");
  if (count == 0) return;
  constexpr std::uint32_t threads = 256;
  const auto lanes = static_cast<std::uint64_t>(count) * simt::warp_size;
  simt::launch("centre_rows",
               {.blocks = simt::blocks_for(lanes, threads), .threads = threads, .stream = stream},
               centre_rows_kernel<Scalar>, rows, which, count, columns, moved, half, centred,
               stride, halves);
}

/// A squared distance and its point: the larger one stands first. {} is no key.
struct exact_key {
  std::uint64_t rank = 0;   ///< grows as the distance falls; as it grows for the farthest
  std::uint32_t point = 0;  ///< its complement, which is never 0
};
RECOKIT_DEVICE bool operator<(const exact_key& a, const exact_key& b) {
  return a.rank < b.rank || (a.rank == b.rank && a.point < b.point);
}

/// The bits of a double that is not negative grow with it.
RECOKIT_DEVICE exact_key exact_key_of(double squared, std::int32_t point, bool farthest) {
  const std::uint64_t bits = simt::bits_of(squared);
  return {farthest ? bits : ~bits, ~static_cast<std::uint32_t>(point)};
}
RECOKIT_DEVICE double exact_key_squared(const exact_key& key, bool farthest) {
  return simt::double_of(farthest ? key.rank : ~key.rank);
}

/// The bits of squared_distance() of the CPU.
template <class Scalar>
RECOKIT_DEVICE double exact_squared(const Scalar* a, const Scalar* b, std::int64_t columns) {
  double sum = 0;
  for (std::int64_t c = 0; c < columns; ++c) {
    const double difference = static_cast<double>(a[c]) - static_cast<double>(b[c]);
    sum += simt::product(difference, difference);
  }
  return sum;
}

/// One block a query. Shared memory as top_k_kernel.
template <class Scalar>
RECOKIT_GLOBAL void exact_neighbors_kernel(neighbor_rows<Scalar> rows, chosen_candidates chosen,
                                           const std::int32_t* numbers, std::int64_t queries,
                                           std::uint32_t k, std::uint32_t slots,
                                           exact_lists lists) {
  auto* const best = simt::shared_memory<exact_key>();
  auto* const candidates = best + slots;
  auto* const count = reinterpret_cast<std::uint32_t*>(candidates + slots);
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t step = simt::block_size();
  for (std::int64_t n = simt::block_index(); n < queries; n += simt::grid_size()) {
    const std::int64_t q = numbers == nullptr ? n : std::int64_t{numbers[n]};
    const Scalar* const query =
        rows.asked + (rows.at == nullptr ? q : std::int64_t{rows.at[q]}) * rows.columns;
    const std::int32_t self = rows.self == nullptr ? -1 : rows.self[q];
    const std::int32_t* const list =
        chosen.points == nullptr ? nullptr : chosen.points + q * chosen.window;
    const auto columns = static_cast<std::uint32_t>(list == nullptr ? rows.count : chosen.window);
    for (std::uint32_t i = me; i < slots; i += step) best[i] = {};
    if (me == 0) *count = 0;
    simt::block_sync();
    top_k_collect(best, candidates, count, k, slots, columns,
                  [&](std::uint32_t column, const exact_key& threshold) -> exact_key {
                    const std::int32_t point =
                        list == nullptr ? static_cast<std::int32_t>(column) : list[column];
                    if (point < 0 || point == self) return {};
                    const double squared = exact_squared(
                        query, rows.points + std::int64_t{point} * rows.columns, rows.columns);
                    const exact_key key = exact_key_of(squared, point, rows.farthest);
                    return threshold < key ? key : exact_key{};
                  });
    for (std::uint32_t i = me; i < k; i += step) {
      lists.points[q * k + i] = static_cast<std::int32_t>(~best[i].point);
      lists.squared[q * k + i] = exact_key_squared(best[i], rows.farthest);
    }
    if (me == 0 && lists.open != nullptr) {
      bool settled = list == nullptr || chosen.window >= rows.count || list[chosen.window - 1] < 0;
      if (!settled && best[k - 1].point != 0) {
        // What was not chosen has at most the last bound, so its D (or −D) is at least `reach`. The
        // bounds leave room for the rounding here.
        const double reach = -2 * (static_cast<double>(chosen.bounds[(q + 1) * chosen.window - 1]) +
                                   static_cast<double>(chosen.halves[q]) + chosen.absolute);
        const double last = exact_key_squared(best[k - 1], rows.farthest) * chosen.square_scale;
        settled = (rows.farthest ? -last : last) < reach;
      }
      lists.open[q] = settled ? 0 : 1;
    }
    simt::block_sync();  // best has been read before the next query clears it
  }
}

template <class Scalar>
void launch_exact_neighbors(const neighbor_rows<Scalar>& rows, const chosen_candidates& chosen,
                            const std::int32_t* numbers, std::int64_t queries, std::int64_t k,
                            const exact_lists& lists, stream_t stream) {
  constexpr std::int64_t largest = 0x7FFF'FFFF;
  require_range("k", k, 1, most_top_k, "must be in [1, 1024]");
  require_range("rows.count", rows.count, 1, largest, "must be in [1, 2^31)");
  const std::int64_t candidates = chosen.points == nullptr ? rows.count : chosen.window;
  require_range("chosen.window", candidates, k, largest, "must be at least k");
  if (queries == 0) return;
  // A block no wider than its work; a power of two, as `slots` must be.
  std::uint32_t threads = simt::warp_size;
  while (threads < 256 && threads < candidates) threads *= 2;
  std::uint32_t slots = threads;
  while (slots < k) slots *= 2;
  simt::launch("exact_neighbors",
               {.blocks = simt::blocks_for(static_cast<std::uint64_t>(queries), 1),
                .threads = threads,
                .shared_bytes = 2 * slots * sizeof(exact_key) + sizeof(std::uint64_t),
                .stream = stream},
               exact_neighbors_kernel<Scalar>, rows, chosen, numbers, queries,
               static_cast<std::uint32_t>(k), slots, lists);
}

}  // namespace recokit::cuda_kernels
