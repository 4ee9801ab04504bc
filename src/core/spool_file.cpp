// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "spool_file.hpp"

#include <recokit/core/errors.hpp>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace recokit::inline RECOKIT_ABI::detail {

spool_file::~spool_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void spool_file::fail(int code) const { throw io_error(beside_.string(), std::strerror(code)); }

void spool_file::open() {
  static std::atomic<unsigned> number{0};
  std::filesystem::path file;
  do {
    file = beside_;
    file += ".spool-" + std::to_string(::getpid()) + "-" + std::to_string(number++);
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ < 0) fail(errno);
  ::unlink(file.c_str());
}

std::uint64_t spool_file::write(std::string_view bytes) {
  if (descriptor_ < 0) open();
  const std::uint64_t begin = size_;
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
  return begin;
}

void spool_file::read(std::uint64_t at, char* into, std::size_t size) const {
  while (size > 0) {
    const auto got = ::pread(descriptor_, into, size, static_cast<::off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(got < 0 ? errno : EIO);
    into += got;
    at += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail
