// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "thin_svd.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/randomized_svd.hpp>
#include <recokit/kernels/sparse_times_dense.hpp>

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <limits>

namespace recokit::inline RECOKIT_ABI::kernels {
namespace {

template <class Scalar>
using dense = row_major_matrix<Scalar>;

template <class Scalar>
dense<Scalar> product(const cpu& policy, const dense<Scalar>& a, const dense<Scalar>& b) {
  dense<Scalar> c = dense<Scalar>::Zero(a.rows(), b.cols());
  gemm<Scalar>(policy, a.rows(), b.cols(), a.cols(), row_major(a.data(), a.cols()),
               row_major(b.data(), b.cols()), Scalar{1}, c.data(), b.cols());
  return c;
}

// y = q · R with R upper triangular: y becomes q, R is returned. With a shift of the Gram matrix
// the columns of q are better conditioned than those of y, whatever y is, but not orthonormal;
// without one they are orthonormal to ε · condition(y)².
template <class Scalar>
Eigen::MatrixXd orthonormal_step(const cpu& policy, dense<Scalar>& y, bool shifted) {
  const Eigen::Index l = y.cols();
  Eigen::MatrixXd gram_matrix = gram(policy, y, Scalar{1}).template cast<double>();
  const double trace = gram_matrix.trace();
  if (!std::isfinite(trace)) {
    throw error("randomized_svd: products overflow; take values of a smaller scale");
  }
  if (trace == 0) return Eigen::MatrixXd::Zero(l, l);
  // A column of zeros stays one; what stands in for its length is taken out of R again.
  const Eigen::Array<bool, Eigen::Dynamic, 1> is_zero = gram_matrix.diagonal().array() == 0;
  for (Eigen::Index c = 0; c < l; ++c) {
    if (is_zero[c]) gram_matrix(c, c) = trace;
  }
  double shift = shifted ? 20 * double{std::numeric_limits<Scalar>::epsilon()} * trace : 0;
  Eigen::LLT<Eigen::MatrixXd> cholesky;
  for (;;) {
    Eigen::MatrixXd system = gram_matrix;
    system.diagonal().array() += shift;
    cholesky.compute(system);
    if (cholesky.info() == Eigen::Success) break;
    // Rounding made it indefinite: columns that depend on each other.
    shift = std::max(10 * shift, double{std::numeric_limits<Scalar>::epsilon()} * trace);
  }
  Eigen::MatrixXd triangle = cholesky.matrixU();
  const Eigen::MatrixXd inverse = cholesky.matrixU().solve(Eigen::MatrixXd::Identity(l, l).eval());
  y = product<Scalar>(policy, y, inverse.cast<Scalar>());
  for (Eigen::Index c = 0; c < l; ++c) {
    if (is_zero[c]) triangle(c, c) = 0;
  }
  return triangle;
}

// The same until the columns of q are orthonormal.
template <class Scalar>
Eigen::MatrixXd orthonormalise(const cpu& policy, dense<Scalar>& y) {
  Eigen::MatrixXd triangle = orthonormal_step(policy, y, true);
  for (const bool shifted : {true, false, false}) {
    triangle = orthonormal_step(policy, y, shifted) * triangle;
  }
  return triangle;
}

template <class Scalar>
void fix_signs(truncated_svd<Scalar>& svd) {
  for (Eigen::Index f = 0; f < svd.right.cols(); ++f) {
    Eigen::Index largest = 0;
    for (Eigen::Index i = 1; i < svd.right.rows(); ++i) {
      if (std::abs(svd.right(i, f)) > std::abs(svd.right(largest, f))) largest = i;
    }
    if (svd.right(largest, f) >= 0) continue;
    svd.right.col(f) *= Scalar{-1};
    svd.left.col(f) *= Scalar{-1};
  }
}

}  // namespace

template <class Scalar>
truncated_svd<Scalar> randomized_svd(const cpu& policy, const csr_view<>& matrix,
                                     const csr_view<>& transposed,
                                     const randomized_svd_options& options,
                                     const std::function<bool()>& stop) {
  const std::int64_t rows = matrix.rows();
  const std::int64_t columns = matrix.cols();
  check::equal("transposed.rows()", transposed.rows(), "matrix.cols()", columns);
  check::equal("transposed.cols()", transposed.cols(), "matrix.rows()", rows);
  const std::int64_t most = std::min(rows, columns);
  check::in_range<std::int64_t>("options.rank", options.rank, 1, most);
  check::in_range<std::int64_t>("options.oversampling", options.oversampling, 0, 1 << 20);
  check::in_range("options.power_iterations", options.power_iterations, 0, 10'000);
  const std::int64_t l = std::min(options.rank + options.oversampling, most);
  check::fits_memory("basis of a randomized svd",
                     check::bytes("basis", static_cast<std::uint64_t>(2 * (rows + columns)),
                                  static_cast<std::uint64_t>(l), sizeof(Scalar)));

  dense<Scalar> z(columns, l);
  parallel_for(policy, columns, 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c) {
      random_stream random(options.seed, random_purpose::svd_sketch, static_cast<std::uint64_t>(c));
      for (std::int64_t f = 0; f < l; ++f) z(c, f) = static_cast<Scalar>(random.normal());
    }
  });
  dense<Scalar> y;
  sparse_times_dense(policy, matrix, z, y, stop);
  for (int iteration = 0; iteration < options.power_iterations; ++iteration) {
    if (stop()) return {};
    // A well-conditioned basis is enough on the way.
    orthonormal_step(policy, y, true);
    sparse_times_dense(policy, transposed, y, z, stop);
    if (stop()) return {};
    orthonormal_step(policy, z, true);
    sparse_times_dense(policy, matrix, z, y, stop);
  }
  if (stop()) return {};
  orthonormalise(policy, y);
  sparse_times_dense(policy, transposed, y, z, stop);
  if (stop()) return {};
  // Aᵀ ≈ z yᵀ = q · triangle · yᵀ.
  const Eigen::MatrixXd triangle = orthonormalise(policy, z);
  const thin_svd_result small = thin_svd(triangle);
  const Eigen::Index rank = options.rank;
  truncated_svd<Scalar> svd{
      product<Scalar>(policy, y, small.v.leftCols(rank).template cast<Scalar>()),
      small.values.head(rank).template cast<Scalar>(),
      product<Scalar>(policy, z, small.u.leftCols(rank).template cast<Scalar>())};
  fix_signs(svd);
  return svd;
}

template truncated_svd<float> randomized_svd(const cpu&, const csr_view<>&, const csr_view<>&,
                                             const randomized_svd_options&,
                                             const std::function<bool()>&);
template truncated_svd<double> randomized_svd(const cpu&, const csr_view<>&, const csr_view<>&,
                                              const randomized_svd_options&,
                                              const std::function<bool()>&);

}  // namespace recokit::inline RECOKIT_ABI::kernels
