// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The nearest neighbours of all items under a measure of what pairs of items share.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/huge_pages.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/top_k.hpp>
#include <recokit/kernels/bit_columns.hpp>
#include <recokit/kernels/neighbor_selectors.hpp>
#include <recokit/kernels/pair_sums.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

using pair_measures::pair_count;
using pair_measures::pair_dot;
using pair_measures::pair_moments;

/// How alike two items are: called with their indices and their pair_count, pair_dot or
/// pair_moments, x being the values of the first. Must not return NaN.
template <class Measure, class Sums>
concept pair_measure = requires(const Measure& measure, std::int64_t i, const Sums& sums) {
  { measure(i, i, sums) } -> std::convertible_to<double>;
};

enum class pair_symmetry {
  symmetric,  ///< measure(i, j, sums) == measure(j, i, sums.swapped()): called once a pair
  none,
};

/// The default of `cancelled`.
struct never_cancelled {
  bool operator()() const noexcept { return false; }
};

namespace detail_similarity {

/// Interactions with the items renamed by falling popularity, so that popular items are a prefix of
/// every row and counters of the others stay small.
template <class Value, class Rank>
struct ranked_rows {
  std::vector<std::int64_t> offsets;  // users + 1
  std::unique_ptr<Rank[]> ranks;      // ascending in each row
  std::unique_ptr<Value[]> values;    // null: not needed
};

/// Items by falling popularity: rank → item.
template <class Value, class Index, class Offset>
std::vector<std::int64_t> popularity_order(const csr_view<Value, Index, Offset>& items) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(items.rows()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return items.row(a).size() > items.row(b).size();
  });
  return order;
}

template <class Rank, class Value, class Index, class Offset>
ranked_rows<Value, Rank> rank_items(const cpu& policy, const csr_view<Value, Index, Offset>& users,
                                    std::span<const std::int64_t> order, bool with_values) {
  ranked_rows<Value, Rank> ranked;
  std::vector<Rank> rank(order.size());
  for (std::size_t r = 0; r < order.size(); ++r) {
    rank[static_cast<std::size_t>(order[r])] = static_cast<Rank>(r);
  }
  ranked.offsets.assign(static_cast<std::size_t>(users.rows()) + 1, 0);
  for (std::int64_t u = 0; u < users.rows(); ++u) {
    const auto at = static_cast<std::size_t>(u);
    ranked.offsets[at + 1] = ranked.offsets[at] + static_cast<std::int64_t>(users.row(u).size());
  }
  const auto entries = static_cast<std::size_t>(users.nonzeros());
  ranked.ranks = std::make_unique_for_overwrite<Rank[]>(entries);
  recokit::detail::prefer_huge_pages(ranked.ranks.get(), entries * sizeof(Rank));
  if (with_values) ranked.values = std::make_unique_for_overwrite<Value[]>(entries);
  parallel_for(policy, users.rows(), 256, [&](std::int64_t begin, std::int64_t end) {
    std::vector<std::pair<Rank, Value>> pairs;
    for (std::int64_t u = begin; u < end; ++u) {
      const auto row = users.row(u);
      const auto first = static_cast<std::size_t>(ranked.offsets[static_cast<std::size_t>(u)]);
      Rank* const to = ranked.ranks.get() + first;
      if (!with_values) {
        for (std::size_t n = 0; n < row.size(); ++n) {
          to[n] = rank[static_cast<std::size_t>(row.indices[n])];
        }
        std::sort(to, to + row.size());
        continue;
      }
      pairs.clear();
      for (std::size_t n = 0; n < row.size(); ++n) {
        pairs.emplace_back(rank[static_cast<std::size_t>(row.indices[n])], row.value(n));
      }
      std::sort(pairs.begin(), pairs.end(),
                [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t n = 0; n < pairs.size(); ++n) {
        to[n] = pairs[n].first;
        ranked.values[first + n] = pairs[n].second;
      }
    }
  });
  return ranked;
}

/// Turns the sums of pairs into neighbours of both items.
template <class Sums, class Measure>
class pair_sink {
 public:
  using sums_type = Sums;

  /// @param one_sided a pair comes twice, once from either side
  pair_sink(const Measure& measure, pair_symmetry symmetry, std::span<const std::int64_t> order,
            bool one_sided, std::int64_t minimum_common, std::size_t k,
            neighbor_selectors& selectors)
      : measure_(measure),
        symmetry_(symmetry),
        order_(order),
        one_sided_(one_sided),
        minimum_common_(minimum_common),
        k_(k),
        selectors_(selectors) {}

  bool one_sided() const noexcept { return one_sided_; }
  std::int64_t minimum_common() const noexcept { return minimum_common_; }

  /// Work space of one thread.
  struct space {
    std::vector<std::uint32_t> others;  // ranks of items that share a user with the item at hand
    std::vector<index_t> items;
    std::vector<float> scores;
    std::vector<float> back_scores;
    std::vector<float> sample;
    std::vector<scored_item<>> own;

    explicit space(std::size_t count)
        : others(count + 1), items(count), scores(count), back_scores(count) {}
  };

  /// Takes the pairs of the item of `rank` with space.others[0, count), each there once.
  /// @param take returns the sums with an item, by rank, and forgets them
  template <class Take>
  void finish_row(std::size_t rank, std::size_t count, space& space, const Take& take) const {
    const std::int64_t item = order_[rank];
    const bool asymmetric = !one_sided_ && symmetry_ == pair_symmetry::none;
    std::size_t kept = 0;
    for (std::size_t n = 0; n < count; ++n) {
      const std::uint32_t r = space.others[n];
      const std::int64_t other = order_[r];
      const Sums sums = take(r);
      space.others[kept] = r;
      space.items[kept] = static_cast<index_t>(other);
      space.scores[kept] = static_cast<float>(measure_(item, other, sums));
      if (asymmetric) {
        space.back_scores[kept] = static_cast<float>(measure_(other, item, sums.swapped()));
      }
      kept += sums.common >= minimum_common_ ? 1 : 0;
    }
    const std::span<const float> scores(space.scores.data(), kept);
    const float floor = top_k_floor(scores, k_, space.sample);
    space.own.clear();
    for (std::size_t n = 0; n < kept; ++n) {
      if (scores[n] >= floor) space.own.push_back({space.items[n], scores[n]});
    }
    if (one_sided_) {
      selectors_.assign(rank, space.own);
      return;
    }
    selectors_.push(rank, space.own);
    const auto& back = asymmetric ? space.back_scores : space.scores;
    for (std::size_t n = 0; n < kept; ++n) {
      if (back[n] < selectors_.floor(space.others[n])) continue;
      selectors_.push(space.others[n], {static_cast<index_t>(item), back[n]});
    }
  }

 private:
  const Measure& measure_;
  pair_symmetry symmetry_;
  std::span<const std::int64_t> order_;
  bool one_sided_;
  std::int64_t minimum_common_;
  std::size_t k_;
  neighbor_selectors& selectors_;
};

/// Where the loop over items begins and how it is cut: from the least popular item to the most, by
/// work, which is Σ over the users of an item of the length of their rows.
///
/// In this order an item meets those of about its own popularity first. They are the most alike by
/// most measures, so what comes later is turned away at the first look.
struct row_plan {
  std::vector<std::int64_t> starts;  // of position p, which is rank items − 1 − p; items + 1

  std::size_t rank(std::size_t position) const noexcept { return starts.size() - 2 - position; }
  std::int64_t work(std::size_t rank) const noexcept {
    const std::size_t position = starts.size() - 2 - rank;
    return starts[position + 1] - starts[position];
  }
};

template <class Value, class Index, class Offset>
row_plan plan_rows(const cpu& policy, const csr_view<Value, Index, Offset>& users,
                   const csr_view<Value, Index, Offset>& items,
                   std::span<const std::int64_t> order) {
  row_plan plan{std::vector<std::int64_t>(order.size() + 1, 0)};
  parallel_for(policy, static_cast<std::int64_t>(order.size()), 1024,
               [&](std::int64_t begin, std::int64_t end) {
                 for (auto p = static_cast<std::size_t>(begin); std::cmp_less(p, end); ++p) {
                   for (const Index u : items.row(order[plan.rank(p)]).indices) {
                     plan.starts[p + 1] += static_cast<std::int64_t>(users.row(u).size());
                   }
                 }
               });
  for (std::size_t p = 0; p < order.size(); ++p) plan.starts[p + 1] += plan.starts[p];
  return plan;
}

/// Whether to add every pair up twice, once for the neighbours of either item, instead of handing
/// it to the other item's selector: that costs a cache miss, unless it turns most pairs away at the
/// first look, which needs far more candidates than neighbours.
inline bool better_one_sided(const row_plan& plan, std::size_t k) {
  const std::size_t rows = plan.starts.size() - 1;
  double candidates = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    candidates +=
        static_cast<double>(std::min<std::int64_t>(plan.work(r), static_cast<std::int64_t>(rows)));
  }
  return candidates < 20.0 * static_cast<double>(k) * static_cast<double>(rows);
}

/// How many of the most popular items, in strips of bit_columns, cost less as bits than scattered.
/// A strip costs a user of a row about `strip_cost` scattered additions, however many bits are set.
template <class Value, class Index, class Offset>
std::size_t dense_strips(const csr_view<Value, Index, Offset>& items,
                         std::span<const std::int64_t> order, std::int64_t users) {
  constexpr double strip_cost = 6;
  constexpr std::size_t columns = bit_columns::strip_columns;
  std::size_t strips = 0;
  for (; strips * columns < order.size(); ++strips) {
    const std::size_t end = std::min(order.size(), (strips + 1) * columns);
    double entries = 0;
    for (std::size_t r = strips * columns; r < end; ++r) {
      entries += static_cast<double>(items.row(order[r]).size());
    }
    if (entries < strip_cost * static_cast<double>(users)) break;
  }
  return strips;
}

/// Adds the pairs of one item up in `sums`, one entry a rank, all empty before, and lists the ranks
/// of those in use. They are listed as they come where there are few, and found by a scan
/// otherwise; neither branches on the data.
/// @param from  the first rank wanted
/// @param skip  a rank to leave out
/// @param add   add(sums, x, entry) adds an interaction of value x with one of `ranked`
/// @param in_use whether sums hold anything
/// @returns the end of the ranks written to `others`
template <class Sums, class Value, class Rank, class Index, class Add, class InUse>
std::uint32_t* scatter_row(const csr_row<Value, Index>& item,
                           const ranked_rows<Value, Rank>& ranked, std::size_t from,
                           std::size_t skip, std::int64_t work, std::vector<Sums>& sums,
                           std::uint32_t* others, const Add& add, const InUse& in_use) {
  // Rows of users come in no order that the hardware could foresee; their ends are read first.
  constexpr std::size_t ahead = 8;
  const auto each = [&](const auto& reach) {
    for (std::size_t n = 0; n < item.size(); ++n) {
      if (n + 2 * ahead < item.size()) {
        const auto later = static_cast<std::size_t>(item.indices[n + 2 * ahead]);
        __builtin_prefetch(ranked.offsets.data() + later);
      }
      if (n + ahead < item.size()) {
        const auto next = static_cast<std::size_t>(item.indices[n + ahead]);
        auto e = ranked.offsets[next + 1];
        constexpr std::int64_t line = 64 / sizeof(Rank);
        const auto stop = std::max(ranked.offsets[next], e - 3 * line);
        for (; e > stop; e -= line) __builtin_prefetch(ranked.ranks.get() + e - 1);
      }
      const auto u = static_cast<std::size_t>(item.indices[n]);
      const Value x = item.value(n);
      const auto first = static_cast<std::size_t>(ranked.offsets[u]);
      auto e = static_cast<std::size_t>(ranked.offsets[u + 1]);
      while (e-- > first && ranked.ranks[e] >= from) reach(ranked.ranks[e], x, e);
    }
  };
  if (std::cmp_less(work, sums.size() / 4)) {
    each([&](Rank r, Value x, std::size_t e) {
      *others = r;
      others += in_use(sums[r]) || r == skip ? 0 : 1;
      add(sums[r], x, e);
    });
    sums[skip] = {};
    return others;
  }
  each([&](Rank r, Value x, std::size_t e) { add(sums[r], x, e); });
  sums[skip] = {};
  for (std::size_t r = from; r < sums.size(); ++r) {
    *others = static_cast<std::uint32_t>(r);
    others += in_use(sums[r]) ? 1 : 0;
  }
  return others;
}

/// Pairs of all items by scattering alone.
template <class Sums, class Value, class Rank, class Index, class Offset, class Sink,
          class Cancelled>
void scatter_pairs(const cpu& policy, const csr_view<Value, Index, Offset>& items,
                   const ranked_rows<Value, Rank>& ranked, std::span<const std::int64_t> order,
                   const row_plan& plan, const Sink& sink, const Cancelled& cancelled) {
  const std::size_t count = order.size();
  struct scratch {
    std::vector<Sums> sums;
    typename Sink::space space;
  };
  scratch_pool<scratch> pool([count] {
    return scratch{std::vector<Sums>(count), typename Sink::space(count)};
  });
  parallel_for_rows(policy, plan.starts.data(), static_cast<std::int64_t>(count), 1'000'000, 100,
                    [&](std::int64_t begin, std::int64_t end) {
                      if (cancelled()) return;
                      const auto lease = pool.borrow();
                      auto& [sums, space] = *lease;
                      for (auto p = static_cast<std::size_t>(begin); std::cmp_less(p, end); ++p) {
                        const std::size_t r = plan.rank(p);
                        const auto* const stop = scatter_row(
                            items.row(order[r]), ranked, sink.one_sided() ? 0 : r + 1, r,
                            plan.work(r), sums, space.others.data(),
                            [&](Sums& into, Value x, std::size_t e) {
                              into.add(static_cast<double>(x),
                                       ranked.values ? static_cast<double>(ranked.values[e]) : 1.0);
                            },
                            [](const Sums& of) { return of.common != 0; });
                        sink.finish_row(
                            r, static_cast<std::size_t>(stop - space.others.data()), space,
                            [&sums = sums](std::uint32_t j) { return std::exchange(sums[j], {}); });
                      }
                    });
}

/// Pairs of all items without values. The popular head of every row is a row of bits; the tail is
/// scattered to counters of type Rank, which must hold the popularity of a tail item.
template <class Value, class Rank, class Index, class Offset, class Sink, class Cancelled>
void count_pairs(const cpu& policy, const csr_view<Value, Index, Offset>& items,
                 const ranked_rows<Value, Rank>& ranked, std::span<const std::int64_t> order,
                 const row_plan& plan, std::size_t strips, const Sink& sink,
                 const Cancelled& cancelled) {
  const std::size_t count = order.size();
  const std::size_t head = std::min(count, strips * bit_columns::strip_columns);
  const std::int64_t users = items.cols();
  bit_columns bits(static_cast<std::size_t>(users), strips);
  if (head > 0) {
    parallel_for(policy, users, 1024, [&](std::int64_t begin, std::int64_t end) {
      for (auto u = static_cast<std::size_t>(begin); std::cmp_less(u, end); ++u) {
        for (auto e = static_cast<std::size_t>(ranked.offsets[u]);
             std::cmp_less(e, ranked.offsets[u + 1]) && ranked.ranks[e] < head; ++e) {
          bits.set(u, ranked.ranks[e]);
        }
      }
    });
  }
  struct scratch {
    std::vector<Rank> tail;
    std::vector<std::uint32_t> head;
    typename Sink::space space;
  };
  scratch_pool<scratch> pool([&] {
    return scratch{std::vector<Rank>(count),
                   std::vector<std::uint32_t>(strips * bit_columns::strip_columns),
                   typename Sink::space(count)};
  });
  parallel_for_rows(
      policy, plan.starts.data(), static_cast<std::int64_t>(count), 1'000'000, 100,
      [&](std::int64_t begin, std::int64_t end) {
        if (cancelled()) return;
        const auto lease = pool.borrow();
        auto& [tail_counts, head_counts, space] = *lease;
        for (auto p = static_cast<std::size_t>(begin); std::cmp_less(p, end); ++p) {
          const std::size_t r = plan.rank(p);
          const auto item = items.row(order[r]);
          std::uint32_t* others = space.others.data();
          // An item of the head meets those before it, and the tail, in their rows.
          const std::size_t first = r < head ? r + 1 : 0;
          for (std::size_t s = first / bit_columns::strip_columns; s < strips; ++s) {
            const std::size_t begins = s * bit_columns::strip_columns;
            if (begins + bit_columns::strip_columns <= first) continue;
            bits.count(s, item.indices, head_counts.data() + begins);
            const std::size_t ends = std::min(head, begins + bit_columns::strip_columns);
            for (std::size_t j = std::max(begins, first); j < ends; ++j) {
              *others = static_cast<std::uint32_t>(j);
              others += head_counts[j] != 0 ? 1 : 0;
            }
          }
          if (r >= head) {
            others = scatter_row(
                item, ranked, sink.one_sided() ? 0 : r + 1, r, plan.work(r), tail_counts, others,
                [](Rank& of, Value, std::size_t) { ++of; }, [](Rank of) { return of != 0; });
          }
          sink.finish_row(
              r, static_cast<std::size_t>(others - space.others.data()), space,
              [&, &heads = head_counts, &tails = tail_counts](std::uint32_t j) {
                return pair_count{j < head ? heads[j] : std::exchange(tails[j], Rank{0})};
              });
        }
      });
}

}  // namespace detail_similarity

/// For every item i, the k items j ≠ i with the largest measure(i, j, sums of the pair) among those
/// that share at least minimum_common users with i.
///
/// @tparam Sums    what is added up over the users that a pair shares; pair_count ignores values
/// @param users    users × items
/// @param items    its transpose, items × users
/// @param measure  see pair_measure
/// @param cancelled asked between pieces of work, by any thread; true leaves rows unfinished
/// @returns items × items, row i holding the neighbours of i in ascending order of index
///
/// Each pair is added up once, Σ_u n_u² / 2 additions, or once from either side where rows have so
/// few candidates that handing a pair over would cost more. Counts take less: the popular head is a
/// bit matrix whose columns are counted 512 at a time. The sums of a pair run in ascending order of
/// users on either side, so the result is the same bits for any number of threads. Memory: 2 or 4
/// bytes an interaction (more with values), head items / 8 bytes a user, 16 k bytes an item, and
/// one Sums an item and thread. No items × items array.
template <class Sums, class Value, class Index, class Offset, class Measure,
          class Cancelled = never_cancelled>
  requires pair_measure<Measure, Sums> csr_matrix<> item_similarity(
      const cpu& policy, const csr_view<Value, Index, Offset>& users,
      const csr_view<Value, Index, Offset>& items, std::size_t k, const Measure& measure,
      pair_symmetry symmetry = pair_symmetry::symmetric, std::int64_t minimum_common = 1,
      const Cancelled& cancelled = {}) {
    namespace own = detail_similarity;
    const std::int64_t count = items.rows();
    check::equal("items.rows()", count, "users.cols()", users.cols());
    neighbor_selectors selectors(static_cast<std::size_t>(count), k);
    if (k == 0 || count == 0) {
      std::vector<std::int64_t> same(static_cast<std::size_t>(count));
      std::iota(same.begin(), same.end(), std::int64_t{0});
      return selectors.finish(policy, same, count);
    }
    const auto order = own::popularity_order(items);
    const auto plan = own::plan_rows(policy, users, items, order);
    const bool one_sided = own::better_one_sided(plan, k);
    const own::pair_sink<Sums, Measure> sink(measure, symmetry, order, one_sided,
                                             std::max<std::int64_t>(minimum_common, 1), k,
                                             selectors);
    // Of pair_count alone: the strips of bits, and the largest count outside of them.
    std::size_t strips = 0;
    std::size_t largest = 0;
    if constexpr (std::same_as<Sums, pair_count>) {
      if (!one_sided) strips = own::dense_strips(items, order, users.rows());
      const std::size_t head = strips * bit_columns::strip_columns;
      if (head < order.size()) largest = items.row(order[head]).size();
    }
    const auto run = [&]<class Rank>(Rank) {
      const bool with_values = Sums::needs_values && users.has_values();
      const auto ranked = own::rank_items<Rank>(policy, users, order, with_values);
      if constexpr (std::same_as<Sums, pair_count>) {
        own::count_pairs(policy, items, ranked, order, plan, strips, sink, cancelled);
      } else {
        own::scatter_pairs<Sums>(policy, items, ranked, order, plan, sink, cancelled);
      }
    };
    // Half the bytes to read where they do.
    constexpr std::size_t narrow = std::numeric_limits<std::uint16_t>::max();
    if (order.size() <= narrow && largest <= narrow) {
      run(std::uint16_t{});
    } else {
      run(std::uint32_t{});
    }
    return selectors.finish(policy, order, count);
  }

/// Calls visit(q, others, sums) for every row q of `queries`, with the rows of another matrix that
/// share an entry with it, in ascending order, and what each pair shares; in parallel, rows in any
/// order.
///
/// @param index the transpose of the other matrix: queries.cols() × others
/// Σ over the entries of queries of the length of their row of index; scratch: one Sums and one
/// index an other row and thread.
template <class Sums, class Value, class Index, class Offset, class Visit>
void for_each_similar_row(const cpu& policy, const csr_view<Value, Index, Offset>& queries,
                          const csr_view<Value, Index, Offset>& index, const Visit& visit) {
  check::equal("queries.cols()", queries.cols(), "index.rows()", index.rows());
  const auto count = static_cast<std::size_t>(index.cols());
  struct scratch {
    std::vector<Sums> sums;
    std::vector<Index> others;
    std::vector<Sums> found;
  };
  scratch_pool<scratch> pool([count] { return scratch{std::vector<Sums>(count), {}, {}}; });
  parallel_for(policy, queries.rows(), 16, [&](std::int64_t begin, std::int64_t end) {
    const auto lease = pool.borrow();
    auto& [sums, others, found] = *lease;
    for (std::int64_t q = begin; q < end; ++q) {
      const auto query = queries.row(q);
      others.clear();
      for (std::size_t n = 0; n < query.size(); ++n) {
        const auto row = index.row(query.indices[n]);
        const auto x = static_cast<double>(query.value(n));
        for (std::size_t m = 0; m < row.size(); ++m) {
          auto& into = sums[static_cast<std::size_t>(row.indices[m])];
          if (into.common == 0) others.push_back(row.indices[m]);
          into.add(x, static_cast<double>(row.value(m)));
        }
      }
      std::sort(others.begin(), others.end());
      found.clear();
      for (const Index other : others) {
        found.push_back(std::exchange(sums[static_cast<std::size_t>(other)], {}));
      }
      visit(q, std::span<const Index>(others), std::span<const Sums>(found));
    }
  });
}

/// For every row q of `queries`, the k rows of another matrix with the largest
/// measure(q, row, sums) among those that share at least minimum_common entries with q.
///
/// @param index the transpose of the other matrix: queries.cols() × others
/// @param self  empty, or for each query a row of the other matrix to leave out
/// @returns queries × others, rows in ascending order of index; item_similarity finds the same bits
template <class Sums, class Value, class Index, class Offset, class Measure>
  requires pair_measure<Measure, Sums> csr_matrix<> similar_rows(
      const cpu& policy, const csr_view<Value, Index, Offset>& queries,
      const csr_view<Value, Index, Offset>& index, std::size_t k, const Measure& measure,
      std::int64_t minimum_common = 1, std::span<const index_t> self = {}) {
    const auto rows = static_cast<std::size_t>(queries.rows());
    neighbor_selectors selectors(rows, k);
    for_each_similar_row<Sums>(
        policy, queries, index,
        [&](std::int64_t q, std::span<const Index> others, std::span<const Sums> sums) {
          const auto at = static_cast<std::size_t>(q);
          std::vector<scored_item<>> candidates;
          candidates.reserve(others.size());
          for (std::size_t n = 0; n < others.size(); ++n) {
            const auto other = static_cast<index_t>(others[n]);
            if (sums[n].common < minimum_common || (!self.empty() && self[at] == other)) continue;
            candidates.push_back({other, static_cast<float>(measure(q, others[n], sums[n]))});
          }
          selectors.assign(at, candidates);
        });
    std::vector<std::int64_t> same(rows);
    std::iota(same.begin(), same.end(), std::int64_t{0});
    return selectors.finish(policy, same, index.cols());
  }

}  // namespace recokit::inline RECOKIT_ABI::kernels
