// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The loops over scores that select the best: compare and keep, in vectors of the machine.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The least and the largest of the scores above −infinity; both −infinity when there are none.
template <class Scalar>
struct score_range {
  Scalar least = -std::numeric_limits<Scalar>::infinity();
  Scalar largest = -std::numeric_limits<Scalar>::infinity();
};

/// Loops that select; NaN reaches no floor. Pick them with best_score_scan().
template <class Scalar>
struct score_scan {
  /// What collect and keep may write behind the last that they keep, for whole vectors.
  static constexpr std::size_t overhang = 64 / sizeof(Scalar);

  std::string_view name;  ///< of the instructions: "avx512f", "avx2", "portable"
  /// How many scores reach the floor.
  std::size_t (*count)(const Scalar* scores, std::size_t size, Scalar floor) = nullptr;
  score_range<Scalar> (*range)(const Scalar* scores, std::size_t size) = nullptr;
  /// Copies the scores that reach the floor, in their order, with first + their number. @returns
  /// how many; there must be room for `size` + overhang.
  std::size_t (*collect)(const Scalar* scores, std::size_t size, Scalar floor, index_t first,
                         Scalar* kept, index_t* places) = nullptr;
  /// Moves the scores that reach the floor and their places to the front. @returns how many
  std::size_t (*keep)(Scalar* scores, index_t* places, std::size_t size, Scalar floor) = nullptr;
  /// Writes how many scores are larger than each, size² comparisons; null where sorting is faster.
  void (*ranks)(const Scalar* scores, std::size_t size, std::uint32_t* ranks) = nullptr;
};

namespace detail {

/// Whatever the machine is.
template <class Scalar>
struct portable_score_scan {
  static constexpr std::size_t strip = 16;

  static std::size_t count(const Scalar* scores, std::size_t size, Scalar floor) {
    std::size_t reached = 0;
    for (std::size_t i = 0; i < size; ++i) reached += scores[i] >= floor ? 1 : 0;
    return reached;
  }
  static score_range<Scalar> range(const Scalar* scores, std::size_t size) {
    constexpr Scalar infinite = std::numeric_limits<Scalar>::infinity();
    Scalar least = infinite;
    Scalar largest = -infinite;
    for (std::size_t i = 0; i < size; ++i) {
      const Scalar score = scores[i];
      if (!(score > -infinite)) continue;
      least = score < least ? score : least;
      largest = score > largest ? score : largest;
    }
    return largest > -infinite ? score_range<Scalar>{least, largest} : score_range<Scalar>{};
  }
  static std::size_t collect(const Scalar* scores, std::size_t size, Scalar floor, index_t first,
                             Scalar* kept, index_t* places) {
    std::size_t reached = 0;
    for (std::size_t begin = 0; begin < size; begin += strip) {
      const std::size_t end = std::min(size, begin + strip);
      bool any = false;
      for (std::size_t i = begin; i < end; ++i) any |= scores[i] >= floor;
      if (!any) continue;
      for (std::size_t i = begin; i < end; ++i) {
        kept[reached] = scores[i];
        places[reached] = first + static_cast<index_t>(i);
        reached += scores[i] >= floor ? 1 : 0;
      }
    }
    return reached;
  }
  static std::size_t keep(Scalar* scores, index_t* places, std::size_t size, Scalar floor) {
    std::size_t reached = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const Scalar score = scores[i];
      scores[reached] = score;
      places[reached] = places[i];
      reached += score >= floor ? 1 : 0;
    }
    return reached;
  }
};

#if defined(RECOKIT_DETAIL_X86_KERNELS)
/// Those that this machine can run, best first; the rest have no functions.
template <class Scalar>
std::array<score_scan<Scalar>, 2> x86_score_scans() noexcept;
template <>
std::array<score_scan<float>, 2> x86_score_scans() noexcept;
template <>
std::array<score_scan<double>, 2> x86_score_scans() noexcept;
#endif

}  // namespace detail

/// All that can run here, best first; the last needs nothing of the machine. All give the same.
template <class Scalar>
std::vector<score_scan<Scalar>> score_scans() {
  using portable = detail::portable_score_scan<Scalar>;
  std::vector<score_scan<Scalar>> all;
#if defined(RECOKIT_DETAIL_X86_KERNELS)
  for (const auto& scan : detail::x86_score_scans<Scalar>()) {
    if (scan.count != nullptr) all.push_back(scan);
  }
#endif
  all.push_back(
      {"portable", portable::count, portable::range, portable::collect, portable::keep, nullptr});
  return all;
}

/// The fastest that can run here.
template <class Scalar>
score_scan<Scalar> best_score_scan() {
  return score_scans<Scalar>().front();
}

/// A score that at least k and at most `most` of the scores reach, or −infinity when there is none
/// or it is not found: scores that are equal, infinite or fewer than k. What does not reach it
/// cannot be among the k best. A few passes over the scores.
/// @param least at least k scores reach it; −infinity when that is not known
template <class Scalar>
Scalar floor_of_best(const score_scan<Scalar>& scan, const Scalar* scores, std::size_t size,
                     std::size_t k, std::size_t most,
                     Scalar least = -std::numeric_limits<Scalar>::infinity()) {
  constexpr Scalar none = -std::numeric_limits<Scalar>::infinity();
  if (size < k) return none;
  const auto range = scan.range(scores, size);
  Scalar low = std::max(least, range.least);
  Scalar high = range.largest;
  if (!(low > none && high < -none)) return none;
  // Scores fall off about as an exponential, so the logarithm of how many reach a number is nearly
  // a line; should it be not at all, halving comes in between.
  const auto log_of = [](std::size_t reached) {
    return std::log2(static_cast<float>(reached) + 0.5f);
  };
  const float wanted = (log_of(k) + log_of(most)) / 2;
  float at_low = log_of(size);
  float at_high = log_of(0);
  for (int round = 0; round < 40; ++round) {
    const float part = round % 4 == 3 ? 0.5f : (at_low - wanted) / (at_low - at_high);
    const Scalar middle = low + (high - low) * static_cast<Scalar>(std::clamp(part, 0.02f, 0.98f));
    if (!(middle > low && middle < high)) break;
    const std::size_t reached = scan.count(scores, size, middle);
    if (reached < k) {
      high = middle;
      at_high = log_of(reached);
    } else if (reached > most) {
      low = middle;
      at_low = log_of(reached);
    } else {
      return middle;
    }
  }
  return none;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
