// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The rows of factors that stochastic gradient descent works on, laid out for its kernels.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/factorization/sgd_block.hpp>
#include <recokit/kernels/gemm.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::sgd {

/// `columns` scalars rounded up to whole cache lines.
template <class Scalar>
constexpr std::ptrdiff_t padded(std::ptrdiff_t columns) noexcept {
  return kernels::whole_strips(columns, 64 / static_cast<std::ptrdiff_t>(sizeof(Scalar)));
}

/// Rows in the order of their bands, each on a border of a cache line and filled up with zeros.
template <class Scalar>
class padded_rows {
 public:
  padded_rows() = default;
  padded_rows(std::int64_t rows, std::ptrdiff_t columns)
      : stride_(padded<Scalar>(columns)),
        states_(static_cast<std::size_t>(rows)),
        data_(std::max<std::ptrdiff_t>(rows * stride_, 1)) {}

  std::ptrdiff_t stride() const noexcept { return stride_; }
  std::int64_t rows() const noexcept { return static_cast<std::int64_t>(states_.size()); }
  Scalar* row(std::int64_t r) const noexcept { return data_.get() + r * stride_; }
  std::vector<row_state<Scalar>>& states() noexcept { return states_; }
  const std::vector<row_state<Scalar>>& states() const noexcept { return states_; }
  row_block<Scalar> block() noexcept { return {data_.get(), states_.data()}; }

  /// Place n gets the first `columns` scalars of row order[n] of `from`.
  void take(const cpu& policy, const row_major_matrix<Scalar>& from, Eigen::Index columns,
            std::span<const index_t> order) {
    parallel_for(policy, rows(), 256, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t n = begin; n < end; ++n) {
        const Scalar* const source = from.data() + order[static_cast<std::size_t>(n)] * from.cols();
        std::fill(std::copy_n(source, columns, row(n)), row(n) + stride_, Scalar{0});
      }
    });
  }
  /// Row order[n] of `to` gets its first `columns` scalars from place n.
  /// @returns whether all of them are finite
  bool give(const cpu& policy, row_major_matrix<Scalar>& to, Eigen::Index columns,
            std::span<const index_t> order) const {
    std::atomic<bool> finite{true};
    parallel_for(policy, rows(), 256, [&](std::int64_t begin, std::int64_t end) {
      Scalar check = 0;  // NaN as soon as one is not finite
      for (std::int64_t n = begin; n < end; ++n) {
        Scalar* const target = to.data() + order[static_cast<std::size_t>(n)] * to.cols();
        const Scalar* const source = row(n);
        for (Eigen::Index f = 0; f < columns; ++f) {
          check += source[f] * 0;
          target[f] = source[f];
        }
        check += states_[static_cast<std::size_t>(n)].bias * 0;
      }
      if (!(check == 0)) finite = false;
    });
    return finite;
  }

 private:
  std::ptrdiff_t stride_ = 0;
  std::vector<row_state<Scalar>> states_;
  kernels::packed_buffer<Scalar> data_;
};

}  // namespace recokit::inline RECOKIT_ABI::sgd
