// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief One piece of a TREC file to lines and the queries that they belong to.
#pragma once

#include "trec_lines.hpp"

#include "../core/text_source.hpp"

#include <recokit/metrics/trec_files.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::trec::detail {

using recokit::detail::text_failure;
using recokit::detail::text_piece;

/// Consecutive lines of one query in a piece.
struct segment {
  document_id query;
  std::size_t first = 0;
  std::size_t count = 0;
};

template <class Line>
struct parsed_piece {
  Line* lines = nullptr;  // where its lines go
  std::size_t count = 0;
  std::vector<segment> segments;
  std::string_view run_id;
  std::optional<text_failure> failure;
};

/// A field that the next line is likely to repeat.
class known_field {
 public:
  known_field() = default;
  known_field(const char* begin, const char* end) noexcept
      : text_(begin),
        size_(static_cast<std::size_t>(end - begin)),
        prefix_(field_prefix(begin, size_)) {}

  std::size_t size() const noexcept { return size_; }

  /// True when the same field is at `p`, in a piece that ends at `end`.
  bool is_at(const char* p, const char* end) const noexcept {
    // The last byte of a piece is a line feed, so no field reaches its end.
    if (size_ == 0 || size_ >= static_cast<std::size_t>(end - p)) return false;
    if (field_prefix(p, size_) != prefix_) return false;
    if (size_ > 8 && std::memcmp(p, text_, size_) != 0) return false;
    return ends_field(p + size_);
  }

 private:
  const char* text_ = nullptr;
  std::size_t size_ = 0;
  std::uint64_t prefix_ = 0;
};

template <class Format>
void parse_piece(const text_piece& piece, parsed_piece<typename Format::line>& out) {
  using line = typename Format::line;
  line next{};
  line_failure failure;
  known_field last_query;
  const char* p = piece.begin;
  while (p < piece.end) {
    p = skip_gap(p);
    if (*p == '\n') {
      ++p;
      continue;
    }
    if (*p == '#') {
      p = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(piece.end - p))) +
          1;
      continue;
    }
    const char* const query = p;
    const bool same_query = last_query.is_at(p, piece.end);
    const char* const query_end = same_query ? p + last_query.size() : field_end(query);
    const char* const end = Format::parse(query_end, next, out.run_id, failure);
    if (end == nullptr) {
      out.failure = text_failure{
          piece.offset + static_cast<std::uint64_t>(failure.at - piece.begin), failure.message};
      return;
    }
    if (!same_query) {
      out.segments.push_back({make_id(query, query_end), out.count, 0});
      last_query = known_field(query, query_end);
    }
    std::construct_at(out.lines + out.count++, next);
    ++out.segments.back().count;
    p = end + 1;
  }
}

/// How many lines a piece has at most. Blocks of 255 bytes have a count that fits a byte, and bytes
/// are what compilers add sixteen at a time.
inline std::size_t line_feeds(const text_piece& piece) {
  std::size_t count = 0;
  for (const char* p = piece.begin; p < piece.end;) {
    const char* const stop = p + std::min<std::ptrdiff_t>(255, piece.end - p);
    std::uint8_t in_block = 0;
    for (; p != stop; ++p) in_block = static_cast<std::uint8_t>(in_block + (*p == '\n' ? 1 : 0));
    count += in_block;
  }
  return count;
}

}  // namespace recokit::inline RECOKIT_ABI::trec::detail
