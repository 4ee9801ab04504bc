// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/kernels/block_rows.hpp>
#include <recokit/kernels/cg_rows.hpp>
#include <recokit/kernels/exact_rows.hpp>
#include <recokit/kernels/gram.hpp>

#include <Eigen/LU>

namespace rk = recokit;
using recokit_test::random_matrix;

namespace {

constexpr auto never = [] { return false; };

template <class Scalar>
using rows_of = rk::row_major_matrix<Scalar>;

/// A half-step with everything that a problem can have.
template <class Scalar>
struct half_step {
  rk::csr_matrix<> matrix;
  rows_of<Scalar> fixed;
  rows_of<Scalar> gram;
  std::vector<Scalar> row_scales;
  std::vector<Scalar> column_scales;
  rk::kernels::row_ridge<Scalar> ridge;
  Scalar target_base;

  half_step(int rows, int cols, int d, double density, bool full)
      : matrix(signed_values(random_matrix(rows, cols, density, 3, 5, true), full)),
        fixed(rows_of<Scalar>::Random(cols, d)),
        ridge{Scalar(0.3), Scalar(0.2 * cols), Scalar(0.5)},
        target_base(full ? Scalar(0.2) : Scalar(0)) {
    std::vector<Scalar> weights;
    if (full) {
      for (int r = 0; r < rows; ++r) row_scales.push_back(Scalar(0.5) + Scalar(r % 5) / 4);
      for (int c = 0; c < cols; ++c) weights.push_back(Scalar(0.5) + Scalar(c % 3) / 2);
      column_scales = weights;
    }
    gram = rk::kernels::gram<Scalar>(rk::cpu{}, fixed, Scalar(0.2), weights);
  }

  /// The same half-step along the principal axes of its Gram matrix, as cg and blocks want it.
  half_step turned() const {
    half_step step = *this;
    const auto basis = rk::kernels::principal_axes_of(rk::cpu{}, gram);
    rk::kernels::turn_rows(rk::cpu{.threads = 2}, basis.axes, step.fixed);
    step.gram.setZero();
    step.gram.diagonal() = basis.eigenvalues;
    return step;
  }

  auto problem() const {
    return rk::kernels::row_problem<Scalar, rk::csr_view<>>{
        matrix.view(), fixed, gram, ridge, row_scales, column_scales, target_base};
  }

  struct solution {
    Eigen::VectorXd x;
    double size;  ///< of x, had the terms of the right side not cancelled: what rounding goes by
  };

  /// Of every row, the slow way: the whole system in double, inverted. Kept for the next call.
  const std::vector<solution>& expected() const {
    for (int r = static_cast<int>(known.size()); r < matrix.rows(); ++r) known.push_back(solve(r));
    return known;
  }

  mutable std::vector<solution> known;

  solution solve(int r) const {
    const auto row = matrix.row(r);
    const auto d = fixed.cols();
    if (row.size() == 0) return {Eigen::VectorXd::Zero(d), 0};
    const double scale = row_scales.empty() ? 1 : double(row_scales[std::size_t(r)]);
    Eigen::MatrixXd system = Eigen::MatrixXd::Zero(d, d);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(d);
    Eigen::VectorXd terms = Eigen::VectorXd::Zero(d);
    for (Eigen::Index c = 0; c < fixed.rows(); ++c) {
      const double weight = column_scales.empty() ? 1 : double(column_scales[std::size_t(c)]);
      const Eigen::VectorXd h = fixed.row(c).transpose().template cast<double>();
      system += 0.2 * scale * weight * h * h.transpose();
    }
    system.diagonal().array() += double(ridge.scale) * std::sqrt(static_cast<double>(row.size()) +
                                                                 double(ridge.offset) * scale);
    for (std::size_t e = 0; e < row.size(); ++e) {
      const Eigen::VectorXd h = fixed.row(row.indices[e]).transpose().template cast<double>();
      const double value = row.value(e);
      const double column =
          column_scales.empty() ? 1 : double(column_scales[std::size_t(row.indices[e])]);
      system += std::abs(value) * h * h.transpose();
      if (std::signbit(value)) continue;
      const Eigen::VectorXd term = (value + double(target_base) * scale * column) * h;
      right += term;
      terms += term.cwiseAbs();
    }
    const auto inverse = system.fullPivLu();
    const Eigen::VectorXd x = inverse.solve(right);
    return {x, std::max(x.norm(), inverse.solve(terms).norm())};
  }

 private:
  /// Some entries become dislikes and some have no weight.
  static rk::csr_matrix<> signed_values(const rk::csr_matrix<>& from, bool full) {
    if (!full) return from;
    std::vector<float> values(from.view().values().begin(), from.view().values().end());
    for (std::size_t n = 0; n < values.size(); ++n) {
      if (n % 7 == 3) values[n] = -values[n];
      if (n % 31 == 5) values[n] = 0;
    }
    const auto view = from.view();
    return {view.rows(),
            view.cols(),
            {view.offsets().begin(), view.offsets().end()},
            {view.indices().begin(), view.indices().end()},
            std::move(values)};
  }
};

template <class Scalar>
double worst_error(const half_step<Scalar>& step, const rows_of<Scalar>& solved) {
  double worst = 0;
  for (int r = 0; r < step.matrix.rows(); ++r) {
    const auto& expected = step.expected()[static_cast<std::size_t>(r)];
    const Eigen::VectorXd got = solved.row(r).transpose().template cast<double>();
    worst = std::max(worst, (got - expected.x).norm() / std::max(expected.size, 1e-2));
  }
  return worst;
}

template <class Scalar>
rows_of<Scalar> exact(const half_step<Scalar>& step, rk::kernels::row_form form, int threads,
                      const rk::kernels::row_kernels<Scalar>& kernels) {
  rows_of<Scalar> solved = rows_of<Scalar>::Constant(step.matrix.rows(), step.fixed.cols(), 9);
  const auto problem = step.problem();
  rk::kernels::exact_rows(rk::cpu{.threads = threads}, problem, solved, never, form, kernels);
  return solved;
}

}  // namespace

TEMPLATE_TEST_CASE("every form of the exact solve meets each row's normal equations", "", float,
                   double) {
  const double tolerance = std::is_same_v<TestType, float> ? 1e-5 : 1e-12;
  // Rows longer than a chunk, wider than long, odd widths, one factor, and more than 64.
  const std::tuple<int, int, int, double> shapes[] = {{30, 300, 7, 0.6},
                                                      {40, 50, 33, 0.3},
                                                      {10, 64, 1, 0.9},
                                                      {50, 90, 70, 0.5},
                                                      {25, 400, 96, 0.4}};
  for (const auto& [rows, cols, d, density] : shapes) {
    for (const bool full : {false, true}) {
      const half_step<TestType> step(rows, cols, d, density, full);
      for (const auto& kernels : rk::kernels::all_row_kernels<TestType>()) {
        for (const auto form : {rk::kernels::row_form::primal, rk::kernels::row_form::dual,
                                rk::kernels::row_form::adaptive}) {
          CAPTURE(kernels.name, rows, d, full, static_cast<int>(form));
          CHECK(worst_error(step, exact(step, form, 2, kernels)) < tolerance);
        }
      }
    }
  }
}

TEST_CASE("exact solves have the same bits for any number of threads") {
  const half_step<float> step(500, 200, 20, 0.1, true);
  const auto kernels = rk::kernels::best_row_kernels<float>();
  for (const auto form : {rk::kernels::row_form::primal, rk::kernels::row_form::dual}) {
    const auto one = exact(step, form, 1, kernels);
    for (const int threads : {2, 5}) CHECK(exact(step, form, threads, kernels) == one);
  }
}

TEST_CASE("a row that all threads share is solved as others are, with the same bits") {
  // 40,000 entries of 128 factors are more than one task takes.
  const half_step<float> step(1, 40'000, 128, 0.95, false);
  const auto kernels = rk::kernels::best_row_kernels<float>();
  const auto one = exact(step, rk::kernels::row_form::adaptive, 1, kernels);
  CHECK(exact(step, rk::kernels::row_form::adaptive, 2, kernels) == one);
  CHECK(worst_error(step, one) < 1e-5);
}

TEMPLATE_TEST_CASE("conjugate gradients of as many steps as factors are exact", "", float, double) {
  const double tolerance = std::is_same_v<TestType, float> ? 1e-4 : 1e-10;
  for (const int d : {1, 7, 24, 40}) {
    for (const bool full : {false, true}) {
      const auto step = half_step<TestType>(60, 80, d, 0.3, full).turned();
      const auto problem = step.problem();
      for (const auto& kernels : rk::kernels::all_row_kernels<TestType>()) {
        CAPTURE(kernels.name, d, full);
        rows_of<TestType> solved = rows_of<TestType>::Constant(60, d, TestType(0.1));
        rk::kernels::cg_rows(rk::cpu{.threads = 2}, problem, 2 * d, solved, never, kernels);
        CHECK(worst_error(step, solved) < tolerance);
      }
    }
  }
}

namespace {

/// Three steps of conjugate gradients from x, the slow way, in double.
template <class Scalar>
Eigen::VectorXd three_steps(const half_step<Scalar>& step, int r, Eigen::VectorXd x) {
  const auto problem = step.problem();
  const auto row = problem.matrix.row(r);
  if (row.size() == 0) return Eigen::VectorXd::Zero(x.size());
  const double scale = double(problem.row_scale(r));
  const double ridge = double(problem.ridge(row.size(), problem.row_scale(r)));
  const Eigen::VectorXd diagonal =
      scale * step.gram.diagonal().template cast<double>().array() + ridge;
  Eigen::MatrixXd rows(static_cast<Eigen::Index>(row.size()), x.size());
  Eigen::VectorXd weights(rows.rows()), targets(rows.rows());
  for (std::size_t e = 0; e < row.size(); ++e) {
    const auto at = static_cast<Eigen::Index>(e);
    rows.row(at) = step.fixed.row(row.indices[e]).template cast<double>();
    weights[at] = double(problem.weight(row, e));
    targets[at] = double(problem.target(row, e, problem.row_scale(r)));
  }
  const auto times = [&](const Eigen::VectorXd& v) -> Eigen::VectorXd {
    return diagonal.cwiseProduct(v) + rows.transpose() * weights.cwiseProduct(rows * v);
  };
  Eigen::VectorXd residual = rows.transpose() * targets - times(x);
  Eigen::VectorXd direction = residual;
  for (int n = 0; n < 3; ++n) {
    const Eigen::VectorXd image = times(direction);
    const double square = residual.squaredNorm();
    const double length = square / direction.dot(image);
    x += length * direction;
    residual -= length * image;
    direction = residual + residual.squaredNorm() / square * direction;
  }
  return x;
}

}  // namespace

TEMPLATE_TEST_CASE("conjugate gradients step alike over rows that are gathered and over long ones",
                   "", float, double) {
  const double tolerance = std::is_same_v<TestType, float> ? 1e-4 : 1e-11;
  // Of 64 factors those of more than 4,096 entries go block by block, here three blocks.
  for (const bool full : {false, true}) {
    const auto step = half_step<TestType>(5, 6000, 64, 1, full).turned();
    const auto few = half_step<TestType>(5, 6000, 64, 0.3, full).turned();
    for (const auto* const each : {&step, &few}) {
      const auto problem = each->problem();
      for (const auto& kernels : rk::kernels::all_row_kernels<TestType>()) {
        CAPTURE(kernels.name, full, problem.matrix.nonzeros());
        rows_of<TestType> solved = rows_of<TestType>::Constant(5, 64, TestType(0.01));
        const Eigen::VectorXd before = solved.row(0).transpose().template cast<double>();
        rk::kernels::cg_rows(rk::cpu{.threads = 2}, problem, 3, solved, never, kernels);
        for (int r = 0; r < 5; ++r) {
          const Eigen::VectorXd expected = three_steps(*each, r, before);
          const Eigen::VectorXd got = solved.row(r).transpose().template cast<double>();
          CHECK((got - expected).norm() <= tolerance * expected.norm());
        }
      }
    }
  }
}

TEST_CASE("a long row takes the same steps whichever rows are with it") {
  const auto step = half_step<float>(12, 6000, 64, 1, true).turned();
  const auto problem = step.problem();
  rows_of<float> together = rows_of<float>::Constant(12, 64, 0.01f);
  rk::kernels::cg_rows(rk::cpu{.threads = 1}, problem, 3, together, never);
  rows_of<float> shared = rows_of<float>::Constant(12, 64, 0.01f);
  rk::kernels::cg_rows(rk::cpu{.threads = 3}, problem, 3, shared, never);
  CHECK(together == shared);
  const auto view = step.matrix.view();
  for (int r = 0; r < 12; ++r) {
    const auto row = view.row(r);
    const std::vector<std::int64_t> offsets = {0, static_cast<std::int64_t>(row.size())};
    const rk::csr_view<> one(1, view.cols(), offsets, row.indices, row.values);
    const float scale = problem.row_scale(r);
    const rk::kernels::row_problem<float, rk::csr_view<>> alone{one,
                                                                step.fixed,
                                                                step.gram,
                                                                step.ridge,
                                                                std::span(&scale, 1),
                                                                step.column_scales,
                                                                step.target_base};
    rows_of<float> solved = rows_of<float>::Constant(1, 64, 0.01f);
    rk::kernels::cg_rows(rk::cpu{.threads = 1}, alone, 3, solved, never);
    CHECK(solved == together.row(r));
  }
}

TEMPLATE_TEST_CASE("along its principal axes a Gram matrix is diagonal, and rows are solved there",
                   "", float, double) {
  const double tolerance = std::is_same_v<TestType, float> ? 1e-5 : 1e-12;
  for (const auto& [d, density] : {std::pair{7, 0.6}, {33, 0.3}, {70, 0.5}, {150, 0.2}}) {
    const half_step<TestType> given(40, 90, d, density, true);
    const auto axes = rk::kernels::principal_axes_of(rk::cpu{}, given.gram).axes;
    const auto step = given.turned();
    CHECK_FALSE(rk::kernels::is_diagonal(given.gram));
    REQUIRE(rk::kernels::is_diagonal(step.gram));
    CHECK((axes * step.gram * axes.transpose() - given.gram).norm() <
          tolerance * given.gram.norm());
    for (const auto& kernels : rk::kernels::all_row_kernels<TestType>()) {
      for (const auto form : {rk::kernels::row_form::primal, rk::kernels::row_form::dual,
                              rk::kernels::row_form::adaptive}) {
        CAPTURE(kernels.name, d, static_cast<int>(form));
        CHECK(worst_error(step, exact(step, form, 2, kernels)) < tolerance);
      }
    }
  }
}

TEST_CASE("steps and sweeps refuse a Gram matrix that is not diagonal, and no axes a broken one") {
  const half_step<float> step(5, 8, 3, 0.5, false);
  const auto problem = step.problem();
  rows_of<float> solved = rows_of<float>::Zero(5, 3);
  const auto refuses = [&](const auto& solve) {
    CHECK_THAT(recokit_test::error_text<rk::error>(solve),
               recokit_test::ContainsSubstring("principal axes"));
  };
  refuses([&] { rk::kernels::cg_rows(rk::cpu{}, problem, 1, solved, never); });
  refuses([&] { rk::kernels::block_rows(rk::cpu{}, problem, 4, 1, solved, never); });
  refuses([&] { rk::kernels::block_rows(rk::cpu{}, problem, 1, 1, solved, never); });
  rows_of<float> broken = step.gram;
  broken(1, 2) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(recokit_test::error_text<rk::error>(
                 [&] { rk::kernels::principal_axes_of(rk::cpu{}, broken); }),
             recokit_test::ContainsSubstring("not finite"));
}

TEST_CASE("turned rows have the same bits for any number of threads") {
  const rows_of<float> gram = half_step<float>(20, 60, 40, 0.5, true).gram;
  const auto axes = rk::kernels::principal_axes_of(rk::cpu{}, gram).axes;
  const rows_of<float> rows = rows_of<float>::Random(3000, 40);
  rows_of<float> one = rows;
  rk::kernels::turn_rows(rk::cpu{.threads = 1}, axes, one);
  CHECK((one - rows * axes).norm() < 1e-5 * rows.norm());
  for (const int threads : {2, 5}) {
    rows_of<float> turned = rows;
    rk::kernels::turn_rows(rk::cpu{.threads = threads}, axes, turned);
    CHECK(turned == one);
  }
}

TEST_CASE("each step of conjugate gradients comes nearer, whatever the length of the rows") {
  // Rows of about 3,800 entries of 40 factors fill a batch alone.
  for (const int cols : {60, 4000}) {
    const auto step = half_step<double>(30, cols, 40, 0.95, true).turned();
    const auto problem = step.problem();
    double last = std::numeric_limits<double>::infinity();
    for (const int steps : {0, 2, 8, 60}) {
      rows_of<double> solved = rows_of<double>::Constant(30, 40, 0.1);
      rk::kernels::cg_rows(rk::cpu{.threads = 2}, problem, steps, solved, never);
      const double error = worst_error(step, solved);
      CHECK(error < last);
      last = error;
    }
    CHECK(last < 1e-6);
  }
}

TEMPLATE_TEST_CASE("sweeps over blocks and over single factors converge to the exact rows", "",
                   float, double) {
  const double tolerance = std::is_same_v<TestType, float> ? 1e-3 : 1e-8;
  for (const bool full : {false, true}) {
    const auto step = half_step<TestType>(30, 120, 37, 0.3, full).turned();
    const auto problem = step.problem();
    for (const int block : {1, 16, 64}) {
      for (const auto& kernels : rk::kernels::all_row_kernels<TestType>()) {
        CAPTURE(kernels.name, block, full);
        rows_of<TestType> solved = rows_of<TestType>::Constant(30, 37, TestType(0.1));
        rk::kernels::block_rows(rk::cpu{.threads = 2}, problem, block, 400, solved, never, kernels);
        CHECK(worst_error(step, solved) < tolerance);
      }
    }
  }
}

TEST_CASE("steps and sweeps have the same bits for any number of threads") {
  const auto step = half_step<float>(500, 200, 20, 0.1, true).turned();
  const auto problem = step.problem();
  const rows_of<float> first = rows_of<float>::Constant(500, 20, 0.1f);
  rows_of<float> cg_one = first, block_one = first, coordinate_one = first;
  rk::kernels::cg_rows(rk::cpu{.threads = 1}, problem, 3, cg_one, never);
  rk::kernels::block_rows(rk::cpu{.threads = 1}, problem, 8, 1, block_one, never);
  rk::kernels::block_rows(rk::cpu{.threads = 1}, problem, 1, 1, coordinate_one, never);
  for (const int threads : {2, 5}) {
    rows_of<float> cg = first, block = first, coordinate = first;
    rk::kernels::cg_rows(rk::cpu{.threads = threads}, problem, 3, cg, never);
    rk::kernels::block_rows(rk::cpu{.threads = threads}, problem, 8, 1, block, never);
    rk::kernels::block_rows(rk::cpu{.threads = threads}, problem, 1, 1, coordinate, never);
    CHECK(cg == cg_one);
    CHECK(block == block_one);
    CHECK(coordinate == coordinate_one);
  }
}

TEST_CASE("a singular system is an error that names the row and the way out") {
  const rk::csr_matrix<> matrix(2, 2, {0, 0, 1}, {1}, {1});
  const rows_of<float> fixed = rows_of<float>::Zero(2, 3);
  const rows_of<float> gram = rows_of<float>::Zero(3, 3);
  const rk::kernels::row_problem<float, rk::csr_view<>> problem{
      matrix.view(), fixed, gram, {0.0f, 0.0f, 1.0f}};
  rows_of<float> solved = rows_of<float>::Constant(2, 3, 1);
  const auto fails = [&](const auto& solve) {
    const auto text = recokit_test::error_text<rk::error>(solve);
    CHECK_THAT(text, recokit_test::ContainsSubstring("row 1 (1 interactions)") &&
                         recokit_test::ContainsSubstring("regularization"));
  };
  for (const auto form : {rk::kernels::row_form::primal, rk::kernels::row_form::dual}) {
    fails([&] { rk::kernels::exact_rows(rk::cpu{}, problem, solved, never, form); });
  }
  fails([&] { rk::kernels::block_rows(rk::cpu{}, problem, 4, 1, solved, never); });
  fails([&] { rk::kernels::block_rows(rk::cpu{}, problem, 1, 1, solved, never); });
}
