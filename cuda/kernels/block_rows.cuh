// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernels of block_rows and coordinate_rows.
#pragma once

#include "kernels/system_tiles.cuh"

namespace recokit::cuda_kernels {

/// residual[e] = z − R x of the entries of a row, or with IsStep residual[e] − R x, with x of the
/// columns from `first` on. One warp an entry.
template <bool IsStep>
RECOKIT_DEVICE void take_residual(const row_system& s, const row_facts& row, const float* x,
                                  std::uint32_t first, std::uint32_t columns, float* residual) {
  const std::uint32_t warps = simt::block_size() / simt::warp_size;
  for (std::int64_t e = row.begin + simt::warp_index(); e < row.end; e += warps) {
    const entry_terms entry = entry_of(s, row, e);
    float dot = 0;
    for (std::uint32_t c = simt::lane_index(); c < columns; c += simt::warp_size) {
      dot = simt::fma(load_factor(s.fixed, entry.column, first + c), x[c], dot);
    }
    dot = warp_sum(dot);
    if (simt::lane_index() == 0) {
      float& to = residual[e - s.entries.first];
      to = (IsStep ? to : entry.z) - entry.root * dot;
    }
  }
}

/// residual[e] = z − R x of every entry of the row; right = the loose targets' part of the right
/// side. All threads call it and leave it after a barrier.
RECOKIT_DEVICE void begin_sweeps(const row_system& s, const row_facts& row, const float* x,
                                 float* right, float* residual) {
  const std::uint32_t stride = s.fixed.stride;
  take_residual<false>(s, row, x, 0, stride, residual);
  for (std::uint32_t f = simt::thread_index(); f < stride; f += simt::block_size()) {
    float sum = 0;
    for (std::int64_t e = row.begin; s.target_base != 0 && e < row.end; ++e) {
      const entry_terms entry = entry_of(s, row, e);
      if (entry.loose != 0) sum += entry.loose * load_factor(s.fixed, entry.column, f);
    }
    right[f] = sum;
  }
  simt::block_sync();
}

/// memory.vector = the step of the columns from `first` on, from the sums over their entries:
/// (D + RᵀR) step = loose + Rᵀ residual − D x with the diagonal D. All threads call it, after a
/// barrier, and leave it after one.
/// @param loose the loose targets' part of the right side of column thread_index()
template <std::uint32_t Size>
RECOKIT_DEVICE void solve_step(const row_system& s, const row_facts& facts, std::uint32_t first,
                               std::uint32_t columns, float loose, const float* x,
                               const tile_memory<Size>& memory, const tile_place<Size>& at,
                               tile_values<Size>& sum) {
  constexpr std::uint32_t tile = tile_shape<Size>::tile;
  const std::uint32_t me = simt::thread_index();
  if (me < Size) {
    const std::uint32_t f = first + me;
    memory.vector[me] = me < columns ? sum.right + loose - diagonal_of(s, facts, f) * x[f] : 0.0f;
  }
  if (at.solves() && at.row == at.column) {
    RECOKIT_UNROLL
    for (std::uint32_t i = 0; i < tile; ++i) {
      const std::uint32_t c = at.row * tile + i;
      sum.a[i][i] += c < columns ? diagonal_of(s, facts, first + c) : 1.0f;
    }
  }
  simt::block_sync();
  solve_tiles<Size>(memory, at, sum);
}

/// One block a row: sweeps over `block` factors at a time, at most Size.
template <std::uint32_t Size>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(tile_shape<Size>::threads, tile_shape<Size>::resident)
    block_rows_kernel(row_system s, row_list list, std::uint32_t block, std::uint32_t sweeps,
                      float* residual) {
  using shape = tile_shape<Size>;
  const std::uint32_t stride = s.fixed.stride;
  float* const shared = simt::shared_memory<float>();
  const tile_memory<Size> memory(shared);
  float* const x = shared + shape::shared_floats;
  float* const right = x + stride;
  const tile_place<Size> at;
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t row = list.rows[simt::block_index()];
  begin_row<Size>(s, row, memory);
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    x[f] = load_factor(s.solved, row, f);
  }
  simt::block_sync();
  begin_sweeps(s, held_facts<Size>(s, row, memory), x, right, residual);
  for (std::uint32_t sweep = 0; sweep < sweeps; ++sweep) {
    for (std::uint32_t first = 0; first < stride; first += block) {
      const std::uint32_t columns = stride - first < block ? stride - first : block;
      const row_facts facts = held_facts<Size>(s, row, memory);
      tile_values<Size> sum;
      sum.clear();
      add_entries<Size>(s, facts, facts.begin, facts.end, first, columns, residual, memory, at,
                        sum);
      reduce_groups<Size>(memory, at, sum);
      solve_step<Size>(s, facts, first, columns, me < columns ? right[first + me] : 0.0f, x, memory,
                       at, sum);
      for (std::uint32_t c = me; c < columns; c += simt::block_size()) {
        x[first + c] += memory.vector[c];
      }
      take_residual<true>(s, facts, memory.vector, first, columns, residual);
      simt::block_sync();
    }
  }
  report_row<Size>(s, row, memory);
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    write_solution(s, row, f, x[f]);
  }
}

/// Columns of a step of a sweep; those of the step before it, none before the first.
struct sweep_step {
  std::uint32_t first;
  std::uint32_t columns;
  std::uint32_t before;
  std::uint32_t columns_before;
};

/// The state of a long row between launches: x, then the step that it took last.
RECOKIT_DEVICE float* block_state(float* states, std::uint32_t stride, std::uint32_t number) {
  return states + number * block_state_floats(stride);
}

/// One block a segment: takes the last step out of its residual and sums its part of a system.
template <std::uint32_t Size>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(tile_shape<Size>::threads, tile_shape<Size>::resident)
    block_part_kernel(row_system s, cut_list list, sweep_step step, float* residual, float* states,
                      float* partial) {
  using shape = tile_shape<Size>;
  const std::uint32_t stride = s.fixed.stride;
  float* const shared = simt::shared_memory<float>();
  const tile_memory<Size> memory(shared);
  float* const x = shared + shape::shared_floats;
  const tile_place<Size> at;
  const std::uint32_t me = simt::thread_index();
  const row_task& task = list.segments[simt::block_index()];
  begin_row<Size>(s, task.row, memory);
  row_facts facts = held_facts<Size>(s, task.row, memory);
  facts.begin = task.begin;
  facts.end = task.end;
  if (step.columns_before == 0) {
    for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
      x[f] = load_factor(s.solved, task.row, f);
    }
    simt::block_sync();
    take_residual<false>(s, facts, x, 0, stride, residual);
  } else {
    take_residual<true>(s, facts, block_state(states, stride, task.count) + stride, step.before,
                        step.columns_before, residual);
  }
  simt::block_sync();
  tile_values<Size> sum;
  sum.clear();
  add_entries<Size>(s, facts, facts.begin, facts.end, step.first, step.columns, residual, memory,
                    at, sum);
  reduce_groups<Size>(memory, at, sum);
  for (std::int64_t e = facts.begin; s.target_base != 0 && me < step.columns && e < facts.end;
       ++e) {
    const entry_terms entry = entry_of(s, facts, e);
    if (entry.loose != 0) {
      sum.right += entry.loose * load_factor(s.fixed, entry.column, step.first + me);
    }
  }
  for_partial<Size>(partial + std::uint64_t{task.slot} * shape::partial_floats, at, sum,
                    write_partial{});
}

/// One block a long row: adds the parts in their order and steps.
template <std::uint32_t Size>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(tile_shape<Size>::threads, tile_shape<Size>::resident)
    block_step_kernel(row_system s, cut_list list, sweep_step step, float* states, float* partial,
                      bool last) {
  using shape = tile_shape<Size>;
  const std::uint32_t stride = s.fixed.stride;
  const tile_memory<Size> memory(simt::shared_memory<float>());
  const tile_place<Size> at;
  const std::uint32_t me = simt::thread_index();
  const row_task& task = list.rests[simt::block_index()];
  float* const x = block_state(states, stride, simt::block_index());
  begin_row<Size>(s, task.row, memory);
  for (std::uint32_t f = me; step.columns_before == 0 && f < stride; f += simt::block_size()) {
    x[f] = load_factor(s.solved, task.row, f);
  }
  simt::block_sync();
  tile_values<Size> sum;
  sum.clear();
  for (std::uint32_t n = 0; n < task.count; ++n) {
    for_partial<Size>(partial + std::uint64_t{task.slot + n} * shape::partial_floats, at, sum,
                      add_partial{});
  }
  const row_facts facts = held_facts<Size>(s, task.row, memory);
  solve_step<Size>(s, facts, step.first, step.columns, 0, x, memory, at, sum);
  report_row<Size>(s, task.row, memory);
  for (std::uint32_t c = me; c < step.columns; c += simt::block_size()) {
    x[step.first + c] += memory.vector[c];
    x[stride + c] = memory.vector[c];
  }
  if (!last) return;
  simt::block_sync();
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    write_solution(s, task.row, f, x[f]);
  }
}

/// One block a row, one factor after the other.
template <class Unused = void>
RECOKIT_GLOBAL void coordinate_rows_kernel(row_system s, row_list list, std::uint32_t sweeps,
                                           float* residual) {
  const std::uint32_t stride = s.fixed.stride;
  float* const x = simt::shared_memory<float>();
  float* const right = x + stride;
  float* const scratch = right + stride;
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t row = list.rows[simt::block_index()];
  const row_facts facts = facts_of(s, row);
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    x[f] = load_factor(s.solved, row, f);
  }
  simt::block_sync();
  begin_sweeps(s, facts, x, right, residual);
  for (std::uint32_t step = 0; step < sweeps * s.width; ++step) {
    const std::uint32_t f = step % s.width;
    float square = 0;
    float along = 0;
    for (std::int64_t e = facts.begin + me; e < facts.end; e += simt::block_size()) {
      const entry_terms entry = entry_of(s, facts, e);
      const float h = entry.root * load_factor(s.fixed, entry.column, f);
      square = simt::fma(h, h, square);
      along = simt::fma(h, residual[e - s.entries.first], along);
    }
    square = block_sum(square, scratch);
    along = block_sum(along, scratch);
    const float diagonal = diagonal_of(s, facts, f);
    const float curvature = diagonal + square;
    if (!(curvature > 0)) {
      if (me == 0) simt::atomic_min(s.failed, row);
      break;
    }
    const float change = (right[f] + along - diagonal * x[f]) / curvature;
    // A thread sees its own entries alone, so the residual needs no barrier.
    for (std::int64_t e = facts.begin + me; e < facts.end; e += simt::block_size()) {
      const entry_terms entry = entry_of(s, facts, e);
      residual[e - s.entries.first] -= change * entry.root * load_factor(s.fixed, entry.column, f);
    }
    simt::block_sync();  // x[f] has been read
    if (me == 0) x[f] += change;
    simt::block_sync();
  }
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    write_solution(s, row, f, x[f]);
  }
}

template <std::uint32_t Size>
void launch_block_rows(const row_system& s, const row_list& list, std::uint32_t block,
                       std::uint32_t sweeps, float* residual, stream_t stream) {
  using shape = tile_shape<Size>;
  simt::launch("block_rows",
               {.blocks = list.count,
                .threads = shape::threads,
                .shared_bytes = (shape::shared_floats + 2 * s.fixed.stride) * sizeof(float),
                .stream = stream},
               block_rows_kernel<Size>, s, list, block, sweeps, residual);
}

template <std::uint32_t Size>
void launch_block_long_rows(const row_system& s, const cut_list& list, std::uint32_t block,
                            std::uint32_t sweeps, float* residual, float* partial, float* state,
                            stream_t stream) {
  using shape = tile_shape<Size>;
  const std::uint32_t stride = s.fixed.stride;
  const std::uint32_t steps = (stride + block - 1) / block;
  sweep_step step{};
  for (std::uint32_t n = 0; n < sweeps * steps; ++n) {
    step.first = n % steps * block;
    step.columns = stride - step.first < block ? stride - step.first : block;
    simt::launch("block_part",
                 {.blocks = list.segment_count,
                  .threads = shape::threads,
                  .shared_bytes = (shape::shared_floats + stride) * sizeof(float),
                  .stream = stream},
                 block_part_kernel<Size>, s, list, step, residual, state, partial);
    simt::launch("block_step",
                 {.blocks = list.rest_count,
                  .threads = shape::threads,
                  .shared_bytes = shape::shared_floats * sizeof(float),
                  .stream = stream},
                 block_step_kernel<Size>, s, list, step, state, partial, n + 1 == sweeps * steps);
    step.before = step.first;
    step.columns_before = step.columns;
  }
}

inline void launch_coordinate_rows(const row_system& s, const row_list& list, std::uint32_t sweeps,
                                   float* residual, stream_t stream, std::uint32_t threads) {
  if (list.count == 0) return;
  simt::launch("coordinate_rows",
               {.blocks = list.count,
                .threads = threads,
                .shared_bytes = (2 * s.fixed.stride + threads / 32) * sizeof(float),
                .stream = stream},
               coordinate_rows_kernel<>, s, list, sweeps, residual);
}

}  // namespace recokit::cuda_kernels
