// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The loops of a search tree, for the instructions that the includer switches on.
#pragma once

#include "box_scan_x86.hpp"

#include <cstddef>
#include <cstdint>

#if !defined(RECOKIT_TARGET)
#error "define RECOKIT_TARGET, an attribute that switches instructions on, before this header"
#endif

// In an unnamed namespace: two units with other instructions must not share these functions.
namespace recokit::inline RECOKIT_ABI::kernels::detail {
namespace {

/// Groups of 8 in one or two vectors of double.
template <class Lanes, class Scalar>
struct box_loops {
  using vector = typename Lanes::vector;
  static constexpr std::size_t lanes = Lanes::lanes;
  static constexpr std::size_t parts = 8 / lanes;

  // As in rounded_product(), which these functions could not inline.
  RECOKIT_INLINE vector add_square_of(vector sum, vector x) {
#if defined(__clang__)
    const vector square = Lanes::times(x, x);
#else
    const vector square = __builtin_assoc_barrier(Lanes::times(x, x));
#endif
    return Lanes::plus(sum, square);
  }

  template <std::size_t Groups>
  RECOKIT_INLINE std::uint64_t some_points(const double* query, const Scalar* points,
                                           std::size_t columns, std::size_t width, double limit,
                                           double* squared) {
    vector sums[Groups * parts];
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Groups * parts; ++v) sums[v] = Lanes::all_of(0);
    for (std::size_t c = 0; c < columns; ++c, points += width) {
      const vector x = Lanes::all_of(query[c]);
#pragma GCC unroll 8
      for (std::size_t v = 0; v < Groups * parts; ++v) {
        sums[v] = add_square_of(sums[v], Lanes::minus(x, Lanes::load(points + v * lanes)));
      }
    }
    const vector limits = Lanes::all_of(limit);
    std::uint64_t reached = 0;
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Groups * parts; ++v) {
      Lanes::store(squared + v * lanes, sums[v]);
      reached |= std::uint64_t{Lanes::at_most(sums[v], limits)} << (v * lanes);
    }
    return reached;
  }

  RECOKIT_TARGET static std::uint64_t points(const double* query, const Scalar* points,
                                             std::size_t columns, std::size_t width, double limit,
                                             double* squared) {
    std::uint64_t reached = 0;
    std::size_t first = 0;
    for (; first + 32 <= width; first += 32) {
      reached |= some_points<4>(query, points + first, columns, width, limit, squared + first)
                 << first;
    }
    for (; first < width; first += 8) {
      reached |= some_points<1>(query, points + first, columns, width, limit, squared + first)
                 << first;
    }
    return reached;
  }

  RECOKIT_TARGET static std::uint64_t boxes(const double* query, const Scalar* ends,
                                            std::size_t columns, double limit, double* squared) {
    const vector zero = Lanes::all_of(0);
    vector sums[parts];
#pragma GCC unroll 8
    for (std::size_t v = 0; v < parts; ++v) sums[v] = zero;
    for (std::size_t c = 0; c < columns; ++c, ends += 16) {
      const vector x = Lanes::all_of(query[c]);
#pragma GCC unroll 8
      for (std::size_t v = 0; v < parts; ++v) {
        const vector below = Lanes::minus(Lanes::load(ends + v * lanes), x);
        const vector above = Lanes::minus(x, Lanes::load(ends + 8 + v * lanes));
        sums[v] = add_square_of(sums[v], Lanes::larger(zero, Lanes::larger(below, above)));
      }
    }
    const vector limits = Lanes::all_of(limit);
    std::uint64_t reached = 0;
#pragma GCC unroll 8
    for (std::size_t v = 0; v < parts; ++v) {
      Lanes::store(squared + v * lanes, sums[v]);
      reached |= std::uint64_t{Lanes::at_most(sums[v], limits)} << (v * lanes);
    }
    return reached;
  }

  static box_scan<Scalar> table(const char* name) noexcept { return {name, points, boxes}; }
};

}  // namespace
}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
