// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A positive definite system in the registers of one block: summed, factored and solved
/// there, so that no matrix of a row is ever written to memory.
#pragma once

#include "kernels/row_system.cuh"

namespace recokit::cuda_kernels {

/// How a block holds the lower triangle of a Size × Size system: each thread has one square tile.
/// Small systems leave threads over, which form further groups that sum every groups-th line.
template <std::uint32_t Size>
struct tile_shape {
  static constexpr std::uint32_t tile = Size == 32 ? 4 : 8;
  static constexpr std::uint32_t side = Size / tile;
  static constexpr std::uint32_t tiles = side * (side + 1) / 2;
  static constexpr std::uint32_t groups = Size <= 64 ? 3 : Size == 96 ? 2 : 1;
  static constexpr std::uint32_t threads = (tiles * groups + 31) / 32 * 32;
  /// Blocks that share a multiprocessor, for which registers are left: one gathers while another
  /// multiplies. A block of the largest fills it alone.
  static constexpr std::uint32_t resident = Size == 32 ? 6 : Size == 64 ? 4 : Size <= 128 ? 3 : 1;
  /// Lines in shared memory at a time.
  static constexpr std::uint32_t lines = 32;
  static_assert(threads >= Size, "the right side has a thread a column");
  /// Of a partial sum: the tiles, then the right side.
  static constexpr std::uint32_t tiles_floats = tiles * tile * tile;
  static constexpr std::uint32_t partial_floats = tiles_floats + Size;

  // Shared memory in floats; what is in `stage` is over before the other two uses of it begin.
  static constexpr std::uint32_t stage_floats = lines * Size;
  static constexpr std::uint32_t reduce_floats = (groups - 1) * tiles_floats;
  static constexpr std::uint32_t work_floats =
      stage_floats > reduce_floats ? stage_floats : reduce_floats;
  static constexpr std::uint32_t shared_floats =
      work_floats + Size + tile * tile + tile + 3 * lines + 4;
};

/// Where a block's shared memory goes.
template <std::uint32_t Size>
struct tile_memory {
  float* stage;            ///< lines × Size, see stage_place; then the panel of the factorization
  float* vector;           ///< Size: right side, then solution
  float* corner;           ///< the diagonal tile of a panel, and the inverses of its diagonal
  float* targets;          ///< lines
  float* loose;            ///< lines
  std::uint32_t* columns;  ///< lines
  std::uint32_t* failed;
  float* facts;  ///< scale and ridges of the row: registers are short, and a power takes many

  RECOKIT_DEVICE explicit tile_memory(float* shared) {
    using shape = tile_shape<Size>;
    stage = shared;
    vector = stage + shape::work_floats;
    corner = vector + Size;
    targets = corner + shape::tile * shape::tile + shape::tile;
    loose = targets + shape::lines;
    columns = reinterpret_cast<std::uint32_t*>(loose + shape::lines);
    failed = columns + shape::lines;
    facts = reinterpret_cast<float*>(failed + 1);
  }
};

/// A thread's tile: rows row · tile …, columns column · tile …; row >= column.
template <std::uint32_t Size>
struct tile_place {
  std::uint32_t row;
  std::uint32_t column;
  std::uint32_t index;  ///< among the tiles
  std::uint32_t group;  ///< groups and above: no tile

  RECOKIT_DEVICE tile_place() {
    using shape = tile_shape<Size>;
    index = simt::thread_index() % shape::tiles;
    group = simt::thread_index() / shape::tiles;
    row = 0;
    column = index;
    while (column > row) column -= ++row;
  }
  RECOKIT_DEVICE bool sums() const { return group < tile_shape<Size>::groups; }
  RECOKIT_DEVICE bool solves() const { return group == 0; }
};

template <std::uint32_t Size>
struct tile_values {
  static constexpr std::uint32_t tile = tile_shape<Size>::tile;
  float a[tile][tile];
  float right;  ///< column thread_index() of the right side

  RECOKIT_DEVICE void clear() {
    right = 0;
    RECOKIT_UNROLL
    for (std::uint32_t i = 0; i < tile; ++i) {
      RECOKIT_UNROLL
      for (std::uint32_t j = 0; j < tile; ++j) a[i][j] = 0;
    }
  }
};

/// Where column c of a line lies: for tiles of 8, first the lower halves of all, then the upper, so
/// that neighbouring threads read neighbouring quads. Quads stay together.
template <std::uint32_t Size>
RECOKIT_DEVICE std::uint32_t stage_place(std::uint32_t c) {
  if constexpr (tile_shape<Size>::tile == 8) {
    return (c >> 2 & 1) * (Size / 2) + (c >> 3) * 4 + (c & 3);
  } else {
    return c;
  }
}

/// Four of the columns of tile number t of a line.
template <std::uint32_t Size>
RECOKIT_DEVICE quad load_tile_quad(const float* line, std::uint32_t t, std::uint32_t q) {
  return *reinterpret_cast<const quad*>(line + q * (Size / 2) + t * 4);
}

/// a += sign · line lineᵀ in this thread's tile.
template <std::uint32_t Size>
RECOKIT_DEVICE void add_line(const tile_place<Size>& at, const float* line, float sign,
                             tile_values<Size>& sum) {
  constexpr std::uint32_t tile = tile_shape<Size>::tile;
  constexpr std::uint32_t quads = tile / 4;
  float left[tile];
  RECOKIT_UNROLL
  for (std::uint32_t q = 0; q < quads; ++q) {
    const quad values = load_tile_quad<Size>(line, at.row, q);
    RECOKIT_UNROLL
    for (std::uint32_t i = 0; i < 4; ++i) left[q * 4 + i] = sign * values.of[i];
  }
  RECOKIT_UNROLL
  for (std::uint32_t q = 0; q < quads; ++q) {
    const quad top = load_tile_quad<Size>(line, at.column, q);
    RECOKIT_UNROLL
    for (std::uint32_t i = 0; i < tile; ++i) {
      RECOKIT_UNROLL
      for (std::uint32_t j = 0; j < 4; ++j) {
        sum.a[i][q * 4 + j] = simt::fma(left[i], top.of[j], sum.a[i][q * 4 + j]);
      }
    }
  }
}

/// The tiles of Σ line lineᵀ over the lines of this thread's group.
template <std::uint32_t Size>
RECOKIT_DEVICE void add_lines(const tile_place<Size>& at, const float* stage, std::uint32_t count,
                              tile_values<Size>& sum) {
  if (!at.sums()) return;
  for (std::uint32_t k = at.group; k < count; k += tile_shape<Size>::groups) {
    add_line<Size>(at, stage + k * Size, 1, sum);
  }
}

/// Sums entries [begin, end) of a row over the columns [first, first + columns) of their factors.
/// @param residual targets of all entries, in place of their own; null: their own
/// All threads call it; the stage is free when they return.
template <std::uint32_t Size>
RECOKIT_DEVICE void add_entries(const row_system& s, const row_facts& row, std::int64_t begin,
                                std::int64_t end, std::uint32_t first, std::uint32_t columns,
                                const float* residual, const tile_memory<Size>& memory,
                                const tile_place<Size>& at, tile_values<Size>& sum) {
  using shape = tile_shape<Size>;
  constexpr std::uint32_t quads = Size / 4;
  // Only then can an entry of weight 0 have a target.
  const bool any_loose = s.target_base != 0 && residual == nullptr;
  const auto entries = static_cast<std::uint32_t>(end - begin);
  for (std::uint32_t chunk = 0; chunk < entries; chunk += shape::lines) {
    const std::uint32_t count = entries - chunk < shape::lines ? entries - chunk : shape::lines;
    for (std::uint32_t i = simt::thread_index(); i < count * quads; i += simt::block_size()) {
      const std::uint32_t e = i / quads;
      const std::uint32_t c = i % quads * 4;
      const entry_terms entry = entry_of(s, row, begin + chunk + e);
      quad h = {};
      if (c < columns) h = load_entry(s, entry.column, first + c);
      RECOKIT_UNROLL
      for (std::uint32_t l = 0; l < 4; ++l) h.of[l] *= entry.root;
      *reinterpret_cast<quad*>(memory.stage + e * Size + stage_place<Size>(c)) = h;
      if (c == 0) {
        memory.targets[e] =
            residual == nullptr ? entry.z : residual[begin + chunk + e - s.entries.first];
        memory.loose[e] = entry.loose;
        memory.columns[e] = entry.column;
      }
    }
    simt::block_sync();
    add_lines<Size>(at, memory.stage, count, sum);
    if (const std::uint32_t c = simt::thread_index(); c < columns) {
      const float* const line = memory.stage + stage_place<Size>(c);
      RECOKIT_ROLLED
      for (std::uint32_t e = 0; e < count; ++e) {
        sum.right = simt::fma(memory.targets[e], line[e * Size], sum.right);
      }
      RECOKIT_ROLLED
      for (std::uint32_t e = 0; any_loose && e < count; ++e) {
        if (memory.loose[e] == 0) continue;
        sum.right += memory.loose[e] * load_factor(s.fixed, memory.columns[e], first + c);
      }
    }
    simt::block_sync();
  }
}

/// Adds what the groups summed, in their order, in the first of them.
template <std::uint32_t Size>
RECOKIT_DEVICE void reduce_groups(const tile_memory<Size>& memory, const tile_place<Size>& at,
                                  tile_values<Size>& sum) {
  using shape = tile_shape<Size>;
  if constexpr (shape::groups > 1) {
    // By element, then by tile: neighbouring threads write neighbouring floats.
    if (at.sums() && at.group > 0) {
      float* const to = memory.stage + (at.group - 1) * shape::tiles_floats + at.index;
      RECOKIT_UNROLL
      for (std::uint32_t i = 0; i < shape::tile; ++i) {
        RECOKIT_UNROLL
        for (std::uint32_t j = 0; j < shape::tile; ++j) {
          to[(i * shape::tile + j) * shape::tiles] = sum.a[i][j];
        }
      }
    }
    simt::block_sync();
    if (at.solves()) {
      for (std::uint32_t g = 1; g < shape::groups; ++g) {
        const float* const from = memory.stage + (g - 1) * shape::tiles_floats + at.index;
        RECOKIT_UNROLL
        for (std::uint32_t i = 0; i < shape::tile; ++i) {
          RECOKIT_UNROLL
          for (std::uint32_t j = 0; j < shape::tile; ++j) {
            sum.a[i][j] += from[(i * shape::tile + j) * shape::tiles];
          }
        }
      }
    }
    simt::block_sync();
  }
}

/// Calls body(own value, its place in a partial sum), by element, then by tile.
template <std::uint32_t Size, class Body>
RECOKIT_DEVICE void for_partial(float* partial, const tile_place<Size>& at, tile_values<Size>& sum,
                                const Body& body) {
  using shape = tile_shape<Size>;
  if (simt::thread_index() < Size) {
    body(sum.right, partial[shape::tiles_floats + simt::thread_index()]);
  }
  if (!at.solves()) return;
  float* const place = partial + at.index;
  RECOKIT_UNROLL
  for (std::uint32_t i = 0; i < shape::tile; ++i) {
    RECOKIT_UNROLL
    for (std::uint32_t j = 0; j < shape::tile; ++j) {
      body(sum.a[i][j], place[(i * shape::tile + j) * shape::tiles]);
    }
  }
}

struct add_partial {
  RECOKIT_DEVICE void operator()(float& sum, const float& part) const { sum += part; }
};
struct write_partial {
  RECOKIT_DEVICE void operator()(const float& sum, float& part) const { part = sum; }
};

/// Cholesky factor of a diagonal tile, in place, its copy and the inverses of its diagonal in
/// `corner`; then y of its rows. One thread.
template <std::uint32_t Size>
RECOKIT_DEVICE void factor_corner(float* corner, float* vector, std::uint32_t* failed,
                                  tile_values<Size>& l) {
  constexpr std::uint32_t tile = tile_shape<Size>::tile;
  RECOKIT_UNROLL
  for (std::uint32_t j = 0; j < tile; ++j) {
    const float pivot = l.a[j][j];
    if (!(pivot > 0) || pivot - pivot != 0) *failed = 1;
    const float root = simt::sqrt(pivot > 0 ? pivot : 1.0f);
    const float inverse = 1 / root;
    l.a[j][j] = root;
    corner[tile * tile + j] = inverse;
    RECOKIT_UNROLL
    for (std::uint32_t i = j + 1; i < tile; ++i) l.a[i][j] *= inverse;
    RECOKIT_UNROLL
    for (std::uint32_t k = j + 1; k < tile; ++k) {
      RECOKIT_UNROLL
      for (std::uint32_t i = k; i < tile; ++i) {
        l.a[i][k] = simt::fma(-l.a[i][j], l.a[k][j], l.a[i][k]);
      }
    }
    RECOKIT_UNROLL
    for (std::uint32_t i = j + 1; i < tile; ++i) corner[i * tile + j] = l.a[i][j];
    float y = vector[j];
    RECOKIT_UNROLL
    for (std::uint32_t k = 0; k < j; ++k) y = simt::fma(-l.a[j][k], vector[k], y);
    vector[j] = y * inverse;
  }
}

/// Solves the system whose lower tiles the threads hold and whose right side is in memory.vector,
/// which gets the solution. The tiles become those of the Cholesky factor. All threads call it,
/// after a barrier, and leave it after one; *memory.failed gets 1 when the system is not positive
/// definite, else it stays. Four barriers a panel of one tile.
template <std::uint32_t Size>
RECOKIT_DEVICE void solve_tiles(const tile_memory<Size>& memory, const tile_place<Size>& at,
                                tile_values<Size>& l) {
  using shape = tile_shape<Size>;
  constexpr std::uint32_t tile = shape::tile;
  const bool mine = at.solves();
  float* const panel = memory.stage;
  for (std::uint32_t k = 0; k < shape::side; ++k) {
    float* const y = memory.vector + k * tile;
    if (mine && at.row == k && at.column == k) {
      factor_corner<Size>(memory.corner, y, memory.failed, l);
    }
    simt::block_sync();
    if (mine && at.column == k && at.row > k) {
      RECOKIT_UNROLL
      for (std::uint32_t j = 0; j < tile; ++j) {
        RECOKIT_UNROLL
        for (std::uint32_t m = 0; m < j; ++m) {
          const float factor = memory.corner[j * tile + m];
          RECOKIT_UNROLL
          for (std::uint32_t i = 0; i < tile; ++i) {
            l.a[i][j] = simt::fma(-l.a[i][m], factor, l.a[i][j]);
          }
        }
        const float inverse = memory.corner[tile * tile + j];
        RECOKIT_UNROLL
        for (std::uint32_t i = 0; i < tile; ++i) {
          l.a[i][j] *= inverse;
          panel[j * Size + stage_place<Size>(at.row * tile + i)] = l.a[i][j];
        }
      }
      RECOKIT_UNROLL
      for (std::uint32_t i = 0; i < tile; ++i) {
        float rest = memory.vector[at.row * tile + i];
        RECOKIT_UNROLL
        for (std::uint32_t j = 0; j < tile; ++j) rest = simt::fma(-l.a[i][j], y[j], rest);
        memory.vector[at.row * tile + i] = rest;
      }
    }
    simt::block_sync();
    if (mine && at.column > k) {
      RECOKIT_ROLLED
      for (std::uint32_t m = 0; m < tile; ++m) {
        add_line<Size>(at, panel + m * Size, -1, l);
      }
    }
  }
  // Lᵀ x = y, from the last tile upwards.
  for (std::uint32_t k = shape::side; k-- > 0;) {
    float* const x = memory.vector + k * tile;
    if (mine && at.row == k && at.column == k) {
      RECOKIT_UNROLL
      for (std::uint32_t n = 0; n < tile; ++n) {
        const std::uint32_t j = tile - 1 - n;
        float rest = x[j];
        RECOKIT_UNROLL
        for (std::uint32_t i = j + 1; i < tile; ++i) rest = simt::fma(-l.a[i][j], x[i], rest);
        x[j] = rest / l.a[j][j];
      }
    }
    simt::block_sync();
    if (mine && at.row == k && at.column < k) {
      RECOKIT_UNROLL
      for (std::uint32_t j = 0; j < tile; ++j) {
        float rest = memory.vector[at.column * tile + j];
        RECOKIT_UNROLL
        for (std::uint32_t i = 0; i < tile; ++i) rest = simt::fma(-l.a[i][j], x[i], rest);
        memory.vector[at.column * tile + j] = rest;
      }
    }
    simt::block_sync();
  }
}

/// Starts a row: nothing has failed, and its facts are in shared memory. All threads call it and
/// leave it after a barrier.
template <std::uint32_t Size>
RECOKIT_DEVICE void begin_row(const row_system& s, std::uint32_t row,
                              const tile_memory<Size>& memory) {
  if (simt::thread_index() == 0) {
    const row_facts facts = facts_of(s, row);
    memory.facts[0] = facts.scale;
    memory.facts[1] = facts.ridge;
    memory.facts[2] = facts.bias_ridge;
    *memory.failed = 0;
  }
  simt::block_sync();
}

/// The facts of the row that begin_row started.
template <std::uint32_t Size>
RECOKIT_DEVICE row_facts held_facts(const row_system& s, std::uint32_t row,
                                    const tile_memory<Size>& memory) {
  return {s.entries.offsets[row], s.entries.offsets[row + 1], memory.facts[0], memory.facts[1],
          memory.facts[2]};
}

/// After solve_tiles: names the row where its system was not positive definite.
template <std::uint32_t Size>
RECOKIT_DEVICE void report_row(const row_system& s, std::uint32_t row,
                               const tile_memory<Size>& memory) {
  if (simt::thread_index() == 0 && *memory.failed != 0) simt::atomic_min(s.failed, row);
}

}  // namespace recokit::cuda_kernels
