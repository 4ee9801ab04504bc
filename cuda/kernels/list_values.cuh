// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of list_values.hpp.
#pragma once

#include "kernels/list_values.hpp"
#include "simt.hpp"

namespace recokit::cuda_kernels {

/// How many lanes below this one have their bit set.
RECOKIT_DEVICE std::uint32_t lanes_before(std::uint32_t bits) {
  return simt::popcount(bits & ((1u << simt::lane_index()) - 1));
}

/// Where an item stands among the judged of a user, or -1.
RECOKIT_DEVICE std::int64_t judged_place(const judged_lists& lists, std::int64_t begin,
                                         std::int64_t end, std::int32_t item) {
  std::int64_t after = end;
  while (begin < after) {
    const std::int64_t middle = begin + (after - begin) / 2;
    if (lists.judged[middle] < item) {
      begin = middle + 1;
    } else {
      after = middle;
    }
  }
  return begin < end && lists.judged[begin] == item ? begin : -1;
}

/// ranking_pass::count of the grades of the lanes that have one, in their order.
RECOKIT_DEVICE void count_lanes(const ranking_pass::plan_view& plan, bool has, double grade,
                                ranking_pass::space_view& space, ranking_pass::rank_totals& total) {
  const ranking_pass::graded_item item = plan.item_of(grade);
  total.relevant += simt::popcount(simt::ballot(simt::full_mask, has && item.relevant));
  total.judged_not_relevant +=
      simt::popcount(simt::ballot(simt::full_mask, has && item.judged && !item.relevant));
  const std::uint32_t gaining = simt::ballot(simt::full_mask, has && item.gains);
  if (has && item.gains) space.grades[space.grade_count + lanes_before(gaining)] = grade;
  space.grade_count += simt::popcount(gaining);
}

/// Highest first, in memory, by a warp: merge exchange, Knuth, volume 3, 5.2.2, algorithm M.
RECOKIT_DEVICE void sort_grades(double* grades, std::uint64_t count) {
  std::uint64_t top = 1;
  while (top * 2 < count) top *= 2;
  for (std::uint64_t p = top; p > 0; p /= 2) {
    std::uint64_t q = top;
    std::uint64_t r = 0;
    for (std::uint64_t d = p;; d = q - p, q /= 2, r = p) {
      for (std::uint64_t i = simt::lane_index(); i + d < count; i += simt::warp_size) {
        if ((i & p) == r && grades[i] < grades[i + d]) {
          const double lower = grades[i];
          grades[i] = grades[i + d];
          grades[i + d] = lower;
        }
      }
      simt::warp_sync();
      if (q == p) break;
    }
  }
}

/// One warp a list.
template <class Unused = void>
RECOKIT_GLOBAL void list_values_kernel(ranking_pass::plan_view plan, list_rules rules,
                                       judged_lists lists, list_results results) {
  const std::uint64_t warps = simt::global_size() / simt::warp_size;
  const std::uint32_t lane = simt::lane_index();
  for (std::uint64_t n = simt::global_index() / simt::warp_size; n < lists.count; n += warps) {
    const std::int64_t begin = lists.listed_offsets[n];
    const std::int64_t end = lists.listed_offsets[n + 1];
    const std::int64_t first_judged = lists.judged_offsets[n];
    const std::int64_t last_judged = lists.judged_offsets[n + 1];
    ranking_pass::space_view space{};
    space.hits = results.hits + begin;
    space.grades = results.grades == nullptr ? nullptr : results.grades + first_judged;
    space.at_cut = results.at_cut + n * 2 * plan.cuts.size;
    space.take(plan, results.numbers + n * ranking_pass::space_view::doubles(plan));
    space.ideal_count = results.ideal_counts + n * plan.dcgs.size;
    ranking_pass::rank_totals total;
    total.listed = end - begin;
    bool refused = false;

    if (!plan.listed_scope) {
      for (std::int64_t from = first_judged; from < last_judged; from += simt::warp_size) {
        const bool has = from + lane < last_judged;
        const double grade = has && lists.grades != nullptr ? lists.grades[from + lane] : 1.0;
        count_lanes(plan, has, grade, space, total);
      }
    }
    for (std::int64_t i = first_judged + lane; lists.grades != nullptr && i < last_judged;
         i += simt::warp_size) {
      refused |= lists.grades[i] != lists.grades[i];
      refused |= rules.no_negative_grades && lists.grades[i] < 0;
    }

    // Judged entries, in the order of their ranks.
    std::uint32_t found = 0;
    for (std::int64_t from = begin; from < end; from += simt::warp_size) {
      const bool has = from + lane < end;
      const listed_item entry = has ? lists.listed[from + lane] : listed_item{-1, 0};
      bool repeated = false;
      for (std::int64_t e = begin; e < from + simt::warp_size && e < end; ++e) {
        repeated |= e < from + lane && lists.listed[e].item == entry.item;
      }
      refused |= has && rules.no_duplicates && repeated;
      refused |= has && rules.no_nan && entry.score != entry.score;
      const std::int64_t place =
          has && !repeated ? judged_place(lists, first_judged, last_judged, entry.item) : -1;
      const double grade = place >= 0 && lists.grades != nullptr ? lists.grades[place] : 1.0;
      if (plan.listed_scope) count_lanes(plan, place >= 0, grade, space, total);
      const bool counts = place >= 0 && plan.is_judged(grade);
      const std::uint32_t counting = simt::ballot(simt::full_mask, counts);
      if (counts) {
        space.hits[found + lanes_before(counting)] =
            plan.entry_of(from + lane - begin + 1, grade, entry.score > 0);
      }
      found += simt::popcount(counting);
    }
    simt::warp_sync();
    if (plan.graded) sort_grades(space.grades, space.grade_count);
    if (rules.no_empty_users && total.relevant == 0) refused = true;
    if (refused) simt::atomic_min(results.refused, static_cast<std::uint32_t>(n));
    if (lane == 0) {
      for (std::uint32_t h = 0; h < found; ++h) {
        const ranking_pass::rank_hit hit = space.hits[h];  // place writes here or before
        ranking_pass::place(plan, hit, space, total);
      }
      results.counted[n] =
          ranking_pass::finish(plan, space, total, results.values + n * plan.steps.size,
                               results.weights + n * plan.steps.size)
              ? 1
              : 0;
    }
    simt::warp_sync();
  }
}

inline void launch_list_values(const ranking_pass::plan_view& plan, const list_rules& rules,
                               const judged_lists& lists, const list_results& results,
                               stream_t stream) {
  if (lists.count == 0) return;
  constexpr std::uint32_t threads = 128;
  simt::launch("list_values",
               {.blocks = simt::blocks_for(std::uint64_t{lists.count} * simt::warp_size, threads),
                .threads = threads,
                .stream = stream},
               list_values_kernel<>, plan, rules, lists, results);
}

}  // namespace recokit::cuda_kernels
