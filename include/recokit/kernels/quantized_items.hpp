// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Items and queries in eight bits an element, for a quick pass over all scores.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The innermost product of eight-bit numbers, exact in 32 bits.
struct quantized_kernel {
  static constexpr std::ptrdiff_t rows = 12;     ///< of a strip of queries
  static constexpr std::ptrdiff_t columns = 32;  ///< of a strip of items

  std::string_view name;  ///< of the instructions: "avx512vnni", "portable"
  /// scores = (sums of rows + a · b) · scales for rows × columns scores, whose rows lie `leading`
  /// apart. For each step of four elements, a holds four bytes of each query, b of each item.
  void (*multiply)(std::ptrdiff_t steps, const std::int8_t* a, const std::uint8_t* b,
                   const std::int32_t* sums, const float* scales, float* scores,
                   std::ptrdiff_t leading) = nullptr;
};

namespace detail {

inline void portable_quantized(std::ptrdiff_t steps, const std::int8_t* a, const std::uint8_t* b,
                               const std::int32_t* sums, const float* scales, float* scores,
                               std::ptrdiff_t leading) {
  constexpr std::ptrdiff_t rows = quantized_kernel::rows;
  constexpr std::ptrdiff_t columns = quantized_kernel::columns;
  for (std::ptrdiff_t r = 0; r < rows; ++r) {
    for (std::ptrdiff_t c = 0; c < columns; ++c) {
      std::int32_t sum = sums[r];
      for (std::ptrdiff_t p = 0; p < steps; ++p) {
        for (std::ptrdiff_t e = 0; e < 4; ++e) {
          sum += a[(p * rows + r) * 4 + e] * b[(p * columns + c) * 4 + e];
        }
      }
      scores[r * leading + c] = static_cast<float>(sum) * scales[c];
    }
  }
}

#if defined(RECOKIT_DETAIL_X86_KERNELS)
/// Without a function where the machine cannot run it.
quantized_kernel x86_quantized_kernel() noexcept;
#endif

/// Rounds `values` to [−127, 127] · unit. @returns the unit, or 0 when one is not finite or all are
/// too small or too large for it
inline float quantize(std::span<const float> values, std::int8_t* to) {
  float largest = 0;
  bool finite = true;
  for (const float value : values) {
    finite = finite && std::isfinite(value);
    largest = std::max(largest, std::abs(value));
  }
  if (!finite || largest > 1e30f || (largest > 0 && largest < 1e-30f)) return 0;
  const float unit = largest > 0 ? largest / 127 : 1.0f;
  // Adding 1.5 · 2^23 rounds to a whole number, in vectors where std::lrint is a call.
  constexpr float whole = 12'582'912.0f;
  const float steps = 1 / unit;
  for (std::size_t n = 0; n < values.size(); ++n) {
    to[n] =
        static_cast<std::int8_t>(static_cast<std::int32_t>((values[n] * steps + whole) - whole));
  }
  return unit;
}

}  // namespace detail

/// All that can run here, best first; the last needs nothing of the machine, and is not quick.
inline std::vector<quantized_kernel> quantized_kernels() {
  std::vector<quantized_kernel> all;
#if defined(RECOKIT_DETAIL_X86_KERNELS)
  const auto kernel = detail::x86_quantized_kernel();
  if (kernel.multiply != nullptr) all.push_back(kernel);
#endif
  all.push_back({"portable", detail::portable_quantized});
  return all;
}

/// Some rows of the item factors, each rounded to 255 steps between its largest element and the
/// opposite: a quarter of the memory of floats.
class quantized_items {
 public:
  using scalar = float;
  /// Sums of products stay below 2^31.
  static constexpr std::ptrdiff_t most_factors = 32'768;

  quantized_items(const cpu& policy, const row_major_matrix<float>& all,
                  std::span<const index_t> items, const quantized_kernel& kernel)
      : kernel_(kernel),
        depth_(all.cols()),
        steps_((all.cols() + 3) / 4),
        bytes_(whole_strips(std::ssize(items), width) * steps_ * 4),
        scales_(static_cast<std::size_t>(whole_strips(std::ssize(items), width))) {
    parallel_for(policy, std::ssize(items), 8 * width, [&](std::int64_t begin, std::int64_t end) {
      std::vector<std::int8_t> row(static_cast<std::size_t>(4 * steps_));
      if ((end - begin) % width != 0) {
        std::fill_n(bytes_.get() + end / width * width * steps_ * 4, width * steps_ * 4,
                    std::uint8_t{128});
      }
      for (std::ptrdiff_t place = begin; place < end; ++place) {
        const auto values = all.row(items[static_cast<std::size_t>(place)]);
        const float unit =
            detail::quantize({values.data(), static_cast<std::size_t>(depth_)}, row.data());
        scales_[static_cast<std::size_t>(place)] = unit;
        std::uint8_t* const to = bytes_.get() + place / width * width * steps_ * 4;
        for (std::ptrdiff_t p = 0; p < steps_; ++p) {
          std::uint32_t four;
          std::memcpy(&four, row.data() + 4 * p, 4);
          four ^= 0x80808080u;  // 128 more
          std::memcpy(to + (p * width + place % width) * 4, &four, 4);
        }
      }
    });
    usable_ = std::find(scales_.begin(), scales_.begin() + std::ssize(items), 0.0f) ==
              scales_.begin() + std::ssize(items);
  }

  std::ptrdiff_t depth() const noexcept { return depth_; }
  /// Whether all factors could be rounded; else the scores mean nothing.
  bool usable() const noexcept { return usable_; }

  /// A block of queries.
  class packed_queries {
   public:
    /// @param block whole strips
    packed_queries(const quantized_items& items, std::ptrdiff_t block)
        : items_(items),
          bytes_(block * items.steps_ * 4),
          sums_(static_cast<std::size_t>(block)),
          units_(sums_.size()),
          row_(static_cast<std::size_t>(4 * items.steps_)) {}

    void pack(const row_major_matrix<float>& rows, std::ptrdiff_t count) {
      std::fill_n(bytes_.get(), whole_strips(count, height) * items_.steps_ * 4, std::int8_t{0});
      std::fill(sums_.begin(), sums_.end(), 0);
      for (std::ptrdiff_t r = 0; r < count; ++r) {
        const auto q = static_cast<std::size_t>(r);
        units_[q] = detail::quantize({rows.row(r).data(), static_cast<std::size_t>(items_.depth_)},
                                     row_.data());
        if (units_[q] == 0) continue;
        // What the 128 that every byte of an item is too large adds up to.
        std::int32_t sum = 0;
        for (const std::int8_t value : row_) sum -= 128 * value;
        for (std::ptrdiff_t p = 0; p < items_.steps_; ++p) {
          std::copy_n(row_.data() + 4 * p, 4, at(r) + p * height * 4);
        }
        sums_[q] = sum;
      }
    }
    /// What a score of 1 stands for; 0 when the query cannot be rounded.
    float unit(std::size_t q) const noexcept { return units_[q]; }
    void move(std::ptrdiff_t from, std::ptrdiff_t to) noexcept {
      for (std::ptrdiff_t p = 0; p < items_.steps_; ++p) {
        std::copy_n(at(from) + p * height * 4, 4, at(to) + p * height * 4);
      }
      sums_[static_cast<std::size_t>(to)] = sums_[static_cast<std::size_t>(from)];
    }
    /// As packed_items::packed_queries::score, in units of each query.
    void score(std::ptrdiff_t rows, std::ptrdiff_t first, std::ptrdiff_t columns, float* scores,
               std::ptrdiff_t leading) const {
      for (std::ptrdiff_t c = 0; c < columns; c += width) {
        const std::uint8_t* const right = items_.bytes_.get() + (first + c) * items_.steps_ * 4;
        for (std::ptrdiff_t r = 0; r < rows; r += height) {
          items_.kernel_.multiply(items_.steps_, bytes_.get() + r * items_.steps_ * 4, right,
                                  sums_.data() + r, items_.scales_.data() + first + c,
                                  scores + r * leading + c, leading);
        }
      }
    }

   private:
    static constexpr std::ptrdiff_t height = quantized_kernel::rows;

    std::int8_t* at(std::ptrdiff_t row) const noexcept {
      return bytes_.get() + row / height * height * items_.steps_ * 4 + row % height * 4;
    }

    const quantized_items& items_;
    packed_buffer<std::int8_t> bytes_;
    std::vector<std::int32_t> sums_;  // by row
    std::vector<float> units_;        // by query
    std::vector<std::int8_t> row_;
  };

 private:
  static constexpr std::ptrdiff_t width = quantized_kernel::columns;

  quantized_kernel kernel_;
  std::ptrdiff_t depth_;
  std::ptrdiff_t steps_;
  packed_buffer<std::uint8_t> bytes_;
  std::vector<float> scales_;
  bool usable_ = true;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
