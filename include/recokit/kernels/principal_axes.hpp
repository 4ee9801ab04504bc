// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The axes along which a Gram matrix is diagonal, and rows of factors turned to them.
#pragma once

#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/symmetric_eigen.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI::kernels {

/// G = Q Λ Qᵀ.
template <class Scalar>
struct principal_axes {
  row_major_matrix<Scalar> axes;                         ///< Q, d × d, orthonormal
  Eigen::Matrix<Scalar, Eigen::Dynamic, 1> eigenvalues;  ///< diagonal of Λ, rising, >= 0
};

/// @param gram symmetric, positive semidefinite but for rounding
/// @throws error when a value is not finite
///
/// The cost of symmetric_eigen_of, in double: rows turned by axes of single precision would no
/// longer have the Gram matrix that is said here.
template <class Scalar>
principal_axes<Scalar> principal_axes_of(const cpu& policy, const row_major_matrix<Scalar>& gram) {
  const Eigen::MatrixXd matrix = gram.template cast<double>();
  if (!matrix.allFinite()) {
    throw error("the Gram matrix of the factors is not finite: raise the regularization");
  }
  const symmetric_eigen eigen = symmetric_eigen_of(policy, matrix);
  return {eigen.vectors.cast<Scalar>(), eigen.values.cwiseMax(0.0).cast<Scalar>()};
}

/// Whether every element off the diagonal is 0.
template <class Scalar>
bool is_diagonal(const row_major_matrix<Scalar>& matrix) noexcept {
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    const Scalar* const row = matrix.data() + i * matrix.cols();
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) {
      if (i != j && row[j] != 0) return false;
    }
  }
  return true;
}

/// The diagonal of a Gram matrix along its own axes, filled up with zeros to `padded` elements.
/// @throws error when the matrix is not diagonal
template <class Scalar>
packed_buffer<Scalar> diagonal_of(const row_major_matrix<Scalar>& gram, std::ptrdiff_t padded) {
  if (!is_diagonal(gram)) {
    throw error(
        "the Gram matrix is not diagonal: turn the fixed side and the rows to its principal axes "
        "first");
  }
  packed_buffer<Scalar> diagonal(padded);
  for (std::ptrdiff_t f = 0; f < padded; ++f) {
    diagonal.get()[f] = f < gram.rows() ? gram(f, f) : Scalar{0};
  }
  return diagonal;
}

/// rows · Q, in place of `rows` (n × d). n · d² multiply-adds, in parallel; scratch d² and a block
/// of rows a thread. The same bits for any number of threads on one machine.
template <class Scalar>
void turn_rows(const cpu& policy, const row_major_matrix<Scalar>& axes,
               row_major_matrix<Scalar>& rows) {
  const std::ptrdiff_t d = axes.rows();
  if (rows.rows() == 0 || d == 0) return;
  const auto kernel = best_gemm_kernel<Scalar>();
  const packed_buffer<Scalar> right(whole_strips(d, kernel.columns) * d);
  pack_strips(kernel.columns, d, d, row_major<Scalar>(axes.data(), d).transposed(), right.get());
  // The strips of a block stay in the second-level cache.
  const std::ptrdiff_t block =
      whole_strips(std::clamp<std::ptrdiff_t>(65'536 / d, 1, 256), kernel.rows);
  scratch_pool<packed_buffer<Scalar>> pool([&] { return packed_buffer<Scalar>(block * d); });
  parallel_for(policy, rows.rows(), block, [&](std::int64_t begin, std::int64_t end) {
    const auto strips = pool.borrow();
    const std::ptrdiff_t count = end - begin;
    Scalar* const to = rows.data() + begin * d;
    pack_strips(kernel.rows, count, d, row_major<Scalar>(to, d), strips->get());
    std::fill_n(to, count * d, Scalar{0});
    multiply_strips<Scalar>(kernel, count, d, 0, d, {strips->get(), d}, {right.get(), d}, Scalar{1},
                            to, d);
  });
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
