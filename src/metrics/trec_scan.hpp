// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Fields, scores and hashes of the lines of TREC files.
#pragma once

#include "../core/text_scan.hpp"

#include <recokit/metrics/trec_files.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <system_error>

namespace recokit::inline RECOKIT_ABI::trec::detail {

using recokit::detail::number_status;

/// What C's isspace says, whatever the locale, without the line feed.
inline bool is_gap(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

inline const char* skip_gap(const char* p) noexcept {
  while (is_gap(*p)) ++p;
  return p;
}

/// The end of the field that starts at `p`: the next gap or line feed, eight bytes at a time. Needs
/// scan_ahead readable bytes behind the line feed.
inline const char* field_end(const char* p) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    for (;;) {
      std::uint64_t word;
      std::memcpy(&word, p, sizeof word);
      // Marks bytes below 0x21. Only bytes above a marked one can be marked wrongly.
      const std::uint64_t low =
          (word - 0x2121212121212121u) & ~word & std::uint64_t{0x8080808080808080u};
      if (low == 0) {
        p += 8;
        continue;
      }
      p += std::countr_zero(low) / 8;
      if (is_gap(*p) || *p == '\n') return p;
      ++p;  // another control character
    }
  } else {
    while (!is_gap(*p) && *p != '\n') ++p;
    return p;
  }
}

/// The first eight bytes of a field as a number that orders as the bytes do; missing ones are zero.
/// Needs scan_ahead readable bytes behind its line.
inline std::uint64_t field_prefix(const char* p, std::size_t size) noexcept {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
  return size >= 8 ? word : word & ~(~std::uint64_t{0} >> (8 * size));
}

/// The ids of `a` and `b`, both from a line that was read, in byte order.
inline bool id_before(const document_id& a, const document_id& b) noexcept {
  const auto x = a.text();
  const auto y = b.text();
  const std::uint64_t first = field_prefix(x.data(), x.size());
  const std::uint64_t second = field_prefix(y.data(), y.size());
  return first != second ? first < second : x < y;
}

/// A hash of the bytes of a field; not empty. Needs scan_ahead readable bytes behind its line.
inline std::uint32_t field_hash(const char* p, std::size_t size) noexcept {
  std::uint64_t hash = 0x9E3779B97F4A7C15u;
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  };
  std::uint64_t word;
  for (; size > 8; p += 8, size -= 8) {
    std::memcpy(&word, p, sizeof word);
    mix(word);
  }
  std::memcpy(&word, p, sizeof word);
  const auto unused = static_cast<int>(8 * (8 - size));
  mix(std::endian::native == std::endian::little ? word << unused : word >> unused);
  return static_cast<std::uint32_t>(hash);
}

inline document_id make_id(const char* begin, const char* end) noexcept {
  const auto size = static_cast<std::size_t>(end - begin);
  return {begin, static_cast<std::uint32_t>(size), field_hash(begin, size)};
}

/// Any score; slower than simple_score.
inline number_status parse_score(std::string_view text, double& value) noexcept {
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  if (status == std::errc::invalid_argument || stop != end) return number_status::not_a_number;
  if (status == std::errc::result_out_of_range) {
    // from_chars says the same for too large and too small; a long double tells them apart.
    long double wide = 0;
    if (std::from_chars(text.data(), end, wide).ec != std::errc{} || std::abs(wide) > 1) {
      return number_status::overflow;
    }
    value = static_cast<double>(wide);
  }
  return std::isnan(value) ? number_status::not_a_number : number_status::good;
}

/// Reads a decimal without exponent whose digits make less than 2^53 and that has at most 22
/// decimals: both are exact in double, so one division gives the correctly rounded value. The end
/// of the number, or null for anything else.
inline const char* simple_score(const char* p, double& value) noexcept {
  static constexpr double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  static constexpr std::uint64_t whole[] = {1u,
                                            10u,
                                            100u,
                                            1000u,
                                            10000u,
                                            100000u,
                                            1000000u,
                                            10000000u,
                                            100000000u,
                                            1000000000u,
                                            10000000000u,
                                            100000000000u,
                                            1000000000000u,
                                            10000000000000u,
                                            100000000000000u,
                                            1000000000000000u,
                                            10000000000000000u,
                                            100000000000000000u,
                                            1000000000000000000u};
  const bool negative = *p == '-';
  if (negative) ++p;
  const auto front = recokit::detail::scan_digits(p);
  auto digits = front.end - p;
  std::uint64_t mantissa = front.value;
  std::ptrdiff_t decimals = 0;
  p = front.end;
  if (digits > 18) return nullptr;
  if (*p == '.') {
    const auto back = recokit::detail::scan_digits(p + 1);
    decimals = back.end - (p + 1);
    digits += decimals;
    if (digits > 18) return nullptr;
    mantissa = mantissa * whole[decimals] + back.value;
    p = back.end;
  }
  if (digits == 0 || mantissa >= (std::uint64_t{1} << 53)) return nullptr;
  const double magnitude = static_cast<double>(mantissa) / power[decimals];
  value = negative ? -magnitude : magnitude;
  return p;
}

}  // namespace recokit::inline RECOKIT_ABI::trec::detail
