// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/spd_inverse.hpp>

#include <Eigen/Dense>

#include <atomic>
#include <limits>

namespace rk = recokit;
namespace kernels = recokit::kernels;

namespace {

/// FᵀF + I for random n + 5 rows of F.
Eigen::MatrixXd positive_definite(Eigen::Index n, std::uint64_t seed) {
  Eigen::MatrixXd factors(n + 5, n);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (Eigen::Index i = 0; i < factors.size(); ++i) factors.data()[i] = random.normal();
  return factors.transpose() * factors + Eigen::MatrixXd::Identity(n, n);
}

bool never() { return false; }

/// The lower triangle, with NaN above it: nothing may read that.
template <class Scalar>
rk::row_major_matrix<Scalar> lower_of(const Eigen::MatrixXd& matrix, Eigen::Index leading) {
  rk::row_major_matrix<Scalar> lower = rk::row_major_matrix<Scalar>::Constant(
      matrix.rows(), leading, std::numeric_limits<Scalar>::quiet_NaN());
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    for (Eigen::Index j = 0; j <= i; ++j) lower(i, j) = static_cast<Scalar>(matrix(i, j));
  }
  return lower;
}

}  // namespace

TEMPLATE_TEST_CASE("the inverse is that of a dense solver, for any size and kernel", "", float,
                   double) {
  using Scalar = TestType;
  const double tolerance = 3000.0 * std::numeric_limits<Scalar>::epsilon();
  // Around the widths of strips, of inner blocks and of blocks.
  for (const Eigen::Index n : {0, 1, 2, 5, 47, 48, 49, 95, 97, 191, 192, 193, 240, 241, 390}) {
    const Eigen::MatrixXd matrix = positive_definite(n, 1);
    const Eigen::MatrixXd expected = matrix.inverse();
    for (const auto& kernel : kernels::gemm_kernels<Scalar>()) {
      INFO(kernel.name << " " << n);
      auto found = lower_of<Scalar>(matrix, n + 2);
      kernels::spd_inverse(rk::cpu{.threads = 2}, n, found.data(), n + 2, never, kernel);
      double error = 0;
      for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index j = 0; j <= i; ++j) {
          error = std::max(error, std::abs(static_cast<double>(found(i, j)) - expected(i, j)));
        }
      }
      REQUIRE(error <= tolerance);
      for (Eigen::Index i = 0; i < n; ++i) REQUIRE(std::isnan(found(i, n + 1)));
    }
  }
}

TEST_CASE("an inverse is the same bits for any number of threads") {
  const Eigen::MatrixXd matrix = positive_definite(700, 2);
  auto one = lower_of<float>(matrix, 700);
  auto many = one;
  kernels::spd_inverse(rk::cpu{.threads = 1}, 700, one.data(), 700, never);
  kernels::spd_inverse(rk::cpu{.threads = 4}, 700, many.data(), 700, never);
  for (Eigen::Index i = 0; i < 700; ++i) {
    REQUIRE(one.row(i).head(i + 1) == many.row(i).head(i + 1));
  }
}

TEST_CASE("an inverse of a badly conditioned matrix is as good as Cholesky's") {
  // Eigenvalues from 1 to 1e-4.
  const Eigen::Index n = 300;
  const Eigen::MatrixXd basis =
      Eigen::HouseholderQR<Eigen::MatrixXd>(positive_definite(n, 3)).householderQ();
  Eigen::VectorXd values(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    values[i] = std::pow(10.0, -4.0 * static_cast<double>(i) / static_cast<double>(n - 1));
  }
  const Eigen::MatrixXd matrix = basis * values.asDiagonal() * basis.transpose();
  const Eigen::MatrixXd expected = matrix.inverse();
  auto found = lower_of<float>(matrix, n);
  kernels::spd_inverse(rk::cpu{}, n, found.data(), n, never);
  const Eigen::MatrixXf single = matrix.cast<float>();
  const Eigen::MatrixXf cholesky = single.llt().solve(Eigen::MatrixXf::Identity(n, n));
  double error = 0;
  double cholesky_error = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j <= i; ++j) {
      error = std::max(error, std::abs(static_cast<double>(found(i, j)) - expected(i, j)));
      cholesky_error =
          std::max(cholesky_error, std::abs(static_cast<double>(cholesky(i, j)) - expected(i, j)));
    }
  }
  CHECK(error < 4 * cholesky_error);
  CHECK(error < 1e-3 * expected.cwiseAbs().maxCoeff());
}

TEST_CASE("a matrix that is not positive definite is refused with its pivot") {
  for (const Eigen::Index bad : {0, 3, 47, 100, 250, 399}) {
    Eigen::MatrixXd matrix = positive_definite(400, 4);
    matrix(bad, bad) = -1;
    auto lower = lower_of<float>(matrix, 400);
    const auto text = recokit_test::error_text<rk::error>(
        [&] { kernels::spd_inverse(rk::cpu{.threads = 2}, 400, lower.data(), 400, never); });
    CHECK(text.find("not positive definite: pivot " + std::to_string(bad) + " is -") !=
          std::string::npos);
  }
  float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(kernels::spd_inverse(rk::cpu{}, 1, &nan, 1, never), rk::error);
  float infinite = std::numeric_limits<float>::infinity();
  CHECK_THROWS_AS(kernels::spd_inverse(rk::cpu{}, 1, &infinite, 1, never), rk::error);
}

TEST_CASE("an inverse ends early when it is told to") {
  const Eigen::MatrixXd matrix = positive_definite(600, 5);
  auto lower = lower_of<float>(matrix, 600);
  std::atomic<int> asked{0};
  kernels::spd_inverse(rk::cpu{.threads = 2}, 600, lower.data(), 600, [&] { return ++asked > 2; });
  CHECK(asked < 40);
}

TEST_CASE("the work space of an inverse grows with n alone") {
  const auto small = kernels::spd_inverse_scratch<float>(6000, 2);
  const auto large = kernels::spd_inverse_scratch<float>(60000, 2);
  CHECK(large < 10 * small);
  // How much depends on the widths of the machine's vectors.
  CHECK(static_cast<double>(small) < 0.15 * 6000 * 6000 * sizeof(float));
}
