// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Weighted sums of rows, for the instructions that its includer switches on.
#pragma once

#include "sparse_times_dense_x86.hpp"

#include <algorithm>
#include <cstddef>

#if !defined(RECOKIT_TARGET)
#error "define RECOKIT_TARGET, an attribute that switches instructions on, before this header"
#endif

// In an unnamed namespace: two units with other instructions must not share these functions.
namespace recokit::inline RECOKIT_ABI::kernels::detail {
namespace {

/// Parts vectors of `Bytes` bytes of the sum, from column f on.
template <class Scalar, std::ptrdiff_t Bytes, std::ptrdiff_t Parts>
RECOKIT_TARGET __attribute__((always_inline)) inline void sum_part(
    std::ptrdiff_t entries, const index_t* indices, const float* values, const Scalar* x,
    std::ptrdiff_t leading, Scalar* out) {
  typedef Scalar vector __attribute__((vector_size(Bytes)));
  constexpr std::ptrdiff_t lanes = Bytes / static_cast<std::ptrdiff_t>(sizeof(Scalar));
  constexpr std::ptrdiff_t ahead = 6;
  vector sums[Parts];
  for (auto& sum : sums) sum = vector{} + Scalar{0};
  for (std::ptrdiff_t e = 0; e < entries; ++e) {
    const Scalar value = values == nullptr ? Scalar{1} : static_cast<Scalar>(values[e]);
    const Scalar* const from = x + indices[e] * leading;
    const Scalar* const later = x + indices[std::min(e + ahead, entries - 1)] * leading;
#pragma GCC unroll 8
    for (std::ptrdiff_t part = 0; part < Parts; ++part) {
      vector factor;
      __builtin_memcpy(&factor, from + part * lanes, sizeof(vector));
      __builtin_prefetch(later + part * lanes);
      sums[part] += value * factor;
    }
  }
  for (std::ptrdiff_t part = 0; part < Parts; ++part) {
    __builtin_memcpy(out + part * lanes, &sums[part], sizeof(vector));
  }
}

template <class Scalar, std::ptrdiff_t Bytes>
RECOKIT_TARGET void weighted_rows(std::ptrdiff_t entries, const index_t* indices,
                                  const float* values, const Scalar* x, std::ptrdiff_t leading,
                                  std::ptrdiff_t width, Scalar* out) {
  constexpr std::ptrdiff_t lanes = Bytes / static_cast<std::ptrdiff_t>(sizeof(Scalar));
  std::ptrdiff_t f = 0;
  for (; f + 8 * lanes <= width; f += 8 * lanes) {
    sum_part<Scalar, Bytes, 8>(entries, indices, values, x + f, leading, out + f);
  }
  for (; f + 2 * lanes <= width; f += 2 * lanes) {
    sum_part<Scalar, Bytes, 2>(entries, indices, values, x + f, leading, out + f);
  }
  for (; f + lanes <= width; f += lanes) {
    sum_part<Scalar, Bytes, 1>(entries, indices, values, x + f, leading, out + f);
  }
  for (; f < width; ++f) {
    Scalar sum{0};
    for (std::ptrdiff_t e = 0; e < entries; ++e) {
      const Scalar value = values == nullptr ? Scalar{1} : static_cast<Scalar>(values[e]);
      sum += value * x[indices[e] * leading + f];
    }
    out[f] = sum;
  }
}

}  // namespace
}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
