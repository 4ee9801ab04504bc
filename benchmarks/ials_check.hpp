// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Whether an exact epoch of ials solved what it should, before it is timed.
#pragma once

#include <recokit/factorization/ials.hpp>

#include <Eigen/Cholesky>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace recokit_benchmark {

/// About `count` user rows of an exact epoch on `policy` against their normal equations in double.
/// @param x interactions that count as 1 @throws std::runtime_error
template <class Policy>
void check_epoch(const Policy& policy, const recokit::csr_view<>& x, recokit::ials::params params,
                 recokit::index_t count) {
  params.epochs = 1;
  params.solver = recokit::ials::solver_kind::exact;
  const auto model = recokit::ials::fit(policy, x, params);
  const Eigen::MatrixXd h = model.item_rows().template cast<double>();
  const Eigen::MatrixXd gram = params.unobserved_weight * h.transpose() * h;
  for (recokit::index_t u = 0; u < x.rows(); u += std::max<recokit::index_t>(1, x.rows() / count)) {
    const auto row = x.row(u);
    if (row.size() == 0) continue;
    Eigen::MatrixXd system = gram;
    Eigen::VectorXd right = Eigen::VectorXd::Zero(h.cols());
    system.diagonal().array() +=
        params.regularization * (static_cast<double>(row.size()) +
                                 params.unobserved_weight * static_cast<double>(h.rows()));
    for (const recokit::index_t i : row.indices) {
      system += h.row(i).transpose() * h.row(i);
      right += h.row(i).transpose();
    }
    const Eigen::VectorXd expected = system.llt().solve(right);
    const Eigen::VectorXd found = model.user_rows().row(u).transpose().template cast<double>();
    if (!((found - expected).norm() <= 1e-3 * expected.norm())) {
      throw std::runtime_error("user " + std::to_string(u) + " is not solved");
    }
  }
}

}  // namespace recokit_benchmark
