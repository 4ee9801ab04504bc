// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Factor matrices on the device: how they are stored, padded, moved and rescaled.
#pragma once

#include "runtime/stream.hpp"

#include <cstddef>
#include <cstdint>

namespace recokit::cuda_kernels {

/// What a factor takes in device memory. Arithmetic is in fp32 whatever it is.
enum class storage : std::uint8_t { fp32, bf16, fp16 };

constexpr std::size_t bytes_of(storage type) { return type == storage::fp32 ? 4 : 2; }

/// Row-major rows × stride; columns from the width of the factors on are 0.
struct factor_array {
  void* data;
  storage type;
  std::int64_t rows;
  std::uint32_t stride;  ///< a multiple of 32; see padded_width
};

/// Its rows [first, first + rows).
inline factor_array slice(const factor_array& array, std::int64_t first, std::int64_t rows) {
  const std::size_t before = static_cast<std::size_t>(first) * array.stride * bytes_of(array.type);
  return {static_cast<unsigned char*>(array.data) + before, array.type, rows, array.stride};
}

/// Most factors that kernels take.
inline constexpr std::uint32_t most_width = 4096;

/// The stride of rows of `width` factors: 32, 64, 96, 128, 192, 256, then multiples of 64.
constexpr std::uint32_t padded_width(std::uint32_t width) {
  if (width <= 128) return width == 0 ? 32 : (width + 31) / 32 * 32;
  return (width + 63) / 64 * 64;
}

/// Writes a dense rows × width fp32 matrix on the device into `to`, rounded to its storage, from
/// row `first` on. @throws backend_error
void store_rows(const float* from, std::int64_t rows, std::uint32_t width,
                std::uint32_t from_stride, const factor_array& to, std::int64_t first,
                stream_t stream);
/// The other way: rows [first, first + rows) without the padding.
void load_rows(const factor_array& from, std::int64_t first, std::int64_t rows, std::uint32_t width,
               float* to, std::uint32_t to_stride, stream_t stream);
/// to (fp32, from.stride columns): each row of `from` times the root of its weight.
void scale_rows(const factor_array& from, const float* weights, float* to, stream_t stream);

}  // namespace recokit::cuda_kernels
