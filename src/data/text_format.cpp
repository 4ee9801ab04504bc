// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "text_format.hpp"

#include "../core/text_scan.hpp"
#include "delimited_layout.hpp"

#include <algorithm>
#include <filesystem>

namespace recokit::inline RECOKIT_ABI {
namespace detail {
namespace {

constexpr std::uint64_t sample_bytes = std::uint64_t{1} << 18;

// A line a user with any number of items: integers between blanks, not as many on every line as a
// table of two to four columns would have.
bool is_lightgcn(const text_source& source) {
  std::size_t lines = 0;
  std::size_t columns = 0;
  bool table = true;
  bool items = false;
  for (auto at = source.begin(); at < source.end() && at < sample_bytes; ++lines) {
    const auto line = source.line(at, at);
    if (line.find_first_not_of("0123456789 ") != std::string_view::npos) return false;
    const auto found = split_fields(line, " ").size();
    if (lines == 0) columns = found;
    items = items || found > 1;
    table = table && found == columns && found >= 2 && found <= 4;
  }
  return items && !table;
}

bool named(const std::string& name, std::string_view extension) {
  auto path = std::filesystem::path(name);
  if (path.extension() == ".gz") path = path.stem();
  return path.extension() == extension;
}

}  // namespace

bool is_npz(std::string_view bytes, const std::string& name) {
  return bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06") || named(name, ".npz");
}

file_format text_format(const text_source& source) {
  if (source.empty()) throw source.error({source.begin(), "the file is empty"});
  std::uint64_t next = 0;
  const auto first = source.line(source.begin(), next);
  if (first.starts_with("\x93NUMPY")) {
    throw source.error({source.begin(), "a dense array, not interactions: use read_npy"});
  }
  if (first.starts_with("%%MatrixMarket") || named(source.name(), ".mtx")) {
    return file_format::matrix_market;
  }
  if (find_delimiter(source) == "::") return file_format::movielens;
  return is_lightgcn(source) ? file_format::lightgcn : file_format::delimited;
}

}  // namespace detail

file_format detect_format(const std::filesystem::path& file) {
  detail::mapped_file mapped(file);
  if (detail::is_npz(mapped.bytes(), file.string())) return file_format::npz;
  return detail::text_format(
      detail::text_source(file.string(), std::move(mapped), 4 * detail::sample_bytes));
}

}  // namespace recokit::inline RECOKIT_ABI
