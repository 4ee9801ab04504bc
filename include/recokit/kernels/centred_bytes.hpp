// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Rows moved to their common centre and rounded to eight bits, for quick products of tiles
/// with a bound on their error.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/centred_strips.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/neighbor_problem.hpp>
#include <recokit/kernels/quantized_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// Rows packed as an operand of a quantized_kernel. Behind the last come rows that reach nothing.
///
/// Norms are those of the rows in float; only products are of rounded rows. With a = â + δa, b = b̂
/// + δb and |δ| at most ρ times the length of its row, a·b − â·b̂ = â·δb + δa·b is at most ρ (2 + ρ)
/// |a| |b|, so at most ρ (1 + ρ/2) (|a|² + |b|²): one more part of distance_error's `relative`.
class centred_bytes {
 public:
  /// @param which numbers of rows
  template <class Rows>
  centred_bytes(const cpu& policy, const Rows& rows, std::span<const index_t> which,
                const centring& moved, strip_side side, std::ptrdiff_t block)
      : steps_((rows.cols() + 3) / 4) {
    const auto count = std::ssize(which);
    const std::ptrdiff_t padded = whole_strips(count, block);
    const bool left = side == strip_side::left;
    const std::ptrdiff_t width = left ? quantized_kernel::rows : quantized_kernel::columns;
    bytes_ = packed_buffer<std::uint8_t>(std::max<std::ptrdiff_t>(padded * steps_ * 4, 1));
    std::fill_n(bytes_.get(), padded * steps_ * 4, std::uint8_t{0});
    const auto size = static_cast<std::size_t>(padded);
    sums_.assign(size, 0);
    scales_.assign(size, 0.0f);
    halves_.assign(size, -std::numeric_limits<float>::infinity());
    ones_.assign(size, 1.0f);
    norms_.assign(size, 0.0f);
    const auto columns = static_cast<std::size_t>(rows.cols());
    struct scratch {
      std::vector<float> centred;
      std::vector<std::int8_t> rounded;
    };
    scratch_pool<scratch> pool([&] {
      return scratch{std::vector<float>(columns),
                     std::vector<std::int8_t>(static_cast<std::size_t>(4 * steps_))};
    });
    share_ = parallel_reduce(
        policy, count, block, 0.0,
        [&](std::int64_t begin, std::int64_t end) {
          const auto space = pool.borrow();
          double largest = 0;
          for (std::int64_t r = begin; r < end; ++r) {
            const auto at = static_cast<std::size_t>(r);
            moved.apply(rows, which[at], space->centred.data());
            const rounded_row row = quantize(space->centred, space->rounded.data());
            if (row.unit == 0) return std::numeric_limits<double>::infinity();
            norms_[at] = static_cast<float>(row.length * row.length);
            scales_[at] = row.unit;
            if (row.length > 0) largest = std::max(largest, row.error / row.length);
            std::uint8_t* const to = bytes_.get() + r / width * width * steps_ * 4 + r % width * 4;
            if (left) {
              sums_[at] = -128 * write_left(space->rounded.data(), steps_, width,
                                            reinterpret_cast<std::int8_t*>(to));
            } else {
              write_right(space->rounded.data(), steps_, width, to);
            }
          }
          return largest;
        },
        [](double& all, double part) { all = std::max(all, part); });
  }

  /// The largest part of a row's length that rounding took away; infinite when one cannot be
  /// rounded.
  double largest_share() const noexcept { return share_; }
  /// Sets what makes elements of a tile upper bounds of what they stand for.
  void bound(double relative) {
    for (std::size_t r = 0; r < halves_.size(); ++r) {
      if (scales_[r] > 0) {
        halves_[r] = static_cast<float>((relative - 0.5) * static_cast<double>(norms_[r]));
      }
    }
  }

  std::ptrdiff_t steps() const noexcept { return steps_; }
  /// Those at the end included that reach nothing.
  std::ptrdiff_t rows() const noexcept { return std::ssize(norms_); }
  /// The strip that begins with this row.
  const std::uint8_t* strip(std::ptrdiff_t row) const noexcept {
    return bytes_.get() + row * steps_ * 4;
  }
  quantized_kernel::row_parts row_parts(std::ptrdiff_t row) const noexcept {
    return {sums_.data() + row, scales_.data() + row, halves_.data() + row, ones_.data()};
  }
  quantized_kernel::column_parts column_parts(std::ptrdiff_t row) const noexcept {
    return {scales_.data() + row, ones_.data(), halves_.data() + row};
  }
  float norm(std::ptrdiff_t row) const noexcept { return norms_[static_cast<std::size_t>(row)]; }
  float largest_norm(std::ptrdiff_t begin, std::ptrdiff_t end) const {
    return *std::max_element(norms_.begin() + begin, norms_.begin() + end);
  }

 private:
  std::ptrdiff_t steps_;
  packed_buffer<std::uint8_t> bytes_;
  std::vector<std::int32_t> sums_;
  std::vector<float> scales_, halves_, ones_, norms_;
  double share_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
