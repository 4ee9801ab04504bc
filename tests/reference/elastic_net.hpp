// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The elastic net of SLIM the slow way: coordinate after coordinate, dense and in double.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>

namespace recokit_test {

struct elastic_net {
  double l1 = 0;
  double l2 = 0;
  bool non_negative = true;
};

/// ½‖x_j − X w‖² + ½ l2 ‖w‖² + l1 ‖w‖₁
inline double elastic_net_objective(const Eigen::MatrixXd& x, Eigen::Index j,
                                    const Eigen::VectorXd& w, const elastic_net& net) {
  return 0.5 * (x.col(j) - x * w).squaredNorm() + 0.5 * net.l2 * w.squaredNorm() +
         net.l1 * w.lpNorm<1>();
}

/// Its minimiser with w_j = 0; items that `allowed` refuses stay at 0 too.
template <class Allowed>
Eigen::VectorXd naive_elastic_net(const Eigen::MatrixXd& x, Eigen::Index j, const elastic_net& net,
                                  const Allowed& allowed) {
  Eigen::VectorXd w = Eigen::VectorXd::Zero(x.cols());
  Eigen::VectorXd residual = x.col(j);
  for (int sweep = 0; sweep < 20000; ++sweep) {
    double largest = 0;
    for (Eigen::Index k = 0; k < x.cols(); ++k) {
      const double square = x.col(k).squaredNorm();
      if (k == j || square == 0 || !allowed(k)) continue;
      const double free = x.col(k).dot(residual) + square * w[k];
      double best = std::max(std::abs(free) - net.l1, 0.0) / (square + net.l2);
      if (free < 0) best = net.non_negative ? 0.0 : -best;
      residual -= (best - w[k]) * x.col(k);
      largest = std::max(largest, std::abs(best - w[k]));
      w[k] = best;
    }
    if (largest < 1e-14) break;
  }
  return w;
}

}  // namespace recokit_test
