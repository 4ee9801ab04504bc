// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/row_plan.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace recokit::cuda_kernels {
namespace {

std::int64_t length_of(std::span<const std::int64_t> offsets, std::uint32_t row) {
  return offsets[row + 1] - offsets[row];
}

/// Multiply-adds of a row by the system of its factors.
double primal_cost(double n, double d) { return n * d * d / 2 + d * d * d / 6; }

/// By the system of its entries, which is filled up to one of the sizes.
double dual_cost(double n, double d) {
  const double m = system_size_for(static_cast<std::uint64_t>(n));
  return m * m * d / 2 + m * m * m / 6 + n * d;
}

bool takes_dual(std::int64_t n, std::uint32_t stride, bool forced) {
  if (n > largest_system) return false;
  const auto entries = static_cast<double>(n);
  return forced || stride > largest_system ||
         dual_cost(entries, stride) < primal_cost(entries, stride);
}

}  // namespace

std::vector<row_batch> share_rows(std::span<const std::int64_t> offsets, std::size_t count) {
  // A matrix without rows may have no offsets.
  if (offsets.empty()) return std::vector<row_batch>(count, {0, 0, 0, 0});
  // A row costs its entries and, however short, a system to solve.
  constexpr double entries_a_system = 64;
  const auto rows = static_cast<std::uint32_t>(offsets.size() - 1);
  const auto work_before = [&](std::uint32_t row) {
    return static_cast<double>(offsets[row]) + entries_a_system * row;
  };
  std::vector<row_batch> shares;
  std::uint32_t begin = 0;
  for (std::size_t n = 1; n <= count; ++n) {
    const double due = work_before(rows) * static_cast<double>(n) / static_cast<double>(count);
    std::uint32_t end = n == count ? rows : begin;
    while (end < rows && work_before(end) < due) ++end;
    if (n < count && end > begin && due - work_before(end - 1) < work_before(end) - due) --end;
    shares.push_back({begin, end, offsets[begin], offsets[end]});
    begin = end;
  }
  return shares;
}

std::vector<row_batch> cut_batches(std::span<const std::int64_t> offsets, const row_batch& rows,
                                   std::int64_t most) {
  std::vector<row_batch> batches(1, {rows.begin_row, rows.begin_row, rows.begin, rows.begin});
  for (std::uint32_t row = rows.begin_row; row < rows.end_row; ++row) {
    if (offsets[row + 1] - batches.back().begin > most && row > batches.back().begin_row) {
      batches.push_back({row, row, offsets[row], offsets[row]});
    }
    batches.back().end_row = row + 1;
    batches.back().end = offsets[row + 1];
  }
  return batches;
}

row_order order_rows(std::span<const std::int64_t> offsets, const row_batch& batch) {
  row_order order;
  for (std::uint32_t row = batch.begin_row; row < batch.end_row; ++row) {
    (length_of(offsets, row) == 0 ? order.empty : order.full).push_back(row);
  }
  std::stable_sort(order.full.begin(), order.full.end(), [&](std::uint32_t a, std::uint32_t b) {
    return length_of(offsets, a) > length_of(offsets, b);
  });
  return order;
}

row_plan plan_rows(std::span<const std::int64_t> offsets, const row_batch& batch,
                   std::uint32_t stride, bool dual, bool forced, std::uint32_t slots) {
  row_order order = order_rows(offsets, batch);
  row_plan plan;
  plan.empty = std::move(order.empty);
  std::vector<std::uint32_t> in_parts;
  for (const std::uint32_t row : order.full) {
    const std::int64_t n = length_of(offsets, row);
    if (dual && takes_dual(n, stride, forced)) {
      const auto size = system_size_for(static_cast<std::uint64_t>(n));
      plan.dual[std::find(std::begin(system_sizes), std::end(system_sizes), size) -
                std::begin(system_sizes)]
          .push_back(row);
    } else if (n <= segment_entries) {
      plan.whole.push_back({row, row_task::whole, 0, 0, offsets[row], offsets[row + 1]});
    } else {
      in_parts.push_back(row);
    }
  }
  plan.in_parts = cut_rows(offsets, in_parts, slots);
  return plan;
}

std::size_t count_long(std::span<const std::int64_t> offsets, std::span<const std::uint32_t> full) {
  const auto end = std::partition_point(full.begin(), full.end(), [&](std::uint32_t row) {
    return length_of(offsets, row) > segment_entries;
  });
  return static_cast<std::size_t>(end - full.begin());
}

std::vector<long_rows> cut_rows(std::span<const std::int64_t> offsets,
                                std::span<const std::uint32_t> rows, std::uint32_t slots) {
  std::vector<long_rows> groups;
  std::uint32_t used = slots;  // of the last group; the first row opens one
  for (const std::uint32_t row : rows) {
    const std::int64_t n = length_of(offsets, row);
    const auto parts = static_cast<std::uint32_t>((n + segment_entries - 1) / segment_entries);
    if (groups.empty() || used + parts > slots) {
      groups.emplace_back();
      used = 0;
    }
    long_rows& group = groups.back();
    const auto number = static_cast<std::uint32_t>(group.rests.size());
    for (std::uint32_t p = 0; p < parts; ++p) {
      const std::int64_t begin = offsets[row] + p * segment_entries;
      group.segments.push_back({row, row_task::segment, used + p, number, begin,
                                std::min(begin + segment_entries, offsets[row + 1])});
    }
    group.rests.push_back({row, row_task::rest, used, parts, 0, 0});
    used += parts;
  }
  return groups;
}

bool dual_pays(std::span<const std::int64_t> offsets, std::uint32_t stride,
               std::int64_t fixed_rows) {
  // Multiply-adds a second that a GPU does at least in register systems and in wide ones, and what
  // a thread of the host does of the about 9 d³ of a decomposition.
  constexpr double narrow_rate = 1e13;
  constexpr double wide_rate = 1e12;
  constexpr double host_rate = 2e9;
  const auto d = static_cast<double>(stride);
  double saved = 0;
  for (std::uint32_t row = 0; row + 1 < offsets.size(); ++row) {
    const std::int64_t n = length_of(offsets, row);
    if (n == 0 || !takes_dual(n, stride, false)) continue;
    const auto entries = static_cast<double>(n);
    saved += primal_cost(entries, d) / (stride > largest_system ? wide_rate : narrow_rate) -
             dual_cost(entries, d) / narrow_rate;
  }
  return saved > 9 * d * d * d / host_rate + static_cast<double>(fixed_rows) * d * d / narrow_rate;
}

}  // namespace recokit::cuda_kernels
