// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What condensed nearest neighbour and one-sided selection start from.
#pragma once

#include <recokit/core/random.hpp>
#include <recokit/resampling/class_rows.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/resampled.hpp>
#include <recokit/resampling/row_search.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
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

/// A sampler that needs the search for nearest rows and seeds.
template <class Sampler, class Params,
          selection (*Select)(const row_search&, const class_table&, const Params&,
                              const seed_draw&)>
struct seeded_selector : drawing_sampler<Sampler, Params> {
  static constexpr bool has_cuda = true;

  template <backend Policy, class Rows, class Draws>
  static selection draw(const Policy& policy, const Rows& rows, std::span<const index_t>,
                        const class_table& classes, const Params& params, Draws& draws) {
    return Select(row_search(policy, rows), classes, params, draw_seeds_from(draws));
  }
};

}  // namespace recokit::inline RECOKIT_ABI::detail
