// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The closed forms of EASE and EDLAE on dense matrices, and ridge regression by column.
#pragma once

#include <Eigen/Dense>

#include <vector>

namespace recokit_test {

/// XᵀX with the penalty of EDLAE on its diagonal.
inline Eigen::MatrixXd ease_system(const Eigen::MatrixXd& x, double lambda, double dropout) {
  Eigen::MatrixXd system = x.transpose() * x;
  const Eigen::VectorXd diagonal = system.diagonal();
  system.diagonal() += dropout / (1 - dropout) * diagonal;
  system.diagonal().array() += lambda;
  return system;
}

/// Weights of all items but itself for every item.
inline Eigen::MatrixXd ease_weights(const Eigen::MatrixXd& x, double lambda, double dropout) {
  const Eigen::MatrixXd p = ease_system(x, lambda, dropout).inverse();
  Eigen::MatrixXd weights(p.rows(), p.cols());
  for (Eigen::Index i = 0; i < p.rows(); ++i) {
    for (Eigen::Index j = 0; j < p.cols(); ++j) weights(i, j) = i == j ? 0 : -p(i, j) / p(j, j);
  }
  return weights;
}

/// Weights of the items of `support` for item j, each found without the others.
inline Eigen::VectorXd ease_column(const Eigen::MatrixXd& x, double lambda, double dropout, int j,
                                   const std::vector<int>& support) {
  const Eigen::MatrixXd gram = x.transpose() * x;
  const Eigen::MatrixXd system = ease_system(x, lambda, dropout);
  const auto m = static_cast<Eigen::Index>(support.size());
  Eigen::MatrixXd part(m, m);
  Eigen::VectorXd right(m);
  for (Eigen::Index a = 0; a < m; ++a) {
    right[a] = gram(support[static_cast<std::size_t>(a)], j);
    for (Eigen::Index b = 0; b < m; ++b) {
      part(a, b) =
          system(support[static_cast<std::size_t>(a)], support[static_cast<std::size_t>(b)]);
    }
  }
  return part.ldlt().solve(right);
}

}  // namespace recokit_test
