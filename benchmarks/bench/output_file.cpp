// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "output_file.hpp"

#include <recokit/core/errors.hpp>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <random>
#include <system_error>
#include <utility>

namespace recokit_bench {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int code) {
  throw recokit::io_error(path.string(), "cannot write: " + std::generic_category().message(code));
}

struct closer {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

void write_to(const std::filesystem::path& place, const char* mode, std::string_view text,
              const std::filesystem::path& shown) {
  std::unique_ptr<std::FILE, closer> file(std::fopen(place.c_str(), mode));
  if (!file) fail(shown, errno);
  const bool whole = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
  const int write_code = errno;
  if (!whole) fail(shown, write_code);
  if (std::fclose(file.release()) != 0) fail(shown, errno);
}

}  // namespace

output_file::output_file(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code ignored;
  // A link stays a link: the file it points to is replaced.
  if (std::filesystem::is_symlink(path_, ignored)) {
    const auto target = std::filesystem::weakly_canonical(path_, ignored);
    if (!ignored) path_ = target;
  }
  const auto status = std::filesystem::status(path_, ignored);
  if (std::filesystem::is_directory(status)) {
    throw recokit::io_error(path_.string(), "cannot write: is a directory");
  }
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return;
  temporary_ = path_;
  temporary_ += ".tmp" + std::to_string(std::random_device{}());
  write_to(temporary_, "wbx", "", path_);
  std::filesystem::remove(temporary_, ignored);
}

void output_file::write(std::string_view text) const {
  if (temporary_.empty()) {
    write_to(path_, "wb", text, path_);
    return;
  }
  std::error_code code;
  try {
    write_to(temporary_, "wb", text, path_);
    std::filesystem::rename(temporary_, path_, code);
    if (code) fail(path_, code.value());
  } catch (...) {
    std::filesystem::remove(temporary_, code);
    throw;
  }
}

void make_writable_folder(const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) fail(folder, code.value());
  if (!std::filesystem::is_directory(folder, code)) fail(folder, ENOTDIR);
  const output_file probe(folder / "probe");
}

}  // namespace recokit_bench
