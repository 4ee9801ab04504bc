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
/// Rᵀ (z − R direction) + loose − diagonal · direction; of a part of a row without the diagonal.
/// `held` says whether the factors of the row
/// are in shared memory already; those of a row that does not fit are gathered chunk by chunk.
template <bool HasTargets, bool IsPart = false>
RECOKIT_DEVICE void cg_image(const row_system& s, const row_facts& row, bool held,
                             std::uint32_t room, const float* direction, float* image, float* dots,
                             float* loose, std::uint32_t* columns, float* factors) {
  const std::uint32_t stride = s.fixed.stride;
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t quads = stride / 4;
  for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
    image[f] = IsPart ? 0.0f : -diagonal_of(s, row, f) * direction[f];
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

/// Where a block's shared memory goes.
struct cg_memory {
  float* x;
  float* residual;
  float* direction;
  float* image;
  float* factors;
  float* dots;
  float* loose;
  std::uint32_t* columns;
  float* scratch;

  RECOKIT_DEVICE cg_memory(std::uint32_t stride, std::uint32_t room) {
    x = simt::shared_memory<float>();
    residual = x + stride;
    direction = residual + stride;
    image = direction + stride;
    factors = image + stride;
    dots = factors + std::uint64_t{room} * stride;
    loose = dots + room;
    columns = reinterpret_cast<std::uint32_t*>(loose + room);
    scratch = loose + 2 * std::uint64_t{room};
  }
};

/// The square of a residual that is rounding of one whose square was `first`.
RECOKIT_DEVICE float cg_done(float first) {
  constexpr float epsilon = 0x1p-23f;
  const float rounding = epsilon * epsilon * first;
  return rounding > 0x1p-103f ? rounding : 0x1p-103f;
}

/// One block a row.
template <class Unused = void>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(cg_shape::threads, 8)
    cg_rows_kernel(row_system s, row_list list, std::uint32_t steps, std::uint32_t room) {
  const std::uint32_t stride = s.fixed.stride;
  const cg_memory memory(stride, room);
  float* const x = memory.x;
  float* const residual = memory.residual;
  float* const direction = memory.direction;
  float* const image = memory.image;
  float* const factors = memory.factors;
  float* const dots = memory.dots;
  float* const loose = memory.loose;
  std::uint32_t* const columns = memory.columns;
  float* const scratch = memory.scratch;
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
  const float done = cg_done(square);
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

/// The state of a long row between launches.
struct cg_state {
  float* x;
  float* residual;
  float* direction;
  float* square;  ///< of the residual; 0 where the row has failed
  float* done;

  RECOKIT_DEVICE cg_state(float* states, std::uint32_t stride, std::uint32_t number) {
    x = states + number * cg_state_floats(stride);
    residual = x + stride;
    direction = residual + stride;
    square = direction + stride;
    done = square + 1;
  }
};

/// One block a segment: its part of the first residual (IsFirst), or of the image of the direction.
template <bool IsFirst>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(cg_shape::threads, 8)
    cg_part_kernel(row_system s, cut_list list, std::uint32_t room, float* states, float* partial) {
  const std::uint32_t stride = s.fixed.stride;
  const cg_memory memory(stride, room);
  const row_task& task = list.segments[simt::block_index()];
  const cg_state state(states, stride, task.count);
  if (!IsFirst && !(*state.square > *state.done)) return;
  row_facts facts = facts_of(s, task.row);
  facts.begin = task.begin;
  facts.end = task.end;
  for (std::uint32_t f = simt::thread_index(); f < stride; f += simt::block_size()) {
    memory.direction[f] = IsFirst ? load_factor(s.solved, task.row, f) : state.direction[f];
  }
  simt::block_sync();
  cg_image<IsFirst, true>(s, facts, false, room, memory.direction, memory.image, memory.dots,
                          memory.loose, memory.columns, memory.factors);
  for (std::uint32_t f = simt::thread_index(); f < stride; f += simt::block_size()) {
    partial[std::uint64_t{task.slot} * stride + f] = memory.image[f];
  }
}

/// One block a long row: adds the parts in their order and takes a step. Its threads keep to their
/// own columns, so that the state needs no barrier.
template <bool IsFirst>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(cg_shape::threads, 8)
    cg_step_kernel(row_system s, cut_list list, float* states, const float* partial, bool last) {
  const std::uint32_t stride = s.fixed.stride;
  float* const image = simt::shared_memory<float>();
  float* const scratch = image + stride;
  const std::uint32_t me = simt::thread_index();
  const row_task& task = list.rests[simt::block_index()];
  const cg_state state(states, stride, simt::block_index());
  const row_facts facts = facts_of(s, task.row);
  if (IsFirst) {
    for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
      state.x[f] = load_factor(s.solved, task.row, f);
    }
  }
  const float square = IsFirst ? 0.0f : *state.square;
  const float done = IsFirst ? 0.0f : *state.done;
  if (IsFirst || square > done) {
    const float* const from = IsFirst ? state.x : state.direction;
    for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
      float sum = -diagonal_of(s, facts, f) * from[f];
      for (std::uint32_t n = 0; n < task.count; ++n) {
        sum += partial[std::uint64_t{task.slot + n} * stride + f];
      }
      image[f] = sum;
    }
    if (IsFirst) {
      for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
        state.residual[f] = image[f];
        state.direction[f] = image[f];
      }
      const float first = cg_dot(image, image, stride, scratch);
      if (me == 0) {
        *state.square = first;
        *state.done = cg_done(first);
      }
    } else {
      const float curvature = -cg_dot(state.direction, image, stride, scratch);
      const bool sound = curvature > 0 && curvature - curvature == 0;
      float next = 0;
      if (sound) {
        const float length = square / curvature;
        for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
          state.x[f] = simt::fma(length, state.direction[f], state.x[f]);
          state.residual[f] = simt::fma(length, image[f], state.residual[f]);
        }
        next = cg_dot(state.residual, state.residual, stride, scratch);
        const float turn = next / square;
        for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
          state.direction[f] = simt::fma(turn, state.direction[f], state.residual[f]);
        }
      }
      if (me == 0) {
        if (!sound) simt::atomic_min(s.failed, task.row);
        *state.square = next;
      }
    }
  }
  for (std::uint32_t f = me; last && f < stride; f += simt::block_size()) {
    write_solution(s, task.row, f, state.x[f]);
  }
}

/// Entries that a block keeps. @throws value_error when it is none
inline std::uint32_t cg_room(std::uint32_t stride, std::uint64_t shared_bytes) {
  if (shared_bytes < cg_shared_bytes(stride, 1)) {
    fail_value("shared_bytes", static_cast<std::int64_t>(shared_bytes), "must hold one entry");
  }
  return static_cast<std::uint32_t>(
      (shared_bytes / sizeof(float) - cg_shape::fixed_floats(stride)) /
      cg_shape::entry_floats(stride));
}

template <bool IsFirst>
void launch_cg_step(const row_system& s, const cut_list& list, std::uint64_t shared_bytes,
                    float* partial, float* state, bool last, stream_t stream) {
  const std::uint32_t stride = s.fixed.stride;
  simt::launch("cg_part",
               {.blocks = list.segment_count,
                .threads = cg_shape::threads,
                .shared_bytes = shared_bytes,
                .stream = stream},
               cg_part_kernel<IsFirst>, s, list, cg_room(stride, shared_bytes), state, partial);
  simt::launch("cg_step",
               {.blocks = list.rest_count,
                .threads = cg_shape::threads,
                .shared_bytes = (stride + cg_shape::threads / 32) * sizeof(float),
                .stream = stream},
               cg_step_kernel<IsFirst>, s, list, state, partial, last);
}

inline void launch_cg_long_rows(const row_system& s, const cut_list& list, std::uint32_t steps,
                                std::uint64_t shared_bytes, float* partial, float* state,
                                stream_t stream) {
  if (list.rest_count == 0) return;
  launch_cg_step<true>(s, list, shared_bytes, partial, state, steps == 0, stream);
  for (std::uint32_t step = 0; step < steps; ++step) {
    launch_cg_step<false>(s, list, shared_bytes, partial, state, step + 1 == steps, stream);
  }
}

inline void launch_cg_rows(const row_system& s, const row_list& list, std::uint32_t steps,
                           std::uint64_t shared_bytes, stream_t stream) {
  const std::uint32_t room = cg_room(s.fixed.stride, shared_bytes);
  if (list.count == 0) return;
  simt::launch("cg_rows",
               {.blocks = list.count,
                .threads = cg_shape::threads,
                .shared_bytes = shared_bytes,
                .stream = stream},
               cg_rows_kernel<>, s, list, steps, room);
}

}  // namespace recokit::cuda_kernels
