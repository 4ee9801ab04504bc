// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The largest singular values and vectors of a sparse matrix, by subspace iteration.
#pragma once

#include <recokit/core/csr.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <functional>

namespace recokit::inline RECOKIT_ABI::kernels {

struct randomized_svd_options {
  std::int64_t rank = 1;           ///< singular values wanted, 1 to min(rows, columns)
  std::int64_t oversampling = 10;  ///< further vectors that are carried along
  int power_iterations = 4;        ///< products with AAᵀ before the last
  std::uint64_t seed = 42;         ///< of the first vectors
};

/// A ≈ left · diag(values) · rightᵀ.
template <class Scalar>
struct truncated_svd {
  row_major_matrix<Scalar> left;                    ///< rows × rank, orthonormal columns
  Eigen::Matrix<Scalar, Eigen::Dynamic, 1> values;  ///< rank, not negative, largest first
  row_major_matrix<Scalar> right;                   ///< columns × rank, orthonormal columns
};

/// The truncated singular value decomposition of a sparse matrix. Vectors of singular value 0 may
/// be 0. The entry of largest magnitude of each right vector (the first of equals) is positive.
///
/// Error: with p power iterations a wanted value σ_j comes out between σ_j and
/// σ_j · (1 − O((σ_l / σ_j)^(4p + 2))), l = rank + oversampling; a matrix whose rank is at most l
/// is decomposed to rounding, about 10 · ε · σ_1 with ε of Scalar. Vectors of values that nearly
/// equal each other may be mixed.
///
/// @param matrix     rows × columns, finite values
/// @param transposed its transpose
/// @param stop       asked between products; true ends the call early with an empty result
/// @throws value_error for a rank or oversampling out of range, error when values overflow
///
/// (2 p + 2) products with the matrix: nonzeros · l multiply-adds each; (rows + columns) · l² a
/// product for the orthonormal basis, and one dense decomposition of l × l in double, O(l³) on one
/// thread. Memory: 2 (rows + columns) · l scalars. The same bits for any number of threads on one
/// machine.
///
/// Halko, Martinsson, Tropp, "Finding structure with randomness", SIAM Review 2011, algorithms 4.4
/// and 5.1; bases by Cholesky factors of shifted Gram matrices: Fukaya et al., "Shifted Cholesky
/// QR", SIAM J. Sci. Comput. 2020.
template <class Scalar>
truncated_svd<Scalar> randomized_svd(
    const cpu& policy, const csr_view<>& matrix, const csr_view<>& transposed,
    const randomized_svd_options& options,
    const std::function<bool()>& stop = [] { return false; });

// Both are in the library.
extern template truncated_svd<float> randomized_svd(const cpu&, const csr_view<>&,
                                                    const csr_view<>&,
                                                    const randomized_svd_options&,
                                                    const std::function<bool()>&);
extern template truncated_svd<double> randomized_svd(const cpu&, const csr_view<>&,
                                                     const csr_view<>&,
                                                     const randomized_svd_options&,
                                                     const std::function<bool()>&);

}  // namespace recokit::inline RECOKIT_ABI::kernels
