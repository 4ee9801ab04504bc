// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The text of a file, unpacked where it was gzipped, and its cut into pieces of whole
/// lines.
#pragma once

#include "mapped_file.hpp"

#include <recokit/core/errors.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Whole lines of a text. The last character is always a line feed, so a scan that stops there
/// needs no other bound; scan_ahead bytes behind it may be looked at.
struct text_piece {
  const char* begin = nullptr;
  const char* end = nullptr;
  std::uint64_t offset = 0;  ///< of `begin` in the text

  std::size_t size() const noexcept { return static_cast<std::size_t>(end - begin); }
};

/// What is wrong at a byte of a text; text_source::error turns it into line and column.
struct text_failure {
  std::uint64_t offset = 0;
  std::string message;
};

/// The text of a file for as long as the object lives. A UTF-8 byte order mark is skipped; blank
/// lines at the end are left out.
class text_source {
 public:
  /// @param limit unpack no more of a gzipped file than this
  /// @throws parse_error (damaged gzip), not_built_error (gzip without zlib)
  text_source(std::string name, mapped_file file, std::uint64_t limit = UINT64_MAX);
  text_source(text_source&&) = delete;  // the pieces point into it

  const std::string& name() const noexcept { return name_; }
  bool empty() const noexcept { return begin_ >= end_; }

  /// Cuts the text from byte `start` on into pieces of about `piece_bytes`; 0 takes a size
  /// that gives every thread some and is worth the trouble. The cut depends on the text and the
  /// size alone. The last line, or few, are a piece of their own.
  std::vector<text_piece> pieces(std::uint64_t start, std::size_t piece_bytes) const;

  /// Where the text begins: 0, or 3 behind a byte order mark.
  std::uint64_t begin() const noexcept { return begin_; }
  std::uint64_t end() const noexcept { return end_; }
  /// The line that starts at `offset`, without its end; `next` becomes the start of the next one.
  std::string_view line(std::uint64_t offset, std::uint64_t& next) const noexcept;

  /// Tells that a piece will not be looked at again soon.
  void done(const text_piece& piece) const noexcept;

  /// The error to throw for `failure`. Counts lines from the start of the text.
  parse_error error(const text_failure& failure) const;

 private:
  std::string name_;
  mapped_file file_;
  std::string unpacked_;
  std::string_view text_;
  // The last lines, with a line feed and some bytes behind them: the file may have neither.
  std::string tail_;
  std::size_t tail_size_ = 0;
  std::uint64_t tail_offset_ = 0;
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
