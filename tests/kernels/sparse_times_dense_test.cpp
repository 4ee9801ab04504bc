// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"

#include <recokit/kernels/sparse_times_dense.hpp>

namespace rk = recokit;
using recokit_test::dense;
using recokit_test::random_matrix;

TEMPLATE_TEST_CASE("every kernel for a sparse times a dense matrix gives the dense product", "",
                   float, double) {
  const auto never = [] { return false; };
  const auto matrix = random_matrix(70, 50, 0.2, 1, 5, true);
  const Eigen::MatrixXd full = dense(matrix.view());
  rk::random_stream random(2, rk::random_purpose::user);
  for (const Eigen::Index width : {1, 3, 8, 17, 64, 100, 131, 261}) {
    rk::row_major_matrix<TestType> x(50, width);
    for (auto& entry : x.reshaped()) entry = static_cast<TestType>(random.normal());
    const Eigen::MatrixXd expected = full * x.template cast<double>();
    const Eigen::MatrixXd counted =
        (full.array() != 0).template cast<double>().matrix() * x.template cast<double>();
    for (const auto& kernel : rk::kernels::weighted_rows_kernels<TestType>()) {
      rk::row_major_matrix<TestType> y;
      rk::kernels::sparse_times_dense(rk::cpu{}, matrix.view(), x, y, never, kernel);
      CHECK((y.template cast<double>() - expected).cwiseAbs().maxCoeff() < 1e-4);
      rk::kernels::sparse_times_dense(rk::cpu{}, matrix.view().pattern(), x, y, never, kernel);
      CHECK((y.template cast<double>() - counted).cwiseAbs().maxCoeff() < 1e-4);
    }
  }
}

TEST_CASE("the product of a sparse matrix has the same bits on any number of threads") {
  const auto never = [] { return false; };
  const auto matrix = random_matrix(900, 50, 0.3, 3);
  rk::row_major_matrix<float> x(50, 40);
  rk::random_stream random(4, rk::random_purpose::user);
  for (auto& entry : x.reshaped()) entry = static_cast<float>(random.normal());
  rk::row_major_matrix<float> one, many;
  rk::kernels::sparse_times_dense(rk::cpu{.threads = 1}, matrix.view(), x, one, never);
  for (const int threads : {2, 5}) {
    rk::kernels::sparse_times_dense(rk::cpu{.threads = threads}, matrix.view(), x, many, never);
    CHECK(many == one);
  }
  const rk::csr_matrix<> none(3, 50, {0, 0, 0, 0}, {});
  rk::kernels::sparse_times_dense(rk::cpu{}, none.view(), x, many, never);
  CHECK(many.isZero());
}
