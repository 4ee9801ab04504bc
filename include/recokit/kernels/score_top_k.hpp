// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Top-k of factor models: scores, filters and selects in tiles, never users × items.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/core/top_k.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/items_by_norm.hpp>
#include <recokit/kernels/packed_items.hpp>
#include <recokit/kernels/quantized_items.hpp>
#include <recokit/kernels/score_scan.hpp>
#include <recokit/kernels/tile_top_k.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace detail {

/// What a call of score_top_k works with.
template <class Scalar>
struct top_k_plan {
  /// Places of a tile: a power of two and whole strips of every kernel.
  static constexpr std::ptrdiff_t tile_bits = 8;
  static constexpr std::ptrdiff_t tile = std::ptrdiff_t{1} << tile_bits;
  /// Rows of a tile lie this far apart: not at one border of the cache's sets.
  static constexpr std::ptrdiff_t leading = tile + 64 / static_cast<std::ptrdiff_t>(sizeof(Scalar));

  score_scan<Scalar> scan = best_score_scan<Scalar>();
  std::size_t k = 0;         ///< candidates that are wanted
  std::ptrdiff_t block = 0;  ///< queries that share a tile: whole strips of the kernel

  top_k_plan(const cpu& policy, std::ptrdiff_t queries, std::ptrdiff_t depth, std::ptrdiff_t strip,
             std::size_t length)
      : k(length) {
    // The scores and the queries take a quarter of the second-level cache each, candidates some of
    // the rest.
    constexpr auto bytes = static_cast<std::ptrdiff_t>(sizeof(Scalar));
    const std::ptrdiff_t cache = std::max<std::ptrdiff_t>(Eigen::l2CacheSize(), 1 << 18);
    const std::ptrdiff_t row = bytes * std::max<std::ptrdiff_t>({tile, depth, 1});
    std::ptrdiff_t most = std::clamp<std::ptrdiff_t>(cache / 4 / row, 48, 256);
    // Long lists bound the candidates of a thread.
    constexpr std::ptrdiff_t candidate_bytes = std::ptrdiff_t{1} << 26;
    const auto candidates =
        static_cast<std::ptrdiff_t>(tile_top_k<Scalar>::limit(k) * (sizeof(Scalar) + 4));
    most = std::min(most, candidate_bytes / candidates);
    // Few queries: several blocks a thread.
    most = std::min<std::ptrdiff_t>(most, queries / (3 * thread_count(policy)));
    block = std::max(most / strip, std::ptrdiff_t{1}) * strip;
  }
};

/// A block of queries whose lists are being made.
///
/// @tparam Packed packed_items or quantized_items, with a class packed_queries
template <class Packed>
class query_block {
 public:
  using Scalar = typename Packed::scalar;
  using plan_type = top_k_plan<Scalar>;
  static constexpr Scalar none = tile_top_k<Scalar>::none;

  query_block(const plan_type& plan, const items_by_norm<Scalar>& items, const Packed& packed)
      : plan_(plan),
        items_(items),
        scores_(plan.block * plan_type::leading),
        packed_(packed, plan.block),
        rows_(plan.block, packed.depth()),
        candidates_(static_cast<std::size_t>(plan.block)),
        norms_(candidates_.size()),
        row_of_(candidates_.size()),
        offsets_((items.items.size() >> plan_type::tile_bits) + 2) {}

  /// Takes the queries with these rows and what to leave out for each.
  void take(const row_major_matrix<Scalar>& queries, std::span<const index_t> which,
            const csr_view<>* seen) {
    active_.resize(which.size());
    left_out_.clear();
    std::fill(offsets_.begin(), offsets_.end(), 0);
    for (std::size_t q = 0; q < which.size(); ++q) {
      active_[q] = static_cast<std::uint32_t>(q);
      row_of_[q] = static_cast<std::ptrdiff_t>(q);
      rows_.row(static_cast<Eigen::Index>(q)) = queries.row(which[q]);
      candidates_[q].reset(plan_.k, plan_type::tile);
      if (seen == nullptr) continue;
      for (const index_t item : seen->row(which[q]).indices) {
        const index_t place = items_.places[static_cast<std::size_t>(item)];
        if (place < 0) continue;
        left_out_.push_back({static_cast<std::uint32_t>(q), place});
        ++offsets_[static_cast<std::size_t>(place >> plan_type::tile_bits) + 1];
      }
    }
    packed_.pack(rows_, static_cast<std::ptrdiff_t>(which.size()));
    for (std::size_t q = 0; q < which.size(); ++q) {
      norms_[q] = queries.row(which[q]).norm() / packed_.unit(q);
    }
    // Sorted by tile; by query within.
    for (std::size_t t = 1; t < offsets_.size(); ++t) offsets_[t] += offsets_[t - 1];
    by_tile_.resize(left_out_.size());
    for (const auto& [q, place] : left_out_) {
      by_tile_[offsets_[static_cast<std::size_t>(place >> plan_type::tile_bits)]++] = {
          q, static_cast<index_t>(place & (plan_type::tile - 1))};
    }
    // Each offset has moved to the end of its tile: the beginning of the next.
  }

  void rank() {
    const auto n = static_cast<std::ptrdiff_t>(items_.items.size());
    for (std::ptrdiff_t first = 0; first < n; first += plan_type::tile) {
      drop_done(items_.norms[static_cast<std::size_t>(first)]);
      if (active_.empty()) return;
      const std::ptrdiff_t columns = std::min(plan_type::tile, n - first);
      packed_.score(static_cast<std::ptrdiff_t>(active_.size()), first, columns, scores_.get(),
                    plan_type::leading);
      select(first, columns);
    }
  }

  /// Whether the scores of query q mean anything.
  bool usable(std::size_t q) const noexcept { return packed_.unit(q) != 0; }

  /// The list of query q. Valid until the next call.
  std::span<const scored_item<>> finish(std::size_t q) {
    candidates_[q].finish(plan_.scan, items_.items.data(), scratch_, list_);
    return list_;
  }

  /// The items that the list of query q is made of, and a few more; in any order.
  std::vector<scored_item<>>& candidates(std::size_t q) {
    candidates_[q].candidates(plan_.scan, items_.items.data(), list_);
    return list_;
  }

 private:
  struct mark {
    std::uint32_t query;
    index_t place;
  };

  // No item can enter the list of a query any more whose bound is below its floor.
  void drop_done(Scalar longest) {
    for (std::size_t row = 0; row < active_.size();) {
      const std::size_t q = active_[row];
      if (!(norms_[q] * longest < candidates_[q].floor())) {
        ++row;
        continue;
      }
      row_of_[q] = -1;
      const std::size_t last = active_.size() - 1;
      if (row != last) {
        active_[row] = active_[last];
        row_of_[active_[row]] = static_cast<std::ptrdiff_t>(row);
        packed_.move(static_cast<std::ptrdiff_t>(last), static_cast<std::ptrdiff_t>(row));
      }
      active_.pop_back();
    }
  }
  void select(std::ptrdiff_t first, std::ptrdiff_t columns) {
    const auto t = static_cast<std::size_t>(first >> plan_type::tile_bits);
    const std::span marks(by_tile_.data() + (t == 0 ? 0 : offsets_[t - 1]),
                          by_tile_.data() + offsets_[t]);
    for (const auto& [q, place] : marks) {
      const std::ptrdiff_t row = row_of_[q];
      if (row >= 0) scores_.get()[row * plan_type::leading + place] = none;
    }
    for (std::size_t row = 0; row < active_.size(); ++row) {
      const std::uint32_t q = active_[row];
      const auto is_left_out = [&](std::size_t place) {
        auto at = std::lower_bound(marks.begin(), marks.end(), q,
                                   [](const mark& m, std::uint32_t x) { return m.query < x; });
        for (; at != marks.end() && at->query == q; ++at) {
          if (std::cmp_equal(at->place, place)) return true;
        }
        return false;
      };
      candidates_[q].take(plan_.scan,
                          scores_.get() + static_cast<std::ptrdiff_t>(row) * plan_type::leading,
                          static_cast<std::size_t>(columns), static_cast<index_t>(first),
                          items_.items.data(), items_.places.data(), scratch_, is_left_out);
    }
  }

  const plan_type& plan_;
  const items_by_norm<Scalar>& items_;
  packed_buffer<Scalar> scores_;
  typename Packed::packed_queries packed_;  // those that are not done
  row_major_matrix<Scalar> rows_;           // all queries
  std::vector<tile_top_k<Scalar>> candidates_;
  std::vector<Scalar> norms_;
  std::vector<std::ptrdiff_t> row_of_;    // by query; -1: done
  std::vector<std::uint32_t> active_;     // the query of each row
  std::vector<mark> left_out_, by_tile_;  // places in the list, then in the tile
  std::vector<std::size_t> offsets_;      // ends of the tiles in by_tile_
  tile_top_k_scratch<Scalar> scratch_;
  std::vector<scored_item<>> list_;
};

/// For queries that are too few to keep packed items for: they are packed tile by tile, so that the
/// scores are the same bits as in a large batch. One thread.
template <class Scalar>
void score_few(const row_major_matrix<Scalar>& queries, std::span<const index_t> which,
               const csr_view<>* seen, const row_major_matrix<Scalar>& items,
               const item_filter& filter, std::size_t k, ranked_lists& lists,
               std::size_t first_list = 0) {
  const auto kernel = best_gemm_kernel<Scalar>();
  const std::ptrdiff_t d = items.cols();
  const auto rows = std::ssize(which);
  const std::ptrdiff_t tile = 2 * kernel.columns;
  const packed_buffer<Scalar> left(whole_strips(rows, kernel.rows) * d);
  const packed_buffer<Scalar> right(tile * d);
  row_major_matrix<Scalar> taken(rows, d);
  for (std::ptrdiff_t q = 0; q < rows; ++q) {
    taken.row(q) = queries.row(which[static_cast<std::size_t>(q)]);
  }
  pack_strips(kernel.rows, rows, d, row_major<Scalar>(taken.data(), d), left.get());
  std::vector<top_k_selector<Scalar>> selectors(which.size(), top_k_selector<Scalar>(k));
  std::vector<Scalar> scores(static_cast<std::size_t>(rows * tile));
  for (std::ptrdiff_t first = 0; first < items.rows(); first += tile) {
    const std::ptrdiff_t columns = std::min<std::ptrdiff_t>(tile, items.rows() - first);
    pack_strips(kernel.columns, columns, d, row_major<Scalar>(items.data() + first * d, d),
                right.get());
    std::fill(scores.begin(), scores.end(), Scalar{0});
    multiply_strips<Scalar>(kernel, rows, columns, 0, d, {left.get(), d}, {right.get(), d},
                            Scalar{1}, scores.data(), tile);
    for (std::size_t q = 0; q < which.size(); ++q) {
      const Scalar* const row = scores.data() + static_cast<std::ptrdiff_t>(q) * tile;
      const auto excluded =
          seen == nullptr ? std::span<const index_t>{} : seen->row(which[q]).indices;
      filter.for_each_run(static_cast<index_t>(first), static_cast<index_t>(first + columns),
                          excluded, [&](index_t from, index_t to) {
                            selectors[q].push_range(from, row + (from - first),
                                                    static_cast<std::size_t>(to - from));
                          });
    }
  }
  std::vector<scored_item<>> list;
  for (std::size_t q = 0; q < which.size(); ++q) {
    list.clear();
    for (const auto& entry : selectors[q].finish()) {
      list.push_back({entry.item, static_cast<float>(entry.score)});
    }
    lists.assign(first_list + q, list);
  }
}

/// Calls finish(block, q, n) for every query: which[n] is number q of the block, whose candidates
/// are found.
template <class Packed, class Finish>
void rank_blocks(const cpu& policy, const top_k_plan<typename Packed::scalar>& plan,
                 const row_major_matrix<typename Packed::scalar>& queries,
                 std::span<const index_t> which, const csr_view<>* seen,
                 const items_by_norm<typename Packed::scalar>& order, const Packed& packed,
                 const Finish& finish) {
  using block_type = query_block<Packed>;
  scratch_pool<block_type> pool([&] { return block_type(plan, order, packed); });
  parallel_for(policy, std::ssize(which), plan.block, [&](std::int64_t begin, std::int64_t end) {
    const auto block = pool.borrow();
    const auto first = static_cast<std::size_t>(begin);
    const auto rows = static_cast<std::size_t>(end - begin);
    block->take(queries, which.subspan(first, rows), seen);
    block->rank();
    for (std::size_t q = 0; q < rows; ++q) finish(*block, q, first + q);
  });
}

/// Sorting costs about what a few queries do.
inline bool sorts_items(std::span<const index_t> which) noexcept { return which.size() >= 64; }

/// Scores some items with whole factors. Their rows lie anywhere, so those to come are fetched
/// while one is summed.
inline void score_rows(const float* query, const row_major_matrix<float>& items,
                       std::span<scored_item<>> list) {
  const Eigen::Index d = items.cols();
  const Eigen::Map<const Eigen::VectorXf> row(query, d);
  const auto fetch = [&](std::size_t n) {
#if defined(__GNUC__)
    const float* const from = items.data() + list[n].item * d;
    for (Eigen::Index p = 0; p < d; p += 16) __builtin_prefetch(from + p);
#else
    (void)n;
#endif
  };
  constexpr std::size_t ahead = 6;
  for (std::size_t n = 0; n < std::min(ahead, list.size()); ++n) fetch(n);
  for (std::size_t n = 0; n < list.size(); ++n) {
    if (n + ahead < list.size()) fetch(n + ahead);
    list[n].score = items.row(list[n].item).dot(row);
  }
}

/// Finds oversampling · k candidates a query by scores of eight bits and ranks those by their own.
/// @returns false, with nothing done, where the factors do not let it
inline bool score_quickly(const cpu& policy, const row_major_matrix<float>& queries,
                          std::span<const index_t> which, const csr_view<>* seen,
                          const row_major_matrix<float>& items, const item_filter& filter,
                          std::size_t k, float oversampling, const quantized_kernel& kernel,
                          ranked_lists& lists) {
  if (items.cols() > quantized_items::most_factors) return false;
  const items_by_norm<float> order(policy, items, filter, sorts_items(which));
  const quantized_items packed(policy, items, order.items, kernel);
  if (!packed.usable()) return false;
  const auto n = std::max<std::size_t>(order.items.size(), 1);
  const std::size_t candidates =
      std::clamp(static_cast<std::size_t>(
                     std::min(std::ceil(static_cast<double>(k) * static_cast<double>(oversampling)),
                              static_cast<double>(n))),
                 std::min(k, n), n);
  // A query takes a quarter of the bytes of floats.
  const top_k_plan<float> plan(policy, std::ssize(which), (items.cols() + 3) / 4,
                               quantized_kernel::rows, candidates);
  rank_blocks(policy, plan, queries, which, seen, order, packed,
              [&](query_block<quantized_items>& block, std::size_t q, std::size_t n) {
                if (!block.usable(q)) {
                  score_few(queries, which.subspan(n, 1), seen, items, filter, k, lists, n);
                  return;
                }
                auto& list = block.candidates(q);
                score_rows(queries.row(which[n]).data(), items, list);
                const auto last =
                    list.begin() + static_cast<std::ptrdiff_t>(std::min(k, list.size()));
                if (last != list.end()) {
                  std::nth_element(list.begin(), last, list.end(), by_rank{});
                }
                std::sort(list.begin(), last, by_rank{});
                lists.assign(n, {list.begin(), last});
              });
  return true;
}

}  // namespace detail

/// For each query, the k items with the largest dot product of query and item factors.
///
/// @param queries rows × d factors
/// @param which   the rows of `queries` to rank for, in this order
/// @param seen    rows × items: what to leave out for each row of `queries`; null leaves nothing
/// out
/// @param items   n × d item factors
/// @returns exactly min(k, allowed items) entries a list, in the order of ranks_before
///
/// At most which.size() · n · d multiply-adds, as packed products with the instructions of the
/// machine (see gemm.hpp), tile by tile of scores that are selected from while they are in the
/// cache. Eight queries and more copy the item factors for it; 64 and more take the items by
/// falling norm and leave out those that can no longer enter (see items_by_norm): exact. The same
/// bits for any number of threads and of queries. Scratch a thread: a tile of at most 256 queries
/// by 256 items and their candidates, 256 · (512 + 2d + 3k) scalars.
///
/// @param oversampling 0: exact. Above, k times as many candidates come from a pass in which every
/// factor is rounded to eight bits, and their own scores rank them, so that an item that should be
/// in a list can be missing from it (see list_recall). Only floats, where the processor has the
/// instructions (AVX-512 VNNI), for eight queries and more, and finite factors of ordinary size;
/// exact otherwise.
template <class Scalar>
ranked_lists score_top_k(const cpu& policy, const row_major_matrix<Scalar>& queries,
                         std::span<const index_t> which, const csr_view<>* seen,
                         const row_major_matrix<Scalar>& items, const item_filter& filter, int k,
                         float oversampling = 0) {
  ranked_lists lists(which.size(), static_cast<std::size_t>(std::max(k, 0)));
  if (k <= 0) return lists;
  const auto length = static_cast<std::size_t>(k);
  if (which.size() < 8) {
    detail::score_few(queries, which, seen, items, filter, length, lists);
    return lists;
  }
  if constexpr (std::is_same_v<Scalar, float>) {
    const auto kernels = quantized_kernels();
    if (oversampling > 0 && kernels.size() > 1 &&
        detail::score_quickly(policy, queries, which, seen, items, filter, length, oversampling,
                              kernels.front(), lists)) {
      return lists;
    }
  }
  const auto kernel = best_gemm_kernel<Scalar>();
  const items_by_norm<Scalar> order(policy, items, filter, detail::sorts_items(which));
  const packed_items<Scalar> packed(policy, items, order.items, kernel);
  const detail::top_k_plan<Scalar> plan(policy, std::ssize(which), items.cols(), kernel.rows,
                                        length);
  detail::rank_blocks(policy, plan, queries, which, seen, order, packed,
                      [&](detail::query_block<packed_items<Scalar>>& block, std::size_t q,
                          std::size_t n) { lists.assign(n, block.finish(q)); });
  return lists;
}

#if defined(RECOKIT_COMPILED)
extern template ranked_lists score_top_k(const cpu&, const row_major_matrix<float>&,
                                         std::span<const index_t>, const csr_view<>*,
                                         const row_major_matrix<float>&, const item_filter&, int,
                                         float);
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
