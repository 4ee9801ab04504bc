// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of cg_rows.
#pragma once

#include "kernels/row_system.cuh"

namespace recokit::cuda_kernels {

/// Shared memory of a block: four vectors of a row, what it keeps of entries, and their factors.
struct cg_shape {
  static constexpr std::uint32_t threads = 128;
  static constexpr std::uint64_t fixed_floats(std::uint32_t stride) {
    return 4 * std::uint64_t{stride} + threads / 32;
  }
  /// The factors; the dot product, which begins as z; the loose target; the column.
  static constexpr std::uint64_t entry_floats(std::uint32_t stride) {
    return std::uint64_t{stride} + 3;
  }
};

/// image (stride floats) = −diagonal · direction − Rᵀ R direction, or with HasTargets
/// Rᵀ (z − R direction) + loose − diagonal · direction. `held` says whether the factors of the row
/// are in shared memory already; those of a row that does not fit are gathered chunk by chunk.
template <bool HasTargets>
RECOKIT_DEVICE void cg_image(const row_system& s, const row_facts& row, bool held,
                             std::uint32_t room, const float* direction, float* image, float* dots,
                             float* loose, std::uint32_t* columns, float* factors) {
  const std::uint32_t stride = s.fixed.stride;
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t quads = stride / 4;
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    image[f] = -diagonal_of(s, row, f) * direction[f];
  }
  for (std::int64_t chunk = row.begin; chunk < row.end; chunk += room) {
    const auto count = static_cast<std::uint32_t>(row.end - chunk < room ? row.end - chunk : room);
    if (!held) {
      simt::block_sync();  // the chunk before has been used
      for (std::uint32_t i = me; i < count * quads; i += simt::block_size()) {
        const std::uint32_t e = i / quads;
        const std::uint32_t c = i % quads * 4;
        const entry_terms entry = entry_of(s, row, chunk + e);
        quad h = load_entry(s, entry.column, c);
        RECOKIT_UNROLL
        for (std::uint32_t l = 0; l < 4; ++l) h.of[l] *= entry.root;
        *reinterpret_cast<quad*>(factors + std::uint64_t{e} * stride + c) = h;
        if (c == 0) {
          dots[e] = entry.z;
          loose[e] = entry.loose;
          columns[e] = entry.column;
        }
      }
    }
    simt::block_sync();
    for (std::uint32_t e = simt::warp_index(); e < count;
         e += simt::block_size() / simt::warp_size) {
      float dot = 0;
      for (std::uint32_t f = simt::lane_index(); f < stride; f += simt::warp_size) {
        dot = simt::fma(factors[std::uint64_t{e} * stride + f], direction[f], dot);
      }
      dot = warp_sum(dot);
      if (simt::lane_index() == 0) dots[e] = (HasTargets ? dots[e] : 0.0f) - dot;
    }
    simt::block_sync();
    for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
      float sum = image[f];
      for (std::uint32_t e = 0; e < count; ++e) {
        sum = simt::fma(dots[e], factors[std::uint64_t{e} * stride + f], sum);
      }
      if (HasTargets && s.target_base != 0) {
        for (std::uint32_t e = 0; e < count; ++e) {
          if (loose[e] != 0) sum += loose[e] * load_factor(s.fixed, columns[e], f);
        }
      }
      image[f] = sum;
    }
  }
  simt::block_sync();
}

RECOKIT_DEVICE float cg_dot(const float* a, const float* b, std::uint32_t n, float* scratch) {
  float sum = 0;
  for (std::uint32_t f = simt::thread_index(); f < n; f += simt::block_size()) {
    sum = simt::fma(a[f], b[f], sum);
  }
  return block_sum(sum, scratch);
}

/// One block a row.
template <class Unused = void>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(cg_shape::threads, 8)
    cg_rows_kernel(row_system s, row_list list, std::uint32_t steps, std::uint32_t room) {
  const std::uint32_t stride = s.fixed.stride;
  float* const x = simt::shared_memory<float>();
  float* const residual = x + stride;
  float* const direction = residual + stride;
  float* const image = direction + stride;
  float* const factors = image + stride;
  float* const dots = factors + std::uint64_t{room} * stride;
  float* const loose = dots + room;
  auto* const columns = reinterpret_cast<std::uint32_t*>(loose + room);
  float* const scratch = loose + 2 * std::uint64_t{room};
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t row = list.rows[simt::block_index()];
  const row_facts facts = facts_of(s, row);
  const bool fits = facts.end - facts.begin <= room;
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    x[f] = facts.begin == facts.end ? 0.0f : load_factor(s.solved, row, f);
  }
  simt::block_sync();
  cg_image<true>(s, facts, false, room, x, residual, dots, loose, columns, factors);
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) direction[f] = residual[f];
  float square = cg_dot(residual, residual, stride, scratch);
  // The residual is rounding.
  constexpr float epsilon = 0x1p-23f;
  const float rounding = epsilon * epsilon * square;
  const float done = rounding > 0x1p-103f ? rounding : 0x1p-103f;
  for (std::uint32_t step = 0; step < steps && square > done; ++step) {
    cg_image<false>(s, facts, fits, room, direction, image, dots, loose, columns, factors);
    const float curvature = -cg_dot(direction, image, stride, scratch);
    if (!(curvature > 0) || curvature - curvature != 0) {
      if (me == 0) simt::atomic_min(s.failed, row);
      break;
    }
    const float length = square / curvature;
    for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
      x[f] = simt::fma(length, direction[f], x[f]);
      residual[f] = simt::fma(length, image[f], residual[f]);
    }
    const float last = square;
    square = cg_dot(residual, residual, stride, scratch);
    const float turn = square / last;
    for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
      direction[f] = simt::fma(turn, direction[f], residual[f]);
    }
  }
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    write_solution(s, row, f, x[f]);
  }
}

inline void launch_cg_rows(const row_system& s, const row_list& list, std::uint32_t steps,
                           std::uint64_t shared_bytes, stream_t stream) {
  const std::uint32_t stride = s.fixed.stride;
  const std::uint64_t needed = cg_shared_bytes(stride, 1);
  if (shared_bytes < needed) {
    fail_value("shared_bytes", static_cast<std::int64_t>(shared_bytes), "must hold one entry");
  }
  if (list.count == 0) return;
  const std::uint64_t room = (shared_bytes / sizeof(float) - cg_shape::fixed_floats(stride)) /
                             cg_shape::entry_floats(stride);
  simt::launch("cg_rows",
               {.blocks = list.count,
                .threads = cg_shape::threads,
                .shared_bytes = shared_bytes,
                .stream = stream},
               cg_rows_kernel<>, s, list, steps, static_cast<std::uint32_t>(room));
}

}  // namespace recokit::cuda_kernels
