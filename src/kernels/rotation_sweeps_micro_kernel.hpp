// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Several sweeps of rotations at once, for the instructions that its includer switches on.
#pragma once

#include "rotation_sweeps_x86.hpp"

#include <cstddef>

#if !defined(RECOKIT_TARGET)
#error "define RECOKIT_TARGET, an attribute that switches instructions on, before this header"
#endif

// In an unnamed namespace: two units with other instructions must not share these functions.
namespace recokit::inline RECOKIT_ABI::kernels::detail {
namespace {

/// A column is one vector of Bytes bytes; Together + 1 of them stay in registers.
template <std::ptrdiff_t Bytes, std::ptrdiff_t Together>
RECOKIT_TARGET void rotate(std::ptrdiff_t steps, const double* rotations, double* strip) {
  typedef double vector __attribute__((vector_size(Bytes)));
  constexpr std::ptrdiff_t rows = Bytes / static_cast<std::ptrdiff_t>(sizeof(double));
  vector columns[Together + 1];
#pragma GCC unroll 8
  for (std::ptrdiff_t j = 0; j < Together; ++j) {
    __builtin_memcpy(&columns[j], strip + j * rows, sizeof(vector));
  }
  for (std::ptrdiff_t t = 0; t < steps; ++t, rotations += 2 * Together, strip += rows) {
    __builtin_memcpy(&columns[Together], strip + Together * rows, sizeof(vector));
#pragma GCC unroll 8
    for (std::ptrdiff_t w = 0; w < Together; ++w) {
      const double c = rotations[2 * w], s = rotations[2 * w + 1];
      const vector x = columns[Together - 1 - w], y = columns[Together - w];
      columns[Together - 1 - w] = c * x + s * y;
      columns[Together - w] = c * y - s * x;
    }
    __builtin_memcpy(strip, &columns[0], sizeof(vector));
#pragma GCC unroll 8
    for (std::ptrdiff_t j = 0; j < Together; ++j) columns[j] = columns[j + 1];
  }
#pragma GCC unroll 8
  for (std::ptrdiff_t j = 0; j < Together; ++j) {
    __builtin_memcpy(strip + j * rows, &columns[j], sizeof(vector));
  }
}

template <std::ptrdiff_t Bytes, std::ptrdiff_t Together>
constexpr rotation_kernel kernel(const char* name) noexcept {
  return {name, Bytes / static_cast<std::ptrdiff_t>(sizeof(double)), Together,
          rotate<Bytes, Together>};
}

}  // namespace
}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
