// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The inner loop of the matrix product, for the instructions that its includer switches on.
#pragma once

#include "gemm_kernels.hpp"

#include <cstddef>
#include <numeric>

#if !defined(RECOKIT_TARGET)
#error "define RECOKIT_TARGET, an attribute that switches instructions on, before this header"
#endif

// In an unnamed namespace: two units with other instructions must not share these functions.
namespace recokit::inline RECOKIT_ABI::kernels::detail {
namespace {

/// c += sign · a · b for a strip of Lanes::rows rows of a and two vectors of columns of b, packed.
template <class Lanes>
RECOKIT_TARGET void multiply(std::ptrdiff_t depth, const typename Lanes::scalar* a,
                             const typename Lanes::scalar* b, typename Lanes::scalar sign,
                             typename Lanes::scalar* c, std::ptrdiff_t leading) {
  using vector = typename Lanes::vector;
  constexpr std::ptrdiff_t rows = Lanes::rows;
  constexpr std::ptrdiff_t step = Lanes::count;
  vector sums[rows][2];
#pragma GCC unroll 16
  for (std::ptrdiff_t r = 0; r < rows; ++r) {
    // What is added to last is often far away: its lines travel while the sums are made.
    __builtin_prefetch(c + r * leading, 1);
    __builtin_prefetch(c + r * leading + 2 * step - 1, 1);
    sums[r][0] = Lanes::zero();
    sums[r][1] = Lanes::zero();
  }
  for (std::ptrdiff_t p = 0; p < depth; ++p) {
    const vector b0 = Lanes::load(b);
    const vector b1 = Lanes::load(b + step);
#pragma GCC unroll 16
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
      const vector x = Lanes::all(a[r]);
      sums[r][0] = Lanes::add(x, b0, sums[r][0]);
      sums[r][1] = Lanes::add(x, b1, sums[r][1]);
    }
    a += rows;
    b += 2 * step;
  }
  const vector signs = Lanes::all(sign);
#pragma GCC unroll 16
  for (std::ptrdiff_t r = 0; r < rows; ++r) {
    auto* const to = c + r * leading;
    Lanes::store(to, Lanes::add(signs, sums[r][0], Lanes::load(to)));
    Lanes::store(to + step, Lanes::add(signs, sums[r][1], Lanes::load(to + step)));
  }
}

template <class Lanes>
constexpr gemm_kernel<typename Lanes::scalar> kernel(const char* name) noexcept {
  constexpr std::ptrdiff_t rows = Lanes::rows;
  constexpr std::ptrdiff_t columns = 2 * Lanes::count;
  return {name, rows, columns, std::lcm(rows, columns), multiply<Lanes>};
}

}  // namespace
}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
