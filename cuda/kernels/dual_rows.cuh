// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of dual_rows.
#pragma once

#include "kernels/system_tiles.cuh"

namespace recokit::cuda_kernels {

/// What a row of the dual form keeps beside the system, in floats: of each entry its column and
/// root, of each factor D^-½.
template <std::uint32_t Size>
constexpr std::uint32_t dual_floats(std::uint32_t stride) {
  return tile_shape<Size>::shared_floats + 2 * Size + stride;
}

/// One block a row of at most Size entries. With D = s Λ + ridge and R = A^½ H D^-½ (n × d) it
/// solves (I + R Rᵀ) v = z and writes D^-½ Rᵀ v. The lines of the sum are the columns of R.
template <std::uint32_t Size>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(tile_shape<Size>::threads, tile_shape<Size>::resident)
    dual_rows_kernel(row_system s, row_list list) {
  using shape = tile_shape<Size>;
  float* const shared = simt::shared_memory<float>();
  const tile_memory<Size> memory(shared);
  float* const roots = shared + shape::shared_floats;
  auto* const columns = reinterpret_cast<std::uint32_t*>(roots + Size);
  float* const scales = roots + 2 * Size;
  const tile_place<Size> at;
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t stride = s.fixed.stride;
  const std::uint32_t row = list.rows[simt::block_index()];
  begin_row<Size>(s, row, memory);
  const row_facts facts = held_facts<Size>(s, row, memory);
  const auto n = static_cast<std::uint32_t>(facts.end - facts.begin);
  for (std::uint32_t e = me; e < Size; e += simt::block_size()) {
    entry_terms entry = {};
    if (e < n) entry = entry_of(s, facts, facts.begin + e);
    roots[e] = entry.root;
    columns[e] = entry.column;
    memory.vector[e] = entry.z;
  }
  bool singular = false;
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    const float diagonal = diagonal_of(s, facts, f);
    singular |= !(diagonal > 0);
    scales[f] = 1 / simt::sqrt(diagonal);
  }
  if (singular) simt::atomic_min(s.failed, row);
  simt::block_sync();
  tile_values<Size> sum;
  sum.clear();
  for (std::uint32_t first = 0; first < stride; first += shape::lines) {
    // Neighbouring threads take neighbouring entries, so that they write side by side.
    for (std::uint32_t i = me; i < Size * (shape::lines / 4); i += simt::block_size()) {
      const std::uint32_t e = i % Size;
      const std::uint32_t c = i / Size * 4;
      quad h = {};
      if (e < n) h = load_entry(s, columns[e], first + c);
      RECOKIT_UNROLL
      for (std::uint32_t l = 0; l < 4; ++l) {
        memory.stage[(c + l) * Size + stage_place<Size>(e)] =
            h.of[l] * roots[e] * scales[first + c + l];
      }
    }
    simt::block_sync();
    add_lines<Size>(at, memory.stage, shape::lines, sum);
    simt::block_sync();
  }
  reduce_groups<Size>(memory, at, sum);
  if (at.solves() && at.row == at.column) {
    RECOKIT_UNROLL
    for (std::uint32_t i = 0; i < shape::tile; ++i) sum.a[i][i] += 1;
  }
  simt::block_sync();
  solve_tiles<Size>(memory, at, sum);
  report_row<Size>(s, row, memory);
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    float x = 0;
    if (takes_part(s, f)) {
      for (std::uint32_t e = 0; e < n; ++e) {
        x = simt::fma(memory.vector[e] * roots[e], load_factor(s.fixed, columns[e], f), x);
      }
      x *= scales[f] * scales[f];
    }
    write_solution(s, row, f, x);
  }
}

template <std::uint32_t Size>
void launch_dual_rows(const row_system& s, const row_list& list, stream_t stream) {
  simt::launch("dual_rows",
               {.blocks = list.count,
                .threads = tile_shape<Size>::threads,
                .shared_bytes = dual_floats<Size>(s.fixed.stride) * sizeof(float),
                .stream = stream},
               dual_rows_kernel<Size>, s, list);
}

}  // namespace recokit::cuda_kernels
