// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernels of factor_array.hpp.
#pragma once

#include "kernels/factor_access.cuh"
#include "runtime/failure.hpp"

namespace recokit::cuda_kernels {

/// One thread an element of the padded rows.
template <class Unused = void>
RECOKIT_GLOBAL void store_rows_kernel(const float* from, std::uint64_t rows, std::uint32_t width,
                                      std::uint32_t from_stride, factor_array to,
                                      std::int64_t first) {
  const std::uint64_t count = rows * to.stride;
  for (std::uint64_t i = simt::global_index(); i < count; i += simt::global_size()) {
    const std::uint64_t row = i / to.stride;
    const auto column = static_cast<std::uint32_t>(i % to.stride);
    store_factor(to, first + static_cast<std::int64_t>(row), column,
                 column < width ? from[row * from_stride + column] : 0.0f);
  }
}

template <class Unused = void>
RECOKIT_GLOBAL void load_rows_kernel(factor_array from, std::int64_t first, std::uint64_t rows,
                                     std::uint32_t width, float* to, std::uint32_t to_stride) {
  const std::uint64_t count = rows * width;
  for (std::uint64_t i = simt::global_index(); i < count; i += simt::global_size()) {
    const std::uint64_t row = i / width;
    const auto column = static_cast<std::uint32_t>(i % width);
    to[row * to_stride + column] =
        load_factor(from, first + static_cast<std::int64_t>(row), column);
  }
}

template <class Unused = void>
RECOKIT_GLOBAL void scale_rows_kernel(factor_array from, const float* weights, float* to) {
  const std::uint64_t count = static_cast<std::uint64_t>(from.rows) * from.stride;
  for (std::uint64_t i = simt::global_index(); i < count; i += simt::global_size()) {
    const std::uint64_t row = i / from.stride;
    const auto column = static_cast<std::uint32_t>(i % from.stride);
    to[i] = simt::sqrt(weights[row]) * load_factor(from, static_cast<std::int64_t>(row), column);
  }
}

inline void launch_store_rows(const float* from, std::int64_t rows, std::uint32_t width,
                              std::uint32_t from_stride, const factor_array& to, std::int64_t first,
                              stream_t stream) {
  require_range("rows", rows, 0, to.rows - first, "must fit the array");
  if (rows == 0) return;
  const auto n = static_cast<std::uint64_t>(rows);
  simt::launch("store_rows", {.blocks = simt::blocks_for(n * to.stride, 256), .stream = stream},
               store_rows_kernel<>, from, n, width, from_stride, to, first);
}

inline void launch_load_rows(const factor_array& from, std::int64_t first, std::int64_t rows,
                             std::uint32_t width, float* to, std::uint32_t to_stride,
                             stream_t stream) {
  require_range("rows", rows, 0, from.rows - first, "must fit the array");
  if (rows == 0 || width == 0) return;
  const auto n = static_cast<std::uint64_t>(rows);
  simt::launch("load_rows", {.blocks = simt::blocks_for(n * width, 256), .stream = stream},
               load_rows_kernel<>, from, first, n, width, to, to_stride);
}

inline void launch_scale_rows(const factor_array& from, const float* weights, float* to,
                              stream_t stream) {
  if (from.rows == 0) return;
  const std::uint64_t count = static_cast<std::uint64_t>(from.rows) * from.stride;
  simt::launch("scale_rows", {.blocks = simt::blocks_for(count, 256), .stream = stream},
               scale_rows_kernel<>, from, weights, to);
}

}  // namespace recokit::cuda_kernels
