// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Top-k of linear models: sparse rows times a dense matrix, selected tile by tile.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/core/top_k.hpp>
#include <recokit/kernels/compiler_vector.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace detail {

/// sums[c] = Σ_h x_h · weights[h · leading + c] for c in [0, columns), in the order of the history;
/// every row is read from end to end, as memory likes it.
template <class Scalar>
void sum_rows(const csr_row<float, index_t>& history, const Scalar* weights, std::size_t leading,
              std::size_t columns, Scalar* sums) {
  std::fill_n(sums, columns, Scalar{0});
  for (std::size_t n = 0; n < history.size(); ++n) {
    const auto x = static_cast<Scalar>(history.value(n));
    const Scalar* const row = weights + static_cast<std::size_t>(history.indices[n]) * leading;
    for (std::size_t c = 0; c < columns; ++c) sums[c] += x * row[c];
  }
}

/// The same bits for weights that are in the cache: eight vectors of columns at a time, whose sums
/// stay in registers.
template <class Scalar>
void sum_cached_rows(const csr_row<float, index_t>& history, const Scalar* weights,
                     std::size_t leading, std::size_t columns, Scalar* sums) {
  using lane = compiler_vector<Scalar>;
  constexpr auto lanes = static_cast<std::size_t>(lane::lanes);
  constexpr std::size_t width = 8 * lanes;
  std::size_t c = 0;
  for (; c + width <= columns; c += width) {
    typename lane::type parts[8] = {};
    for (std::size_t n = 0; n < history.size(); ++n) {
      const auto x = static_cast<Scalar>(history.value(n));
      const Scalar* const row =
          weights + static_cast<std::size_t>(history.indices[n]) * leading + c;
      for (std::size_t v = 0; v < 8; ++v) {
        typename lane::type part;
        lane::load(part, row + v * lanes);
        lane::multiply_add(parts[v], x, part);
      }
    }
    for (std::size_t v = 0; v < 8; ++v) lane::store(sums + c + v * lanes, parts[v]);
  }
  sum_rows(history, weights + c, leading, columns - c, sums + c);
}

}  // namespace detail

/// Writes Σ_h x_h · weights(h, item) for each of `items`, as dense_score_top_k sums them.
template <class Scalar>
void dense_score(const csr_row<float, index_t>& history, const row_major_matrix<Scalar>& weights,
                 std::span<const index_t> items, std::span<float> scores) {
  for (std::size_t n = 0; n < items.size(); ++n) {
    Scalar sum{0};
    for (std::size_t h = 0; h < history.size(); ++h) {
      sum += static_cast<Scalar>(history.value(h)) * weights(history.indices[h], items[n]);
    }
    scores[n] = static_cast<float>(sum);
  }
}

/// For each of `which`, the k items with the largest Σ_h x_h · weights(h, item), where h runs over
/// the entries of that row of `histories`.
///
/// @param weights items × items
/// @returns exactly min(k, allowed items) entries a list, in the order of ranks_before
///
/// items · Σ_q (entries of row q) multiply-adds. What limits is how fast the rows of the weights
/// arrive, so many queries go together through a copy of some columns of all rows that stays in the
/// cache (512 KiB, or 32 columns where those are more); few read the rows as they are. Scratch:
/// that copy, one tile of scores a thread, and the selectors of a batch, about 32 MiB.
template <class Scalar>
ranked_lists dense_score_top_k(const cpu& policy, const csr_view<>& histories,
                               std::span<const index_t> which,
                               const row_major_matrix<Scalar>& weights, const item_filter& filter,
                               int k, bool exclude_history) {
  const auto items = static_cast<std::size_t>(weights.cols());
  const auto rows = static_cast<std::size_t>(weights.rows());
  const auto longest = static_cast<std::size_t>(k);
  constexpr std::size_t batch_bytes = std::size_t{1} << 25;
  constexpr std::size_t tile_bytes = std::size_t{1} << 19;
  constexpr std::size_t most_columns = 1024;
  const std::size_t batch =
      std::clamp<std::size_t>(batch_bytes / (2 * longest * sizeof(scored_item<Scalar>)), 8, 65536);
  // Whole cache lines of every row.
  const std::size_t copied_columns =
      std::clamp<std::size_t>(tile_bytes / (std::max<std::size_t>(rows, 1) * sizeof(Scalar)) / 16,
                              2, 16) *
      16;

  ranked_lists lists(which.size(), longest);
  std::vector<top_k_selector<Scalar>> selectors(std::min(batch, which.size()));
  std::vector<Scalar> copy;
  struct scratch {
    std::vector<Scalar> sums;
    std::vector<scored_item<>> list;
  };
  scratch_pool<scratch> pool([] { return scratch{std::vector<Scalar>(most_columns), {}}; });

  // Scores columns [first, first + columns) of query q, which lie `leading` apart from `tile` on.
  const auto rank = [&](scratch& space, index_t row, top_k_selector<Scalar>& selector,
                        const Scalar* tile, std::size_t leading, std::size_t first,
                        std::size_t columns) {
    const auto history = histories.row(row);
    if (leading == items) {
      detail::sum_rows(history, tile, leading, columns, space.sums.data());
    } else {
      detail::sum_cached_rows(history, tile, leading, columns, space.sums.data());
    }
    filter.for_each_run(static_cast<index_t>(first), static_cast<index_t>(first + columns),
                        exclude_history ? history.indices : std::span<const index_t>{},
                        [&](index_t from, index_t to) {
                          const auto at = static_cast<std::size_t>(from) - first;
                          selector.push_range(from, space.sums.data() + at,
                                              static_cast<std::size_t>(to - from));
                        });
  };

  for (std::size_t first_query = 0; first_query < which.size(); first_query += batch) {
    const std::size_t queries = std::min(batch, which.size() - first_query);
    std::size_t entries = 0;
    for (std::size_t q = 0; q < queries; ++q) {
      entries += histories.row(which[first_query + q]).size();
      selectors[q].reset(longest);
    }
    const bool copies = entries >= 4 * rows;
    const std::size_t width = copies ? copied_columns : items;
    for (std::size_t first = 0; first < items; first += width) {
      const std::size_t columns = std::min(width, items - first);
      const Scalar* tile = weights.data() + first;
      std::size_t leading = items;
      if (copies) {
        copy.resize(rows * width);
        parallel_for(policy, static_cast<std::int64_t>(rows), 1024,
                     [&](std::int64_t begin, std::int64_t end) {
                       for (auto r = static_cast<std::size_t>(begin); std::cmp_less(r, end); ++r) {
                         std::copy_n(weights.data() + r * items + first, columns,
                                     copy.data() + r * width);
                       }
                     });
        tile = copy.data();
        leading = width;
      }
      parallel_for(policy, static_cast<std::int64_t>(queries), copies ? 256 : 4,
                   [&](std::int64_t begin, std::int64_t end) {
                     const auto space = pool.borrow();
                     for (auto q = static_cast<std::size_t>(begin); std::cmp_less(q, end); ++q) {
                       for (std::size_t c = 0; c < columns; c += most_columns) {
                         rank(*space, which[first_query + q], selectors[q], tile + c, leading,
                              first + c, std::min(most_columns, columns - c));
                       }
                     }
                   });
    }
    parallel_for(policy, static_cast<std::int64_t>(queries), 256,
                 [&](std::int64_t begin, std::int64_t end) {
                   const auto space = pool.borrow();
                   for (auto q = static_cast<std::size_t>(begin); std::cmp_less(q, end); ++q) {
                     space->list.clear();
                     for (const auto& entry : selectors[q].finish()) {
                       space->list.push_back({entry.item, static_cast<float>(entry.score)});
                     }
                     lists.assign(first_query + q, space->list);
                   }
                 });
  }
  return lists;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
