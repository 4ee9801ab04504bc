// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/linear/ease.hpp>

#include "reference/random_matrix.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/cuda_context.hpp>
#include <recokit/kernels/cuda_spd_inverse.hpp>

#include <vector>

namespace {

namespace rk = recokit;
using matrix = rk::row_major_matrix<float>;

const std::function<bool()> never = [] { return false; };

/// Bytes that hold a few blocks of pivots of a matrix of 900 × 900, also beside the work space of
/// cuSOLVER, and not the matrix.
constexpr std::uint64_t too_small_for_900 = 4'200'000;

/// Positive definite, with rows `more` floats longer than n.
matrix positive(Eigen::Index n, Eigen::Index more) {
  rk::random_stream random(5, rk::random_purpose::user, static_cast<std::uint64_t>(n));
  Eigen::MatrixXf x(n, n);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    x.data()[i] = static_cast<float>(random.uniform()) - 0.5f;
  }
  matrix a = matrix::Constant(n, n + more, -7);
  a.leftCols(n) = x * x.transpose() / static_cast<float>(n);
  a.leftCols(n).diagonal().array() += 0.5f;
  return a;
}

/// How far the product with the inverse is from 1.
double off(const matrix& a, const matrix& inverse, Eigen::Index n) {
  const Eigen::MatrixXd whole = inverse.leftCols(n).cast<double>().selfadjointView<Eigen::Lower>();
  return (a.leftCols(n).cast<double>() * whole - Eigen::MatrixXd::Identity(n, n))
      .cwiseAbs()
      .maxCoeff();
}

}  // namespace

TEST_CASE("a GPU inverts matrices of one block and of several, whole or too large for it") {
  RECOKIT_REQUIRE_TARGET();
  const Eigen::Index n = GENERATE(1, 50, 192, 900);
  const Eigen::Index more = GENERATE(0, 3);
  const matrix a = positive(n, more);
  matrix whole = a;
  rk::kernels::spd_inverse(rk::cuda{}, n, whole.data(), n + more, never);
  CHECK(off(a, whole, n) < 1e-4);
  // The columns behind the matrix are left alone.
  CHECK(whole.rightCols(more) == a.rightCols(more));
  if (n < 900) return;
  // Four blocks of 192 pivots and a rest; twice, since a context keeps its memory.
  rk::cuda_context small(rk::cuda{}, {.max_memory_bytes = too_small_for_900});
  for (int times = 0; times < 2; ++times) {
    matrix streamed = a;
    rk::kernels::spd_inverse(rk::cuda{.context = &small}, n, streamed.data(), n + more, never);
    CHECK(off(a, streamed, n) < 1e-4);
    CHECK(streamed.rightCols(more) == a.rightCols(more));
    CHECK(streamed.leftCols(n) != whole.leftCols(n));
  }
  CHECK(small.reserved_bytes() <= too_small_for_900);
  rk::cuda_context tiny(rk::cuda{}, {.max_memory_bytes = 1000});
  CHECK_THROWS_AS(
      rk::kernels::spd_inverse(rk::cuda{.context = &tiny}, n, whole.data(), n + more, never),
      rk::memory_error);
}

TEST_CASE("a matrix that a GPU cannot invert is refused by its pivot") {
  RECOKIT_REQUIRE_TARGET();
  rk::cuda_context context(rk::cuda{},
                           {.max_memory_bytes = GENERATE(std::uint64_t{0}, too_small_for_900)});
  matrix a = positive(900, 0);
  a(300, 300) = -1;
  CHECK(recokit_test::error_text<rk::error>([&] {
          rk::kernels::spd_inverse(rk::cuda{.context = &context}, 900, a.data(), 900, never);
        }).find("pivot 300 is -") != std::string::npos);
}

TEST_CASE("ease of a GPU has the weights of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = recokit_test::random_matrix(60, 210, 0.2, 3, 5);
  const rk::ease::params params{.regularization = 20, .dropout = 0.2};
  const auto gpu = rk::ease::fit(rk::cuda{}, data, params);
  const auto cpu = rk::ease::fit(rk::cpu{.threads = 1}, data, params);
  CHECK((gpu.weights() - cpu.weights()).cwiseAbs().maxCoeff() <=
        1e-4f * cpu.weights().cwiseAbs().maxCoeff());
  CHECK(cpu.weights().cwiseAbs().maxCoeff() > 0);
  CHECK(gpu.recommend(0, {.k = 3}).size() == 3);
}
