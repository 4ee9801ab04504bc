// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/symmetric_eigen.hpp>

#include <cmath>

namespace rk = recokit;

namespace {

/// V diag(values) Vᵀ with random orthonormal V.
Eigen::MatrixXd with_eigenvalues(const Eigen::VectorXd& values) {
  rk::random_stream random(9, rk::random_purpose::user);
  const Eigen::MatrixXd any =
      Eigen::MatrixXd::NullaryExpr(values.size(), values.size(), [&] { return random.normal(); });
  const Eigen::MatrixXd v = any.householderQr().householderQ();
  return v * values.asDiagonal() * v.transpose();
}

void check(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& rising_values) {
  // The norm of sums: squares of extreme elements would overflow.
  const double size = matrix.isZero(0) ? 1.0 : matrix.cwiseAbs().rowwise().sum().maxCoeff();
  const auto largest = [](const auto& error) { return error.cwiseAbs().maxCoeff(); };
  const auto n = matrix.rows();
  for (const auto& kernel : rk::kernels::rotation_kernels()) {
    CAPTURE(kernel.name, n);
    const auto eigen = rk::kernels::symmetric_eigen_of(rk::cpu{}, matrix, kernel);
    REQUIRE(eigen.vectors.allFinite());
    CHECK((eigen.vectors.transpose() * eigen.vectors - Eigen::MatrixXd::Identity(n, n)).norm() <
          1e-12);
    CHECK(largest((matrix * eigen.vectors - eigen.vectors * eigen.values.asDiagonal()) / size) <
          1e-13);
    CHECK(largest((eigen.values - rising_values) / size) < 1e-13);
    for (Eigen::Index j = 1; j < n; ++j) CHECK(eigen.values[j - 1] <= eigen.values[j]);
    for (const auto& vector : eigen.vectors.colwise()) {
      CHECK(vector.maxCoeff() == vector.cwiseAbs().maxCoeff());
    }
  }
}

}  // namespace

TEST_CASE("eigenvectors and eigenvalues give the symmetric matrix back, whatever its spectrum") {
  for (const Eigen::Index n : {1, 2, 3, 8, 17, 64, 150}) {
    const Eigen::VectorXd even = Eigen::VectorXd::LinSpaced(n, -2.0, 5.0);
    check(with_eigenvalues(even), n == 1 ? Eigen::VectorXd::Constant(1, 5.0) : even);
    Eigen::VectorXd graded(n), few(n);
    for (Eigen::Index j = 0; j < n; ++j) {
      graded[n - 1 - j] = std::pow(10.0, -0.3 * static_cast<double>(j));
      few[j] = j < n / 2 ? 0.0 : 1e6;
    }
    check(with_eigenvalues(graded), graded);
    check(with_eigenvalues(few), few);
    check(with_eigenvalues(1e-200 * even),
          n == 1 ? Eigen::VectorXd::Constant(1, 5e-200) : Eigen::VectorXd(1e-200 * even));
    check(with_eigenvalues(1e200 * even),
          n == 1 ? Eigen::VectorXd::Constant(1, 5e200) : Eigen::VectorXd(1e200 * even));
    check(Eigen::MatrixXd::Zero(n, n), Eigen::VectorXd::Zero(n));
    check(Eigen::MatrixXd::Identity(n, n), Eigen::VectorXd::Ones(n));
    check(Eigen::MatrixXd::Ones(n, n), Eigen::VectorXd::Unit(n, n - 1) * static_cast<double>(n));
  }
}

TEST_CASE("the eigenvalues of the second difference are those of the formula") {
  constexpr Eigen::Index n = 100;
  Eigen::MatrixXd matrix = 2 * Eigen::MatrixXd::Identity(n, n);
  matrix.diagonal(1).setConstant(-1);
  matrix.diagonal(-1).setConstant(-1);
  const double pi = std::acos(-1.0);
  const Eigen::VectorXd expected = Eigen::VectorXd::NullaryExpr(n, [&](Eigen::Index j) {
    return 2 - 2 * std::cos(pi * static_cast<double>(j + 1) / static_cast<double>(n + 1));
  });
  check(matrix, expected);
}

TEST_CASE("eigenvectors have the same bits for any number of threads") {
  const Eigen::MatrixXd matrix = with_eigenvalues(Eigen::VectorXd::LinSpaced(130, 0.0, 1.0));
  const auto one = rk::kernels::symmetric_eigen_of(rk::cpu{.threads = 1}, matrix);
  for (const int threads : {2, 5}) {
    const auto many = rk::kernels::symmetric_eigen_of(rk::cpu{.threads = threads}, matrix);
    CHECK(many.vectors == one.vectors);
    CHECK(many.values == one.values);
  }
}
