// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Items in descending order of their norms, so that a search can stop early.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/core/recommender.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The items that may be recommended, longest first; equal ones by index.
///
/// |q · i| <= |q| |i|: behind the place where |q| |i| falls below the k-th best score no item can
/// enter the list of q. Exact; the idea is that of LEMP (Teflioudi et al., SIGMOD 2015).
template <class Scalar>
struct items_by_norm {
  std::vector<index_t> items;   ///< by place
  std::vector<index_t> places;  ///< by item; -1: not allowed
  std::vector<Scalar> norms;    ///< by place, rounded up; infinite where one is not a number

  /// @param sorts whether sorting is worth it; without, places follow the indices of the items and
  ///              all norms are infinite
  items_by_norm(const cpu& policy, const row_major_matrix<Scalar>& all, const item_filter& filter,
                bool sorts) {
    for (index_t i = 0; i < static_cast<index_t>(all.rows()); ++i) {
      if (filter.allows(i)) items.push_back(i);
    }
    norms.assign(items.size(), std::numeric_limits<Scalar>::infinity());
    if (sorts) sort(policy, all);
    places.assign(static_cast<std::size_t>(all.rows()), -1);
    for (std::size_t p = 0; p < items.size(); ++p) {
      places[static_cast<std::size_t>(items[p])] = static_cast<index_t>(p);
    }
  }

 private:
  // With `norms` as they are by place: the longest first.
  void sort(const cpu& policy, const row_major_matrix<Scalar>& all) {
    constexpr Scalar infinite = std::numeric_limits<Scalar>::infinity();
    // Covers the rounding of the norm, of |q| and of the scores that are held against the bound.
    const Scalar slack =
        1 + 4 * (static_cast<Scalar>(all.cols()) + 8) * std::numeric_limits<Scalar>::epsilon();
    struct entry {
      Scalar length;
      index_t item;
    };
    std::vector<entry> entries(items.size());
    parallel_for(policy, static_cast<std::int64_t>(items.size()), 1024,
                 [&](std::int64_t begin, std::int64_t end) {
                   for (auto p = static_cast<std::size_t>(begin); std::cmp_less(p, end); ++p) {
                     const Scalar length = all.row(items[p]).stableNorm() * slack;
                     entries[p] = {length < infinite ? length : infinite, items[p]};
                   }
                 });
    std::sort(entries.begin(), entries.end(), [](const entry& a, const entry& b) {
      return a.length != b.length ? a.length > b.length : a.item < b.item;
    });
    for (std::size_t p = 0; p < entries.size(); ++p) {
      items[p] = entries[p].item;
      norms[p] = entries[p].length;
    }
  }
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
