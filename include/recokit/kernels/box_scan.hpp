// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Squared distances of one query to a group of points or boxes, in vectors of the machine.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/kernels/squared_distance.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Loops of a search tree, in double and in the order of the columns: the bits of
/// squared_distance(). Pick them with best_box_scan().
template <class Scalar>
struct box_scan {
  static constexpr std::size_t group = 8;  ///< boxes of a node

  std::string_view name;  ///< of the instructions: "avx512f", "portable"
  /// Writes the squared distances to `width` points, a multiple of 8 of at most 64; column c of
  /// them begins at c · width. @returns a bit for each that is at most `limit`
  std::uint64_t (*points)(const double* query, const Scalar* points, std::size_t columns,
                          std::size_t width, double limit, double* squared) = nullptr;
  /// Writes the squared distances to the nearest points of 8 boxes, whose lower and upper ends in
  /// column c begin at c · 16 and c · 16 + 8. @returns a bit for each that is at most `limit`
  std::uint64_t (*boxes)(const double* query, const Scalar* ends, std::size_t columns, double limit,
                         double* squared) = nullptr;
};

namespace detail {

/// Whatever the machine is.
template <class Scalar>
struct portable_box_scan {
  static constexpr std::size_t group = box_scan<Scalar>::group;

  static std::uint64_t points(const double* query, const Scalar* points, std::size_t columns,
                              std::size_t width, double limit, double* squared) {
    std::uint64_t reached = 0;
    for (std::size_t first = 0; first < width; first += group) {
      double sums[group] = {};
      const Scalar* column = points + first;
      for (std::size_t c = 0; c < columns; ++c, column += width) {
        for (std::size_t l = 0; l < group; ++l) {
          add_square(sums[l], query[c] - static_cast<double>(column[l]));
        }
      }
      reached |= keep(sums, limit, squared + first) << first;
    }
    return reached;
  }

  static std::uint64_t boxes(const double* query, const Scalar* ends, std::size_t columns,
                             double limit, double* squared) {
    double sums[group] = {};
    for (std::size_t c = 0; c < columns; ++c, ends += 2 * group) {
      for (std::size_t l = 0; l < group; ++l) {
        const double below = static_cast<double>(ends[l]) - query[c];
        const double above = query[c] - static_cast<double>(ends[group + l]);
        const double outside = below > above ? below : above;
        add_square(sums[l], outside > 0 ? outside : 0);
      }
    }
    return keep(sums, limit, squared);
  }

 private:
  static std::uint64_t keep(const double* sums, double limit, double* squared) {
    std::uint64_t reached = 0;
    for (std::size_t l = 0; l < group; ++l) {
      squared[l] = sums[l];
      reached |= std::uint64_t{sums[l] <= limit ? 1u : 0u} << l;
    }
    return reached;
  }
};

#if defined(RECOKIT_DETAIL_X86_KERNELS)
/// Those that this machine can run, best first; the rest have no functions.
template <class Scalar>
std::array<box_scan<Scalar>, 2> x86_box_scans() noexcept;
template <>
std::array<box_scan<float>, 2> x86_box_scans() noexcept;
template <>
std::array<box_scan<double>, 2> x86_box_scans() noexcept;
#endif

}  // namespace detail

/// All that can run here, best first; the last needs nothing of the machine. All give the same.
template <class Scalar>
std::vector<box_scan<Scalar>> box_scans() {
  using portable = detail::portable_box_scan<Scalar>;
  std::vector<box_scan<Scalar>> all;
#if defined(RECOKIT_DETAIL_X86_KERNELS)
  for (const auto& scan : detail::x86_box_scans<Scalar>()) {
    if (scan.points != nullptr) all.push_back(scan);
  }
#endif
  all.push_back({"portable", portable::points, portable::boxes});
  return all;
}

/// The fastest that can run here.
template <class Scalar>
box_scan<Scalar> best_box_scan() {
  return box_scans<Scalar>().front();
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
