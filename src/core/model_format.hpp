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
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail::model_format {

/// Not ASCII, and with both line ends: a transfer that treats the file as text breaks it here.
inline constexpr std::string_view magic{"\x89RKM\r\n\x1a\n", 8};
inline constexpr std::uint32_t version = 1;
inline constexpr std::uint32_t byte_order_mark = 0x01020304;
inline constexpr std::uint32_t swapped_byte_order_mark = 0x04030201;
inline constexpr std::string_view section_tag = "SECT";

/// Headers take this many bytes, and sections start at multiples of it.
inline constexpr std::size_t alignment = 64;
/// Of both headers, in their last four bytes.
inline constexpr std::size_t header_crc_at = 60;
inline constexpr std::size_t longest_kind = 32;
inline constexpr std::size_t longest_name = 28;
/// Blocks of content whose checksums are computed on their own.
inline constexpr std::size_t block = std::size_t{1} << 16;

constexpr std::uint64_t padded(std::uint64_t bytes) noexcept {
  return (bytes + alignment - 1) / alignment * alignment;
}

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

inline std::string_view type_name(section_type type) noexcept {
  constexpr std::array<std::string_view, 7> names{"end", "f32", "f64", "i32", "i64", "u8", "text"};
  return names[static_cast<std::size_t>(type)];
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

/// A header under construction, in the byte order of the machine.
class header_bytes {
 public:
  template <class T>
  void put(std::size_t at, T value) noexcept {
    std::memcpy(bytes_.data() + at, &value, sizeof(T));
  }
  void put(std::size_t at, std::string_view text) noexcept {
    std::copy(text.begin(), text.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  /// The header with its own checksum.
  std::string_view sealed() noexcept {
    put(header_crc_at, crc32(0, {bytes_.data(), header_crc_at}));
    return {bytes_.data(), bytes_.size()};
  }

 private:
  std::array<char, alignment> bytes_{};
};

}  // namespace recokit::inline RECOKIT_ABI::detail::model_format
