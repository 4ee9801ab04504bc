// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The bytes of model files that writer and reader agree on; docs/model-files.md states
/// them.
#pragma once

#include "crc32.hpp"
#include "little_endian.hpp"

#include <recokit/core/model_file.hpp>
#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail::model_format {

inline constexpr int version = 2;

/// A file begins with the length of its header, 8 bytes, and this text, which is the same in all
/// versions: a version in digits, crc_mark and the checksum in eight digits follow.
inline constexpr std::string_view start =
    R"({"__metadata__":{"format":"recokit","format_version":")";
inline constexpr std::string_view crc_mark = R"(","header_crc32":")";
inline constexpr std::size_t length_size = 8;
inline constexpr std::size_t crc_digits = 8;
inline constexpr std::string_view crc_zeros = "00000000";

/// Keys of the header and names that no other section may have.
inline constexpr std::string_view metadata = "__metadata__";
inline constexpr std::string_view params = "params";

/// Of format version 1, which was no safetensors file.
inline constexpr std::string_view old_magic{"\x89RKM\r\n\x1a\n", 8};

/// Data begin at a multiple of this.
inline constexpr std::size_t alignment = 64;
/// Less than the 100 MB that other readers of safetensors take.
inline constexpr std::uint64_t longest_header = std::uint64_t{1} << 20;
inline constexpr std::size_t longest_kind = 32;
inline constexpr std::size_t longest_name = 28;
/// Blocks of content whose checksums are computed on their own.
inline constexpr std::size_t block = std::size_t{1} << 16;

/// Safetensors is little-endian; other machines turn the elements round.
inline constexpr bool native_order = std::endian::native == std::endian::little;

constexpr std::size_t element_size(section_type type) noexcept {
  switch (type) {
    case section_type::f64:
    case section_type::i64:
      return 8;
    case section_type::f32:
    case section_type::i32:
      return 4;
    default:
      return 1;
  }
}

/// In errors.
inline std::string_view type_name(section_type type) noexcept {
  constexpr std::array<std::string_view, 7> names{"end", "f32", "f64", "i32", "i64", "u8", "text"};
  return names[static_cast<std::size_t>(type)];
}

/// In the file, by section_type. A text is stored as its bytes.
inline constexpr std::array<std::string_view, 7> dtypes{"", "F32", "F64", "I32", "I64", "U8", "U8"};

/// Whether a text can stand in a header between quotes as it is.
inline bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

/// Reverses the bytes of every element.
inline void reverse_elements(char* bytes, std::size_t count, std::size_t element) noexcept {
  for (; count > 0; --count, bytes += element) std::reverse(bytes, bytes + element);
}

/// Eight hexadecimal digits.
inline std::string crc_text(std::uint32_t crc) {
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[crc >> shift & 15];
  return text;
}

/// The checksum of the length and the header, in which its own digits count as zeros.
/// @param digits_at where they are
inline std::uint32_t header_checksum(std::string_view bytes, std::size_t digits_at) noexcept {
  const auto before = crc32(crc32(0, bytes.substr(0, digits_at)), crc_zeros);
  return crc32(before, bytes.substr(digits_at + crc_digits));
}

/// The CRC-32 of the list of the CRC-32s (four bytes each, least significant first) of the blocks
/// of the content: blocks are independent, so all cores take part.
inline std::uint32_t checksum(std::string_view content) {
  const std::size_t blocks = (content.size() + block - 1) / block;
  const std::size_t whole = content.size() / block;
  std::vector<std::uint32_t> crcs(blocks);
  const auto groups = static_cast<std::int64_t>((blocks + 3) / 4);
  parallel_for(cpu{}, groups, 4, [&](std::int64_t begin, std::int64_t end) {
    for (auto b = static_cast<std::size_t>(begin) * 4; std::cmp_less(b, end * 4); b += 4) {
      const char* const at = content.data() + b * block;
      if (b + 4 <= whole) {
        const auto four = crc32_of_four({at, at + block, at + 2 * block, at + 3 * block}, block);
        std::copy(four.begin(), four.end(), crcs.begin() + static_cast<std::ptrdiff_t>(b));
      } else {
        for (std::size_t n = b; n < std::min(b + 4, blocks); ++n) {
          crcs[n] = crc32(0, content.substr(n * block, block));
        }
      }
    }
  });
  std::string list;
  for (const auto crc : crcs) append_little(list, crc);
  return crc32(0, list);
}

}  // namespace recokit::inline RECOKIT_ABI::detail::model_format
