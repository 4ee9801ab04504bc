// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief als_engine on a GPU: interactions and factors stay on the device between half-steps.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/cuda_context.hpp>
#include <recokit/kernels/als_engine.hpp>

#include <functional>
#include <memory>
#include <span>
#include <type_traits>

namespace recokit::inline RECOKIT_ABI::kernels {

class cuda_als_state;

/// A row_problem without its two large parts, which the device has.
struct cuda_row_terms {
  const row_major_matrix<float>& gram;
  row_ridge<float> ridge;
  std::span<const float> row_scales;
  std::span<const float> column_scales;
  float target_base;
};

/// What als_engine<cuda, …> stands on; implemented in recokit::cuda. One thread at a time.
///
/// Device memory: 4 · (stride · (users + items)) bytes of factors (half of it with bf16 and fp16)
/// with the stride a multiple of 32, 8 bytes an interaction and orientation (4 without values), 4
/// more for the solver block, and scratch. What is more than the share of data comes in batches,
/// see als_memory.hpp.
class cuda_als_engine {
 public:
  /// Uploads both orientations. The memory of the views must outlive the engine; a side whose
  /// matrix is 0 × 0 can be fixed, not solved.
  /// @throws value_error for a width above 4096 or a context of another device, memory_error,
  ///         backend_error
  cuda_als_engine(const cuda& policy, const csr_view<>& by_user, const csr_view<>& by_item,
                  int width);
  ~cuda_als_engine();
  cuda_als_engine(const cuda_als_engine&) = delete;
  cuda_als_engine& operator=(const cuda_als_engine&) = delete;

  void upload(factor_side side, const row_major_matrix<float>& rows);
  void download(factor_side side, row_major_matrix<float>& rows);
  row_major_matrix<float> gram(factor_side side, float scale, std::span<const float> weights);
  void turn(factor_side side, const row_major_matrix<float>& axes);
  /// True for cg and block. For exact when the short rows save more than the eigenvectors cost on
  /// the host: a GPU takes the wide systems of very many rows in the time of one decomposition.
  bool wants_axes(factor_side solved, const row_method& method) const;

  /// @throws value_error for a block between 256 and the number of factors, error naming a row
  ///         whose system is not positive definite, or a Gram matrix that is not diagonal where the
  ///         solver needs it; memory_error, backend_error
  void solve(factor_side solved, const cuda_row_terms& terms, const row_method& method);
  void solve(factor_side solved, const als_side<float>& ratings);

 private:
  std::unique_ptr<cuda_als_state> state_;
};

template <class Scalar, class Matrix>
class als_engine<cuda, Scalar, Matrix> {
  static_assert(std::is_same_v<Scalar, float>, "recokit: the CUDA backend computes in float");

 public:
  using rows_type = row_major_matrix<float>;

  als_engine(const cuda& policy, const Matrix& by_user, const Matrix& by_item, int width)
      : by_user_(by_user),
        by_item_(by_item),
        standard_by_user_(standard(by_user)),
        standard_by_item_(standard(by_item)),
        device_(policy, standard_by_user_, standard_by_item_, width) {}

  void upload(factor_side side, const rows_type& rows) { device_.upload(side, rows); }
  void download(factor_side side, rows_type& rows) { device_.download(side, rows); }
  rows_type gram(factor_side side, const rows_type&, float scale,
                 std::span<const float> weights = {}) {
    return device_.gram(side, scale, weights);
  }
  void turn(factor_side side, const rows_type& axes, rows_type&) { device_.turn(side, axes); }
  bool wants_axes(factor_side solved, const row_method& method) const {
    return device_.wants_axes(solved, method);
  }
  const Matrix& matrix(factor_side side) const noexcept {
    return side == factor_side::users ? by_user_ : by_item_;
  }
  template <class Problem>
  void solve(factor_side side, const Problem& problem, const row_method& method, rows_type&,
             const std::function<bool()>& stop) {
    if (stop()) return;
    device_.solve(side,
                  {problem.gram, problem.ridge, problem.row_scales, problem.column_scales,
                   problem.target_base},
                  method);
  }
  void solve(factor_side side, const als_side<float>& ratings, const rows_type&, rows_type&,
             const std::function<bool()>& stop) {
    if (!stop()) device_.solve(side, ratings);
  }

 private:
  /// The interactions in the types of the device: as they are, or a copy.
  static csr_matrix<> standard(const Matrix& matrix) {
    if constexpr (std::is_same_v<Matrix, csr_view<>>) {
      return csr_matrix<>(matrix, nullptr);
    } else {
      return standard_csr(matrix);
    }
  }

  const Matrix& by_user_;
  const Matrix& by_item_;
  csr_matrix<> standard_by_user_;
  csr_matrix<> standard_by_item_;
  cuda_als_engine device_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
