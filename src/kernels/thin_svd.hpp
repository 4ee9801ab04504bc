// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The SVD of a small dense matrix by Eigen, whichever version it is.
#pragma once

#include <recokit/core/config.hpp>

#include <Eigen/SVD>

namespace recokit::inline RECOKIT_ABI::kernels {

/// U and V are thin. @param matrix m × n; O(m n min(m, n))
inline auto thin_svd(const Eigen::MatrixXd& matrix) {
  constexpr int parts = Eigen::ComputeThinU | Eigen::ComputeThinV;
#if EIGEN_VERSION_AT_LEAST(3, 4, 90)
  return Eigen::BDCSVD<Eigen::MatrixXd, parts>(matrix);
#else
  return Eigen::BDCSVD<Eigen::MatrixXd>(matrix, parts);
#endif
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
