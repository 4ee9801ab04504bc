// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The loops over a tile of pairs of rows: begin it, and find the pairs that count.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Loops over row-major tiles without gaps. What scans find they write as 256 r + c, so that those
/// tiles have at most 256 rows and columns. Pick them with pair_scan_for().
template <class Scalar>
struct pair_scan {
  std::string_view name;    ///< of the instructions: "avx512f", "avx2", "portable"
  std::size_t columns = 1;  ///< a tile has a multiple of these
  /// tile(r, c) = left[r] + right[c]
  void (*begin)(const Scalar* left, std::size_t rows, const Scalar* right, std::size_t columns,
                Scalar* tile) = nullptr;
  /// Writes the positions 256 r + c of elements that reach row_floors[r] or column_floors[c].
  /// @returns how many
  std::size_t (*reach)(const Scalar* tile, std::size_t rows, std::size_t columns,
                       const Scalar* row_floors, const Scalar* column_floors,
                       std::uint16_t* positions) = nullptr;
  /// The same for the row floors alone.
  std::size_t (*reach_rows)(const Scalar* tile, std::size_t rows, std::size_t columns,
                            const Scalar* row_floors, std::uint16_t* positions) = nullptr;
};

namespace detail {

/// Whatever the machine is.
template <class Scalar>
struct portable_pair_scan {
  static void begin(const Scalar* left, std::size_t rows, const Scalar* right, std::size_t columns,
                    Scalar* tile) {
    for (std::size_t r = 0; r < rows; ++r, tile += columns) {
      for (std::size_t c = 0; c < columns; ++c) tile[c] = left[r] + right[c];
    }
  }
  static std::size_t reach(const Scalar* tile, std::size_t rows, std::size_t columns,
                           const Scalar* row_floors, const Scalar* column_floors,
                           std::uint16_t* positions) {
    return scan(tile, rows, columns, positions, [&](std::size_t r, std::size_t c, Scalar x) {
      // No branch, so that it becomes vectors.
      return static_cast<bool>((x >= row_floors[r]) | (x >= column_floors[c]));
    });
  }
  static std::size_t reach_rows(const Scalar* tile, std::size_t rows, std::size_t columns,
                                const Scalar* row_floors, std::uint16_t* positions) {
    return scan(tile, rows, columns, positions,
                [&](std::size_t r, std::size_t, Scalar x) { return x >= row_floors[r]; });
  }

 private:
  template <class Counts>
  static std::size_t scan(const Scalar* tile, std::size_t rows, std::size_t columns,
                          std::uint16_t* positions, const Counts& counts) {
    std::size_t found = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      const Scalar* const row = tile + r * columns;
      bool any = false;
      for (std::size_t c = 0; c < columns; ++c) any |= counts(r, c, row[c]);
      if (!any) continue;
      for (std::size_t c = 0; c < columns; ++c) {
        positions[found] = static_cast<std::uint16_t>(256 * r + c);
        found += counts(r, c, row[c]) ? 1 : 0;
      }
    }
    return found;
  }
};

#if defined(RECOKIT_DETAIL_X86_KERNELS)
/// Those that this machine can run, best first; the rest have no functions.
template <class Scalar>
std::array<pair_scan<Scalar>, 2> x86_pair_scans() noexcept;
template <>
std::array<pair_scan<float>, 2> x86_pair_scans() noexcept;
template <>
std::array<pair_scan<double>, 2> x86_pair_scans() noexcept;
#endif

}  // namespace detail

/// All that can run here, best first; the last needs nothing of the machine. All give the same.
template <class Scalar>
std::vector<pair_scan<Scalar>> pair_scans() {
  using portable = detail::portable_pair_scan<Scalar>;
  std::vector<pair_scan<Scalar>> all;
#if defined(RECOKIT_DETAIL_X86_KERNELS)
  for (const auto& scan : detail::x86_pair_scans<Scalar>()) {
    if (scan.reach != nullptr) all.push_back(scan);
  }
#endif
  all.push_back({"portable", 1, portable::begin, portable::reach, portable::reach_rows});
  return all;
}

/// The fastest that can run here on tiles of so many columns.
template <class Scalar>
pair_scan<Scalar> pair_scan_for(std::size_t columns) {
  const auto all = pair_scans<Scalar>();
  for (const auto& scan : all) {
    if (columns % scan.columns == 0) return scan;
  }
  return all.back();
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
