// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Factor rows in the shape that gradient steps like, and back.
#pragma once

#include <recokit/core/huge_pages.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace recokit::inline RECOKIT_ABI::detail {

/// Copies of the first columns of some rows, each on the border of a cache line and filled up to
/// whole lines with `fill`.
class row_buffer {
 public:
  row_buffer(const cpu& policy, const row_major_matrix<float>& from, Eigen::Index columns,
             float fill = 0)
      : size_(from.rows()),
        columns_(columns),
        width_(kernels::whole_strips(columns, 16)),
        rows_(size_ * width_) {
    prefer_huge_pages(rows_.get(), static_cast<std::size_t>(size_ * width_) * sizeof(float));
    parallel_for(policy, size_, grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        std::copy_n(from.data() + r * from.cols(), columns_, row(r));
        std::fill(row(r) + columns_, row(r) + width_, fill);
      }
    });
  }

  float* row(std::int64_t r) const noexcept { return rows_.get() + r * width_; }
  /// Floats from row to row.
  std::ptrdiff_t width() const noexcept { return width_; }
  std::int64_t size() const noexcept { return size_; }

  /// Writes the columns back; others of `to` stay as they are.
  void give(const cpu& policy, row_major_matrix<float>& to) const {
    parallel_for(policy, size_, grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        std::copy_n(row(r), columns_, to.data() + r * to.cols());
      }
    });
  }

 private:
  static constexpr std::int64_t grain = 1024;

  std::int64_t size_;
  Eigen::Index columns_;
  std::ptrdiff_t width_;
  kernels::packed_buffer<float> rows_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
