// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/rotation_sweeps.hpp>

#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace rk = recokit;

namespace {

/// Sweeps over changing parts of the columns, whose number no kernel divides; the matrix is turned
/// plainly beside them.
struct swept {
  std::vector<rk::kernels::rotation_sweep> sweeps;
  Eigen::MatrixXd before, after;

  swept(Eigen::Index rows, Eigen::Index columns, int count) {
    rk::random_stream random(5, rk::random_purpose::user);
    before = Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return random.normal(); });
    after = before;
    for (int i = 0; i < count; ++i) {
      rk::kernels::rotation_sweep sweep{i % (columns - 1), {}};
      const Eigen::Index last = std::max<Eigen::Index>(sweep.first + 1, columns - 1 - i % 3);
      for (Eigen::Index k = sweep.first; k < last; ++k) {
        const double angle = random.normal();
        const double c = std::cos(angle), s = std::sin(angle);
        sweep.rotations.emplace_back(c, s);
        const Eigen::VectorXd x = after.col(k), y = after.col(k + 1);
        after.col(k) = c * x + s * y;
        after.col(k + 1) = c * y - s * x;
      }
      sweeps.push_back(std::move(sweep));
    }
  }

  Eigen::MatrixXd turned(const rk::cpu& policy, const rk::kernels::rotation_kernel& kernel,
                         const std::vector<std::ptrdiff_t>& order) const {
    rk::kernels::swept_matrix matrix(policy, before, kernel);
    for (const auto& sweep : sweeps) matrix.turn(sweep);
    return matrix.columns(order);
  }
};

std::vector<std::ptrdiff_t> rising(Eigen::Index count) {
  std::vector<std::ptrdiff_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::ptrdiff_t{0});
  return order;
}

}  // namespace

TEST_CASE("every kernel of rotation sweeps turns columns as one rotation after the other does") {
  for (const auto& [rows, columns, count] :
       {std::tuple{1, 2, 1}, {3, 2, 7}, {8, 5, 8}, {19, 33, 50}, {50, 400, 230}}) {
    const swept given(rows, columns, count);
    auto order = rising(columns);
    std::swap(order.front(), order.back());
    Eigen::MatrixXd expected = given.after;
    expected.col(0).swap(expected.col(columns - 1));
    for (const auto& kernel : rk::kernels::rotation_kernels()) {
      CAPTURE(kernel.name, rows, columns);
      CHECK((given.turned(rk::cpu{}, kernel, order) - expected).cwiseAbs().maxCoeff() < 1e-12);
    }
  }
}

TEST_CASE("swept columns have the same bits for any number of threads") {
  const swept given(70, 90, 100);
  for (const auto& kernel : rk::kernels::rotation_kernels()) {
    const auto one = given.turned(rk::cpu{.threads = 1}, kernel, rising(90));
    CHECK(given.turned(rk::cpu{.threads = 2}, kernel, rising(90)) == one);
    CHECK(given.turned(rk::cpu{.threads = 5}, kernel, rising(90)) == one);
  }
}
