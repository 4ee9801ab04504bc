// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "mapped_file.hpp"

#include <recokit/core/errors.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

class descriptor {
 public:
  explicit descriptor(const std::filesystem::path& file)
      : value_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (value_ < 0) throw io_error(file.string(), std::strerror(errno));
  }
  ~descriptor() { ::close(value_); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int get() const noexcept { return value_; }

 private:
  int value_;
};

std::string read_all(int from, const std::filesystem::path& file) {
  std::string text;
  std::size_t used = 0;
  for (;;) {
    constexpr std::size_t step = std::size_t{1} << 16;
    if (text.size() - used < step) text.resize(used + std::max(step, used));
    const auto got = ::read(from, text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw io_error(file.string(), std::strerror(errno));
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  text.resize(used);
  return text;
}

}  // namespace

mapped_file::mapped_file(const std::filesystem::path& file) {
  const descriptor opened(file);
  struct stat status {};
  if (::fstat(opened.get(), &status) != 0) throw io_error(file.string(), std::strerror(errno));
  if (S_ISDIR(status.st_mode)) throw io_error(file.string(), "is a directory");
  // Files of size 0 are read as well: those under /proc say 0 and are not empty.
  if (!S_ISREG(status.st_mode) || status.st_size == 0) {
    copy_ = read_all(opened.get(), file);
    return;
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, opened.get(), 0);
  if (address == MAP_FAILED) {
    copy_ = read_all(opened.get(), file);
    return;
  }
  address_ = address;
  size_ = size;
  ::madvise(address_, size_, MADV_SEQUENTIAL);  // a hint: refusal changes nothing
}

mapped_file::~mapped_file() {
  if (address_ != nullptr) ::munmap(address_, size_);
}

mapped_file::mapped_file(mapped_file&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      copy_(std::move(other.copy_)) {}

std::string_view mapped_file::bytes() const noexcept {
  if (address_ == nullptr) return copy_;
  return {static_cast<const char*>(address_), size_};
}

void mapped_file::release(std::size_t begin, std::size_t end) const noexcept {
  if (address_ == nullptr) return;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  begin = (begin + page - 1) / page * page;
  if (end < size_) end = end / page * page;
  if (begin < end) ::madvise(static_cast<char*>(address_) + begin, end - begin, MADV_DONTNEED);
}

void mapped_file::expect_any_order() const noexcept {
  if (address_ != nullptr) ::madvise(address_, size_, MADV_NORMAL);
}

}  // namespace recokit::inline RECOKIT_ABI::detail
