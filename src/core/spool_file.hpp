// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Bytes that wait on the disk for their place in a file.
#pragma once

#include <recokit/core/config.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// A file without a name, in the folder of another: it is gone with the object, or with the
/// process. Takes no memory beyond the page cache.
class spool_file {
 public:
  /// @param beside the file whose folder takes the bytes, and whose name errors have
  explicit spool_file(const std::filesystem::path& beside) : beside_(beside) {}
  ~spool_file();
  spool_file(const spool_file&) = delete;
  spool_file& operator=(const spool_file&) = delete;

  /// Appends. @return where the bytes begin @throws io_error
  std::uint64_t write(std::string_view bytes);
  /// Fills `into` with the bytes from `at` on, which were written. @throws io_error
  void read(std::uint64_t at, char* into, std::size_t size) const;

 private:
  void open();
  [[noreturn]] void fail(int code) const;

  std::filesystem::path beside_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
