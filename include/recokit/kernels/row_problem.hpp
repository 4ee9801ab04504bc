// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief One half-step of weighted alternating least squares: a ridge regression a row.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The ridge term of a row: scale · (n + offset)^exponent with n its number of entries.
template <class Scalar>
struct row_ridge {
  Scalar scale;
  Scalar offset;  ///< for a row whose row scale is 1; other rows have it times their scale
  Scalar exponent;

  Scalar operator()(std::size_t n, Scalar row_scale = 1) const noexcept {
    const Scalar size = static_cast<Scalar>(n) + offset * row_scale;
    return scale * (exponent == 1 ? size : std::pow(size, exponent));
  }
};

/// Asks for x of every row r of `matrix` that minimises
///   s_r xᵀ G x + Σ_e a_e (h_e·x)² − 2 Σ_e t_e (h_e·x) + ridge(n_r, s_r) |x|²
/// over the row's entries e, with h_e the row of `fixed` at the column of e, a_e = |value| >= 0 and
/// t_e the weight of its target 1: a_e + target_base · s_r · c_e, or 0 for a value whose sign is
/// negative (−0 included): a dislike, whose target is 0. Rows without entries get x = 0.
template <class Scalar, class Matrix>
struct row_problem {
  using scalar = Scalar;
  using matrix_type = Matrix;

  const Matrix& matrix;                   ///< csr_view: rows × n
  const row_major_matrix<Scalar>& fixed;  ///< n × d
  const row_major_matrix<Scalar>& gram;   ///< G, d × d, positive semidefinite, both triangles
  row_ridge<Scalar> ridge;
  std::span<const Scalar> row_scales{};     ///< s, one a row; empty: 1
  std::span<const Scalar> column_scales{};  ///< c, one a column; empty: 1
  Scalar target_base = 0;

  Scalar row_scale(std::int64_t r) const noexcept {
    return row_scales.empty() ? Scalar{1} : row_scales[static_cast<std::size_t>(r)];
  }
  template <class Row>
  static Scalar weight(const Row& row, std::size_t e) noexcept {
    return static_cast<Scalar>(std::abs(row.value(e)));
  }
  /// t of entry e of row r.
  template <class Row>
  Scalar target(const Row& row, std::size_t e, Scalar row_scale) const noexcept {
    const auto value = row.value(e);
    if (std::signbit(value)) return 0;
    if (target_base == 0) return static_cast<Scalar>(value);
    const Scalar column =
        column_scales.empty() ? Scalar{1} : column_scales[static_cast<std::size_t>(row.indices[e])];
    return static_cast<Scalar>(value) + target_base * row_scale * column;
  }
};

/// @throws error naming the row
[[noreturn]] inline void throw_singular_row(std::int64_t row, std::size_t entries) {
  throw error("the system of row " + std::to_string(row) + " (" + std::to_string(entries) +
              " interactions) is not positive definite: raise the regularization");
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
