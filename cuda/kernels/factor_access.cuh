// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Reading and writing factors in any storage.
#pragma once

#include "kernels/factor_array.hpp"
#include "simt.hpp"

namespace recokit::cuda_kernels {

/// Four floats that are loaded and stored at once.
struct alignas(16) quad {
  float of[4];
};

RECOKIT_DEVICE float float_of_bf16(std::uint16_t bits) {
  return simt::float_of(std::uint32_t{bits} << 16);
}
/// To the nearest, ties to even.
RECOKIT_DEVICE std::uint16_t bf16_of_float(float value) {
  const std::uint32_t bits = simt::bits_of(value);
  if (value != value) return 0x7FFFu;
  return static_cast<std::uint16_t>((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
}

RECOKIT_DEVICE float load_factor(const factor_array& from, std::int64_t row, std::uint32_t column) {
  const std::uint64_t at = static_cast<std::uint64_t>(row) * from.stride + column;
  if (from.type == storage::fp32) return static_cast<const float*>(from.data)[at];
  const std::uint16_t bits = static_cast<const std::uint16_t*>(from.data)[at];
  return from.type == storage::bf16 ? float_of_bf16(bits) : simt::float_of_half(bits);
}

/// Four factors from a column that is a multiple of 4.
RECOKIT_DEVICE quad load_quad(const factor_array& from, std::int64_t row, std::uint32_t column) {
  struct alignas(8) halves {
    std::uint16_t of[4];
  };
  const std::uint64_t at = static_cast<std::uint64_t>(row) * from.stride + column;
  if (from.type == storage::fp32) {
    return *reinterpret_cast<const quad*>(static_cast<const float*>(from.data) + at);
  }
  const halves bits =
      *reinterpret_cast<const halves*>(static_cast<const std::uint16_t*>(from.data) + at);
  quad values;
  RECOKIT_UNROLL
  for (std::uint32_t i = 0; i < 4; ++i) {
    values.of[i] =
        from.type == storage::bf16 ? float_of_bf16(bits.of[i]) : simt::float_of_half(bits.of[i]);
  }
  return values;
}

RECOKIT_DEVICE void store_factor(const factor_array& to, std::int64_t row, std::uint32_t column,
                                 float value) {
  const std::uint64_t at = static_cast<std::uint64_t>(row) * to.stride + column;
  if (to.type == storage::fp32) {
    static_cast<float*>(to.data)[at] = value;
  } else {
    static_cast<std::uint16_t*>(to.data)[at] =
        to.type == storage::bf16 ? bf16_of_float(value) : simt::half_of_float(value);
  }
}

}  // namespace recokit::cuda_kernels
