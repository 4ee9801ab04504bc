// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The members of a zip archive in memory: stored or deflated, with zip64.
#pragma once

#include <recokit/core/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// The bytes of one member. Stored members are not copied.
class zip_content {
 public:
  explicit zip_content(std::string_view stored) : stored_(stored) {}
  explicit zip_content(std::string unpacked) : unpacked_(std::move(unpacked)), owned_(true) {}
  std::string_view bytes() const noexcept { return owned_ ? std::string_view(unpacked_) : stored_; }

 private:
  std::string_view stored_;
  std::string unpacked_;
  bool owned_ = false;
};

/// A zip archive whose bytes belong to the caller.
class zip_reader {
 public:
  /// @param name the file, for errors. @throws parse_error when the directory is damaged or cut off
  zip_reader(std::string_view bytes, std::string name);

  bool contains(std::string_view member) const noexcept { return find(member) != nullptr; }
  /// @throws parse_error when there is no such member, it is damaged or its checksum is wrong;
  ///         not_built_error when it is deflated and the build has no zlib
  zip_content read(std::string_view member) const;

 private:
  struct entry {
    std::string_view name;
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
    std::uint64_t packed_size = 0;
    std::uint64_t size = 0;
    std::uint64_t header = 0;  // offset of the local header
  };

  const entry* find(std::string_view member) const noexcept;
  [[noreturn]] void fail(const std::string& message) const;
  std::string_view slice(std::uint64_t offset, std::uint64_t size, const char* what) const;
  void read_directory(std::string_view directory, std::uint64_t count);
  void read_zip64_sizes(std::string_view extra, entry& e) const;

  std::string_view bytes_;
  std::string name_;
  std::vector<entry> entries_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
