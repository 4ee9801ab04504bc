// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/row_inputs.hpp"

#include <recokit/core/device.hpp>

#include <Eigen/Cholesky>

#include <algorithm>
#include <memory>

namespace recokit_benchmark {
namespace {

Eigen::VectorXd solved_exactly(const row_inputs::dense& row) {
  return row.system.llt().solve(row.right);
}

/// Bytes: a gather of the entries' factors and their ids, the rows written. Operations: of the
/// lower triangle, a multiply-add an entry, then the Cholesky factor and its two solves.
least_work primal_work(const chosen_rows& chosen, double d) {
  const auto rows = static_cast<double>(chosen.rows.size());
  return {chosen.entries * (4 * d + 4) + rows * (4 * d + 16),
          chosen.entries * (d * d + 2 * d) + rows * (d * d * d / 3 + 2 * d * d)};
}

/// Users with few enough interactions for one block.
kernel_case primal(std::uint32_t width, ck::stream_t stream) {
  const auto x = by_user().view();
  const auto chosen =
      std::make_shared<const chosen_rows>(choose_rows(x, 1, sized<std::int64_t>(4096, 1000)));
  const auto in = std::make_shared<row_inputs>(x, width, false, stream);
  const auto tasks =
      std::make_shared<ck::device_buffer<ck::row_task>>(whole_tasks(x, chosen->rows, stream));
  return {primal_work(*chosen, width),
          [=] {
            ck::primal_rows(in->system(), tasks->data(), static_cast<std::uint32_t>(tasks->size()),
                            nullptr, stream);
          },
          [=] { in->check(chosen->rows, solved_exactly); }};
}

/// Bytes: besides, each segment's sums written and read again.
least_work with_parts(least_work work, double segments, double floats) {
  work.bytes += 8 * segments * floats;
  work.operations += segments * floats;
  return work;
}

/// Items with more interactions than a block takes: segments, then what is left.
kernel_case primal_in_parts(std::uint32_t width, ck::stream_t stream) {
  const auto x = by_item().view();
  const auto chosen = std::make_shared<const chosen_rows>(
      choose_rows(x, part_entries() + 1, std::int64_t{1} << 40));
  const auto in = std::make_shared<row_inputs>(x, width, false, stream);
  const auto parts = std::make_shared<device_parts>(x, chosen->rows, stream);
  const std::uint64_t floats = ck::partial_floats(width);
  const auto partial = std::make_shared<ck::device_buffer<float>>(parts->segments.size() * floats);
  return {with_parts(primal_work(*chosen, width), static_cast<double>(parts->segments.size()),
                     static_cast<double>(floats)),
          [=] {
            const ck::cut_list list = parts->list();
            ck::primal_rows(in->system(), list.segments, list.segment_count, partial->data(),
                            stream);
            ck::primal_rows(in->system(), list.rests, list.rest_count, partial->data(), stream);
          },
          [=] { in->check(chosen->rows, solved_exactly); }};
}

/// Bytes: two gathers, the rows written. Operations: of the entries' half of a square, `width`
/// multiply-adds each, its Cholesky factor, and the way back to the factors.
/// @param size of the systems; rows of more than half of it
kernel_case dual(std::uint32_t size, ck::stream_t stream) {
  const std::uint32_t width = sized(128u, 32u);
  const auto x = by_user().view();
  const auto chosen = std::make_shared<const chosen_rows>(
      choose_rows(x, sized<std::int64_t>(size / 2 + 1, 1), size));
  const auto in = std::make_shared<row_inputs>(x, width, true, stream);
  const auto rows = std::make_shared<ck::device_buffer<std::uint32_t>>(put(chosen->rows, stream));
  double operations = 0;
  for (const std::uint32_t row : chosen->rows) {
    const auto n = static_cast<double>(x.offsets()[row + 1] - x.offsets()[row]);
    operations += n * n * width + n * n * n / 3 + 2 * n * n + 2 * n * width;
  }
  const auto count = static_cast<double>(chosen->rows.size());
  return {{chosen->entries * 2 * (4.0 * width + 4) + count * (4.0 * width + 16), operations},
          [=] {
            ck::dual_rows(in->system(), {rows->data(), static_cast<std::uint32_t>(rows->size())},
                          size, stream);
          },
          [=] { in->check(chosen->rows, solved_exactly); }};
}

/// A system a block in memory. @param in_parts of long rows, else of some users
kernel_case wide(std::uint32_t width, bool in_parts, ck::stream_t stream) {
  const auto x = in_parts ? by_item().view() : by_user().view();
  const auto chosen = std::make_shared<const chosen_rows>(
      in_parts ? choose_rows(x, part_entries() + 1, std::int64_t{1} << 40, sized(100, 4))
               : choose_rows(x, 1, sized<std::int64_t>(4096, 1000), sized(4000, 3)));
  const auto in = std::make_shared<row_inputs>(x, width, false, stream);
  const std::uint32_t blocks =
      2 * static_cast<std::uint32_t>(recokit::cuda_devices().front().multiprocessors);
  const std::uint64_t floats = ck::wide_partial_floats(width);
  struct held {
    ck::device_buffer<ck::row_task> whole;
    device_parts parts;
    ck::device_buffer<float> partial;
    ck::device_buffer<float> systems;
  };
  const std::vector<std::uint32_t> none;
  device_parts parts(x, in_parts ? chosen->rows : none, stream);
  const std::size_t segments = parts.segments.size();
  const auto at =
      std::make_shared<held>(held{whole_tasks(x, in_parts ? none : chosen->rows, stream),
                                  std::move(parts), ck::device_buffer<float>(segments * floats),
                                  ck::device_buffer<float>(std::size_t{blocks} * width * width)});
  return {with_parts(primal_work(*chosen, width), static_cast<double>(segments),
                     static_cast<double>(floats)),
          [=] {
            const auto solve = [&](const ck::row_task* tasks, std::size_t count) {
              ck::wide_rows(in->system(), tasks, static_cast<std::uint32_t>(count),
                            at->partial.data(), at->systems.data(), blocks, stream);
            };
            solve(at->parts.segments.data(), at->parts.segments.size());
            solve(at->parts.rests.data(), at->parts.rests.size());
            solve(at->whole.data(), at->whole.size());
          },
          [=] { in->check(chosen->rows, solved_exactly); }};
}

/// Bytes: the rows, written; their numbers.
kernel_case empty(ck::stream_t stream) {
  const std::uint32_t width = 128;
  const auto x = by_user().view();
  const auto in = std::make_shared<row_inputs>(x, width, true, stream);
  std::vector<std::uint32_t> all(static_cast<std::size_t>(x.rows()));
  for (std::uint32_t r = 0; r < all.size(); ++r) all[r] = r;
  const auto rows = std::make_shared<ck::device_buffer<std::uint32_t>>(put(all, stream));
  return {{static_cast<double>(all.size()) * (4.0 * width + 4), 0},
          [=] {
            ck::solve_empty_rows(in->system(),
                                 {rows->data(), static_cast<std::uint32_t>(rows->size())}, stream);
          },
          [=] {
            in->check(all, [](const row_inputs::dense& row) -> Eigen::VectorXd {
              return Eigen::VectorXd::Zero(row.right.size());
            });
          },
          [=] { in->restart(); }};
}

}  // namespace

void add_exact_row_cases(case_list& cases) {
  add_widths(cases, "primal_rows", primal);
  add_widths(cases, "primal_rows/in_parts", primal_in_parts);
  add_widths(cases, "dual_rows/entries", dual);
  const unsigned wide_width = sized(512u, 64u);
  cases.push_back(
      {"wide_rows/512", [=](ck::stream_t stream) { return wide(wide_width, false, stream); }});
  cases.push_back({"wide_rows/in_parts/512",
                   [=](ck::stream_t stream) { return wide(wide_width, true, stream); }});
  cases.push_back({"empty_rows/128", empty});
}

}  // namespace recokit_benchmark
