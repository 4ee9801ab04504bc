// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Integers in the byte orders of files.
#pragma once

#include <recokit/core/config.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// The number whose bytes start at `at`, in the byte order of the file.
template <class T>
T load(const char* at, bool big_endian) noexcept {
  char bytes[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    const bool same = big_endian == (std::endian::native == std::endian::big);
    bytes[i] = at[same ? i : sizeof(T) - 1 - i];
  }
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

/// The little-endian unsigned number at `offset`. The bytes must reach that far.
template <std::unsigned_integral T>
T load_little(std::string_view bytes, std::size_t offset) noexcept {
  return load<T>(bytes.data() + offset, false);
}

template <std::unsigned_integral T>
void append_little(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail
