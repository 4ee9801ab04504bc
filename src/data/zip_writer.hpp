// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A zip archive of stored members, with zip64 where sizes need it.
#pragma once

#include "../core/atomic_file.hpp"

#include <recokit/core/config.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Writes members one after the other; finish() writes the directory.
class zip_writer {
 public:
  /// @param zip64_from sizes and offsets from here on are written as zip64; smaller in tests
  explicit zip_writer(atomic_file& out, std::uint64_t zip64_from = 0xFFFFFFFF)
      : out_(out), zip64_from_(zip64_from) {}

  /// A member made of parts that are already in memory.
  void add(const std::string& member, std::initializer_list<std::string_view> parts);
  void finish();

 private:
  struct entry {
    std::string name;
    std::uint32_t crc = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
  };

  bool needs_zip64(std::uint64_t value) const noexcept { return value >= zip64_from_; }
  std::uint32_t size_field(std::uint64_t value) const noexcept;

  atomic_file& out_;
  std::uint64_t zip64_from_;
  std::vector<entry> entries_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
