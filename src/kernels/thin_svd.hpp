// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The SVD of a small dense matrix by Eigen, whichever version it is.
#pragma once

#include <recokit/core/config.hpp>

#include <Eigen/Core>

namespace recokit::inline RECOKIT_ABI::kernels {

struct thin_svd_result {
  Eigen::MatrixXd u;       ///< m × min(m, n)
  Eigen::VectorXd values;  ///< falling
  Eigen::MatrixXd v;       ///< n × min(m, n)
};

/// @param matrix m × n; O(m n min(m, n)). Apart from its callers: it takes half a minute to
/// compile.
[[nodiscard]] thin_svd_result thin_svd(const Eigen::MatrixXd& matrix);

}  // namespace recokit::inline RECOKIT_ABI::kernels
