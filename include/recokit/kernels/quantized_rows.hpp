// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Rows rounded to eight bits an element, and the kernel of their products.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The innermost product of eight-bit numbers, exact in 32 bits.
struct quantized_kernel {
  static constexpr std::ptrdiff_t rows = 12;     ///< of a strip of the left operand
  static constexpr std::ptrdiff_t columns = 32;  ///< of a strip of the right operand

  /// What belongs to the rows of a strip of the left operand, and to the columns of one of the
  /// right.
  struct row_parts {
    const std::int32_t* sums;  ///< what the products are added to
    const float* scales;       ///< what a step stands for
    const float* first;
    const float* second;
  };
  struct column_parts {
    const float* scales;
    const float* first;
    const float* second;
  };

  std::string_view name;  ///< of the instructions: "avx512vnni", "portable"
  /// scores = (sums + a · b) · (scales ⊗ scales) + first ⊗ first + second ⊗ second for rows ×
  /// columns scores, whose rows lie `leading` apart. For each step of four elements, a holds four
  /// bytes of each row, b of each column, 128 more than they stand for.
  void (*multiply)(std::ptrdiff_t steps, const std::int8_t* a, const std::uint8_t* b,
                   const row_parts& left, const column_parts& right, float* scores,
                   std::ptrdiff_t leading) = nullptr;
};

namespace detail {

inline void portable_quantized(std::ptrdiff_t steps, const std::int8_t* a, const std::uint8_t* b,
                               const quantized_kernel::row_parts& left,
                               const quantized_kernel::column_parts& right, float* scores,
                               std::ptrdiff_t leading) {
  constexpr std::ptrdiff_t rows = quantized_kernel::rows;
  constexpr std::ptrdiff_t columns = quantized_kernel::columns;
  for (std::ptrdiff_t r = 0; r < rows; ++r) {
    for (std::ptrdiff_t c = 0; c < columns; ++c) {
      std::int32_t sum = left.sums[r];
      for (std::ptrdiff_t p = 0; p < steps; ++p) {
        for (std::ptrdiff_t e = 0; e < 4; ++e) {
          sum += a[(p * rows + r) * 4 + e] * b[(p * columns + c) * 4 + e];
        }
      }
      scores[r * leading + c] = static_cast<float>(sum) * right.scales[c] * left.scales[r] +
                                (left.first[r] * right.first[c] + left.second[r] * right.second[c]);
    }
  }
}

#if defined(RECOKIT_DETAIL_X86_KERNELS)
/// Without a function where the machine cannot run it.
quantized_kernel x86_quantized_kernel() noexcept;
#endif

/// What rounding a row to [−127, 127] · unit did.
struct rounded_row {
  float unit = 0;     ///< 0 when an element is not finite or all are too small or too large for it
  double length = 0;  ///< of the row
  double error = 0;   ///< length of what rounding took away
};

/// Rounds `values` to bytes of `unit` each.
inline rounded_row quantize(std::span<const float> values, std::int8_t* to) {
  float largest = 0;
  bool finite = true;
  for (const float value : values) {
    finite = finite && std::isfinite(value);
    largest = std::max(largest, std::abs(value));
  }
  rounded_row row;
  if (!finite || largest > 1e15f || (largest > 0 && largest < 1e-15f)) return row;
  const float unit = largest > 0 ? largest / 127 : 1.0f;
  // Adding 1.5 · 2^23 rounds to a whole number, in vectors where std::lrint is a call.
  constexpr float whole = 12'582'912.0f;
  const float steps = 1 / unit;
  for (std::size_t n = 0; n < values.size(); ++n) {
    to[n] =
        static_cast<std::int8_t>(static_cast<std::int32_t>((values[n] * steps + whole) - whole));
  }
  double length = 0;
  double error = 0;
  for (std::size_t n = 0; n < values.size(); ++n) {
    const auto value = static_cast<double>(values[n]);
    const double lost = value - static_cast<double>(unit) * to[n];
    length += value * value;
    error += lost * lost;
  }
  return {unit, std::sqrt(length), std::sqrt(error)};
}

/// More than 1 by all that rounding does to a product of `depth` floats or to a bound of it.
inline double above_rounding(std::ptrdiff_t depth) noexcept {
  return 1 + (static_cast<double>(depth) + 64) * std::numeric_limits<float>::epsilon();
}

}  // namespace detail

/// Sums of products of rows of so many elements stay below 2^31.
inline constexpr std::ptrdiff_t most_quantized = 32'768;

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

namespace detail {

/// Writes a rounded row of at most 4 · `steps` elements, the rest 0, where a strip of `width` rows
/// has it. @returns what its bytes add up to
inline std::int32_t write_left(const std::int8_t* row, std::ptrdiff_t steps, std::ptrdiff_t width,
                               std::int8_t* to) noexcept {
  std::int32_t sum = 0;
  for (std::ptrdiff_t p = 0; p < 4 * steps; ++p) sum += row[p];
  for (std::ptrdiff_t p = 0; p < steps; ++p) std::copy_n(row + 4 * p, 4, to + p * width * 4);
  return sum;
}
inline void write_right(const std::int8_t* row, std::ptrdiff_t steps, std::ptrdiff_t width,
                        std::uint8_t* to) noexcept {
  for (std::ptrdiff_t p = 0; p < steps; ++p) {
    std::uint32_t four;
    std::memcpy(&four, row + 4 * p, 4);
    four ^= 0x80808080u;  // 128 more
    std::memcpy(to + p * width * 4, &four, 4);
  }
}

}  // namespace detail

}  // namespace recokit::inline RECOKIT_ABI::kernels
