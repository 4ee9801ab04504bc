// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Scanning of fields and numbers in text that ends with a line feed.
#pragma once

#include <recokit/core/config.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace recokit::inline RECOKIT_ABI::detail {

inline bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// True at the end of a line, "\n" or "\r\n".
inline bool at_line_end(const char* p) noexcept {
  return *p == '\n' || (*p == '\r' && p[1] == '\n');
}

inline unsigned digit(char c) noexcept {
  return static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
}

/// Scans may look at so many bytes behind the line feed that stops them.
inline constexpr std::size_t scan_ahead = 8;

namespace swar {

/// The value of eight decimal digits in the bytes of a word, the first in the lowest byte; bytes of
/// zero count as the digit 0. Three multiplications join neighbours, pairs and fours.
inline std::uint64_t eight_digits(std::uint64_t word) noexcept {
  word = (word & 0x0F0F0F0F0F0F0F0Fu) * 2561 >> 8;
  word = (word & 0x00FF00FF00FF00FFu) * 6553601 >> 16;
  return (word & 0x0000FFFF0000FFFFu) * 42949672960001 >> 32;
}

/// The number of digits at the start of a word, up to 8. A carry out of a byte that is no digit
/// reaches only bytes behind it.
inline unsigned leading_digits(std::uint64_t word) noexcept {
  const std::uint64_t t = word ^ 0x3030303030303030u;
  const std::uint64_t others = ((t + 0x7676767676767676u) | t) & 0x8080808080808080u;
  return static_cast<unsigned>(std::countr_zero(others)) / 8;
}

}  // namespace swar

/// Decimal digits from a place on.
struct digit_run {
  std::uint64_t value = 0;    ///< meant only while there are no more than 18
  const char* end = nullptr;  ///< behind the last digit, or behind the 24th
};

/// Reads eight digits at a time: the branches of a loop over single digits cost most of the time
/// where numbers differ in length.
inline digit_run scan_digits(const char* p) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    static constexpr std::uint64_t power[] = {1,      10,      100,      1000,     10000,
                                              100000, 1000000, 10000000, 100000000};
    std::uint64_t value = 0;
    for (int step = 0; step < 3; ++step) {
      std::uint64_t word;
      std::memcpy(&word, p, sizeof word);
      const unsigned n = swar::leading_digits(word);
      if (n < 8) {
        // Shifted in two steps: the one by 64 bits of no digits is not defined.
        value = value * power[n] + swar::eight_digits(word << 8 * (7 - n) << 8);
        return {value, p + n};
      }
      value = value * power[8] + swar::eight_digits(word);
      p += 8;
    }
    return {value, p};
  } else {
    digit_run run{0, p};
    for (; digit(*run.end) <= 9 && run.end != p + 24; ++run.end) {
      run.value = run.value * 10 + digit(*run.end);
    }
    return run;
  }
}

/// Digits of an integer in canonical form, at most 18 of them, from `p` on.
struct integer_scan {
  std::int64_t value = 0;
  const char* end = nullptr;  ///< behind the last digit; null when there is no such integer
};

/// The common case of an integer, in one pass; whatever it refuses goes to parse_integer.
inline integer_scan scan_integer(const char* p) noexcept {
  const bool negative = *p == '-';
  if (negative) ++p;
  const auto [value, end] = scan_digits(p);
  const auto digits = end - p;
  if (digits == 0 || digits > 18 || (*p == '0' && (digits > 1 || negative))) return {};
  const auto signed_value = static_cast<std::int64_t>(value);
  return {negative ? -signed_value : signed_value, end};
}

enum class number_status { good, not_a_number, overflow };

/// The integer that all of `text` spells; a plus sign and leading zeros are allowed.
inline number_status parse_integer(std::string_view text, std::int64_t& value) noexcept {
  if (text.starts_with('+') && text.size() > 1 && digit(text[1]) <= 9) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  if (status == std::errc::invalid_argument || stop != end) return number_status::not_a_number;
  return status == std::errc{} ? number_status::good : number_status::overflow;
}

/// The integer that `text` spells in the one form in which it would be printed.
inline std::optional<std::int64_t> canonical_integer(std::string_view text) noexcept {
  if (text.empty() || text[0] == '+') return std::nullopt;
  const auto digits = text[0] == '-' ? text.substr(1) : text;
  if (digits.empty() || (digits[0] == '0' && text.size() > 1)) return std::nullopt;
  std::int64_t value = 0;
  if (parse_integer(text, value) != number_status::good) return std::nullopt;
  return value;
}

struct float_scan {
  float value = 0;
  const char* end = nullptr;  ///< null: not in the simple form
};

/// A decimal without exponent whose digits make less than 2^24 and that has at most 10 decimals:
/// both are exact in float, so one division gives the correctly rounded value.
inline float_scan scan_float(const char* p) noexcept {
  static constexpr float power[] = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f,
                                    1e6f, 1e7f, 1e8f, 1e9f, 1e10f};
  const bool negative = *p == '-';
  if (negative) ++p;
  std::uint64_t value = 0;
  std::ptrdiff_t digits = 0;
  const auto take = [&] {
    const char* const first = p;
    for (unsigned d = digit(*p); d <= 9; d = digit(*++p)) value = value * 10 + d;
    digits += p - first;
  };
  take();
  std::ptrdiff_t decimals = 0;
  if (*p == '.') {
    const char* const point = ++p;
    take();
    decimals = p - point;
  }
  if (digits == 0 || digits > 18 || value >= (1u << 24) || decimals > 10) return {};
  const float magnitude = static_cast<float>(value) / power[decimals];
  return {negative ? -magnitude : magnitude, p};
}

/// The float nearest to all of `text`. NaN and infinity are not numbers here.
inline number_status parse_float(std::string_view text, float& value) noexcept {
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  auto [stop, status] = std::from_chars(text.data(), end, value);
  if (status == std::errc::invalid_argument || stop != end) return number_status::not_a_number;
  if (status == std::errc::result_out_of_range) {
    // Too small for a float is zero, too large is an error; from_chars says the same for both.
    double wide = 0;
    if (std::from_chars(text.data(), end, wide).ec == std::errc{} && std::abs(wide) < 1) {
      value = static_cast<float>(wide);
      return number_status::good;
    }
    return number_status::overflow;
  }
  return std::isfinite(value) ? number_status::good : number_status::not_a_number;
}

/// The integer that `text` spells as a decimal without fraction, such as "964982703.0".
inline bool whole_number(std::string_view text, std::int64_t& value) noexcept {
  double wide = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, wide);
  // Beyond 2^53 a double no longer tells which integer was meant.
  if (status != std::errc{} || stop != end || !(std::abs(wide) <= 0x1p53)) return false;
  value = static_cast<std::int64_t>(wide);
  return static_cast<double>(value) == wide;
}

/// `text` in quotes for an error message, cut where it is long, with control bytes masked.
inline std::string in_quotes(std::string_view text) {
  constexpr std::size_t most = 40;
  std::string out = "\"";
  for (const char c : text.substr(0, most)) {
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return out + (text.size() > most ? "...\"" : "\"");
}

}  // namespace recokit::inline RECOKIT_ABI::detail
