// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/kernels/gram.hpp>

namespace rk = recokit;

TEST_CASE("the Gram matrix equals the plain product, scaled") {
  for (const auto& [n, d] : {std::pair{1, 1}, std::pair{5, 3}, std::pair{5000, 17}}) {
    const rk::row_major_matrix<double> factors = rk::row_major_matrix<double>::Random(n, d);
    const auto gram = rk::kernels::gram(rk::cpu{.threads = 2}, factors, 0.5);
    const Eigen::MatrixXd expected = 0.5 * factors.transpose() * factors;
    CHECK((gram - expected).cwiseAbs().maxCoeff() < 1e-10);
  }
}

TEST_CASE("the Gram matrix has the same bits for any number of threads") {
  const rk::row_major_matrix<float> factors = rk::row_major_matrix<float>::Random(20'000, 24);
  const auto one = rk::kernels::gram(rk::cpu{.threads = 1}, factors, 1.0f);
  for (const int threads : {2, 3, 8}) {
    CHECK(rk::kernels::gram(rk::cpu{.threads = threads}, factors, 1.0f) == one);
  }
}

TEST_CASE("the Gram matrix of no rows is zero") {
  CHECK(rk::kernels::gram(rk::cpu{}, rk::row_major_matrix<float>(0, 3), 1.0f).isZero());
}
