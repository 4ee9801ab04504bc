// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/row_kernels.hpp>

#include <Eigen/Cholesky>

#include <limits>

namespace rk = recokit;
using size = std::ptrdiff_t;

namespace {

template <class Scalar>
using matrix = rk::row_major_matrix<Scalar>;

template <class Scalar>
matrix<Scalar> random_rows(size rows, size cols, std::uint64_t seed) {
  matrix<Scalar> m(rows, cols);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (size i = 0; i < m.size(); ++i) m.data()[i] = static_cast<Scalar>(random.normal());
  return m;
}

template <class Scalar>
double tolerance() {
  return 100 * static_cast<double>(std::numeric_limits<Scalar>::epsilon());
}

size up(size n, size to) { return (n + to - 1) / to * to; }

/// A positive definite matrix that fills up to whole tiles with the identity.
template <class Scalar>
matrix<Scalar> definite(size m, size padded, std::uint64_t seed) {
  const matrix<Scalar> rows = random_rows<Scalar>(m, m + 3, seed);
  matrix<Scalar> c = matrix<Scalar>::Identity(padded, padded);
  c.topLeftCorner(m, m) += rows * rows.transpose() / static_cast<Scalar>(m);
  return c;
}

/// How far x is from solving c x = b, relative to b.
template <class Scalar>
double residual(const matrix<Scalar>& c, const std::vector<Scalar>& x,
                const std::vector<Scalar>& b) {
  const auto n = static_cast<Eigen::Index>(b.size());
  const Eigen::VectorXd vx =
      Eigen::Map<const Eigen::Matrix<Scalar, -1, 1>>(x.data(), n).template cast<double>();
  const Eigen::VectorXd vb =
      Eigen::Map<const Eigen::Matrix<Scalar, -1, 1>>(b.data(), n).template cast<double>();
  const Eigen::MatrixXd full = c.template cast<double>();
  const Eigen::MatrixXd whole = full.template selfadjointView<Eigen::Upper>();
  return (whole.topLeftCorner(n, n) * vx - vb).norm() / vb.norm();
}

}  // namespace

TEMPLATE_TEST_CASE("the machine's row kernels end with the portable ones", "", float, double) {
  const auto all = rk::kernels::all_row_kernels<TestType>();
  CHECK(all.back().name == "portable");
  for (const auto& kernels : all) {
    CHECK(kernels.lanes > 0);
    CHECK(kernels.lanes <= 16);
  }
}

TEMPLATE_TEST_CASE("rows are gathered with their scales and filled up with zeros", "", float,
                   double) {
  for (const auto& kernels : rk::kernels::all_row_kernels<TestType>()) {
    for (const size width : {1, 7, 16, 33}) {
      CAPTURE(kernels.name, width);
      const size d = up(width, kernels.lanes);
      const auto from = random_rows<TestType>(20, width, 1);
      const auto columns = random_rows<TestType>(1, width, 2);
      std::vector<const TestType*> rows;
      std::vector<TestType> scales;
      for (size e = 0; e < 9; ++e) {
        rows.push_back(from.data() + (e * 7 % 20) * width);
        scales.push_back(static_cast<TestType>(e) / 2);
      }
      for (const bool scaled : {false, true}) {
        matrix<TestType> out = matrix<TestType>::Constant(9, d + 3, 77);
        kernels.gather(7, 2, width, d, rows.data(), scales.data(),
                       scaled ? columns.data() : nullptr, out.data(), d + 3);
        for (size e = 0; e < 7; ++e) {
          for (size f = 0; f < d + 3; ++f) {
            const TestType wanted = f >= d ? 77
                                    : f >= width
                                        ? 0
                                        : scales[static_cast<std::size_t>(e)] *
                                              from(e * 7 % 20, f) * (scaled ? columns(0, f) : 1);
            CHECK(std::abs(out(e, f) - wanted) <= tolerance<TestType>());
          }
        }
      }
    }
  }
}

TEMPLATE_TEST_CASE("products of rows are those of a plain matrix product", "", float, double) {
  for (const auto& kernels : rk::kernels::all_row_kernels<TestType>()) {
    for (const auto& [n, width] :
         {std::pair<size, size>{4, 1}, {12, 16}, {20, 40}, {64, 65}, {36, 64}}) {
      const size d = up(width, kernels.lanes);
      CAPTURE(kernels.name, n, d);
      matrix<TestType> rows = matrix<TestType>::Zero(n, d + 2);
      rows.leftCols(width) = random_rows<TestType>(n, width, 3);
      const auto near = [&](double a, double b) {
        return std::abs(a - b) <= static_cast<double>(n + d) * tolerance<TestType>();
      };
      const Eigen::MatrixXd exact = rows.template cast<double>();

      const auto base = random_rows<TestType>(d, d + 5, 4);
      matrix<TestType> outer = base;
      // Rows to come change nothing.
      const std::vector<recokit::index_t> ids = {0, 2, 1};
      kernels.outer(n - 1, d, rows.data(), d + 2, outer.data(), d + 5,
                    {ids.data(), 3, rows.data(), d + 2});
      const Eigen::MatrixXd wanted = exact.topRows(n - 1).transpose() * exact.topRows(n - 1);
      for (size i = 0; i < d; ++i) {
        for (size j = i; j < d; ++j) CHECK(near(outer(i, j) - base(i, j), wanted(i, j)));
      }

      matrix<TestType> dots = matrix<TestType>::Constant(n, n + 1, 55);
      kernels.dots(n, d, rows.data(), d + 2, dots.data(), n + 1,
                   {ids.data(), 3, rows.data(), d + 2});
      const Eigen::MatrixXd inner = exact * exact.transpose();
      for (size i = 0; i < n; ++i) {
        for (size j = i; j < n; ++j) CHECK(near(dots(i, j), inner(i, j)));
        CHECK(dots(i, n) == 55);
      }

      const auto x = random_rows<TestType>(1, d + 2, 5);
      std::vector<TestType> out(static_cast<std::size_t>(n));
      kernels.multiply(n, d, rows.data(), d + 2, x.data(), out.data());
      matrix<TestType> sum = x;
      const auto v = random_rows<TestType>(1, n, 6);
      kernels.combine(n, d, rows.data(), d + 2, v.data(), sum.data());
      for (size e = 0; e < n; ++e) {
        CHECK(near(out[static_cast<std::size_t>(e)],
                   exact.row(e).head(d).dot(x.row(0).head(d).template cast<double>())));
      }
      for (const bool with_targets : {false, true}) {
        matrix<TestType> residual = x;
        kernels.residual(n, d, rows.data(), d + 2, with_targets ? v.data() : nullptr, x.data(),
                         residual.data(), {ids.data(), 3, rows.data(), d + 2});
        Eigen::VectorXd gaps =
            -(exact.leftCols(d) * x.row(0).head(d).transpose().template cast<double>());
        if (with_targets) gaps += v.row(0).transpose().template cast<double>();
        const Eigen::VectorXd added = exact.leftCols(d).transpose() * gaps;
        for (size f = 0; f < d; ++f) {
          CHECK(std::abs(residual(0, f) - x(0, f) - added[f]) <=
                10 * static_cast<double>(n + d) * tolerance<TestType>());
        }

        // The same of rows that are gathered on the way: all but the last, which is 0 then.
        matrix<TestType> gathered = matrix<TestType>::Constant(n, d + 3, 55);
        matrix<TestType> together = x;
        std::vector<const TestType*> pointers;
        for (size e = 0; e < n; ++e) pointers.push_back(rows.data() + e * (d + 2));
        const std::vector<TestType> scales(static_cast<std::size_t>(n), TestType{2});
        kernels.gather_residual(n - 1, 1, width, d, pointers.data(), scales.data(), gathered.data(),
                                d + 3, with_targets ? v.data() : nullptr, x.data(), together.data(),
                                {ids.data(), 3, rows.data(), d + 2});
        matrix<TestType> doubled = matrix<TestType>::Zero(n, d + 3);
        doubled.leftCols(d) = 2 * rows.leftCols(d);
        doubled.row(n - 1).setZero();
        doubled.col(d).setConstant(55);
        doubled.col(d + 1).setConstant(55);
        doubled.col(d + 2).setConstant(55);
        CHECK(gathered == doubled);
        // And of rows that lie anywhere: every second one, three times, with weights.
        if (d == width) {
          std::vector<recokit::index_t> places;
          std::vector<TestType> weights, targets;
          matrix<TestType> scattered = x;
          Eigen::VectorXd sum = Eigen::VectorXd::Zero(d);
          for (size e = 0; e < 3 * (n / 2); ++e) {
            places.push_back(static_cast<recokit::index_t>(e * 2 % n));
            weights.push_back(TestType(0.5) + TestType(e % 3));
            targets.push_back(TestType(e % 4) - 1);
            const Eigen::VectorXd h = exact.row(places.back()).head(d).transpose();
            const double product = h.dot(x.row(0).head(d).transpose().template cast<double>());
            sum +=
                ((with_targets ? double(targets.back()) : 0) - double(weights.back()) * product) *
                h;
          }
          kernels.scattered_residual(std::ssize(places), d, places.data(), rows.data(), d + 2,
                                     weights.data(), with_targets ? targets.data() : nullptr,
                                     x.data(), scattered.data());
          for (size f = 0; f < d; ++f) {
            CHECK(std::abs(scattered(0, f) - x(0, f) - sum[f]) <=
                  60 * static_cast<double>(n + d) * tolerance<TestType>());
          }
        }
        matrix<TestType> apart = x;
        kernels.residual(n, d, doubled.data(), d + 3, with_targets ? v.data() : nullptr, x.data(),
                         apart.data(), {});
        CHECK(together == apart);
      }
      for (size f = 0; f < d; ++f) {
        CHECK(near(sum(0, f),
                   x(0, f) + exact.col(f).dot(v.row(0).transpose().template cast<double>())));
      }
    }
  }
}

TEMPLATE_TEST_CASE("one system is solved at every size", "", float, double) {
  for (const auto& kernels : rk::kernels::all_row_kernels<TestType>()) {
    for (const size m : {1, 3, 16, 17, 40, 64, 100}) {
      CAPTURE(kernels.name, m);
      const size padded = up(m, kernels.lanes);
      const auto c = definite<TestType>(m, padded, 7);
      const auto right = random_rows<TestType>(1, padded, 8);
      std::vector<TestType> x(right.data(), right.data() + padded);
      const auto b = x;
      matrix<TestType> factor = c;
      // Below the diagonal nothing may be read.
      for (size i = 0; i < padded; ++i) {
        for (size j = 0; j < i; ++j) factor(i, j) = std::numeric_limits<TestType>::quiet_NaN();
      }
      REQUIRE(kernels.solve_one(padded, factor.data(), padded, x.data()));
      CHECK(residual(c, x, b) <= static_cast<double>(m) * tolerance<TestType>());
    }
    matrix<TestType> bad = matrix<TestType>::Identity(2 * kernels.lanes, 2 * kernels.lanes);
    bad(kernels.lanes + 1, kernels.lanes + 1) = -1;
    std::vector<TestType> x(static_cast<std::size_t>(2 * kernels.lanes), 1);
    CHECK_FALSE(kernels.solve_one(2 * kernels.lanes, bad.data(), 2 * kernels.lanes, x.data()));
  }
}

TEMPLATE_TEST_CASE("many systems are solved side by side", "", float, double) {
  for (const auto& kernels : rk::kernels::all_row_kernels<TestType>()) {
    const auto lanes = static_cast<std::size_t>(kernels.lanes);
    for (const size m : {1, 4, 7, 20, 33, 64}) {
      CAPTURE(kernels.name, m);
      const size padded = up(m, 4);
      const size ldc = padded + 4;
      std::vector<matrix<TestType>> systems;
      std::vector<std::vector<TestType>> right, x;
      std::vector<const TestType*> at;
      std::vector<TestType*> to;
      for (std::size_t s = 0; s < lanes; ++s) {
        matrix<TestType> wide = matrix<TestType>::Zero(padded, ldc);
        wide.leftCols(padded) = definite<TestType>(m, padded, 10 + s);
        systems.push_back(wide);
        const auto b = random_rows<TestType>(1, padded, 30 + s);
        right.emplace_back(b.data(), b.data() + padded);
      }
      x = right;
      for (std::size_t s = 0; s < lanes; ++s) {
        at.push_back(systems[s].data());
        to.push_back(x[s].data());
      }
      std::vector<TestType> space(
          static_cast<std::size_t>(2 * padded * (padded + 4) + 3 * padded + 16) * lanes);
      REQUIRE(kernels.solve_many(padded, at.data(), ldc, to.data(), space.data()) == -1);
      for (std::size_t s = 0; s < lanes; ++s) {
        const matrix<TestType> c = systems[s].leftCols(padded);
        CHECK(residual(c, x[s], right[s]) <= static_cast<double>(m) * tolerance<TestType>());
      }
      systems[lanes / 2](m - 1, m - 1) = -1;
      CHECK(kernels.solve_many(padded, at.data(), ldc, to.data(), space.data()) ==
            static_cast<size>(lanes / 2));
    }
  }
}
