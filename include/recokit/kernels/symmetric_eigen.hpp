// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Eigenvalues and eigenvectors of a dense symmetric matrix, in parallel.
#pragma once

#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/rotation_sweeps.hpp>

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// A = V Λ Vᵀ.
struct symmetric_eigen {
  Eigen::MatrixXd vectors;  ///< V, n × n, orthonormal; the largest element of a column is > 0
  Eigen::VectorXd values;   ///< diagonal of Λ, rising
};

namespace detail {

/// One sweep of the implicit QR method with Wilkinson's shift over the rows [first, last] of a
/// tridiagonal matrix, none of whose off-diagonal elements there is 0.
inline rotation_sweep tridiagonal_qr_sweep(std::ptrdiff_t first, std::ptrdiff_t last,
                                           double* diagonal, double* off) {
  const double half = (diagonal[last - 1] - diagonal[last]) / 2;
  const double corner = off[last - 1];
  const double shift =
      diagonal[last] - corner * (corner / (half + std::copysign(std::hypot(half, corner), half)));
  rotation_sweep sweep{first, {}};
  sweep.rotations.reserve(static_cast<std::size_t>(last - first));
  double x = diagonal[first] - shift;
  double bulge = off[first];
  for (std::ptrdiff_t k = first; k < last; ++k) {
    const double length = std::hypot(x, bulge);
    const double c = length == 0 ? 1.0 : x / length;
    const double s = length == 0 ? 0.0 : bulge / length;
    if (k > first) off[k - 1] = length;
    const double slope = (diagonal[k + 1] - diagonal[k]) * s + 2 * c * off[k];
    diagonal[k] += s * slope;
    diagonal[k + 1] -= s * slope;
    off[k] = c * slope - off[k];
    x = off[k];
    if (k + 1 < last) {
      bulge = s * off[k + 1];
      off[k + 1] *= c;
    }
    sweep.rotations.emplace_back(c, s);
  }
  return sweep;
}

}  // namespace detail

/// Householder reduction to a tridiagonal matrix by Eigen, on one thread, then the implicit QR
/// method (Golub and Van Loan, Matrix Computations, 8.3), whose rotations swept_matrix applies in
/// parallel. About 8 n³ operations, 5 of them in parallel; three more n × n matrices. The same bits
/// for any number of threads on one machine.
/// @param matrix symmetric, finite; the lower triangle is read
/// @throws error when the method does not converge
inline symmetric_eigen symmetric_eigen_of(
    const cpu& policy, const Eigen::MatrixXd& matrix,
    const rotation_kernel& kernel = rotation_kernels().front()) {
  const std::ptrdiff_t n = matrix.rows();
  if (n < 2) return {Eigen::MatrixXd::Identity(n, n), matrix.diagonal()};
  const double largest = matrix.cwiseAbs().maxCoeff();
  const double scale = largest > 0 ? largest : 1.0;
  const Eigen::Tridiagonalization<Eigen::MatrixXd> reduced(matrix / scale);
  Eigen::VectorXd diagonal = reduced.diagonal();
  Eigen::VectorXd off = reduced.subDiagonal();
  swept_matrix vectors(policy, reduced.matrixQ(), kernel);

  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  // Far below rounding, the largest element being 1, and far above what squares lose.
  constexpr double nothing = 1e-100;
  std::ptrdiff_t sweeps_left = 30 * n;
  for (std::ptrdiff_t last = n - 1; last > 0;) {
    for (std::ptrdiff_t k = 0; k < last; ++k) {
      const double size = std::abs(diagonal[k]) + std::abs(diagonal[k + 1]);
      if (std::abs(off[k]) <= std::max(epsilon * size, nothing)) off[k] = 0;
    }
    if (off[last - 1] == 0) {
      --last;
      continue;
    }
    std::ptrdiff_t first = last - 1;
    while (first > 0 && off[first - 1] != 0) --first;
    if (sweeps_left-- == 0) throw error("the eigenvalues of a symmetric matrix do not converge");
    vectors.turn(detail::tridiagonal_qr_sweep(first, last, diagonal.data(), off.data()));
  }

  std::vector<std::ptrdiff_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::ptrdiff_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::ptrdiff_t a, std::ptrdiff_t b) { return diagonal[a] < diagonal[b]; });
  symmetric_eigen out{vectors.columns(order), Eigen::VectorXd(n)};
  for (std::ptrdiff_t j = 0; j < n; ++j) {
    out.values[j] = scale * diagonal[order[static_cast<std::size_t>(j)]];
    // Else the sign would hang on the number of sweeps, and so on rounding.
    Eigen::Index largest_element = 0;
    out.vectors.col(j).cwiseAbs().maxCoeff(&largest_element);
    if (out.vectors(largest_element, j) < 0) out.vectors.col(j) *= -1;
  }
  return out;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
