// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernels of primal_rows and solve_empty_rows.
#pragma once

#include "kernels/system_tiles.cuh"

namespace recokit::cuda_kernels {

/// The system of a row without its entries: s G + ridge. Sums begin with it, when registers are
/// free.
template <std::uint32_t Size>
RECOKIT_DEVICE void begin_primal(const row_system& s, const row_facts& row,
                                 const tile_place<Size>& at, tile_values<Size>& sum) {
  constexpr std::uint32_t tile = tile_shape<Size>::tile;
  if (!at.solves()) return;
  if (s.gram != nullptr) {
    const float* const from = s.gram + std::uint64_t{at.row} * tile * Size + at.column * tile;
    RECOKIT_UNROLL
    for (std::uint32_t i = 0; i < tile; ++i) {
      RECOKIT_UNROLL
      for (std::uint32_t q = 0; q < tile; q += 4) {
        const quad g = *reinterpret_cast<const quad*>(from + i * Size + q);
        RECOKIT_UNROLL
        for (std::uint32_t j = 0; j < 4; ++j) sum.a[i][q + j] = row.scale * g.of[j];
      }
    }
  }
  if (at.row == at.column) {
    RECOKIT_UNROLL
    for (std::uint32_t i = 0; i < tile; ++i) {
      sum.a[i][i] += ridge_of(s, row, at.row * tile + i);
    }
  }
}

/// One block a task.
template <std::uint32_t Size>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(tile_shape<Size>::threads, tile_shape<Size>::resident)
    primal_rows_kernel(row_system s, const row_task* tasks, float* partial) {
  using shape = tile_shape<Size>;
  const tile_memory<Size> memory(simt::shared_memory<float>());
  const tile_place<Size> at;
  const row_task& task = tasks[simt::block_index()];
  begin_row<Size>(s, task.row, memory);
  tile_values<Size> sum;
  sum.clear();
  if (task.kind != row_task::segment) {
    begin_primal<Size>(s, held_facts<Size>(s, task.row, memory), at, sum);
  }
  if (task.kind == row_task::rest) {
    for (std::uint32_t n = 0; n < task.count; ++n) {
      for_partial<Size>(partial + std::uint64_t{task.slot + n} * shape::partial_floats, at, sum,
                        add_partial{});
    }
  } else {
    add_entries<Size>(s, held_facts<Size>(s, task.row, memory), task.begin, task.end, 0, Size,
                      nullptr, memory, at, sum);
    reduce_groups<Size>(memory, at, sum);
  }
  if (task.kind == row_task::segment) {
    for_partial<Size>(partial + std::uint64_t{task.slot} * shape::partial_floats, at, sum,
                      write_partial{});
    return;
  }
  if (simt::thread_index() < Size) memory.vector[simt::thread_index()] = sum.right;
  simt::block_sync();
  solve_tiles<Size>(memory, at, sum);
  report_row<Size>(s, task.row, memory);
  if (const std::uint32_t c = simt::thread_index(); c < Size) {
    write_solution(s, task.row, c, memory.vector[c]);
  }
}

/// One warp a row.
template <class Unused = void>
RECOKIT_GLOBAL void empty_rows_kernel(row_system s, row_list list) {
  const std::uint64_t warps = simt::global_size() / simt::warp_size;
  for (std::uint64_t n = simt::global_index() / simt::warp_size; n < list.count; n += warps) {
    for (std::uint32_t c = simt::lane_index(); c < s.solved.stride; c += simt::warp_size) {
      write_solution(s, list.rows[n], c, 0);
    }
  }
}

template <std::uint32_t Size>
void launch_primal_rows(const row_system& s, const row_task* tasks, std::uint32_t count,
                        float* partial, stream_t stream) {
  using shape = tile_shape<Size>;
  simt::launch("primal_rows",
               {.blocks = count,
                .threads = shape::threads,
                .shared_bytes = shape::shared_floats * sizeof(float),
                .stream = stream},
               primal_rows_kernel<Size>, s, tasks, partial);
}

inline void launch_empty_rows(const row_system& s, const row_list& list, stream_t stream) {
  if (list.count == 0) return;
  simt::launch("empty_rows",
               {.blocks = simt::blocks_for(std::uint64_t{list.count} * 32, 256), .stream = stream},
               empty_rows_kernel<>, s, list);
}

}  // namespace recokit::cuda_kernels
