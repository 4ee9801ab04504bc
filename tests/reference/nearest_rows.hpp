// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Nearest rows by brute force in double.
#pragma once

#include <recokit/core/config.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

namespace recokit_test {

struct naive_neighbors {
  std::vector<std::vector<recokit::index_t>> rows;
  std::vector<std::vector<double>> distances;
};

/// @param squared called with a query and one of `among`
template <class Squared>
naive_neighbors naive_nearest(std::span<const recokit::index_t> among,
                              std::span<const recokit::index_t> queries, int k,
                              bool leaves_self_out, bool farthest, const Squared& squared) {
  naive_neighbors found;
  for (const auto query : queries) {
    std::vector<std::pair<double, recokit::index_t>> all;
    for (const auto row : among) {
      if (leaves_self_out && row == query) continue;
      const double distance = squared(query, row);
      all.emplace_back(farthest ? -distance : distance, row);
    }
    std::sort(all.begin(), all.end());
    found.rows.emplace_back();
    found.distances.emplace_back();
    for (int n = 0; n < k; ++n) {
      found.rows.back().push_back(all[static_cast<std::size_t>(n)].second);
      found.distances.back().push_back(std::sqrt(std::abs(all[static_cast<std::size_t>(n)].first)));
    }
  }
  return found;
}

/// Σ_c (a(i, c) − b(j, c))², each product rounded.
template <class Matrix>
double naive_squared(const Matrix& a, recokit::index_t i, const Matrix& b, recokit::index_t j) {
  double sum = 0;
  for (Eigen::Index c = 0; c < a.cols(); ++c) {
    const double difference = static_cast<double>(a(i, c)) - static_cast<double>(b(j, c));
    const volatile double square = difference * difference;
    sum += square;
  }
  return sum;
}

}  // namespace recokit_test
