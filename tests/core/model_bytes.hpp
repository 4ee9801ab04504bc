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

/// A model file in the layout of safetensors. Fields may be given wrong values on purpose;
/// checksums and the length of the header are right.
class model_bytes {
 public:
  /// The bytes of a number, least significant first.
  template <class T>
  static std::string number(T value) {
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
      bytes += static_cast<char>(static_cast<unsigned char>(bits >> (8 * i)));
    }
    return bytes;
  }
  template <class... T>
  static std::string numbers(T... values) {
    return (number(values) + ... + std::string{});
  }
  static std::string hex(std::uint32_t value) {
    std::string text;
    for (int digit = 7; digit >= 0; --digit) text += "0123456789abcdef"[value >> (4 * digit) & 15];
    return text;
  }
  static std::string content_checksum(std::string_view content) {
    std::string list;
    for (std::size_t at = 0; at < content.size(); at += 65536) {
      list += number(naive_crc32(content.substr(at, 65536)));
    }
    return hex(naive_crc32(list));
  }

  model_bytes& header(std::string_view kind, std::string_view version = "2",
                      std::string_view writer = "0.1.0") {
    json_ = "{\"__metadata__\":{\"format\":\"recokit\",\"format_version\":\"";
    json_ += std::string(version) + "\",\"header_crc32\":\"00000000\",\"algorithm\":\"";
    json_ += std::string(kind) + "\",\"recokit_version\":\"" + std::string(writer) + "\"";
    return *this;
  }
  model_bytes& metadata(const std::string& key, const std::string& value) {
    json_ += ",\"" + key + "\":\"" + value + "\"";
    return *this;
  }
  /// @param shape as JSON: "[2,3]"
  /// @param content little-endian
  model_bytes& section(const std::string& name, std::string_view dtype, std::string_view shape,
                       const std::string& content) {
    const auto begin = data_.size();
    data_ += content;
    return section_at(name, dtype, shape, content,
                      std::to_string(begin) + "," + std::to_string(data_.size()));
  }
  /// @param offsets as JSON; the content is for the checksum alone
  model_bytes& section_at(const std::string& name, std::string_view dtype, std::string_view shape,
                          std::string_view content, std::string_view offsets) {
    metadata("crc32." + name, content_checksum(content));
    sections_ += ",\"" + name + "\":{\"dtype\":\"" + std::string(dtype) + "\",\"shape\":";
    sections_ += std::string(shape) + ",\"data_offsets\":[" + std::string(offsets) + "]}";
    return *this;
  }
  model_bytes& data(std::string_view bytes) {
    data_ += bytes;
    return *this;
  }
  std::string json() const { return json_ + "}" + sections_ + "}"; }
  std::string end() const { return sealed(json(), data_); }

  /// The file of a header whose checksum is at header_crc32, as eight zeros.
  static std::string sealed(std::string json, const std::string& data = {}) {
    while (json.size() % 64 != 56) json += ' ';
    std::string bytes = number(std::uint64_t{json.size()}) + json;
    const auto at = bytes.find("\"header_crc32\":\"00000000\"");
    if (at != std::string::npos) bytes.replace(at + 16, 8, hex(naive_crc32(bytes)));
    return bytes + data;
  }

 private:
  std::string json_;
  std::string sections_;
  std::string data_;
};

}  // namespace recokit_test
