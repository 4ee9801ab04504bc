// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/pure_svd.hpp>

#include <Eigen/Eigenvalues>

#include <cmath>
#include <cstddef>
#include <utility>

namespace recokit::inline RECOKIT_ABI::pure_svd {

namespace detail {

csr_matrix<> scaled(const csr_matrix<>& matrix, const params& params) {
  if (params.item_scaling == 1 && params.user_scaling == 1) return matrix;
  const auto view = matrix.view();
  std::vector<double> of_row(static_cast<std::size_t>(view.rows()), 0);
  std::vector<double> of_column(static_cast<std::size_t>(view.cols()), 0);
  for (index_t r = 0; r < view.rows(); ++r) {
    const auto row = view.row(r);
    for (std::size_t n = 0; n < row.size(); ++n) {
      const double square = double{row.value(n)} * double{row.value(n)};
      of_row[static_cast<std::size_t>(r)] += square;
      of_column[static_cast<std::size_t>(row.indices[n])] += square;
    }
  }
  // The square of a length becomes what values are multiplied with.
  const auto to_factors = [](std::vector<double>& squares, double scaling) {
    for (double& square : squares) {
      square = square > 0 ? std::pow(square, (scaling - 1) / 2) : 1;
    }
  };
  to_factors(of_row, params.user_scaling);
  to_factors(of_column, params.item_scaling);
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(view.nonzeros()));
  for (index_t r = 0; r < view.rows(); ++r) {
    const auto row = view.row(r);
    for (std::size_t n = 0; n < row.size(); ++n) {
      values.push_back(
          static_cast<float>(double{row.value(n)} * of_row[static_cast<std::size_t>(r)] *
                             of_column[static_cast<std::size_t>(row.indices[n])]));
    }
  }
  return {view.rows(),
          view.cols(),
          {view.offsets().begin(), view.offsets().end()},
          {view.indices().begin(), view.indices().end()},
          std::move(values)};
}

}  // namespace detail

// The row v that minimises |x − P v|² for the user rows P: for an item of training Vᵀ's column, as
// P = X V.
row_major_matrix<float> model::solve_items(const cpu& policy, const csr_view<>& histories) const {
  row_major_matrix<float> right;
  kernels::sparse_times_dense(policy, histories, user_rows_, right, [] { return false; });
  const Eigen::MatrixXd gram = kernels::gram(policy, user_rows_, 1.0f).cast<double>();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(gram);
  const double least =
      eigen.eigenvalues().size() == 0 ? 0 : 1e-6 * std::max(eigen.eigenvalues().maxCoeff(), 1e-300);
  const Eigen::VectorXd inverse = eigen.eigenvalues().unaryExpr(
      [least](double value) { return value > least ? 1 / value : 0.0; });
  const Eigen::MatrixXd solve =
      eigen.eigenvectors() * inverse.asDiagonal() * eigen.eigenvectors().transpose();
  return right * solve.cast<float>();
}

}  // namespace recokit::inline RECOKIT_ABI::pure_svd
