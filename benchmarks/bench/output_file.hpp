// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A report file that is either whole or untouched.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace recokit_bench {

/// Found unwritable when it is named, hours before it is written.
class output_file {
 public:
  /// Tries the place out: creates a temporary file beside `path` and removes it again.
  /// @throws recokit::io_error
  explicit output_file(std::filesystem::path path);

  /// Writes to the temporary file and renames it to the path. Devices and pipes (/dev/stdout) are
  /// written directly. @throws recokit::io_error
  void write(std::string_view text) const;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;  // empty: write directly
};

/// Creates the folder, and those above it, where it is missing, and tries out that it takes files.
/// @throws recokit::io_error
void make_writable_folder(const std::filesystem::path& folder);

}  // namespace recokit_bench
