// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernels of gram.hpp.
#pragma once

#include "kernels/gram.hpp"
#include "simt.hpp"

namespace recokit::cuda_kernels {

/// Geometry of the sum: tiles of out, slices of the rows of Y.
struct gram_shape {
  static constexpr std::uint32_t tile = 16;      ///< one thread an entry of a tile
  static constexpr std::uint32_t strip = 32;     ///< rows in shared memory at a time
  static constexpr std::uint64_t slices = 1024;  ///< at most; bounds the scratch
  static constexpr std::uint64_t smallest_slice = 1024;

  std::uint64_t rows;
  std::uint32_t columns;
  std::uint32_t tiles_a_side;
  std::uint32_t tiles;  ///< on and above the diagonal
  std::uint64_t rows_a_slice;
  std::uint32_t slice_count;
};

inline gram_shape shape_of_gram(std::int64_t rows, std::int64_t columns) {
  require_range("rows", rows, 0, std::int64_t{1} << 40, "must be in [0, 2^40]");
  require_range("columns", columns, 0, 16384, "must be in [0, 16384]");
  gram_shape shape{};
  shape.rows = static_cast<std::uint64_t>(rows);
  shape.columns = static_cast<std::uint32_t>(columns);
  shape.tiles_a_side = (shape.columns + gram_shape::tile - 1) / gram_shape::tile;
  shape.tiles = shape.tiles_a_side * (shape.tiles_a_side + 1) / 2;
  const std::uint64_t even = (shape.rows + gram_shape::slices - 1) / gram_shape::slices;
  shape.rows_a_slice = even < gram_shape::smallest_slice ? gram_shape::smallest_slice : even;
  shape.slice_count =
      static_cast<std::uint32_t>((shape.rows + shape.rows_a_slice - 1) / shape.rows_a_slice);
  return shape;
}

/// Row and column of a tile, counted along the rows of the upper triangle.
struct gram_tile {
  std::uint32_t row;
  std::uint32_t column;
};
RECOKIT_DEVICE gram_tile gram_tile_at(std::uint32_t index, std::uint32_t tiles_a_side) {
  std::uint32_t row = 0;
  for (std::uint32_t length = tiles_a_side; index >= length; --length) {
    index -= length;
    ++row;
  }
  return {row, row + index};
}

/// One block a tile and slice: partial[slice][tile][16][16] = the slice's share of the tile.
template <class T>
RECOKIT_GLOBAL void gram_partial_kernel(const T* y, gram_shape shape, T* partial) {
  constexpr std::uint32_t tile = gram_shape::tile;
  constexpr std::uint32_t strip = gram_shape::strip;
  T* const left = simt::shared_memory<T>();
  T* const right = left + strip * tile;
  const std::uint32_t me = simt::thread_index();
  const std::uint32_t slice = simt::block_index() / shape.tiles;
  const gram_tile at = gram_tile_at(simt::block_index() % shape.tiles, shape.tiles_a_side);
  const std::uint64_t begin = slice * shape.rows_a_slice;
  const std::uint64_t rest = shape.rows - begin;
  const std::uint64_t end = begin + (rest < shape.rows_a_slice ? rest : shape.rows_a_slice);
  T sum = 0;
  for (std::uint64_t first = begin; first < end; first += strip) {
    simt::block_sync();  // the strip before has been read
    for (std::uint32_t i = me; i < strip * tile; i += simt::block_size()) {
      const std::uint64_t row = first + i / tile;
      const std::uint32_t a = at.row * tile + i % tile;
      const std::uint32_t b = at.column * tile + i % tile;
      left[i] = row < end && a < shape.columns ? y[row * shape.columns + a] : T(0);
      right[i] = row < end && b < shape.columns ? y[row * shape.columns + b] : T(0);
    }
    simt::block_sync();
    for (std::uint32_t r = 0; r < strip; ++r) {
      sum = simt::fma(left[r * tile + me / tile], right[r * tile + me % tile], sum);
    }
  }
  partial[std::uint64_t{simt::block_index()} * tile * tile + me] = sum;
}

/// One thread an entry of the upper tiles: adds the slices in their order and writes both
/// triangles.
template <class T>
RECOKIT_GLOBAL void gram_finish_kernel(const T* partial, gram_shape shape, double alpha,
                                       double beta, T* out) {
  constexpr std::uint32_t area = gram_shape::tile * gram_shape::tile;
  const std::uint64_t entries = std::uint64_t{shape.tiles} * area;
  for (std::uint64_t e = simt::global_index(); e < entries; e += simt::global_size()) {
    const gram_tile at = gram_tile_at(static_cast<std::uint32_t>(e / area), shape.tiles_a_side);
    const std::uint32_t inside = static_cast<std::uint32_t>(e % area);
    const std::uint64_t i = at.row * gram_shape::tile + inside / gram_shape::tile;
    const std::uint64_t j = at.column * gram_shape::tile + inside % gram_shape::tile;
    if (i > j || j >= shape.columns) continue;
    double sum = 0;
    for (std::uint32_t s = 0; s < shape.slice_count; ++s) {
      sum += static_cast<double>(partial[s * entries + e]);
    }
    const T value = static_cast<T>(simt::fma(alpha, sum, i == j ? beta : 0.0));
    out[i * shape.columns + j] = value;
    out[j * shape.columns + i] = value;
  }
}

/// One thread an entry above or on the diagonal; the ones below idle.
template <class T>
RECOKIT_GLOBAL void mirror_upper_kernel(T* matrix, std::uint64_t size, double beta) {
  for (std::uint64_t e = simt::global_index(); e < size * size; e += simt::global_size()) {
    const std::uint64_t i = e / size;
    const std::uint64_t j = e % size;
    if (i == j) matrix[e] = static_cast<T>(static_cast<double>(matrix[e]) + beta);
    if (i < j) matrix[j * size + i] = matrix[e];
  }
}

template <class T>
void launch_gram(const T* y, std::int64_t rows, std::int64_t columns, double alpha, double beta,
                 T* out, T* scratch, stream_t stream) {
  constexpr std::uint32_t threads = gram_shape::tile * gram_shape::tile;
  const gram_shape shape = shape_of_gram(rows, columns);
  if (shape.columns == 0) return;
  if (shape.slice_count > 0) {
    simt::launch("gram_partial",
                 {.blocks = shape.slice_count * shape.tiles,
                  .threads = threads,
                  .shared_bytes = 2 * gram_shape::strip * gram_shape::tile * sizeof(T),
                  .stream = stream},
                 gram_partial_kernel<T>, y, shape, scratch);
  }
  simt::launch("gram_finish",
               {.blocks = simt::blocks_for(std::uint64_t{shape.tiles} * threads, threads),
                .threads = threads,
                .stream = stream},
               gram_finish_kernel<T>, scratch, shape, alpha, beta, out);
}

template <class T>
void launch_mirror_upper(T* matrix, std::int64_t size, double beta, stream_t stream) {
  require_range("size", size, 0, 16384, "must be in [0, 16384]");
  if (size == 0) return;
  const auto n = static_cast<std::uint64_t>(size);
  simt::launch("mirror_upper", {.blocks = simt::blocks_for(n * n, 256), .stream = stream},
               mirror_upper_kernel<T>, matrix, n, beta);
}

}  // namespace recokit::cuda_kernels
