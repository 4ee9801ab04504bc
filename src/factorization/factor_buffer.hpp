// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The rows of users and items while bpr or warp moves them.
#pragma once

#include "pair_kernels.hpp"
#include "row_buffer.hpp"

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>

namespace recokit::inline RECOKIT_ABI::detail {

/// The rows of a factor_model whose one extra column is a bias of the items.
class factor_buffer {
 public:
  factor_buffer(const cpu& policy, const row_major_matrix<float>& users,
                const row_major_matrix<float>& items, float fill = 0)
      : factors_(items.cols() - 1),
        users_(policy, users, factors_, fill),
        items_(policy, items, factors_, fill),
        bias_(items.rows()) {
    for (Eigen::Index i = 0; i < items.rows(); ++i) bias_.get()[i] = items(i, factors_);
  }

  factor_block block() const noexcept {
    return {users_.row(0), items_.row(0), bias_.get(), users_.width()};
  }

  /// Writes the rows back. The last column of users stays as it is.
  void give(const cpu& policy, row_major_matrix<float>& users,
            row_major_matrix<float>& items) const {
    users_.give(policy, users);
    items_.give(policy, items);
    for (Eigen::Index i = 0; i < items.rows(); ++i) items(i, factors_) = bias_.get()[i];
  }

 private:
  Eigen::Index factors_;
  row_buffer users_;
  row_buffer items_;
  kernels::packed_buffer<float> bias_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
