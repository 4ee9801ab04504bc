// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief One half-step of implicit ALS: the exact least-squares solution of every row.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The ridge term of a row with n entries: scale · (n + offset)^exponent.
template <class Scalar>
struct row_ridge {
  Scalar scale;
  Scalar offset;
  Scalar exponent;

  Scalar operator()(std::size_t n) const noexcept {
    return scale * std::pow(static_cast<Scalar>(n) + offset, exponent);
  }
};

/// Solves (base + Σ w h hᵀ + ridge I) x = Σ w h for every row of `matrix`, where the sums run over
/// the row's entries, w is the value and h the row of `fixed` at the column; writes x into
/// `solved`.
///
/// @param matrix  rows × n interactions with weights >= 0 (1 when pattern-only)
/// @param fixed   n × d factors of the other side
/// @param base    d × d, the weighted Gram matrix of `fixed`
/// @param solved  rows × d
/// @param stop    asked between blocks of rows; true ends the call early with rows unsolved
/// @throws error when a system is not positive definite
///
/// entries · d² + rows · (d³/3 + 2d²) multiply-adds; scratch a thread: d² + 64 d scalars. Rows are
/// independent, so the result is the same bits for any number of threads.
template <class Scalar, class Value, class Index, class Offset>
void ials_solve(const cpu& policy, const csr_view<Value, Index, Offset>& matrix,
                const row_major_matrix<Scalar>& fixed, const row_major_matrix<Scalar>& base,
                const row_ridge<Scalar>& ridge, row_major_matrix<Scalar>& solved,
                const std::function<bool()>& stop) {
  using dense = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  using vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  const Eigen::Index d = fixed.cols();
  constexpr std::size_t batch = 64;
  struct scratch {
    dense system;
    dense rows;  // d × batch: one scaled factor row a column
    vector right;
  };
  scratch_pool<scratch> pool([d] {
    return scratch{dense(d, d), dense(d, static_cast<Eigen::Index>(batch)), vector(d)};
  });
  // About a millisecond of work a block.
  const std::int64_t row_cost = std::max<std::int64_t>(d / 3, 1);
  const std::int64_t work =
      std::max<std::int64_t>(10'000'000 / std::max<std::int64_t>(d * d, 1), 64);
  parallel_for_rows(
      policy, matrix.offsets().data(), matrix.rows(), work, row_cost,
      [&](std::int64_t begin, std::int64_t end) {
        if (stop()) return;
        const auto space = pool.borrow();
        for (std::int64_t r = begin; r < end; ++r) {
          const auto row = matrix.row(r);
          if (row.size() == 0) {
            solved.row(r).setZero();
            continue;
          }
          space->system = base.transpose();  // symmetric; the transpose is in memory order
          space->system.diagonal().array() += ridge(row.size());
          space->right.setZero();
          for (std::size_t first = 0; first < row.size(); first += batch) {
            const std::size_t count = std::min(batch, row.size() - first);
            for (std::size_t i = 0; i < count; ++i) {
              const auto weight = static_cast<Scalar>(row.value(first + i));
              const auto h = fixed.row(row.indices[first + i]).transpose();
              space->rows.col(static_cast<Eigen::Index>(i)) = std::sqrt(weight) * h;
              space->right += weight * h;
            }
            space->system.template selfadjointView<Eigen::Lower>().rankUpdate(
                space->rows.leftCols(static_cast<Eigen::Index>(count)));
          }
          Eigen::LLT<Eigen::Ref<dense>> cholesky(space->system);
          if (cholesky.info() != Eigen::Success) {
            throw error("ials: the system of row " + std::to_string(r) + " (" +
                        std::to_string(row.size()) +
                        " interactions) is not positive definite: raise params.regularization");
          }
          cholesky.solveInPlace(space->right);
          solved.row(r) = space->right.transpose();
        }
      });
}

#if defined(RECOKIT_COMPILED)
#define RECOKIT_DETAIL_IALS_SOLVE(prefix, Scalar, Offset)                                    \
  prefix template void ials_solve(const cpu&, const csr_view<float, index_t, Offset>&,       \
                                  const row_major_matrix<Scalar>&,                           \
                                  const row_major_matrix<Scalar>&, const row_ridge<Scalar>&, \
                                  row_major_matrix<Scalar>&, const std::function<bool()>&);
RECOKIT_DETAIL_IALS_SOLVE(extern, float, std::int32_t)
RECOKIT_DETAIL_IALS_SOLVE(extern, float, std::int64_t)
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
