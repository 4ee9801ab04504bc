// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of top_k.hpp.
#pragma once

#include "kernels/top_k.hpp"
#include "simt.hpp"

namespace recokit::cuda_kernels {

/// A score and its item as one number that grows with rank: the larger key stands first. 0 is less
/// than every key and means "no item". Keys of one row differ, so the result does not depend on the
/// order in which threads find them.
RECOKIT_DEVICE std::uint64_t top_k_key(float score, std::uint32_t item) {
  std::uint32_t bits = simt::bits_of(score);
  if (score != score) {
    bits = 0;  // below -infinity, which becomes 0x007F'FFFF
  } else if (score == 0.0f) {
    bits = 0x8000'0000u;  // -0 and +0 tie
  } else {
    bits = (bits & 0x8000'0000u) != 0 ? ~bits : bits | 0x8000'0000u;
  }
  // item is below 2^31, so its complement and the key are not 0.
  return std::uint64_t{bits} << 32 | static_cast<std::uint32_t>(~item);
}

RECOKIT_DEVICE std::uint32_t top_k_item(std::uint64_t key) {
  return ~static_cast<std::uint32_t>(key);
}

/// The score of a key; not of a NaN's.
RECOKIT_DEVICE float top_k_score(std::uint64_t key) {
  const auto bits = static_cast<std::uint32_t>(key >> 32);
  return simt::float_of((bits & 0x8000'0000u) != 0 ? bits & 0x7FFF'FFFFu : ~bits);
}

/// Whether a row may have an item; asked only for scores that would enter its list.
RECOKIT_DEVICE bool top_k_allows(const top_k_filter& filter, std::int64_t row, std::int32_t item) {
  if (filter.allowed != nullptr && filter.allowed[item] == 0) return false;
  if (filter.seen_offsets == nullptr) return true;
  std::int64_t begin = filter.seen_offsets[row];
  const std::int64_t end = filter.seen_offsets[row + 1];
  for (std::int64_t after = end; begin < after;) {
    const std::int64_t middle = begin + (after - begin) / 2;
    if (filter.seen_items[middle] < item) {
      begin = middle + 1;
    } else {
      after = middle;
    }
  }
  return begin == end || filter.seen_items[begin] != item;
}

/// Compares keys[i] and keys[i ^ distance] and leaves the larger one first where `descending`.
template <class Key>
RECOKIT_DEVICE void top_k_exchange(Key* keys, std::uint32_t i, std::uint32_t distance,
                                   bool descending) {
  const Key a = keys[i];
  const Key b = keys[i ^ distance];
  if ((a < b) == descending) {
    keys[i] = b;
    keys[i ^ distance] = a;
  }
}

/// Merges the `slots` candidates into `best`, which is sorted and stays so. Both are powers of two
/// in shared memory. All threads call it; they leave it after a barrier.
template <class Key>
RECOKIT_DEVICE void top_k_merge(Key* best, Key* candidates, std::uint32_t slots) {
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t step = simt::block_size();
  // Bitonic sort of the candidates, ascending. Batcher, Sorting networks and their applications,
  // 1968.
  for (std::uint32_t length = 2; length <= slots; length *= 2) {
    for (std::uint32_t distance = length / 2; distance > 0; distance /= 2) {
      for (std::uint32_t i = me; i < slots; i += step) {
        if ((i & distance) == 0) top_k_exchange(candidates, i, distance, (i & length) != 0);
      }
      simt::block_sync();
    }
  }
  // A descending and an ascending half: the larger of each pair is among the best, and these make a
  // bitonic sequence.
  for (std::uint32_t i = me; i < slots; i += step) {
    if (best[i] < candidates[i]) best[i] = candidates[i];
  }
  simt::block_sync();
  for (std::uint32_t distance = slots / 2; distance > 0; distance /= 2) {
    for (std::uint32_t i = me; i < slots; i += step) {
      if ((i & distance) == 0) top_k_exchange(best, i, distance, true);
    }
    simt::block_sync();
  }
}

/// Leaves the k best of `best`, which is sorted, and of the keys of a row's columns in `best`,
/// sorted. Keys above the k-th best so far are collected; when there is no room for one more from
/// every thread, they are merged. All threads call it with *count = 0, after a barrier; they leave
/// it after a barrier.
///
/// @tparam Key ordered by <, the larger stands first; Key{} is less than all others and no key
/// @param slots a power of two, at least k and block_size(): the length of best and candidates
/// @param key_of called with a column and the k-th best so far: the key of the column, or Key{}
/// where it may not enter or is not above
template <class Key, class KeyOf>
RECOKIT_DEVICE void top_k_collect(Key* best, Key* candidates, std::uint32_t* count, std::uint32_t k,
                                  std::uint32_t slots, std::uint32_t columns, const KeyOf& key_of) {
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t step = simt::block_size();
  Key threshold = best[k - 1];
  for (std::uint32_t first = 0;; first += step) {
    const std::uint32_t collected = *count;
    simt::block_sync();  // all have read the count before one adds to it
    const bool finished = first >= columns;
    if (finished || collected + step > slots) {
      for (std::uint32_t i = collected + me; i < slots; i += step) candidates[i] = Key{};
      if (me == 0) *count = 0;
      simt::block_sync();
      top_k_merge(best, candidates, slots);
      threshold = best[k - 1];
    }
    if (finished) break;
    if (columns - first > me) {
      const Key key = key_of(first + me, threshold);
      if (Key{} < key) candidates[simt::atomic_add(count, 1)] = key;
    }
    simt::block_sync();
  }
}

/// One block a row. Shared memory: best[slots], candidates[slots], count; see top_k_collect().
template <class Unused = void>
RECOKIT_GLOBAL void top_k_kernel(score_tile tile, std::uint32_t k, std::uint32_t slots,
                                 std::int32_t* items, float* scores, top_k_filter filter,
                                 bool more) {
  auto* const best = simt::shared_memory<std::uint64_t>();
  auto* const candidates = best + slots;
  auto* const count = reinterpret_cast<std::uint32_t*>(candidates + slots);
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t step = simt::block_size();
  const auto columns = static_cast<std::uint32_t>(tile.columns);
  for (std::int64_t row = simt::block_index(); row < tile.rows; row += simt::grid_size()) {
    const float* const from = tile.scores + row * tile.stride;
    for (std::uint32_t i = me; i < slots; i += step) {
      const std::int64_t place = row * k + i;
      const bool held = more && i < k && items[place] >= 0;
      best[i] = held ? top_k_key(scores[place], static_cast<std::uint32_t>(items[place])) : 0;
    }
    if (me == 0) *count = 0;
    simt::block_sync();
    const auto score_of = [&](std::int64_t column) {
      return tile.added == nullptr ? from[column] : from[column] + tile.added[column];
    };
    top_k_collect(best, candidates, count, k, slots, columns,
                  [&](std::uint32_t column, std::uint64_t threshold) -> std::uint64_t {
                    const std::uint32_t item = static_cast<std::uint32_t>(tile.first_item) + column;
                    const std::uint64_t key = top_k_key(score_of(column), item);
                    const bool enters = key > threshold &&
                                        top_k_allows(filter, row, static_cast<std::int32_t>(item));
                    return enters ? key : 0;
                  });
    for (std::uint32_t i = me; i < k; i += step) {
      const std::uint64_t key = best[i];
      const std::int64_t place = row * k + i;
      const std::int64_t item = key == 0 ? -1 : std::int64_t{top_k_item(key)};
      items[place] = static_cast<std::int32_t>(item);
      // From the row where it is there: the key has forgotten -0 and the bits of a NaN.
      float score = 0;
      if (key != 0) {
        score = item >= tile.first_item ? score_of(item - tile.first_item) : top_k_score(key);
      }
      scores[place] = score;
    }
    simt::block_sync();  // best has been read before the next row clears it
  }
}

inline void launch_top_k(const score_tile& tile, std::int64_t k, std::int32_t* items, float* best,
                         stream_t stream, const top_k_filter& filter, bool more) {
  constexpr std::int64_t largest = 0x7FFF'FFFF;
  require_range("k", k, 1, most_top_k, "must be in [1, 1024]");
  require_range("tile.rows", tile.rows, 0, std::int64_t{1} << 48, "must be in [0, 2^48]");
  require_range("tile.columns", tile.columns, 0, largest, "must be in [0, 2^31)");
  require_range("tile.stride", tile.stride, tile.columns, std::int64_t{1} << 48,
                "must be at least tile.columns");
  require_range("tile.first_item", tile.first_item, 0, largest - tile.columns,
                "must keep the item numbers below 2^31");
  if (tile.rows == 0) return;
  constexpr std::uint32_t threads = 256;
  std::uint32_t slots = threads;
  while (slots < k) slots *= 2;
  const auto rows = static_cast<std::uint64_t>(tile.rows);
  simt::launch("top_k",
               {.blocks = simt::blocks_for(rows, 1),
                .threads = threads,
                .shared_bytes = 2 * slots * sizeof(std::uint64_t) + sizeof(std::uint64_t),
                .stream = stream},
               top_k_kernel<>, tile, static_cast<std::uint32_t>(k), slots, items, best, filter,
               more);
}

}  // namespace recokit::cuda_kernels
