// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/row_inputs.hpp"

#include <recokit/core/device.hpp>

#include <Eigen/Cholesky>

#include <algorithm>
#include <memory>

namespace recokit_benchmark {
namespace {

constexpr std::uint32_t steps = 3;
constexpr std::uint32_t sweeps = 1;

/// Conjugate gradients as in a textbook.
Eigen::VectorXd stepped(const row_inputs::dense& row) {
  Eigen::VectorXd x = row.start;
  Eigen::VectorXd residual = row.right - row.system * x;
  Eigen::VectorXd direction = residual;
  for (std::uint32_t step = 0; step < steps; ++step) {
    const Eigen::VectorXd image = row.system * direction;
    const double length = residual.squaredNorm() / direction.dot(image);
    x += length * direction;
    const Eigen::VectorXd next = residual - length * image;
    direction = next + next.squaredNorm() / residual.squaredNorm() * direction;
    residual = next;
  }
  return x;
}

/// One block of factors after the other, each solved for the others as they are.
row_inputs::solver swept(std::uint32_t block) {
  return [=](const row_inputs::dense& row) -> Eigen::VectorXd {
    Eigen::VectorXd x = row.start;
    for (std::uint32_t sweep = 0; sweep < sweeps; ++sweep) {
      for (Eigen::Index first = 0; first < x.size(); first += block) {
        const Eigen::Index count = std::min<Eigen::Index>(block, x.size() - first);
        const Eigen::VectorXd residual = row.right - row.system * x;
        const Eigen::MatrixXd of_block = row.system.block(first, first, count, count);
        x.segment(first, count) += of_block.llt().solve(residual.segment(first, count));
      }
    }
    return x;
  };
}

/// The rows of a case, whole or cut.
struct held_rows {
  held_rows(const recokit::csr_view<>& x, chosen_rows rows, bool in_parts, std::uint32_t width,
            ck::stream_t stream)
      : chosen(std::move(rows)),
        in(x, width, true, stream),
        whole(put(chosen.rows, stream)),
        parts(x, in_parts ? chosen.rows : std::vector<std::uint32_t>{}, stream) {}

  ck::row_list list() const { return {whole.data(), static_cast<std::uint32_t>(whole.size())}; }

  chosen_rows chosen;
  row_inputs in;
  ck::device_buffer<std::uint32_t> whole;
  device_parts parts;
};

chosen_rows long_items() {
  return choose_rows(by_item().view(), part_entries() + 1, std::int64_t{1} << 40);
}

/// Bytes: one gather of the entries' factors where they are kept, else one a step and one before
/// the first; the rows read and written. Operations: each of those times, two multiply-adds an
/// entry and factor.
least_work cg_work(const chosen_rows& chosen, double d, double gathers) {
  const auto rows = static_cast<double>(chosen.rows.size());
  return {chosen.entries * gathers * (4 * d + 4) + rows * (8 * d + 16),
          (steps + 1) * 4 * chosen.entries * d};
}

/// Users whose factors fit the half of a multiprocessor's shared memory.
kernel_case cg(std::uint32_t width, ck::stream_t stream) {
  const std::uint64_t shared = recokit::cuda_devices().front().shared_bytes_a_block / 2;
  std::int64_t most = 0;
  while (ck::cg_shared_bytes(width, static_cast<std::uint64_t>(most) + 1) <= shared) ++most;
  const auto x = by_user().view();
  const auto at = std::make_shared<held_rows>(x, choose_rows(x, 1, most), false, width, stream);
  const std::uint64_t floats = shared / sizeof(float);
  return {cg_work(at->chosen, width, 1),
          [=] { ck::cg_rows(at->in.system(), at->list(), steps, floats * sizeof(float), stream); },
          [=] { at->in.check(at->chosen.rows, stepped); }, [=] { at->in.restart(); }};
}

kernel_case cg_in_parts(std::uint32_t width, ck::stream_t stream) {
  const auto at = std::make_shared<held_rows>(by_item().view(), long_items(), true, width, stream);
  struct scratch {
    ck::device_buffer<float> partial;
    ck::device_buffer<float> state;
  };
  const ck::cut_list list = at->parts.list();
  const auto own = std::make_shared<scratch>(
      scratch{ck::device_buffer<float>(std::size_t{list.segment_count} * width),
              ck::device_buffer<float>(list.rest_count * ck::cg_state_floats(width))});
  const std::uint64_t most = recokit::cuda_devices().front().shared_bytes_a_block;
  const std::uint64_t shared = std::max(most / 4, ck::cg_shared_bytes(width, 4));
  return {cg_work(at->chosen, width, steps + 1),
          [=] {
            ck::cg_long_rows(at->in.system(), list, steps, shared, own->partial.data(),
                             own->state.data(), stream);
          },
          [=] { at->in.check(at->chosen.rows, stepped); }, [=] { at->in.restart(); }};
}

/// Bytes: a gather for the first residuals and two a sweep, for systems and for residuals; of a
/// residual, a read and a write for each block of factors; the rows read and written. Operations:
/// of each block's lower triangle a multiply-add an entry, its Cholesky factor, and three
/// multiply-adds an entry and factor beside.
least_work sweep_work(const chosen_rows& chosen, double d, double block) {
  const auto rows = static_cast<double>(chosen.rows.size());
  return {chosen.entries * ((1 + 2 * sweeps) * 4 * d + 8 * sweeps * d / block + 4) +
              rows * (8 * d + 16),
          sweeps * (chosen.entries * d * (block + 4) + rows * d * block * block / 3) +
              2 * chosen.entries * d};
}

kernel_case blocks(std::uint32_t width, ck::stream_t stream) {
  const std::uint32_t block = width / 2;
  const auto x = by_user().view();
  const auto at = std::make_shared<held_rows>(x, choose_rows(x, 1, sized<std::int64_t>(4096, 1000)),
                                              false, width, stream);
  const auto residual =
      std::make_shared<ck::device_buffer<float>>(static_cast<std::size_t>(x.nonzeros()));
  return {
      sweep_work(at->chosen, width, block),
      [=] { ck::block_rows(at->in.system(), at->list(), block, sweeps, residual->data(), stream); },
      [=] { at->in.check(at->chosen.rows, swept(block)); }, [=] { at->in.restart(); }};
}

kernel_case blocks_in_parts(std::uint32_t width, ck::stream_t stream) {
  const std::uint32_t block = width / 2;
  const auto x = by_item().view();
  const auto at = std::make_shared<held_rows>(x, long_items(), true, width, stream);
  struct scratch {
    ck::device_buffer<float> residual;
    ck::device_buffer<float> partial;
    ck::device_buffer<float> state;
  };
  const ck::cut_list list = at->parts.list();
  const auto own = std::make_shared<scratch>(scratch{
      ck::device_buffer<float>(static_cast<std::size_t>(x.nonzeros())),
      ck::device_buffer<float>(list.segment_count * ck::partial_floats(ck::system_size_for(block))),
      ck::device_buffer<float>(list.rest_count * ck::block_state_floats(width))});
  return {sweep_work(at->chosen, width, block),
          [=] {
            ck::block_long_rows(at->in.system(), list, block, sweeps, own->residual.data(),
                                own->partial.data(), own->state.data(), stream);
          },
          [=] { at->in.check(at->chosen.rows, swept(block)); }, [=] { at->in.restart(); }};
}

/// As blocks of one factor; a column of the factors is read, not a row, so that most of what comes
/// from memory with it is not used at once.
kernel_case coordinates(std::uint32_t width, ck::stream_t stream) {
  const auto x = by_user().view();
  const auto at = std::make_shared<held_rows>(
      x, choose_rows(x, 1, sized<std::int64_t>(4096, 1000), sized(16'000, 5)), false, width,
      stream);
  const auto residual =
      std::make_shared<ck::device_buffer<float>>(static_cast<std::size_t>(x.nonzeros()));
  return {
      sweep_work(at->chosen, width, 1),
      [=] { ck::coordinate_rows(at->in.system(), at->list(), sweeps, residual->data(), stream); },
      [=] { at->in.check(at->chosen.rows, swept(1)); }, [=] { at->in.restart(); }};
}

}  // namespace

void add_iterative_row_cases(case_list& cases) {
  add_widths(cases, "cg_rows", cg);
  add_widths(cases, "cg_part-cg_step", cg_in_parts);
  add_widths(cases, "block_rows", blocks);
  add_widths(cases, "block_part-block_step", blocks_in_parts);
  add_widths(cases, "coordinate_rows", coordinates);
}

}  // namespace recokit_benchmark
