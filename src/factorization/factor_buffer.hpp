// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Factor rows in the shape that gradient steps like, and back.
#pragma once

#include "pair_kernels.hpp"

#include <recokit/core/huge_pages.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI::detail {

/// Copies of the rows of a factor_model whose one extra column is a bias of the items: rows on the
/// borders of cache lines, filled up to whole vectors with `fill`.
class factor_buffer {
 public:
  factor_buffer(const cpu& policy, const row_major_matrix<float>& users,
                const row_major_matrix<float>& items, float fill = 0)
      : factors_(items.cols() - 1),
        users_size_(users.rows()),
        items_size_(items.rows()),
        width_((factors_ + 15) / 16 * 16),
        users_(users.rows() * width_),
        items_(items.rows() * width_),
        bias_(items.rows()) {
    take(policy, users, users_.get(), fill);
    take(policy, items, items_.get(), fill);
    for (Eigen::Index i = 0; i < items_size_; ++i) bias_.get()[i] = items(i, factors_);
  }

  factor_block block() const noexcept { return {users_.get(), items_.get(), bias_.get(), width_}; }

  /// Writes the rows back. The last column of users stays as it is.
  void give(const cpu& policy, row_major_matrix<float>& users,
            row_major_matrix<float>& items) const {
    give(policy, users_.get(), users);
    give(policy, items_.get(), items);
    for (Eigen::Index i = 0; i < items_size_; ++i) items(i, factors_) = bias_.get()[i];
  }

 private:
  static constexpr std::int64_t grain = 1024;

  void take(const cpu& policy, const row_major_matrix<float>& rows, float* to, float fill) const {
    prefer_huge_pages(to, static_cast<std::size_t>(rows.rows() * width_) * sizeof(float));
    parallel_for(policy, rows.rows(), grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        float* const row = to + r * width_;
        std::copy_n(rows.data() + r * rows.cols(), factors_, row);
        std::fill(row + factors_, row + width_, fill);
      }
    });
  }
  void give(const cpu& policy, const float* from, row_major_matrix<float>& rows) const {
    parallel_for(policy, rows.rows(), grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        std::copy_n(from + r * width_, factors_, rows.data() + r * rows.cols());
      }
    });
  }

  Eigen::Index factors_;
  Eigen::Index users_size_;
  Eigen::Index items_size_;
  std::ptrdiff_t width_;
  kernels::packed_buffer<float> users_;
  kernels::packed_buffer<float> items_;
  kernels::packed_buffer<float> bias_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
