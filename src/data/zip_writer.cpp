// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "zip_writer.hpp"

#include "../core/crc32.hpp"
#include "../core/little_endian.hpp"

#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

// PKWARE's APPNOTE.TXT, section 4.3. The time is the earliest that the format knows, 1980-01-01, so
// that the same matrix gives the same file.
constexpr std::uint16_t version = 45;
constexpr std::uint16_t stored = 0;
constexpr std::uint16_t no_time = 0;
constexpr std::uint16_t first_day = 1 << 5 | 1;

// The fields that local and central headers share.
void append_common(std::string& out, std::uint32_t crc, std::uint32_t size, const std::string& name,
                   const std::string& extra) {
  append_little(out, version);
  append_little(out, std::uint16_t{0});  // flags
  append_little(out, stored);
  append_little(out, no_time);
  append_little(out, first_day);
  append_little(out, crc);
  append_little(out, size);  // packed
  append_little(out, size);
  append_little(out, static_cast<std::uint16_t>(name.size()));
  append_little(out, static_cast<std::uint16_t>(extra.size()));
}

std::string zip64_extra(const std::vector<std::uint64_t>& values) {
  std::string out;
  if (values.empty()) return out;
  append_little(out, std::uint16_t{1});
  append_little(out, static_cast<std::uint16_t>(8 * values.size()));
  for (const auto value : values) append_little(out, value);
  return out;
}

}  // namespace

std::uint32_t zip_writer::size_field(std::uint64_t value) const noexcept {
  return needs_zip64(value) ? 0xFFFFFFFF : static_cast<std::uint32_t>(value);
}

void zip_writer::add(const std::string& member, std::initializer_list<std::string_view> parts) {
  entry e{member, 0, 0, out_.size()};
  for (const auto part : parts) {
    e.crc = crc32(e.crc, part);
    e.size += part.size();
  }
  const auto extra = needs_zip64(e.size) ? zip64_extra({e.size, e.size}) : std::string{};
  std::string header = "PK\x03\x04";
  append_common(header, e.crc, size_field(e.size), e.name, extra);
  out_.write(header + e.name + extra);
  for (const auto part : parts) out_.write(part);
  entries_.push_back(std::move(e));
}

void zip_writer::finish() {
  const std::uint64_t begin = out_.size();
  for (const entry& e : entries_) {
    std::vector<std::uint64_t> large;
    if (needs_zip64(e.size)) large = {e.size, e.size};
    if (needs_zip64(e.offset)) large.push_back(e.offset);
    const auto extra = zip64_extra(large);
    std::string header = "PK\x01\x02";
    append_little(header, version);  // made by
    append_common(header, e.crc, size_field(e.size), e.name, extra);
    append_little(header, std::uint16_t{0});  // comment
    append_little(header, std::uint16_t{0});  // disk
    append_little(header, std::uint16_t{0});  // internal attributes
    append_little(header, std::uint32_t{0});  // external attributes
    append_little(header, size_field(e.offset));
    out_.write(header + e.name + extra);
  }
  const std::uint64_t end = out_.size();
  const std::uint64_t size = end - begin;
  const auto count = static_cast<std::uint16_t>(entries_.size());
  std::string tail;
  if (needs_zip64(begin) || needs_zip64(size)) {
    tail = "PK\x06\x06";
    append_little(tail, std::uint64_t{44});  // bytes of this record from here on
    append_little(tail, version);
    append_little(tail, version);
    append_little(tail, std::uint32_t{0});
    append_little(tail, std::uint32_t{0});
    append_little(tail, std::uint64_t{count});
    append_little(tail, std::uint64_t{count});
    append_little(tail, size);
    append_little(tail, begin);
    tail += "PK\x06\x07";
    append_little(tail, std::uint32_t{0});
    append_little(tail, end);
    append_little(tail, std::uint32_t{1});
  }
  tail += "PK\x05\x06";
  append_little(tail, std::uint16_t{0});
  append_little(tail, std::uint16_t{0});
  append_little(tail, count);
  append_little(tail, count);
  append_little(tail, size_field(size));
  append_little(tail, size_field(begin));
  append_little(tail, std::uint16_t{0});  // comment
  out_.write(tail);
}

}  // namespace recokit::inline RECOKIT_ABI::detail
