// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A file that appears under its name only when it is whole.
#pragma once

#include <recokit/core/config.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// Buffers into a temporary file beside the target. commit() renames it over the target; without
/// that the destructor removes it and the target stays as it was.
class atomic_file {
 public:
  /// @throws io_error when the folder does not take a file, or the target is no regular file
  explicit atomic_file(const std::filesystem::path& file);
  ~atomic_file();
  atomic_file(const atomic_file&) = delete;
  atomic_file& operator=(const atomic_file&) = delete;

  /// @throws io_error
  void write(std::string_view bytes);
  void write(char byte) { write(std::string_view(&byte, 1)); }
  /// The shortest text that reads back to the same number.
  template <class Number>
  void write_number(Number number) {
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    write(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
  }
  /// Bytes written so far.
  std::uint64_t size() const noexcept { return size_; }

  /// Puts everything on the disk and then under the name. @throws io_error
  /// @param wait_for_disk false leaves it to the system when the bytes reach the disk
  void commit(bool wait_for_disk = true);

 private:
  [[noreturn]] void fail(int code) const;
  void flush(std::string_view bytes);

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  std::string buffer_;
  std::uint64_t size_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
