// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Item factors in descending order of their norms, so that a search can stop early.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/core/recommender.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// A copy of the allowed rows of the item factors, longest first; equal ones by index.
///
/// |q · i| <= |q| |i|: behind the place where |q| |i| falls below the k-th best score no item can
/// enter the list of q. Exact; the idea is that of LEMP (Teflioudi et al., SIGMOD 2015).
template <class Scalar>
struct items_by_norm {
  row_major_matrix<Scalar> factors;
  std::vector<index_t> items;   ///< by place
  std::vector<index_t> places;  ///< by item; -1: not allowed
  std::vector<Scalar> norms;    ///< by place, rounded up; infinite where one is not a number

  items_by_norm(const cpu& policy, const row_major_matrix<Scalar>& all, const item_filter& filter) {
    constexpr Scalar infinite = std::numeric_limits<Scalar>::infinity();
    // Covers the rounding of the norm, of |q| and of the scores that are held against the bound.
    const Scalar slack =
        1 + 4 * (static_cast<Scalar>(all.cols()) + 8) * std::numeric_limits<Scalar>::epsilon();
    std::vector<Scalar> lengths(static_cast<std::size_t>(all.rows()));
    parallel_for(policy, all.rows(), 1024, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const Scalar length = all.row(i).norm() * slack;
        lengths[static_cast<std::size_t>(i)] = length < infinite ? length : infinite;
      }
    });
    for (index_t i = 0; i < static_cast<index_t>(all.rows()); ++i) {
      if (filter.allows(i)) items.push_back(i);
    }
    std::sort(items.begin(), items.end(), [&](index_t a, index_t b) {
      const Scalar length_a = lengths[static_cast<std::size_t>(a)];
      const Scalar length_b = lengths[static_cast<std::size_t>(b)];
      return length_a != length_b ? length_a > length_b : a < b;
    });
    places.assign(lengths.size(), -1);
    norms.resize(items.size());
    factors.resize(static_cast<Eigen::Index>(items.size()), all.cols());
    parallel_for(policy, static_cast<std::int64_t>(items.size()), 1024,
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t place = begin; place < end; ++place) {
                     const auto p = static_cast<std::size_t>(place);
                     const auto item = static_cast<std::size_t>(items[p]);
                     places[item] = static_cast<index_t>(place);
                     norms[p] = lengths[item];
                     factors.row(place) = all.row(items[p]);
                   }
                 });
  }
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
