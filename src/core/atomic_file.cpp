// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "atomic_file.hpp"

#include <recokit/core/errors.hpp>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 18;

// Another name for every file of this process.
std::string next_suffix() {
  static std::atomic<unsigned> number{0};
  return ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(number++);
}

}  // namespace

atomic_file::atomic_file(const std::filesystem::path& file) : target_(file) {
  std::error_code code;
  // Through a link the file it stands for is replaced, not the link.
  if (std::filesystem::is_symlink(file, code)) {
    target_ = std::filesystem::weakly_canonical(file, code);
    if (code) throw io_error(file.string(), code.message());
  }
  const auto status = std::filesystem::status(target_, code);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    throw io_error(file.string(), "exists and is not a regular file");
  }
  do {
    temporary_ = target_;
    temporary_ += next_suffix();
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ < 0) fail(errno);
  buffer_.reserve(buffer_size);
}

atomic_file::~atomic_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void atomic_file::fail(int code) const { throw io_error(target_.string(), std::strerror(code)); }

void atomic_file::write(std::string_view bytes) {
  size_ += bytes.size();
  if (bytes.size() > buffer_size - buffer_.size()) {
    flush(buffer_);
    buffer_.clear();
    if (bytes.size() >= buffer_size) return flush(bytes);
  }
  buffer_ += bytes;
}

void atomic_file::flush(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void atomic_file::commit(bool wait_for_disk) {
  flush(buffer_);
  buffer_.clear();
  // Some file systems cannot sync; the rename is still atomic for readers.
  if (wait_for_disk && ::fsync(descriptor_) != 0 && errno != EINVAL && errno != ENOTSUP) {
    fail(errno);
  }
  if (::close(std::exchange(descriptor_, -1)) != 0) fail(errno);
  if (std::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  temporary_.clear();
}

}  // namespace recokit::inline RECOKIT_ABI::detail
