// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The bytes of a file, mapped where the system can and read otherwise.
#pragma once

#include <recokit/core/config.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {

/// Read-only bytes of a file for as long as the object lives. Regular files are mapped; anything
/// else (a pipe, a device) is read into memory until its end.
class mapped_file {
 public:
  /// @throws io_error when the file cannot be opened, mapped or read
  explicit mapped_file(const std::filesystem::path& file);
  /// A text in memory, where a file is expected.
  static mapped_file of_bytes(std::string bytes) noexcept {
    return mapped_file(std::move(bytes), 0);
  }
  ~mapped_file();
  mapped_file(mapped_file&& other) noexcept;
  mapped_file& operator=(mapped_file&&) = delete;

  std::string_view bytes() const noexcept;

  /// Gives the pages inside [begin, end) back to the system, so that a large file does not count as
  /// memory of the process. The bytes stay readable: they are fetched again when looked at.
  void release(std::size_t begin, std::size_t end) const noexcept;
  /// Says that the bytes will be looked at in any order from now on, and not just once.
  void expect_any_order() const noexcept;

 private:
  mapped_file(std::string bytes, int) noexcept : copy_(std::move(bytes)) {}

  void* address_ = nullptr;  // null: not mapped, the bytes are in copy_
  std::size_t size_ = 0;
  std::string copy_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
