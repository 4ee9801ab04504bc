// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/ials_solve.hpp>

#include <Eigen/LU>

namespace rk = recokit;
using recokit_test::dense;
using recokit_test::random_matrix;

namespace {

constexpr auto never = [] { return false; };

// One row the slow way: build the whole system in double and invert it.
Eigen::VectorXd solve_row(const Eigen::VectorXd& weights, const Eigen::MatrixXd& fixed,
                          double alpha, double ridge) {
  Eigen::MatrixXd system = alpha * fixed.transpose() * fixed;
  system += fixed.transpose() * weights.asDiagonal() * fixed;
  system.diagonal().array() += ridge;
  return system.fullPivLu().solve(fixed.transpose() * weights);
}

template <class Scalar>
double worst_error(int rows, int cols, int d, double density) {
  const auto matrix = random_matrix(rows, cols, density, 3, 5, true);
  const rk::row_major_matrix<Scalar> fixed = rk::row_major_matrix<Scalar>::Random(cols, d);
  const auto base = rk::kernels::gram(rk::cpu{}, fixed, Scalar(0.2));
  const rk::kernels::row_ridge<Scalar> ridge{Scalar(0.3), Scalar(0.2 * cols), Scalar(0.5)};
  rk::row_major_matrix<Scalar> solved(rows, d);
  rk::kernels::ials_solve(rk::cpu{.threads = 2}, matrix.view(), fixed, base, ridge, solved, never);
  const Eigen::MatrixXd weights = dense(matrix.view());
  double worst = 0;
  for (int r = 0; r < rows; ++r) {
    const auto n = static_cast<double>(matrix.row(r).size());
    const Eigen::VectorXd expected =
        n == 0 ? Eigen::VectorXd(Eigen::VectorXd::Zero(d))
               : solve_row(weights.row(r).transpose(), fixed.template cast<double>(), 0.2,
                           0.3 * std::sqrt(n + 0.2 * cols));
    worst = std::max(
        worst,
        (solved.row(r).transpose().template cast<double>() - expected).cwiseAbs().maxCoeff());
  }
  return worst;
}

}  // namespace

TEST_CASE("every row solves its own normal equations") {
  // Rows of up to 300 entries cross the batches of 64; widths are odd, one and larger than a row.
  CHECK(worst_error<double>(30, 300, 7, 0.5) < 1e-9);
  CHECK(worst_error<double>(30, 20, 33, 0.3) < 1e-9);
  CHECK(worst_error<double>(10, 64, 1, 0.9) < 1e-9);
  CHECK(worst_error<float>(30, 300, 16, 0.5) < 1e-4);
}

TEST_CASE("solving has the same bits for any number of threads") {
  const auto matrix = random_matrix(500, 200, 0.1, 4);
  const rk::row_major_matrix<float> fixed = rk::row_major_matrix<float>::Random(200, 12);
  const auto base = rk::kernels::gram(rk::cpu{}, fixed, 0.1f);
  rk::row_major_matrix<float> one(500, 12);
  rk::kernels::ials_solve(rk::cpu{.threads = 1}, matrix.view(), fixed, base, {0.1f, 1.0f, 1.0f},
                          one, never);
  for (const int threads : {2, 5}) {
    rk::row_major_matrix<float> many(500, 12);
    rk::kernels::ials_solve(rk::cpu{.threads = threads}, matrix.view(), fixed, base,
                            {0.1f, 1.0f, 1.0f}, many, never);
    CHECK(many == one);
  }
}

TEST_CASE("a singular system is an error that names the row and the way out") {
  const rk::csr_matrix<> matrix(2, 2, {0, 0, 1}, {1}, {1});
  const rk::row_major_matrix<float> fixed = rk::row_major_matrix<float>::Zero(2, 3);
  rk::row_major_matrix<float> solved(2, 3);
  const auto text = recokit_test::error_text<rk::error>([&] {
    rk::kernels::ials_solve(rk::cpu{}, matrix.view(), fixed,
                            rk::row_major_matrix<float>(rk::row_major_matrix<float>::Zero(3, 3)),
                            {0.0f, 0.0f, 1.0f}, solved, never);
  });
  CHECK_THAT(text, recokit_test::ContainsSubstring("row 1 (1 interactions)") &&
                       recokit_test::ContainsSubstring("regularization"));
}
