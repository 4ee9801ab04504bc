// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/gemm.hpp>

#include <algorithm>
#include <limits>
#include <type_traits>

namespace rk = recokit;
namespace kernels = recokit::kernels;

namespace {

template <class Scalar>
rk::row_major_matrix<Scalar> random_numbers(Eigen::Index rows, Eigen::Index cols,
                                            std::uint64_t seed) {
  rk::row_major_matrix<Scalar> made(rows, cols);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (Eigen::Index n = 0; n < made.size(); ++n) {
    made.data()[n] = static_cast<Scalar>(random.normal());
  }
  return made;
}

template <class Scalar>
kernels::dense_block<Scalar> block_of(const rk::row_major_matrix<Scalar>& matrix) {
  return kernels::row_major(matrix.data(), matrix.cols());
}

}  // namespace

TEMPLATE_TEST_CASE("every kernel of this machine multiplies blocks of any shape", "", float,
                   double) {
  using Scalar = TestType;
  struct shape {
    Eigen::Index rows, columns, depth;
  };
  // Sums of 513 products; the reference rounds as much in double.
  const double tolerance = 2000.0 * std::numeric_limits<Scalar>::epsilon();
  REQUIRE(kernels::gemm_kernels<Scalar>().back().name == "portable");
  for (const auto& kernel : kernels::gemm_kernels<Scalar>()) {
    INFO(kernel.name);
    CHECK(kernel.rows * kernel.columns <= 512);
    CHECK(kernel.multiple % kernel.rows == 0);
    CHECK(kernel.multiple % kernel.columns == 0);
    // Whole strips, one more, one less, and more than one block of the depth and of the rows.
    for (const auto& [m, n, d] :
         {shape{1, 1, 1}, shape{5, 7, 3}, shape{12, 32, 16}, shape{13, 31, 17}, shape{96, 97, 10},
          shape{270, 33, 300}, shape{65, 140, 513}, shape{3, 4200, 2}}) {
      const auto a = random_numbers<Scalar>(m, d, 1);
      const auto b = random_numbers<Scalar>(d, n, 2);
      const auto c = random_numbers<Scalar>(m, n + 3, 3);
      const rk::row_major_matrix<Scalar> a_transposed = a.transpose();
      const rk::row_major_matrix<Scalar> b_transposed = b.transpose();
      const Eigen::MatrixXd product = a.template cast<double>() * b.template cast<double>();
      const auto check = [&](const kernels::dense_block<Scalar>& left,
                             const kernels::dense_block<Scalar>& right, Scalar sign) {
        rk::row_major_matrix<Scalar> found = c;
        kernels::gemm(rk::cpu{.threads = 1}, m, n, d, left, right, sign, found.data(), n + 3,
                      kernel);
        Eigen::MatrixXd expected = c.template cast<double>();
        expected.leftCols(n) += static_cast<double>(sign) * product;
        REQUIRE((found.template cast<double>() - expected).cwiseAbs().maxCoeff() < tolerance);
        // What lies beside the block stays as it was.
        REQUIRE(found.rightCols(3) == c.rightCols(3));
      };
      check(block_of(a), block_of(b), Scalar{1});
      check(block_of(a), block_of(b), Scalar{-1});
      check(block_of(a), block_of(b_transposed).transposed(), Scalar{-1});
      check(block_of(a_transposed).transposed(), block_of(b), Scalar{1});
      check(block_of(a_transposed).transposed(), block_of(b_transposed).transposed(), Scalar{1});
    }
  }
}

TEST_CASE("a product is the same bits for any number of threads") {
  const auto a = random_numbers<float>(700, 300, 4);
  const auto b = random_numbers<float>(300, 650, 5);
  rk::row_major_matrix<float> one = rk::row_major_matrix<float>::Zero(700, 650);
  rk::row_major_matrix<float> many = one;
  kernels::gemm(rk::cpu{.threads = 1}, 700, 650, 300, block_of(a), block_of(b), 1.0f, one.data(),
                650);
  kernels::gemm(rk::cpu{.threads = 4}, 700, 650, 300, block_of(a), block_of(b), 1.0f, many.data(),
                650);
  CHECK(one == many);
}

TEST_CASE("a product of nothing leaves the target alone") {
  float c = 3;
  const kernels::dense_block<float> none{};
  kernels::gemm(rk::cpu{}, 1, 1, 0, none, none, 1.0f, &c, 1);
  kernels::gemm(rk::cpu{}, 0, 1, 1, none, none, 1.0f, &c, 1);
  kernels::gemm(rk::cpu{}, 1, 0, 1, none, none, 1.0f, &c, 1);
  CHECK(c == 3);
}

TEST_CASE("strips hold what the kernel reads, filled up with zeros") {
  const auto a = random_numbers<float>(7, 20, 6);
  const rk::row_major_matrix<float> a_transposed = a.transpose();
  for (const auto& from : {block_of(a), block_of(a_transposed).transposed()}) {
    std::vector<float> packed(8 * 20, -1);
    kernels::pack_strips(4, 7, 20, from, packed.data());
    for (Eigen::Index r = 0; r < 8; ++r) {
      for (Eigen::Index p = 0; p < 20; ++p) {
        const float found = packed[static_cast<std::size_t>(r / 4 * 80 + p * 4 + r % 4)];
        REQUIRE(found == (r < 7 ? a(r, p) : 0));
      }
    }
  }
}
