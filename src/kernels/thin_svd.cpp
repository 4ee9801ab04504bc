// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "thin_svd.hpp"

#include <Eigen/SVD>

namespace recokit::inline RECOKIT_ABI::kernels {

thin_svd_result thin_svd(const Eigen::MatrixXd& matrix) {
  constexpr int parts = Eigen::ComputeThinU | Eigen::ComputeThinV;
#if EIGEN_VERSION_AT_LEAST(3, 4, 90)
  const Eigen::BDCSVD<Eigen::MatrixXd, parts> svd(matrix);
#else
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(matrix, parts);
#endif
  return {svd.matrixU(), svd.singularValues(), svd.matrixV()};
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
