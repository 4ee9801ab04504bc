// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Model files put together byte by byte, as docs/model-files.md states the format.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace recokit_test {

/// Bit by bit, from the definition.
inline std::uint32_t naive_crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

/// A file of either byte order. Fields may be given wrong values on purpose; checksums are right.
class model_bytes {
 public:
  explicit model_bytes(bool big_endian) : big_(big_endian) {}

  template <class T>
  std::string number(T value) const {
    std::uint64_t bits = 0;
    if constexpr (std::is_floating_point_v<T>) {
      std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t> same;
      std::memcpy(&same, &value, sizeof(T));
      bits = same;
    } else {
      bits = static_cast<std::uint64_t>(value);
    }
    std::string bytes;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      const std::size_t place = big_ ? sizeof(T) - 1 - i : i;
      bytes += static_cast<char>(static_cast<unsigned char>(bits >> (8 * place)));
    }
    return bytes;
  }
  template <class... T>
  std::string numbers(T... values) const {
    return (number(values) + ... + std::string{});
  }

  model_bytes& header(std::string kind, std::uint32_t version = 1, std::uint32_t writer = 100) {
    const auto length = static_cast<std::uint32_t>(kind.size());
    kind.resize(36);  // four bytes behind it are kept for later
    seal("\x89RKM\r\n\x1a\n" + numbers(0x01020304u, version, writer, length) + kind);
    return *this;
  }
  /// @param content in the byte order of the file, at most 2^16 bytes
  model_bytes& section(std::string name, int type, int rank, std::int64_t rows, std::int64_t cols,
                       std::string content) {
    ++sections_;
    const std::string list = content.empty() ? "" : little(naive_crc32(content));
    add_header(type, rank, name, naive_crc32(list), rows, cols);
    content.resize((content.size() + 63) / 64 * 64);
    bytes_ += content;
    return *this;
  }
  std::string end() {
    add_header(0, 0, "", 0, sections_, static_cast<std::int64_t>(bytes_.size()) + 64);
    return bytes_;
  }

 private:
  static std::string little(std::uint32_t value) { return model_bytes(false).number(value); }
  void add_header(int type, int rank, std::string name, std::uint32_t crc, std::int64_t rows,
                  std::int64_t cols) {
    const auto length = static_cast<std::uint16_t>(name.size());
    name.resize(28);
    std::string header = "SECT";
    header += static_cast<char>(type);
    header += static_cast<char>(rank);
    seal(header + numbers(length, crc, 0u, rows, cols) + name);
  }
  void seal(const std::string& header) { bytes_ += header + number(naive_crc32(header)); }

  bool big_;
  std::int64_t sections_ = 0;
  std::string bytes_;
};

}  // namespace recokit_test
