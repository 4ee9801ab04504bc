// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/thin_svd.hpp"
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/kernels/randomized_svd.hpp>

#include <Eigen/QR>

#include <cmath>
#include <limits>
#include <vector>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::dense;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

template <class Scalar>
rk::kernels::truncated_svd<Scalar> decompose(const rk::csr_matrix<>& matrix,
                                             const rk::kernels::randomized_svd_options& options,
                                             int threads = 2) {
  const rk::cpu policy{.threads = threads};
  const auto transposed = rk::transpose(policy, matrix.view());
  return rk::kernels::randomized_svd<Scalar>(policy, matrix, transposed, options);
}

template <class Matrix>
double from_orthonormal(const Matrix& q) {
  const Eigen::MatrixXd wide = q.template cast<double>();
  return (wide.transpose() * wide - Eigen::MatrixXd::Identity(q.cols(), q.cols()))
      .cwiseAbs()
      .maxCoeff();
}

// A dense matrix as a sparse one, in float.
rk::csr_matrix<> sparse(const Eigen::MatrixXd& full) {
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  std::vector<float> values;
  for (Eigen::Index r = 0; r < full.rows(); ++r) {
    for (Eigen::Index c = 0; c < full.cols(); ++c) {
      indices.push_back(static_cast<rk::index_t>(c));
      values.push_back(static_cast<float>(full(r, c)));
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  return {full.rows(), full.cols(), std::move(offsets), std::move(indices), std::move(values)};
}

Eigen::MatrixXd normal(Eigen::Index rows, Eigen::Index cols, std::uint64_t seed) {
  Eigen::MatrixXd drawn(rows, cols);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (auto& x : drawn.reshaped()) x = random.normal();
  return drawn;
}

}  // namespace

TEMPLATE_TEST_CASE("all singular values of a small matrix are those of the full decomposition", "",
                   float, double) {
  const double tolerance = 30 * double{std::numeric_limits<TestType>::epsilon()};
  for (const auto& [rows, cols] : {std::pair{40, 25}, std::pair{25, 40}, std::pair{33, 33}}) {
    const auto matrix = random_matrix(rows, cols, 0.4, 1, 5, true);
    const Eigen::MatrixXd full = dense(matrix.view());
    const auto exact = rk::kernels::thin_svd(full);
    const auto found = decompose<TestType>(matrix, {.rank = 20});
    const double scale = exact.values[0];
    for (Eigen::Index f = 0; f < 20; ++f) {
      CHECK(std::abs(static_cast<double>(found.values[f]) - exact.values[f]) < tolerance * scale);
    }
    const auto whole = decompose<TestType>(matrix, {.rank = std::min(rows, cols)});
    const Eigen::MatrixXd rebuilt = whole.left.template cast<double>() *
                                    whole.values.template cast<double>().asDiagonal() *
                                    whole.right.transpose().template cast<double>();
    CHECK((rebuilt - full).cwiseAbs().maxCoeff() < tolerance * scale);
  }
}

TEMPLATE_TEST_CASE("leading singular vectors are orthonormal and those of the full one", "", float,
                   double) {
  // Singular values 64, 32, 16, …: well apart, so that each vector is determined.
  const Eigen::MatrixXd left =
      normal(60, 12, 2).colPivHouseholderQr().householderQ() * Eigen::MatrixXd::Identity(60, 12);
  const Eigen::MatrixXd right =
      normal(45, 12, 3).colPivHouseholderQr().householderQ() * Eigen::MatrixXd::Identity(45, 12);
  Eigen::VectorXd values(12);
  for (Eigen::Index f = 0; f < 12; ++f) values[f] = std::ldexp(64.0, -static_cast<int>(f));
  const auto matrix = sparse(left * values.asDiagonal() * right.transpose());
  const auto exact = rk::kernels::thin_svd(dense(matrix.view()));
  const auto found = decompose<TestType>(matrix, {.rank = 5, .oversampling = 4});
  const double tolerance = 200 * double{std::numeric_limits<TestType>::epsilon()};
  CHECK(from_orthonormal(found.left) < tolerance);
  CHECK(from_orthonormal(found.right) < tolerance);
  for (Eigen::Index f = 0; f < 5; ++f) {
    Eigen::Index largest = 0;
    exact.v.col(f).cwiseAbs().maxCoeff(&largest);
    const double sign = exact.v(largest, f) > 0 ? 1 : -1;
    const double near = tolerance * std::ldexp(1.0, static_cast<int>(f) + 2);
    CHECK((found.right.col(f).template cast<double>() - sign * exact.v.col(f)).norm() < near);
    CHECK((found.left.col(f).template cast<double>() - sign * exact.u.col(f)).norm() < near);
  }
}

TEST_CASE("values of a slowly falling spectrum are close from below, and power iterations help") {
  const auto matrix = random_matrix(300, 200, 0.1, 4);
  const auto exact = rk::kernels::thin_svd(dense(matrix.view()));
  double last = std::numeric_limits<double>::infinity();
  for (const int iterations : {0, 2, 8}) {
    const auto found = decompose<double>(matrix, {.rank = 20, .power_iterations = iterations});
    const Eigen::VectorXd gap = (exact.values.head(20) - found.values) / exact.values[0];
    CHECK(gap.minCoeff() > -1e-12);
    CHECK(gap.maxCoeff() < last);
    last = gap.maxCoeff();
  }
  CHECK(last < 5e-3);
}

TEMPLATE_TEST_CASE("a matrix of lower rank has zeros for the rest", "", float, double) {
  const auto matrix = sparse(normal(50, 3, 5) * normal(3, 40, 6));
  const auto found = decompose<TestType>(matrix, {.rank = 10});
  CHECK(found.values[2] > 1);
  for (Eigen::Index f = 3; f < 10; ++f) {
    CHECK(static_cast<double>(found.values[f]) < 1e-5 * static_cast<double>(found.values[0]));
  }
  CHECK(found.left.allFinite());
  CHECK(found.right.allFinite());
  CHECK(from_orthonormal(found.right.leftCols(3).eval()) < 1e-5);
  const rk::csr_matrix<> empty(4, 3, {0, 0, 0, 0, 0}, {});
  const auto nothing = decompose<TestType>(empty, {.rank = 2});
  CHECK(nothing.values.isZero());
  CHECK(nothing.left.allFinite());
}

TEMPLATE_TEST_CASE("a decomposition has the same bits on any number of threads", "", float,
                   double) {
  const auto matrix = random_matrix(2500, 700, 0.02, 7);
  const rk::kernels::randomized_svd_options options{.rank = 30};
  const auto one = decompose<TestType>(matrix, options, 1);
  for (const int threads : {2, 5}) {
    const auto many = decompose<TestType>(matrix, options, threads);
    CHECK(many.left == one.left);
    CHECK(many.values == one.values);
    CHECK(many.right == one.right);
  }
  for (Eigen::Index f = 0; f < 30; ++f) {
    Eigen::Index largest = 0;
    one.right.col(f).cwiseAbs().maxCoeff(&largest);
    CHECK(one.right(largest, f) > 0);
  }
  CHECK(decompose<TestType>(matrix, {.rank = 30, .seed = 1}).right != one.right);
}

TEST_CASE("a pattern-only matrix is one of ones") {
  const auto matrix = random_matrix(30, 20, 0.3, 8, 1);
  const rk::csr_matrix<> pattern(matrix.view().pattern(), matrix.owner());
  CHECK(decompose<double>(pattern, {.rank = 4}).right ==
        decompose<double>(matrix, {.rank = 4}).right);
}

TEST_CASE("a decomposition refuses a rank that the matrix cannot have and ends when asked") {
  const auto matrix = random_matrix(30, 20, 0.3, 9);
  CHECK_THAT(error_text<rk::value_error>([&] { decompose<float>(matrix, {.rank = 21}); }),
             ContainsSubstring("options.rank = 21"));
  CHECK_THROWS_AS(decompose<float>(matrix, {.rank = 0}), rk::value_error);
  CHECK_THROWS_AS(decompose<float>(matrix, {.rank = 2, .oversampling = -1}), rk::value_error);
  CHECK_THROWS_AS(rk::kernels::randomized_svd<float>(rk::cpu{}, matrix, matrix, {.rank = 2}),
                  rk::dimension_error);
  const auto transposed = rk::transpose(rk::cpu{}, matrix.view());
  const auto ended = rk::kernels::randomized_svd<float>(rk::cpu{}, matrix, transposed, {.rank = 2},
                                                        [] { return true; });
  CHECK(ended.left.size() == 0);
  const rk::csr_matrix<> huge(2, 2, {0, 2, 4}, {0, 1, 0, 1}, {3e38f, 3e38f, 3e38f, 3e38f});
  CHECK_THAT(error_text<rk::error>([&] { decompose<float>(huge, {.rank = 1}); }),
             ContainsSubstring("overflow"));
}
