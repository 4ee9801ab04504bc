// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Counts of set bits a column over chosen rows of a bit matrix, many columns an
/// instruction.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/huge_pages.hpp>
#include <recokit/kernels/compiler_vector.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace recokit::inline RECOKIT_ABI::kernels {

/// A rows × columns bit matrix in strips of 512 columns, so that one row of a strip is one cache
/// line.
class bit_columns {
 public:
  static constexpr std::size_t words = 8;
  static constexpr std::size_t strip_columns = 64 * words;

  bit_columns() = default;
  /// All bits clear. rows · strips · 64 bytes.
  bit_columns(std::size_t rows, std::size_t strips)
      : rows_(rows),
        strips_(strips),
        lines_(std::make_unique_for_overwrite<line[]>(rows * strips)) {
    // Rows are read in no order: each would miss the translation of small pages too.
    recokit::detail::prefer_huge_pages(lines_.get(), rows * strips * sizeof(line));
    std::fill_n(lines_.get(), rows * strips, line{});
  }

  std::size_t strips() const noexcept { return strips_; }
  void set(std::size_t row, std::size_t column) noexcept {
    auto& word = lines_[column / strip_columns * rows_ + row].word[column % strip_columns / 64];
    word |= std::uint64_t{1} << (column % 64);
  }

  /// counts[c] = how many of `rows` have bit c of the strip, for its 512 columns.
  ///
  /// Vertical counters: bit p of all 512 counts is kept together, and rows are added fifteen at a
  /// time by a tree of full adders, about six logic operations a row and 64 columns (the
  /// positional population count of Harley and Seal).
  template <class Index>
  void count(std::size_t strip, std::span<const Index> rows, std::uint32_t* counts) const {
    const line* const base = lines_.get() + strip * rows_;
    planes total{};
    std::size_t n = 0;
    const auto at = [&](std::size_t r) { return base + static_cast<std::size_t>(rows[r]); };
    for (; n + 15 <= rows.size(); n += 15) {
      // Rows come in no order that the hardware could foresee.
      for (std::size_t r = n + 15; r < std::min(n + 30, rows.size()); ++r) {
        __builtin_prefetch(at(r));
      }
      for (std::size_t half = 0; half < words; half += lanes) {
        const auto bits = [&](std::size_t r) { return load(at(n + r)->word + half); };
        vector o1, o2, o3, o4, o5, t1, t2, t3, t4, t5, t6, t7, f1, f2, f3, e1;
        t1 = full(bits(0), bits(1), bits(2), o1);
        t2 = full(bits(3), bits(4), bits(5), o2);
        t3 = full(bits(6), bits(7), bits(8), o3);
        t4 = full(bits(9), bits(10), bits(11), o4);
        t5 = full(bits(12), bits(13), bits(14), o5);
        t6 = full(o1, o2, o3, o1);
        t7 = full(o1, o4, o5, o1);
        f1 = full(t1, t2, t3, t1);
        f2 = full(t4, t5, t6, t4);
        f3 = full(t1, t4, t7, t1);
        e1 = full(f1, f2, f3, f1);
        total.add(half, o1, t1, f1, e1, n + 15);
      }
    }
    for (; n < rows.size(); ++n) {
      for (std::size_t half = 0; half < words; half += lanes) {
        total.add(half, load(at(n)->word + half), n + 1);
      }
    }
    total.expand(rows.size(), counts);
  }

 private:
  struct alignas(64) line {
    std::uint64_t word[words];
  };
  using vector = detail::compiler_vector<std::uint64_t>::type;
  static constexpr std::size_t lanes = sizeof(vector) / sizeof(std::uint64_t);
  [[gnu::always_inline]] static vector load(const std::uint64_t* from) noexcept {
    vector v;
    std::memcpy(&v, from, sizeof(v));
    return v;
  }
  /// Carries of a + b + c; the sums go to `sum`, which may be one of them.
  [[gnu::always_inline]] static vector full(vector a, vector b, vector c, vector& sum) noexcept {
    const vector either = a ^ b;
    const vector carry = (a & b) | (either & c);
    sum = either ^ c;
    return carry;
  }

  /// Bit p of 512 counters.
  struct planes {
    static constexpr std::size_t most = 32;
    std::uint64_t bit[most][words] = {};

    void add_at(std::size_t p, std::size_t half, vector carry, std::size_t rows) noexcept {
      const auto top = static_cast<std::size_t>(std::bit_width(rows));
      for (; p < top; ++p) {
        const vector old = load(bit[p] + half);
        const vector sum = old ^ carry;
        carry = old & carry;
        std::memcpy(bit[p] + half, &sum, sizeof(sum));
      }
    }
    /// Adds one row; `rows` have been added then.
    void add(std::size_t half, vector ones, std::size_t rows) noexcept {
      add_at(0, half, ones, rows);
    }
    /// Adds fifteen.
    void add(std::size_t half, vector ones, vector twos, vector fours, vector eights,
             std::size_t rows) noexcept {
      const vector digits[4] = {ones, twos, fours, eights};
      vector carry{};
      for (std::size_t p = 0; p < 4; ++p) {
        vector sum;
        carry = full(load(bit[p] + half), digits[p], carry, sum);
        std::memcpy(bit[p] + half, &sum, sizeof(sum));
      }
      add_at(4, half, carry, rows);
    }

    /// Eight counters at a time: each bit of a byte moves to a byte of its own.
    void expand(std::size_t rows, std::uint32_t* counts) const noexcept {
      const auto top = static_cast<std::size_t>(std::bit_width(rows));
      for (std::size_t w = 0; w < words; ++w) {
        for (std::size_t byte = 0; byte < 8; ++byte) {
          std::array<std::uint64_t, most / 8> eights{};
          for (std::size_t p = 0; p < top; ++p) {
            eights[p / 8] |= spread_table[bit[p][w] >> (8 * byte) & 0xFF] << (p % 8);
          }
          for (std::size_t c = 0; c < 8; ++c) {
            std::uint32_t sum = 0;
            for (std::size_t part = 0; 8 * part < top; ++part) {
              sum |= static_cast<std::uint32_t>(eights[part] >> (8 * c) & 0xFF) << (8 * part);
            }
            counts[w * 64 + byte * 8 + c] = sum;
          }
        }
      }
    }
    /// Bit b of a byte moved to bit 0 of byte b.
    static constexpr std::array<std::uint64_t, 256> spread_table = [] {
      std::array<std::uint64_t, 256> table{};
      for (std::size_t b = 0; b < 256; ++b) {
        for (std::size_t i = 0; i < 8; ++i) {
          if ((b >> i & 1) != 0) table[b] |= std::uint64_t{1} << (8 * i);
        }
      }
      return table;
    }();
  };

  std::size_t rows_ = 0;
  std::size_t strips_ = 0;
  std::unique_ptr<line[]> lines_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels
