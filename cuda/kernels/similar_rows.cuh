// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of similar_rows.hpp.
#pragma once

#include "kernels/similar_rows.hpp"
#include "kernels/top_k.cuh"
#include "simt.hpp"

namespace recokit::cuda_kernels {

/// The first place in [begin, end) whose index is at least `least`.
RECOKIT_DEVICE std::int64_t first_at_least(const std::int32_t* indices, std::int64_t begin,
                                           std::int64_t end, std::int32_t least) {
  while (begin < end) {
    const std::int64_t middle = begin + (end - begin) / 2;
    if (indices[middle] < least) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

/// Calls add(row, value of the vector, value of the row) for all that entries [from, end) of a
/// vector meet among the rows [low, high), 32 entries of the vector and then `stride` further.
/// Lanes take the entries of a row of the transpose; they meet before the next, so calls for one
/// row come in the order of the vector.
///
/// @tparam with_values else all values are 1
template <bool with_values, class Value, class Add>
RECOKIT_DEVICE void meet_rows(const similarity_plan<Value>& plan, std::int64_t from,
                              std::int64_t end, std::int64_t stride, std::int32_t low,
                              std::int32_t high, const Add& add) {
  // Rows of the transpose that are read before the first of them is added.
  constexpr std::uint32_t ahead = 4;
  const std::uint32_t lane = simt::lane_index();
  const std::int32_t* const found = plan.transposed.indices;
  const Value* const own = with_values ? plan.vectors.values : nullptr;
  const Value* const other = with_values ? plan.transposed.values : nullptr;
  for (std::int64_t n = from; n < end; n += stride) {
    std::int64_t first = 0;
    std::uint32_t length = 0;
    Value mine = 1;
    if (n + lane < end) {
      const std::int64_t column = plan.vectors.indices[n + lane];
      first = plan.transposed.offsets[column];
      std::int64_t last = plan.transposed.offsets[column + 1];
      if (own != nullptr) mine = own[n + lane];
      if (low > 0 || high < plan.rows) {
        first = first_at_least(found, first, last, low);
        last = first_at_least(found, first, last, high);
      }
      length = static_cast<std::uint32_t>(last - first);
    }
    const auto entries =
        static_cast<std::uint32_t>(end - n < simt::warp_size ? end - n : simt::warp_size);
    RECOKIT_ROLLED
    for (std::uint32_t t = 0; t < entries; t += ahead) {
      std::int64_t begin[ahead];
      std::uint32_t count[ahead];
      std::int32_t row[ahead];
      Value y[ahead];
      RECOKIT_UNROLL
      for (std::uint32_t a = 0; a < ahead; ++a) {
        begin[a] = simt::shfl(simt::full_mask, first, t + a);
        count[a] = simt::shfl(simt::full_mask, length, t + a);
        row[a] = lane < count[a] ? found[begin[a] + lane] : -1;
        y[a] = other != nullptr && lane < count[a] ? other[begin[a] + lane] : Value{1};
      }
      RECOKIT_UNROLL
      for (std::uint32_t a = 0; a < ahead; ++a) {
        const Value x = with_values ? simt::shfl(simt::full_mask, mine, t + a) : Value{1};
        if (row[a] >= 0) add(row[a], x, y[a]);
        for (std::uint32_t m = lane + simt::warp_size; m < count[a]; m += simt::warp_size) {
          add(found[begin[a] + m], x, other != nullptr ? other[begin[a] + m] : Value{1});
        }
        simt::warp_sync();
      }
    }
  }
}

/// What a vector shares with each row of a tile, in shared memory.
template <class Sums>
struct shared_sums {
  static constexpr bool counts = !Sums::needs_values;

  Sums* sums;
  std::uint32_t* numbers;  ///< in place of sums where they are counts

  RECOKIT_DEVICE explicit shared_sums(void* at)
      : sums(static_cast<Sums*>(at)), numbers(static_cast<std::uint32_t*>(at)) {}

  RECOKIT_DEVICE void clear(std::uint32_t row) const {
    if constexpr (counts) {
      numbers[row] = 0;
    } else {
      sums[row] = {};
    }
  }
  RECOKIT_DEVICE Sums of(std::uint32_t row) const {
    if constexpr (counts) {
      return Sums{numbers[row]};
    } else {
      return sums[row];
    }
  }

  /// All threads call it, after a barrier.
  /// @param edges of the tile
  template <class Value>
  RECOKIT_DEVICE void add(const similarity_plan<Value>& plan, std::int64_t begin, std::int64_t end,
                          const std::int32_t* edges) const {
    const std::uint32_t warp = simt::warp_index();
    const std::uint32_t warps = simt::block_size() / simt::warp_size;
    const std::int32_t low = edges[0];
    if constexpr (counts) {
      // A whole number is the same in any order: each warp takes other entries of the vector.
      meet_rows<false>(plan, begin + warp * simt::warp_size, end, std::int64_t{simt::block_size()},
                       low, edges[warps], [&](std::int32_t row, Value, Value) {
                         simt::atomic_add(numbers + (row - low), 1);
                       });
    } else {
      // Each warp takes other rows, and all entries in their order.
      meet_rows<true>(plan, begin, end, simt::warp_size, edges[warp], edges[warp + 1],
                      [&](std::int32_t row, Value x, Value y) {
                        sums[row - low].add(static_cast<double>(x), static_cast<double>(y));
                      });
    }
  }
};

/// One block a task. Shared memory: best[slots], candidates[slots], count, sums of a tile; see
/// top_k_collect().
template <class Value, class Measure>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(most_similarity_threads, 2)
    similar_rows_kernel(similarity_plan<Value> plan, Measure measure, std::uint32_t slots,
                        similar_row* lists) {
  auto* const best = simt::shared_memory<std::uint64_t>();
  auto* const candidates = best + slots;
  auto* const count = reinterpret_cast<std::uint32_t*>(candidates + slots);
  const shared_sums<typename Measure::sums_type> sums(candidates + slots + 2);
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t step = simt::block_size();
  const std::uint32_t warps = step / simt::warp_size;
  const auto k = static_cast<std::uint32_t>(plan.k);
  for (std::uint64_t n = simt::block_index(); n < plan.count; n += simt::grid_size()) {
    const similarity_task task = plan.tasks[n];
    const std::int64_t begin = plan.vectors.offsets[task.row];
    const std::int64_t end = plan.vectors.offsets[task.row + 1];
    for (std::uint32_t i = me; i < slots; i += step) best[i] = 0;
    if (me == 0) *count = 0;
    // A row without entries has no tile to look at.
    for (std::uint32_t tile = task.first_tile; begin < end && tile < task.end_tile; ++tile) {
      const std::int32_t* const edges = plan.edges + std::uint64_t{tile} * (warps + 1);
      const std::int32_t low = edges[0];
      const auto rows = static_cast<std::uint32_t>(edges[warps] - low);
      for (std::uint32_t r = me; r < rows; r += step) sums.clear(r);
      simt::block_sync();
      sums.add(plan, begin, end, edges);
      simt::block_sync();
      top_k_collect(best, candidates, count, k, slots, rows,
                    [&](std::uint32_t r, std::uint64_t threshold) -> std::uint64_t {
                      const auto shared = sums.of(r);
                      const std::int32_t row = low + static_cast<std::int32_t>(r);
                      if (shared.common < plan.least_common || row == task.row) return 0;
                      const auto score = static_cast<float>(measure(task.row, row, shared));
                      const std::uint64_t key = top_k_key(score, static_cast<std::uint32_t>(row));
                      return key > threshold ? key : 0;
                    });
    }
    for (std::uint32_t i = me; i < k; i += step) {
      const std::uint64_t key = best[i];
      similar_row& to = lists[n * k + i];
      to.row = key == 0 ? -1 : static_cast<std::int32_t>(top_k_item(key));
      to.score = key == 0 ? 0.0f : top_k_score(key);
    }
    simt::block_sync();  // best has been read before the next task clears it
  }
}

inline std::uint32_t similarity_slots(std::uint32_t threads, std::int64_t k) {
  std::uint32_t slots = threads;
  while (slots < k) slots *= 2;
  return slots;
}

template <class Value, class Measure>
void launch_similar_rows(const similarity_plan<Value>& plan, const Measure& measure,
                         similar_row* lists, stream_t stream) {
  require_range("k", plan.k, 1, most_top_k, "must be in [1, 1024]");
  if (plan.threads < simt::warp_size || plan.threads > most_similarity_threads ||
      (plan.threads & (plan.threads - 1)) != 0) {
    fail_value("threads", plan.threads, "must be a power of two in [32, 512]");
  }
  require_range("tile_rows", plan.tile_rows, 1, 1 << 24, "must be in [1, 2^24]");
  if (plan.count == 0) return;
  const std::uint64_t shared =
      similarity_list_bytes(plan.threads, plan.k) +
      static_cast<std::uint64_t>(plan.tile_rows) * similarity_sum_bytes<Measure>();
  simt::launch("similar_rows",
               {.blocks = simt::blocks_for(plan.count, 1),
                .threads = plan.threads,
                .shared_bytes = static_cast<std::size_t>(shared),
                .stream = stream},
               similar_rows_kernel<Value, Measure>, plan, measure,
               similarity_slots(plan.threads, plan.k), lists);
}

}  // namespace recokit::cuda_kernels
