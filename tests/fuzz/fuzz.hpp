// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What fuzz targets share: a file in memory, and the only outcomes that a reader may have.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

namespace recokit_fuzz {

/// A file that lives in memory and has a path all the same.
class memory_file {
 public:
  memory_file() : descriptor_(::memfd_create("recokit-fuzz", MFD_CLOEXEC)) {
    if (descriptor_ < 0) std::abort();
    path_ = "/proc/self/fd/" + std::to_string(descriptor_);
  }
  ~memory_file() { ::close(descriptor_); }
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;

  /// The path of the file, which now holds these bytes.
  const std::filesystem::path& holding(std::string_view bytes) const {
    if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, bytes.data(), bytes.size(), 0) !=
                                                static_cast<ssize_t>(bytes.size())) {
      std::abort();
    }
    return path_;
  }

 private:
  int descriptor_;
  std::filesystem::path path_;
};

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A reader gives a result or throws a recokit::error. Any other exception ends the program, which
/// is how the fuzzer learns of it.
template <class Reader>
int attempt(const Reader& reader) {
  try {
    reader();
  } catch (const recokit::error&) {
  }
  return 0;
}

/// Ends the program when something that always holds does not.
inline void require(bool holds) {
  if (!holds) std::abort();
}

/// A matrix that came out of a reader stands every check of csr_view.
template <class Matrix>
void require_sound(const Matrix& matrix) {
  const auto& view = matrix.view();
  try {
    recokit::csr_view<>(view.rows(), view.cols(), view.offsets(), view.indices(), view.values());
  } catch (const recokit::error&) {
    std::abort();
  }
}

}  // namespace recokit_fuzz
