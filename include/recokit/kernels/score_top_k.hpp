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
#include <recokit/kernels/row_kernels.hpp>
#include <recokit/kernels/score_scan.hpp>
#include <recokit/kernels/tile_top_k.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
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
      norms_[q] = queries.row(which[q]).stableNorm();
      candidates_[q].reset(plan_.k, plan_type::tile, packed_.slack(q));
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

  /// Whether the candidates of query q were found.
  bool usable(std::size_t q) const noexcept {
    return packed_.usable(q) && !candidates_[q].overfull();
  }

  /// The list of query q. Valid until the next call.
  std::span<const scored_item<>> finish(std::size_t q) {
    candidates_[q].finish(plan_.scan, items_.items.data(), scratch_, list_);
    return list_;
  }

  /// The items that the list of query q is made of, and a few more; in any order.
  std::vector<scored_item<>>& candidates(std::size_t q) {
    candidates_[q].candidates(plan_.scan, list_);
    if (packed_.slack(q) > 0 && list_.size() > plan_.k) drop_behind(q);
    for (auto& entry : list_) entry.item = items_.items[static_cast<std::size_t>(entry.item)];
    return list_;
  }

 private:
  struct mark {
    std::uint32_t query;
    index_t place;
  };

  // Drops the places of list_ whose bound is below what k of them reach with their slack taken off.
  void drop_behind(std::size_t q) {
    reached_.clear();
    for (const auto& entry : list_) {
      reached_.push_back(entry.score - packed_.slack(q, static_cast<std::size_t>(entry.item)));
    }
    const auto last = reached_.begin() + static_cast<std::ptrdiff_t>(plan_.k) - 1;
    std::nth_element(reached_.begin(), last, reached_.end(), std::greater<>{});
    const float floor = *last - std::numeric_limits<float>::epsilon() * std::abs(*last);
    std::erase_if(list_, [&](const scored_item<>& entry) { return entry.score < floor; });
  }

  // No item can enter the list of a query any more whose bound is below its floor, and a query that
  // has too many candidates is left.
  void drop_done(Scalar longest) {
    for (std::size_t row = 0; row < active_.size();) {
      const std::size_t q = active_[row];
      if (!(norms_[q] * longest < candidates_[q].floor()) && !candidates_[q].overfull()) {
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
  std::vector<float> reached_;
};

/// For queries that are too few to keep packed items for: they are packed tile by tile, so that the
/// scores are the same bits as in a large batch. One thread.
template <class Scalar>
void score_few(const row_major_matrix<Scalar>& queries, std::span<const index_t> which,
               const csr_view<>* seen, const row_major_matrix<Scalar>& items,
               const item_filter& filter, std::size_t k, ranked_lists& lists) {
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
    lists.assign(q, list);
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

/// Ranks candidates by the bits that a product of tiles gives them. Use from one thread.
class candidate_scorer {
 public:
  /// @param longest no row of the items is longer
  candidate_scorer(const row_major_matrix<float>& items, double longest,
                   const gemm_kernel<float>& kernel)
      : items_(items),
        longest_(longest),
        kernel_(kernel),
        vectors_(best_row_kernels<float>()),
        query_(kernel.rows * items.cols()),
        strip_(kernel.columns * items.cols()),
        rows_(kernel.columns, items.cols()),
        scores_(kernel.rows * kernel.columns) {
    std::fill_n(query_.get(), kernel.rows * items.cols(), 0.0f);
  }

  /// Cuts the list down to its k best, in rank order.
  void rank(const float* query, std::size_t k, std::vector<scored_item<>>& list) {
    estimate(query, list);
    if (k < list.size()) {
      // What other sums of the same products put this far behind cannot be among the k best.
      const auto last = list.begin() + static_cast<std::ptrdiff_t>(k) - 1;
      std::nth_element(list.begin(), last, list.end(), by_rank{});
      const double slack = 2 * (above_rounding(items_.cols()) - 1) * longest_ *
                           Eigen::Map<const Eigen::VectorXf>(query, items_.cols()).norm();
      const auto floor = static_cast<float>(static_cast<double>(last->score) - slack);
      std::erase_if(list, [&](const scored_item<>& entry) { return entry.score < floor; });
    }
    score(query, list);
    std::sort(list.begin(), list.end(), by_rank{});
    list.resize(std::min(k, list.size()));
  }

 private:
  // Scores in whatever order of sums is quick. Rows lie anywhere, so those to come are fetched
  // while one is summed.
  void estimate(const float* query, std::span<scored_item<>> list) const {
    const Eigen::Index d = items_.cols();
    const Eigen::Index whole = d / vectors_.lanes * vectors_.lanes;
    const auto fetch = [&](std::size_t n) {
#if defined(__GNUC__)
      const float* const from = items_.data() + list[n].item * d;
      for (Eigen::Index p = 0; p < d; p += 16) __builtin_prefetch(from + p);
#else
      (void)n;
#endif
    };
    constexpr std::size_t ahead = 6;
    for (std::size_t n = 0; n < std::min(ahead, list.size()); ++n) fetch(n);
    for (std::size_t n = 0; n < list.size(); ++n) {
      if (n + ahead < list.size()) fetch(n + ahead);
      const float* const row = items_.data() + list[n].item * d;
      float sum = vectors_.dot(whole, query, row);
      for (Eigen::Index p = whole; p < d; ++p) sum += query[p] * row[p];
      list[n].score = sum;
    }
  }

  void score(const float* query, std::span<scored_item<>> list) {
    const Eigen::Index d = items_.cols();
    for (Eigen::Index p = 0; p < d; ++p) query_.get()[p * kernel_.rows] = query[p];
    for (std::size_t first = 0; first < list.size();) {
      const auto count = std::min(static_cast<std::size_t>(kernel_.columns), list.size() - first);
      const auto part = list.subspan(first, count);
      for (std::size_t n = 0; n < count; ++n) {
        rows_.row(static_cast<Eigen::Index>(n)) = items_.row(part[n].item);
      }
      pack_strips(kernel_.columns, static_cast<std::ptrdiff_t>(count), d,
                  row_major<float>(rows_.data(), d), strip_.get());
      std::fill_n(scores_.get(), kernel_.columns, 0.0f);
      kernel_.multiply(d, query_.get(), strip_.get(), 1.0f, scores_.get(), kernel_.columns);
      for (std::size_t n = 0; n < count; ++n) part[n].score = scores_.get()[n];
      first += count;
    }
  }

  const row_major_matrix<float>& items_;
  double longest_;
  gemm_kernel<float> kernel_;
  row_kernels<float> vectors_;
  packed_buffer<float> query_, strip_;
  row_major_matrix<float> rows_;
  packed_buffer<float> scores_;
};

/// Products of whole factors.
template <class Scalar>
void score_by_factors(const cpu& policy, const row_major_matrix<Scalar>& queries,
                      std::span<const index_t> which, const csr_view<>* seen,
                      const row_major_matrix<Scalar>& items, const items_by_norm<Scalar>& order,
                      std::size_t k, const gemm_kernel<Scalar>& kernel,
                      std::span<const std::size_t> places, ranked_lists& lists) {
  const packed_items<Scalar> packed(policy, items, order.items, kernel);
  const top_k_plan<Scalar> plan(policy, std::ssize(which), items.cols(), kernel.rows, k);
  rank_blocks(policy, plan, queries, which, seen, order, packed,
              [&](query_block<packed_items<Scalar>>& block, std::size_t q, std::size_t n) {
                lists.assign(places.empty() ? n : places[n], block.finish(q));
              });
}

/// Whether products of bytes and whole scores of what they leave are quicker than whole scores.
inline bool bytes_pay(std::size_t queries, Eigen::Index items, Eigen::Index factors,
                      std::size_t k) noexcept {
  return queries >= 64 && factors >= 32 && static_cast<std::size_t>(items) / 150 >= k;
}

/// Candidates come from scores of eight bits, and whole ones rank them.
/// @param oversampling 0: the candidates are all that can be among the k best. Above, oversampling
///                     · k of the best
/// @returns false, with nothing done, where the factors do not let it
inline bool score_by_bytes(const cpu& policy, const row_major_matrix<float>& queries,
                           std::span<const index_t> which, const csr_view<>* seen,
                           const row_major_matrix<float>& items, const item_filter& filter,
                           std::size_t k, float oversampling, const quantized_kernel& kernel,
                           ranked_lists& lists) {
  if (items.cols() > most_quantized) return false;
  const items_by_norm<float> order(policy, items, filter, sorts_items(which));
  const bool exact = oversampling == 0;
  const quantized_items packed(policy, items, order.items, kernel,
                               exact ? byte_scores::upper : byte_scores::nearest);
  if (!packed.usable()) return false;
  const auto n = std::max<std::size_t>(order.items.size(), 1);
  const double wanted =
      std::ceil(static_cast<double>(k) * static_cast<double>(exact ? 1 : oversampling));
  const auto candidates = std::clamp(
      static_cast<std::size_t>(std::min(wanted, static_cast<double>(n))), std::min(k, n), n);
  // A query takes a quarter of the bytes of floats.
  const top_k_plan<float> plan(policy, std::ssize(which), (items.cols() + 3) / 4,
                               quantized_kernel::rows, candidates);
  const auto whole = best_gemm_kernel<float>();
  scratch_pool<candidate_scorer> scorers(
      [&] { return candidate_scorer(items, static_cast<double>(packed.largest_length()), whole); });
  std::vector<char> left(which.size());
  rank_blocks(policy, plan, queries, which, seen, order, packed,
              [&](query_block<quantized_items>& block, std::size_t q, std::size_t n) {
                left[n] = block.usable(q) ? 0 : 1;
                if (left[n] != 0) return;
                auto& list = block.candidates(q);
                scorers.borrow()->rank(queries.row(which[n]).data(), k, list);
                lists.assign(n, list);
              });
  std::vector<std::size_t> places;
  std::vector<index_t> rows;
  for (std::size_t n = 0; n < which.size(); ++n) {
    if (left[n] == 0) continue;
    places.push_back(n);
    rows.push_back(which[n]);
  }
  if (!rows.empty()) {
    score_by_factors<float>(policy, queries, rows, seen, items, order, k, whole, places, lists);
  }
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
/// Many items, short lists of floats and a processor with AVX-512 VNNI: the multiply-adds are those
/// of factors rounded to eight bits, with a bound of what that can take away from each score (see
/// quantized_items). Whole scores rank the items that the bound lets be among the k best, some
/// times k of them; a query that has more than 8 k + 256 takes whole scores for all. The lists are
/// the same to the bit.
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
    if (kernels.size() > 1 &&
        (oversampling > 0 || detail::bytes_pay(which.size(), items.rows(), items.cols(), length)) &&
        detail::score_by_bytes(policy, queries, which, seen, items, filter, length, oversampling,
                               kernels.front(), lists)) {
      return lists;
    }
  }
  const items_by_norm<Scalar> order(policy, items, filter, detail::sorts_items(which));
  detail::score_by_factors<Scalar>(policy, queries, which, seen, items, order, length,
                                   best_gemm_kernel<Scalar>(), {}, lists);
  return lists;
}

#if defined(RECOKIT_COMPILED)
extern template ranked_lists score_top_k(const cpu&, const row_major_matrix<float>&,
                                         std::span<const index_t>, const csr_view<>*,
                                         const row_major_matrix<float>&, const item_filter&, int,
                                         float);
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
