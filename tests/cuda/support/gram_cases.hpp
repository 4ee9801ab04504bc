// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Random factors and the Gram matrix that a naive loop makes of them.
#pragma once

#include "support/catch.hpp"

#include <recokit/core/random.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace recokit_test {

template <class T>
struct gram_case {
  gram_case(std::int64_t row_count, std::int64_t column_count, double scale, double diagonal)
      : rows(row_count), columns(column_count), alpha(scale), beta(diagonal) {
    recokit::random_stream stream(11, recokit::random_purpose::user);
    for (std::int64_t i = 0; i < rows * columns; ++i) {
      y.push_back(static_cast<T>(stream.uniform() * 2 - 1));
    }
  }

  double at(std::int64_t row, std::int64_t column) const {
    return static_cast<double>(y[static_cast<std::size_t>(row * columns + column)]);
  }

  /// The sum of the magnitudes behind entry e: what its rounding error is measured against.
  double magnitude(std::size_t e) const {
    const auto i = static_cast<std::int64_t>(e) / columns;
    const auto j = static_cast<std::int64_t>(e) % columns;
    double sum = i == j ? beta : 0;
    for (std::int64_t r = 0; r < rows; ++r) sum += std::abs(alpha * at(r, i) * at(r, j));
    return sum;
  }

  std::int64_t rows;
  std::int64_t columns;
  double alpha;
  double beta;
  std::vector<T> y;
};

/// Every entry within the rounding of a float (or double) sum of that many terms.
template <class T>
void require_gram(const gram_case<T>& c, const std::vector<T>& out) {
  REQUIRE(out.size() == static_cast<std::size_t>(c.columns * c.columns));
  const double unit = static_cast<double>(std::numeric_limits<T>::epsilon());
  for (std::size_t e = 0; e < out.size(); ++e) {
    const auto i = static_cast<std::int64_t>(e) / c.columns;
    const auto j = static_cast<std::int64_t>(e) % c.columns;
    double sum = 0;
    for (std::int64_t r = 0; r < c.rows; ++r) sum += c.at(r, i) * c.at(r, j);
    const double expected = c.alpha * sum + (i == j ? c.beta : 0);
    // Rounding errors of random terms grow with the root of their number.
    const double allowed = 4 * unit * std::sqrt(static_cast<double>(c.rows) + 1) * c.magnitude(e);
    const double difference = std::abs(static_cast<double>(out[e]) - expected);
    if (!(difference <= allowed)) {
      CAPTURE(i, j, out[e], expected, allowed);
      FAIL_CHECK("entry differs from the naive sum");
    }
  }
}

}  // namespace recokit_test
