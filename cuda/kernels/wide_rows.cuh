// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of wide_rows: systems that are too large for the registers of a block.
#pragma once

#include "kernels/row_system.cuh"

namespace recokit::cuda_kernels {

/// A block of 256 threads works on squares of 64 × 64, 4 × 4 a thread.
struct wide_shape {
  static constexpr std::uint32_t threads = 256;
  static constexpr std::uint32_t square = 64;
  static constexpr std::uint32_t tile = 4;
  static constexpr std::uint32_t tiles_a_side = square / tile;
  static constexpr std::uint32_t lines = 32;
  static constexpr std::uint32_t leading = square + 1;  ///< of a square in shared memory

  /// Two squares, the right side, and the weights of a chunk.
  static constexpr std::uint64_t shared_bytes(std::uint32_t stride) {
    return (2 * square * leading + stride + 4) * sizeof(float);
  }
};

/// Sums over lines: value[i][j] += sign · Σ left[line][4 ty + i] · top[line][4 tx + j].
RECOKIT_DEVICE void wide_add(const float* left, const float* top, std::uint32_t lines,
                             std::uint32_t line_step, std::uint32_t place_step, float sign,
                             float (&value)[4][4]) {
  const std::uint32_t ty = simt::thread_index() / wide_shape::tiles_a_side * wide_shape::tile;
  const std::uint32_t tx = simt::thread_index() % wide_shape::tiles_a_side * wide_shape::tile;
  for (std::uint32_t k = 0; k < lines; ++k) {
    RECOKIT_UNROLL
    for (std::uint32_t i = 0; i < 4; ++i) {
      const float a = sign * left[k * line_step + (ty + i) * place_step];
      RECOKIT_UNROLL
      for (std::uint32_t j = 0; j < 4; ++j) {
        value[i][j] = simt::fma(a, top[k * line_step + (tx + j) * place_step], value[i][j]);
      }
    }
  }
}

/// A square of the matrix to or from shared memory.
RECOKIT_DEVICE void wide_load(const float* matrix, std::uint32_t stride, std::uint32_t row,
                              std::uint32_t column, float* to) {
  constexpr std::uint32_t square = wide_shape::square;
  for (std::uint32_t i = simt::thread_index(); i < square * square; i += simt::block_size()) {
    to[i / square * wide_shape::leading + i % square] =
        matrix[std::uint64_t{row + i / square} * stride + column + i % square];
  }
}
RECOKIT_DEVICE void wide_store(const float* from, std::uint32_t stride, std::uint32_t row,
                               std::uint32_t column, float* matrix) {
  constexpr std::uint32_t square = wide_shape::square;
  for (std::uint32_t i = simt::thread_index(); i < square * square; i += simt::block_size()) {
    matrix[std::uint64_t{row + i / square} * stride + column + i % square] =
        from[i / square * wide_shape::leading + i % square];
  }
}

/// An entry of the matrix from that of RᵀR.
RECOKIT_DEVICE float wide_entry(const row_system& s, const row_facts& facts, std::uint32_t row,
                                std::uint32_t column, float sum) {
  if (s.gram != nullptr) {
    sum = simt::fma(facts.scale, s.gram[std::uint64_t{row} * s.fixed.stride + column], sum);
  }
  return row == column ? sum + ridge_of(s, facts, column) : sum;
}

/// Adds the parts of a row, in their order, in the lower squares of its matrix and in its vector.
RECOKIT_DEVICE void wide_gather(const row_system& s, const row_facts& facts, const row_task& task,
                                const float* partial, float* matrix, float* vector) {
  const std::uint32_t stride = s.fixed.stride;
  const std::uint64_t floats = wide_partial_floats(stride);
  const float* const first = partial + task.slot * floats;
  for (std::uint32_t f = simt::thread_index(); f < stride; f += simt::block_size()) {
    float sum = 0;
    for (std::uint32_t n = 0; n < task.count; ++n) {
      sum += first[n * floats + std::uint64_t{stride} * stride + f];
    }
    vector[f] = sum;
  }
  for (std::uint32_t row = 0; row < stride; ++row) {
    // To the end of the square on the diagonal.
    const std::uint32_t end = (row / wide_shape::square + 1) * wide_shape::square;
    for (std::uint32_t c = simt::thread_index(); c < end; c += simt::block_size()) {
      const std::uint64_t at = std::uint64_t{row} * stride + c;
      float sum = 0;
      for (std::uint32_t n = 0; n < task.count; ++n) sum += first[n * floats + at];
      matrix[at] = wide_entry(s, facts, row, c, sum);
    }
  }
  simt::block_sync();
}

/// The lower squares of s G + ridge + RᵀR of a row, or with IsPart of RᵀR of a part of one.
template <bool IsPart>
RECOKIT_DEVICE void wide_sum(const row_system& s, const row_facts& row, float* left, float* top,
                             float* matrix) {
  constexpr std::uint32_t square = wide_shape::square;
  constexpr std::uint32_t lines = wide_shape::lines;
  const std::uint32_t stride = s.fixed.stride;
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t ty = me / wide_shape::tiles_a_side * wide_shape::tile;
  const std::uint32_t tx = me % wide_shape::tiles_a_side * wide_shape::tile;
  for (std::uint32_t r = 0; r < stride; r += square) {
    for (std::uint32_t c = 0; c <= r; c += square) {
      float value[4][4] = {};
      for (std::int64_t chunk = row.begin; chunk < row.end; chunk += lines) {
        const auto count =
            static_cast<std::uint32_t>(row.end - chunk < lines ? row.end - chunk : lines);
        for (std::uint32_t i = me; i < count * (square / 4); i += simt::block_size()) {
          const std::uint32_t e = i / (square / 4);
          const std::uint32_t at = i % (square / 4) * 4;
          const entry_terms entry = entry_of(s, row, chunk + e);
          const quad a = load_entry(s, entry.column, r + at);
          const quad b = load_entry(s, entry.column, c + at);
          RECOKIT_UNROLL
          for (std::uint32_t l = 0; l < 4; ++l) {
            left[e * wide_shape::leading + at + l] = a.of[l] * entry.root;
            top[e * wide_shape::leading + at + l] = b.of[l] * entry.root;
          }
        }
        simt::block_sync();
        wide_add(left, top, count, wide_shape::leading, 1, 1, value);
        simt::block_sync();
      }
      RECOKIT_UNROLL
      for (std::uint32_t i = 0; i < 4; ++i) {
        const std::uint64_t from = std::uint64_t{r + ty + i} * stride + c + tx;
        RECOKIT_UNROLL
        for (std::uint32_t j = 0; j < 4; ++j) {
          matrix[from + j] =
              IsPart ? value[i][j] : wide_entry(s, row, r + ty + i, c + tx + j, value[i][j]);
        }
      }
    }
  }
  simt::block_sync();
}

/// Cholesky factor of the square in `left`, by all threads. @returns false when it has none; the
/// same in all threads
RECOKIT_DEVICE bool wide_factor_square(float* left) {
  constexpr std::uint32_t square = wide_shape::square;
  constexpr std::uint32_t leading = wide_shape::leading;
  const std::uint32_t me = simt::thread_index();
  bool sound = true;
  for (std::uint32_t j = 0; j < square; ++j) {
    const float pivot = left[j * leading + j];
    const bool good = pivot > 0 && pivot - pivot == 0;
    sound &= good;
    const float root = simt::sqrt(good ? pivot : 1.0f);
    simt::block_sync();
    for (std::uint32_t i = j + me; i < square; i += simt::block_size()) {
      left[i * leading + j] = i == j ? root : left[i * leading + j] / root;
    }
    simt::block_sync();
    for (std::uint32_t i = me; i < square * square; i += simt::block_size()) {
      const std::uint32_t r = i / square;
      const std::uint32_t c = i % square;
      if (c > j && r >= c) left[r * leading + c] -= left[r * leading + j] * left[c * leading + j];
    }
    simt::block_sync();
  }
  return sound;
}

/// matrix = L of its lower squares, in place.
RECOKIT_DEVICE bool wide_factor(float* matrix, std::uint32_t stride, float* left, float* top) {
  constexpr std::uint32_t square = wide_shape::square;
  constexpr std::uint32_t leading = wide_shape::leading;
  const std::uint32_t me = simt::thread_index();
  bool sound = true;
  for (std::uint32_t k = 0; k < stride; k += square) {
    wide_load(matrix, stride, k, k, left);
    simt::block_sync();
    sound &= wide_factor_square(left);
    wide_store(left, stride, k, k, matrix);
    for (std::uint32_t r = k + square; r < stride; r += square) {
      wide_load(matrix, stride, r, k, top);
      simt::block_sync();
      // A row of the square a thread: x Lᵀ = row.
      if (me < square) {
        float* const x = top + me * leading;
        for (std::uint32_t j = 0; j < square; ++j) {
          float rest = x[j];
          for (std::uint32_t i = 0; i < j; ++i) rest -= x[i] * left[j * leading + i];
          x[j] = rest / left[j * leading + j];
        }
      }
      simt::block_sync();
      wide_store(top, stride, r, k, matrix);
      simt::block_sync();
    }
    const std::uint32_t ty = me / wide_shape::tiles_a_side * wide_shape::tile;
    const std::uint32_t tx = me % wide_shape::tiles_a_side * wide_shape::tile;
    for (std::uint32_t r = k + square; r < stride; r += square) {
      wide_load(matrix, stride, r, k, left);
      for (std::uint32_t c = k + square; c <= r; c += square) {
        wide_load(matrix, stride, c, k, top);
        simt::block_sync();
        float value[4][4] = {};
        wide_add(left, top, square, 1, leading, -1, value);
        RECOKIT_UNROLL
        for (std::uint32_t i = 0; i < 4; ++i) {
          RECOKIT_UNROLL
          for (std::uint32_t j = 0; j < 4; ++j) {
            matrix[std::uint64_t{r + ty + i} * stride + c + tx + j] += value[i][j];
          }
        }
        simt::block_sync();
      }
    }
  }
  return sound;
}

/// vector = L⁻ᵀ L⁻¹ vector.
RECOKIT_DEVICE void wide_solve(const float* matrix, std::uint32_t stride, float* vector,
                               float* scratch) {
  for (std::uint32_t j = 0; j < stride; ++j) {
    if (simt::thread_index() == 0) vector[j] /= matrix[std::uint64_t{j} * stride + j];
    simt::block_sync();
    const float y = vector[j];
    for (std::uint32_t i = j + 1 + simt::thread_index(); i < stride; i += simt::block_size()) {
      vector[i] -= matrix[std::uint64_t{i} * stride + j] * y;
    }
    simt::block_sync();
  }
  for (std::uint32_t j = stride; j-- > 0;) {
    float sum = 0;
    for (std::uint32_t i = j + 1 + simt::thread_index(); i < stride; i += simt::block_size()) {
      sum += matrix[std::uint64_t{i} * stride + j] * vector[i];
    }
    sum = block_sum(sum, scratch);
    if (simt::thread_index() == 0) {
      vector[j] = (vector[j] - sum) / matrix[std::uint64_t{j} * stride + j];
    }
    simt::block_sync();
  }
}

/// Blocks take tasks in turns; each has a matrix of its own in `scratch`.
template <class Unused = void>
RECOKIT_GLOBAL void RECOKIT_LAUNCH_BOUNDS(wide_shape::threads, 2)
    wide_rows_kernel(row_system s, const row_task* tasks, std::uint32_t count, float* partial,
                     float* scratch) {
  const std::uint32_t stride = s.fixed.stride;
  float* const left = simt::shared_memory<float>();
  float* const top = left + wide_shape::square * wide_shape::leading;
  float* const vector = top + wide_shape::square * wide_shape::leading;
  float* const matrix = scratch + std::uint64_t{simt::block_index()} * stride * stride;
  const std::uint32_t me = simt::thread_index();
  for (std::uint32_t n = simt::block_index(); n < count; n += simt::grid_size()) {
    const row_task& task = tasks[n];
    row_facts facts = facts_of(s, task.row);
    if (task.kind == row_task::rest) {
      wide_gather(s, facts, task, partial, matrix, vector);
    } else {
      facts.begin = task.begin;
      facts.end = task.end;
      float* const part = partial + task.slot * wide_partial_floats(stride);
      float* const right =
          task.kind == row_task::segment ? part + std::uint64_t{stride} * stride : vector;
      for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
        float sum = 0;
        for (std::int64_t e = facts.begin; takes_part(s, f) && e < facts.end; ++e) {
          const entry_terms entry = entry_of(s, facts, e);
          sum = simt::fma(entry.z * entry.root + entry.loose, load_factor(s.fixed, entry.column, f),
                          sum);
        }
        right[f] = sum;
      }
      if (task.kind == row_task::segment) {
        wide_sum<true>(s, facts, left, top, part);
        continue;
      }
      wide_sum<false>(s, facts, left, top, matrix);
    }
    const bool sound = wide_factor(matrix, stride, left, top);
    simt::block_sync();
    wide_solve(matrix, stride, vector, left);
    if (!sound && me == 0) simt::atomic_min(s.failed, task.row);
    for (std::uint32_t f = me; f < stride; f += simt::block_size()) {
      write_solution(s, task.row, f, vector[f]);
    }
    simt::block_sync();
  }
}

inline void launch_wide_rows(const row_system& s, const row_task* tasks, std::uint32_t count,
                             float* partial, float* scratch, std::uint32_t blocks,
                             stream_t stream) {
  require_range("stride", s.fixed.stride, 64, most_width, "must be in [64, 4096]");
  require_range("stride % 64", s.fixed.stride % wide_shape::square, 0, 0, "must be 0");
  if (count == 0) return;
  simt::launch("wide_rows",
               {.blocks = blocks < count ? blocks : count,
                .threads = wide_shape::threads,
                .shared_bytes = wide_shape::shared_bytes(s.fixed.stride),
                .stream = stream},
               wide_rows_kernel<>, s, tasks, count, partial, scratch);
}

}  // namespace recokit::cuda_kernels
