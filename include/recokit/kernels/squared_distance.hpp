// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The squared distance that defines who is near: differences in double, column by column.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/rounded_product.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// Adds x · x to a sum.
template <class Real>
inline void add_square(Real& sum, const Real& x) noexcept {
  const Real square = rounded_product(x, x);
  sum += square;
}

/// Σ_c (a(i, c) − b(j, c))².
template <class Scalar>
double squared_distance(const dense_view<Scalar>& a, std::int64_t i, const dense_view<Scalar>& b,
                        std::int64_t j) noexcept {
  const Scalar* const x = a.row(i);
  const Scalar* const y = b.row(j);
  double sum = 0;
  for (std::int64_t c = 0; c < a.cols(); ++c) {
    add_square(sum, static_cast<double>(x[c]) - static_cast<double>(y[c]));
  }
  return sum;
}

/// Columns without an entry in either row add 0, which changes no bit.
template <class Value, class Index, class Offset>
double squared_distance(const csr_view<Value, Index, Offset>& a, std::int64_t i,
                        const csr_view<Value, Index, Offset>& b, std::int64_t j) noexcept {
  const auto x = a.row(i);
  const auto y = b.row(j);
  double sum = 0;
  std::size_t m = 0;
  std::size_t n = 0;
  while (m < x.size() && n < y.size()) {
    const Index left = x.indices[m];
    const Index right = y.indices[n];
    double difference = 0;
    if (left <= right) difference += static_cast<double>(x.value(m++));
    if (right <= left) difference -= static_cast<double>(y.value(n++));
    add_square(sum, difference);
  }
  for (; m < x.size(); ++m) add_square(sum, static_cast<double>(x.value(m)));
  for (; n < y.size(); ++n) add_square(sum, static_cast<double>(y.value(n)));
  return sum;
}

/// Writes the squared distance of row i of `a` to each of `rows` of `b`; several at a time, because
/// one sum waits for its own additions.
template <class Rows>
void squared_distances(const Rows& a, std::int64_t i, const Rows& b, std::span<const index_t> rows,
                       double* squared) noexcept {
  std::size_t n = 0;
  if constexpr (requires { a.stride(); }) {
    using scalar = typename Rows::value_type;
    constexpr std::size_t together = 4;
    const scalar* const x = a.row(i);
    for (; n + together <= rows.size(); n += together) {
      std::array<const scalar*, together> y;
      for (std::size_t t = 0; t < together; ++t) y[t] = b.row(rows[n + t]);
      std::array<double, together> sums{};
      for (std::int64_t c = 0; c < a.cols(); ++c) {
        const auto value = static_cast<double>(x[c]);
        for (std::size_t t = 0; t < together; ++t) {
          add_square(sums[t], value - static_cast<double>(y[t][c]));
        }
      }
      std::copy(sums.begin(), sums.end(), squared + n);
    }
  }
  for (; n < rows.size(); ++n) squared[n] = squared_distance(a, i, b, rows[n]);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
