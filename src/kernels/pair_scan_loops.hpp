// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The loops over tiles of pairs, for the instructions that the includer switches on.
#pragma once

#include "pair_scan_x86.hpp"

#include <cstddef>
#include <cstdint>

#if !defined(RECOKIT_TARGET)
#error "define RECOKIT_TARGET, an attribute that switches instructions on, before this header"
#endif

// In an unnamed namespace: two units with other instructions must not share these functions.
namespace recokit::inline RECOKIT_ABI::kernels::detail {
namespace {

/// Tiles of whole pairs of vectors.
template <class Lanes>
struct pair_loops {
  using scalar = typename Lanes::scalar;
  static constexpr std::size_t lanes = Lanes::lanes;
  static constexpr std::size_t step = 2 * lanes;

  RECOKIT_TARGET static void begin(const scalar* left, std::size_t rows, const scalar* right,
                                   std::size_t columns, scalar* tile) {
    for (std::size_t c = 0; c < columns; c += step) {
      const auto first = Lanes::load(right + c);
      const auto second = Lanes::load(right + c + lanes);
      for (std::size_t r = 0; r < rows; ++r) {
        const auto x = Lanes::all_of(left[r]);
        Lanes::store(tile + r * columns + c, Lanes::plus(x, first));
        Lanes::store(tile + r * columns + c + lanes, Lanes::plus(x, second));
      }
    }
  }

  RECOKIT_TARGET static std::size_t reach(const scalar* tile, std::size_t rows, std::size_t columns,
                                          const scalar* row_floors, const scalar* column_floors,
                                          std::uint16_t* positions) {
    std::size_t found = 0;
    for (std::size_t c = 0; c < columns; c += step) {
      const auto first = Lanes::load(column_floors + c);
      const auto second = Lanes::load(column_floors + c + lanes);
      for (std::size_t r = 0; r < rows; ++r) {
        const auto floor = Lanes::all_of(row_floors[r]);
        const scalar* const at = tile + r * columns + c;
        const unsigned hits = Lanes::reach(Lanes::load(at), Lanes::smaller(floor, first)) |
                              Lanes::reach(Lanes::load(at + lanes), Lanes::smaller(floor, second))
                                  << lanes;
        if (hits != 0) found = note(hits, 256 * r + c, positions, found);
      }
    }
    return found;
  }

  RECOKIT_TARGET static std::size_t reach_rows(const scalar* tile, std::size_t rows,
                                               std::size_t columns, const scalar* row_floors,
                                               std::uint16_t* positions) {
    std::size_t found = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      const auto floor = Lanes::all_of(row_floors[r]);
      for (std::size_t c = 0; c < columns; c += step) {
        const scalar* const at = tile + r * columns + c;
        const unsigned hits = Lanes::reach(Lanes::load(at), floor) |
                              Lanes::reach(Lanes::load(at + lanes), floor) << lanes;
        if (hits != 0) found = note(hits, 256 * r + c, positions, found);
      }
    }
    return found;
  }

  RECOKIT_TARGET static std::size_t note(unsigned hits, std::size_t first, std::uint16_t* positions,
                                         std::size_t found) {
    for (; hits != 0; hits &= hits - 1) {
      positions[found++] =
          static_cast<std::uint16_t>(first + static_cast<std::size_t>(__builtin_ctz(hits)));
    }
    return found;
  }

  static pair_scan<scalar> table(const char* name) noexcept {
    return {name, step, begin, reach, reach_rows};
  }
};

}  // namespace
}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
