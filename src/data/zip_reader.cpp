// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "zip_reader.hpp"

#include "../core/crc32.hpp"
#include "../core/gzip.hpp"
#include "../core/little_endian.hpp"

#include <recokit/core/errors.hpp>

#include <algorithm>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

// Names and numbers from PKWARE's APPNOTE.TXT, section 4.3.
constexpr std::string_view local_header = "PK\x03\x04";
constexpr std::string_view directory_header = "PK\x01\x02";
constexpr std::string_view end_of_directory = "PK\x05\x06";
constexpr std::string_view zip64_locator = "PK\x06\x07";
constexpr std::string_view zip64_end = "PK\x06\x06";
constexpr std::uint16_t stored = 0;
constexpr std::uint16_t deflated = 8;
constexpr std::uint32_t in_zip64 = 0xFFFFFFFF;

}  // namespace

void zip_reader::fail(const std::string& message) const { throw parse_error(name_, 0, 0, message); }

std::string_view zip_reader::slice(std::uint64_t offset, std::uint64_t size,
                                   const char* what) const {
  if (offset > bytes_.size() || size > bytes_.size() - offset) {
    fail(std::string("the archive is truncated: ") + what + " lies outside the file");
  }
  return bytes_.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

zip_reader::zip_reader(std::string_view bytes, std::string name)
    : bytes_(bytes), name_(std::move(name)) {
  // The record at the end may be followed by a comment of at most 65535 bytes.
  constexpr std::size_t record = 22;
  const auto at = bytes_.rfind(end_of_directory);
  if (at == std::string_view::npos || bytes_.size() - at < record ||
      bytes_.size() - at > record + 0xFFFF) {
    fail("not a zip archive, or a truncated one: its directory is missing");
  }
  std::uint64_t count = load_little<std::uint16_t>(bytes_, at + 10);
  std::uint64_t size = load_little<std::uint32_t>(bytes_, at + 12);
  std::uint64_t offset = load_little<std::uint32_t>(bytes_, at + 16);
  if (count == 0xFFFF || size == in_zip64 || offset == in_zip64) {
    constexpr std::size_t locator = 20;
    if (at < locator || !bytes_.substr(at - locator).starts_with(zip64_locator)) {
      fail("the zip64 directory is missing");
    }
    const auto end =
        slice(load_little<std::uint64_t>(bytes_, at - locator + 8), 56, "the zip64 directory");
    if (!end.starts_with(zip64_end)) fail("the zip64 directory is damaged");
    count = load_little<std::uint64_t>(end, 32);
    size = load_little<std::uint64_t>(end, 40);
    offset = load_little<std::uint64_t>(end, 48);
  }
  read_directory(slice(offset, size, "the directory"), count);
}

void zip_reader::read_directory(std::string_view directory, std::uint64_t count) {
  constexpr std::size_t fixed = 46;
  for (; count != 0; --count) {
    if (directory.size() < fixed || !directory.starts_with(directory_header)) {
      fail("the directory of the archive is damaged");
    }
    entry e;
    e.flags = load_little<std::uint16_t>(directory, 8);
    e.method = load_little<std::uint16_t>(directory, 10);
    e.crc = load_little<std::uint32_t>(directory, 16);
    e.packed_size = load_little<std::uint32_t>(directory, 20);
    e.size = load_little<std::uint32_t>(directory, 24);
    e.header = load_little<std::uint32_t>(directory, 42);
    const std::size_t name_size = load_little<std::uint16_t>(directory, 28);
    const std::size_t extra_size = load_little<std::uint16_t>(directory, 30);
    const std::size_t comment_size = load_little<std::uint16_t>(directory, 32);
    if (directory.size() - fixed < name_size + extra_size + comment_size) {
      fail("the directory of the archive is damaged");
    }
    e.name = directory.substr(fixed, name_size);
    read_zip64_sizes(directory.substr(fixed + name_size, extra_size), e);
    entries_.push_back(e);
    directory.remove_prefix(fixed + name_size + extra_size + comment_size);
  }
}

void zip_reader::read_zip64_sizes(std::string_view extra, entry& e) const {
  while (extra.size() >= 4) {
    const auto id = load_little<std::uint16_t>(extra, 0);
    const std::size_t size = load_little<std::uint16_t>(extra, 2);
    if (extra.size() - 4 < size) return;  // not ours to judge: other fields are optional
    auto field = extra.substr(4, size);
    extra.remove_prefix(4 + size);
    if (id != 1) continue;
    for (std::uint64_t* const value : {&e.size, &e.packed_size, &e.header}) {
      if (*value != in_zip64) continue;
      if (field.size() < 8) fail("the zip64 sizes of a member are damaged");
      *value = load_little<std::uint64_t>(field, 0);
      field.remove_prefix(8);
    }
  }
}

const zip_reader::entry* zip_reader::find(std::string_view member) const noexcept {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const entry& e) { return e.name == member; });
  return found == entries_.end() ? nullptr : &*found;
}

zip_content zip_reader::read(std::string_view member) const {
  const entry* const e = find(member);
  const std::string what(member);
  if (e == nullptr) fail("the archive has no member " + what);
  if ((e->flags & 1) != 0) fail(what + " is encrypted");
  constexpr std::size_t fixed = 30;
  const auto header = slice(e->header, fixed, "a member");
  if (!header.starts_with(local_header)) fail(what + " is damaged: its header is missing");
  const std::uint64_t begin = e->header + fixed + load_little<std::uint16_t>(header, 26) +
                              load_little<std::uint16_t>(header, 28);
  const auto packed = slice(begin, e->packed_size, "a member");
  const auto checked = [&](zip_content content) {
    if (crc32(0, content.bytes()) != e->crc) fail(what + " is damaged: its checksum is wrong");
    return content;
  };
  if (e->method == stored) {
    if (e->size != e->packed_size) fail(what + " is damaged: stored with two sizes");
    return checked(zip_content(packed));
  }
  if (e->method != deflated) {
    fail(what + " is packed by method " + std::to_string(e->method) +
         "; only stored and deflated members are supported");
  }
  return checked(zip_content(inflate_raw(packed, e->size, name_, what)));
}

}  // namespace recokit::inline RECOKIT_ABI::detail
