// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Items and queries in eight bits an element, for a quick pass over all scores.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/quantized_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// What the scores of eight bits are.
enum class byte_scores {
  nearest,  ///< products of the rounded rows
  upper     ///< no less than what a kernel of gemm.hpp gives for the rows themselves
};

/// Some rows of the item factors, each rounded to 255 steps between its largest element and the
/// opposite: a quarter of the memory of floats.
///
/// With q = q̂ + δq and i = î + δi, q̂ and î rounded, q·i − q̂·î = q̂·δi + δq·i, which is at most
/// |q̂| |δi| + |δq| |i|: with that added the score is a bound.
class quantized_items {
 public:
  using scalar = float;

  /// @param items the rows to pack, by place
  quantized_items(const cpu& policy, const row_major_matrix<float>& all,
                  std::span<const index_t> items, const quantized_kernel& kernel,
                  byte_scores scores = byte_scores::nearest)
      : kernel_(kernel),
        upper_(scores == byte_scores::upper),
        depth_(all.cols()),
        steps_((all.cols() + 3) / 4),
        bytes_(whole_strips(std::ssize(items), width) * steps_ * 4),
        scales_(static_cast<std::size_t>(whole_strips(std::ssize(items), width))),
        errors_(scales_.size()),
        lengths_(scales_.size()) {
    const double slack = detail::above_rounding(depth_);
    parallel_for(policy, std::ssize(items), 8 * width, [&](std::int64_t begin, std::int64_t end) {
      std::vector<std::int8_t> row(static_cast<std::size_t>(4 * steps_));
      if ((end - begin) % width != 0) {
        std::fill_n(bytes_.get() + end / width * width * steps_ * 4, width * steps_ * 4,
                    std::uint8_t{128});
      }
      for (std::ptrdiff_t place = begin; place < end; ++place) {
        const auto values = all.row(items[static_cast<std::size_t>(place)]);
        const auto rounded =
            detail::quantize({values.data(), static_cast<std::size_t>(depth_)}, row.data());
        const auto at = static_cast<std::size_t>(place);
        scales_[at] = rounded.unit;
        errors_[at] = static_cast<float>(rounded.error * slack);
        lengths_[at] = static_cast<float>(rounded.length * slack);
        detail::write_right(row.data(), steps_, width,
                            bytes_.get() + place / width * width * steps_ * 4 + place % width * 4);
      }
    });
    usable_ = std::find(scales_.begin(), scales_.begin() + std::ssize(items), 0.0f) ==
              scales_.begin() + std::ssize(items);
    if (scales_.empty()) return;
    largest_error_ = *std::max_element(errors_.begin(), errors_.end());
    largest_length_ = *std::max_element(lengths_.begin(), lengths_.end());
  }

  std::ptrdiff_t depth() const noexcept { return depth_; }
  /// Whether all factors could be rounded; else the scores mean nothing.
  bool usable() const noexcept { return usable_; }
  /// No row is longer.
  float largest_length() const noexcept { return largest_length_; }

  /// A block of queries.
  class packed_queries {
   public:
    /// @param block whole strips
    packed_queries(const quantized_items& items, std::ptrdiff_t block)
        : items_(items),
          bytes_(block * items.steps_ * 4),
          sums_(static_cast<std::size_t>(block)),
          scales_(sums_.size()),
          lengths_(sums_.size()),
          errors_(sums_.size()),
          slacks_(sums_.size()),
          factors_(sums_.size()),
          row_(static_cast<std::size_t>(4 * items.steps_)) {}

    void pack(const row_major_matrix<float>& rows, std::ptrdiff_t count) {
      std::fill_n(bytes_.get(), whole_strips(count, height) * items_.steps_ * 4, std::int8_t{0});
      std::fill(sums_.begin(), sums_.end(), 0);
      for (std::ptrdiff_t r = 0; r < count; ++r) {
        const auto q = static_cast<std::size_t>(r);
        const auto rounded = detail::quantize(
            {rows.row(r).data(), static_cast<std::size_t>(items_.depth_)}, row_.data());
        scales_[q] = rounded.unit;
        slacks_[q] = rounded.unit > 0 ? 0.0f : -1.0f;
        if (rounded.unit == 0) continue;
        if (items_.upper_) set_bounds(q, rounded);
        // What the 128 that every byte of an item is too large adds up to.
        sums_[q] = -128 * detail::write_left(row_.data(), items_.steps_, height, at(r));
      }
    }
    /// Whether the query could be rounded; else its scores mean nothing.
    bool usable(std::size_t q) const noexcept { return slacks_[q] >= 0; }
    /// How far a score is above what it bounds, at most, for any item; 0 when it is no bound.
    float slack(std::size_t q) const noexcept { return slacks_[q]; }
    /// The same for the item at a place.
    float slack(std::size_t q, std::size_t place) const noexcept {
      return factors_[q].length * items_.errors_[place] +
             factors_[q].error * items_.lengths_[place];
    }
    void move(std::ptrdiff_t from, std::ptrdiff_t to) noexcept {
      for (std::ptrdiff_t p = 0; p < items_.steps_; ++p) {
        std::copy_n(at(from) + p * height * 4, 4, at(to) + p * height * 4);
      }
      const auto source = static_cast<std::size_t>(from);
      const auto target = static_cast<std::size_t>(to);
      sums_[target] = sums_[source];
      scales_[target] = scales_[source];
      lengths_[target] = lengths_[source];
      errors_[target] = errors_[source];
    }
    /// As packed_items::packed_queries::score.
    void score(std::ptrdiff_t rows, std::ptrdiff_t first, std::ptrdiff_t columns, float* scores,
               std::ptrdiff_t leading) const {
      for (std::ptrdiff_t c = 0; c < columns; c += width) {
        const std::ptrdiff_t place = first + c;
        const std::uint8_t* const right = items_.bytes_.get() + place * items_.steps_ * 4;
        const quantized_kernel::column_parts columns_of{items_.scales_.data() + place,
                                                        items_.errors_.data() + place,
                                                        items_.lengths_.data() + place};
        for (std::ptrdiff_t r = 0; r < rows; r += height) {
          items_.kernel_.multiply(
              items_.steps_, bytes_.get() + r * items_.steps_ * 4, right,
              {sums_.data() + r, scales_.data() + r, lengths_.data() + r, errors_.data() + r},
              columns_of, scores + r * leading + c, leading);
        }
      }
    }

   private:
    static constexpr std::ptrdiff_t height = quantized_kernel::rows;

    std::int8_t* at(std::ptrdiff_t row) const noexcept {
      return bytes_.get() + row / height * height * items_.steps_ * 4 + row % height * 4;
    }

    void set_bounds(std::size_t q, const detail::rounded_row& rounded) {
      const double slack = detail::above_rounding(items_.depth_);
      lengths_[q] = static_cast<float>((rounded.length + rounded.error) * slack);
      errors_[q] = static_cast<float>(rounded.error * slack + (slack - 1) * 4 * rounded.length);
      const float twice = 2 * static_cast<float>(slack);
      factors_[q] = {twice * lengths_[q], twice * errors_[q]};
      slacks_[q] =
          factors_[q].length * items_.largest_error_ + factors_[q].error * items_.largest_length_;
    }
    struct slack_factors {
      float length = 0;
      float error = 0;
    };

    const quantized_items& items_;
    packed_buffer<std::int8_t> bytes_;
    std::vector<std::int32_t> sums_;                // by row
    std::vector<float> scales_, lengths_, errors_;  // by row; 0 for the nearest scores but scales
    std::vector<float> slacks_;                     // by query; below 0: not rounded
    std::vector<slack_factors> factors_;            // by query
    std::vector<std::int8_t> row_;
  };

 private:
  static constexpr std::ptrdiff_t width = quantized_kernel::columns;

  quantized_kernel kernel_;
  bool upper_;
  std::ptrdiff_t depth_;
  std::ptrdiff_t steps_;
  packed_buffer<std::uint8_t> bytes_;
  std::vector<float> scales_, errors_, lengths_;
  float largest_error_ = 0;
  float largest_length_ = 0;
  bool usable_ = true;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
