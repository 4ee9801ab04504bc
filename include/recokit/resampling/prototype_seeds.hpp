// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What condensed nearest neighbour and one-sided selection start from.
#pragma once

#include <recokit/core/random.hpp>
#include <recokit/resampling/class_rows.hpp>
#include <recokit/resampling/draws.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// A number in [0, below) for a sample of a class, whatever the source of the draws.
using seed_draw =
    std::function<std::uint64_t(index_t label, std::int64_t sample, std::uint64_t below)>;

/// @param draws must outlive the result
template <class Draws>
seed_draw draw_seeds_from(Draws& draws) {
  return [&draws](index_t label, std::int64_t sample, std::uint64_t below) {
    auto&& random = draws.stream(random_purpose::prototype_seeds, label, sample);
    return static_cast<std::uint64_t>(random.below(below));
  };
}

/// Rows of a class in the order drawn, each drawn from all of them; one drawn again is left out.
std::vector<index_t> prototype_seeds(const seed_draw& draw, const class_table& classes,
                                     std::size_t position, int count);

}  // namespace recokit::inline RECOKIT_ABI::detail
