// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Model files with right checksums, for a fuzzer that could not guess them.
#pragma once

#include "core/model_format.hpp"
#include "fuzz.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace recokit_fuzz {

/// The number at the front of a text, 0 without one; the text then begins behind it.
inline std::size_t take_number(std::string_view& text) {
  std::size_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Writes the checksum of every section whose content is in the file over the one in the header,
/// and then the header's own; anything that is no header stays as it is.
inline std::string sealed(std::string bytes) {
  namespace format = recokit::detail::model_format;
  if (bytes.size() < format::length_size) return bytes;
  const auto data_at = std::min<std::size_t>(
      bytes.size(), recokit::detail::load_little<std::uint64_t>(bytes, 0) % bytes.size() + 8);
  constexpr std::string_view crc_key = "\"crc32.";
  for (auto at = bytes.find(crc_key); at < data_at; at = bytes.find(crc_key, at + 1)) {
    const auto name_at = at + crc_key.size();
    const auto name_end = bytes.find('"', name_at);
    const auto digits = name_end + 3;
    if (name_end >= data_at || digits + format::crc_digits > data_at) break;
    const auto name = "\"" + bytes.substr(name_at, name_end - name_at) + "\":{";
    const auto section = bytes.find(name);
    constexpr std::string_view offsets = "\"data_offsets\":[";
    const auto offsets_at = bytes.find(offsets, std::min(section, bytes.size()));
    if (offsets_at >= data_at) continue;
    auto rest = std::string_view(bytes).substr(offsets_at + offsets.size());
    const auto begin = take_number(rest);
    if (rest.empty() || rest.front() != ',') continue;
    rest.remove_prefix(1);
    const auto end = take_number(rest);
    if (begin > end || end > bytes.size() - data_at) continue;
    const auto content = std::string_view(bytes).substr(data_at + begin, end - begin);
    bytes.replace(digits, format::crc_digits, format::crc_text(format::checksum(content)));
  }
  const auto mark = bytes.find(format::crc_mark);
  const auto digits = mark + format::crc_mark.size();
  if (mark < data_at && digits + format::crc_digits <= data_at) {
    bytes.replace(digits, format::crc_digits,
                  format::crc_text(
                      format::header_checksum(std::string_view(bytes).substr(0, data_at), digits)));
  }
  return bytes;
}

}  // namespace recokit_fuzz
