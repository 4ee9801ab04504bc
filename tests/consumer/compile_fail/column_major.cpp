// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/baseline/popularity.hpp>

#include <Eigen/SparseCore>

int main() {
#if RECOKIT_FAIL
  const Eigen::SparseMatrix<float, Eigen::ColMajor> source(2, 2);
#else
  const Eigen::SparseMatrix<float, Eigen::RowMajor> source(2, 2);
#endif
  return recokit::popularity::fit(source).users();
}
