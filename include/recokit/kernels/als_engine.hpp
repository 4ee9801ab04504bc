// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What an epoch of alternating least squares asks of a backend; the CPU's answers.
///
/// An algorithm states its half-steps once, in these words. The CPU works on the rows that it is
/// handed; a GPU keeps rows of its own between upload and download, and looks at the sizes alone.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/als_solve.hpp>
#include <recokit/kernels/block_rows.hpp>
#include <recokit/kernels/cg_rows.hpp>
#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/principal_axes.hpp>
#include <recokit/kernels/row_method.hpp>

#include <functional>
#include <span>

namespace recokit::inline RECOKIT_ABI::kernels {

/// @tparam Matrix csr_view of the interactions
template <class Policy, class Scalar, class Matrix>
class als_engine;

template <class Scalar, class Matrix>
class als_engine<cpu, Scalar, Matrix> {
 public:
  using rows_type = row_major_matrix<Scalar>;

  /// @param by_user users × items
  /// @param by_item its transpose; both must outlive the engine
  /// The columns of the rows, which come last, matter to a GPU alone.
  als_engine(const cpu& policy, const Matrix& by_user, const Matrix& by_item, int /*width*/)
      : policy_(policy), by_user_(by_user), by_item_(by_item) {}

  void upload(factor_side, const rows_type&) noexcept {}
  void download(factor_side, rows_type&) noexcept {}

  /// scale · Fᵀ W F of the rows F of a side.
  rows_type gram(factor_side, const rows_type& rows, Scalar scale,
                 std::span<const Scalar> weights = {}) const {
    return kernels::gram(policy_, rows, scale, weights);
  }
  /// rows · axes, in place.
  void turn(factor_side, const rows_type& axes, rows_type& rows) const {
    turn_rows(policy_, axes, rows);
  }
  /// Whether a solve gains by a Gram matrix that is diagonal, more than turning the rows costs.
  bool wants_axes(factor_side, const row_method&) const noexcept { return true; }

  /// The interactions whose rows are those of a side.
  const Matrix& matrix(factor_side side) const noexcept {
    return side == factor_side::users ? by_user_ : by_item_;
  }
  /// Solves the rows of a side. @param problem a row_problem over matrix(side)
  template <class Problem>
  void solve(factor_side, const Problem& problem, const row_method& method, rows_type& solved,
             const std::function<bool()>& stop) const {
    switch (method.solver) {
      case row_solver::exact:
        exact_rows(policy_, problem, solved, stop, method.form);
        break;
      case row_solver::cg:
        cg_rows(policy_, problem, method.steps, solved, stop);
        break;
      case row_solver::block:
        block_rows(policy_, problem, method.block, method.sweeps, solved, stop);
        break;
    }
  }
  /// The same for ratings.
  void solve(factor_side side, const als_side<Scalar>& ratings, const rows_type& fixed,
             rows_type& solved, const std::function<bool()>& stop) const {
    als_solve<Scalar>(policy_, matrix(side), fixed, ratings, solved, stop);
  }

 private:
  cpu policy_;
  const Matrix& by_user_;
  const Matrix& by_item_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
