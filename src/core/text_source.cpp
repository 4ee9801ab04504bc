// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "text_source.hpp"

#include "gzip.hpp"
#include "text_scan.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {

text_source::text_source(std::string name, mapped_file file, std::uint64_t limit)
    : name_(std::move(name)), file_(std::move(file)) {
  text_ = file_.bytes();
  if (is_gzip(text_)) {
    unpacked_ = gunzip(text_, name_, limit);
    file_.release(0, text_.size());
    text_ = unpacked_;
  }
  if (text_.starts_with("\xef\xbb\xbf")) begin_ = 3;
  const auto last = text_.find_last_not_of(" \r\n");
  if (last == std::string_view::npos || last < begin_) {
    end_ = begin_;
    return;
  }
  const auto feed = text_.find('\n', last);
  end_ = feed == std::string_view::npos ? text_.size() : feed + 1;
  // So many lines that a scan in the piece before them stays inside the text.
  const auto previous =
      end_ > scan_ahead ? text_.find_last_of('\n', end_ - scan_ahead - 1) : std::string_view::npos;
  tail_offset_ = previous == std::string_view::npos ? begin_ : previous + 1;
  tail_ = text_.substr(tail_offset_, end_ - tail_offset_);
  if (feed == std::string_view::npos) tail_ += '\n';
  tail_size_ = tail_.size();
  tail_.append(scan_ahead, '\0');
}

std::vector<text_piece> text_source::pieces(std::uint64_t start, std::size_t piece_bytes) const {
  constexpr std::size_t least = std::size_t{256} << 10;
  constexpr std::size_t most = std::size_t{8} << 20;
  if (piece_bytes == 0) piece_bytes = std::clamp<std::size_t>(text_.size() / 64, least, most);
  std::vector<text_piece> cut;
  const char* const text = text_.data();
  std::uint64_t at = start;
  while (at < tail_offset_) {
    std::uint64_t end = tail_offset_;
    if (tail_offset_ - at > piece_bytes) {
      const std::uint64_t from = at + piece_bytes - 1;
      const void* const feed = std::memchr(text + from, '\n', tail_offset_ - from);
      end = static_cast<std::uint64_t>(static_cast<const char*>(feed) - text) + 1;
    }
    cut.push_back({text + at, text + end, at});
    at = end;
  }
  if (start < end_) {
    const std::uint64_t skipped = std::max(start, tail_offset_) - tail_offset_;
    cut.push_back({tail_.data() + skipped, tail_.data() + tail_size_, tail_offset_ + skipped});
  }
  return cut;
}

std::string_view text_source::line(std::uint64_t offset, std::uint64_t& next) const noexcept {
  const auto stop = std::min<std::uint64_t>(text_.find('\n', offset), end_);
  next = std::min<std::uint64_t>(stop + 1, end_);
  auto line = text_.substr(offset, stop - offset);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void text_source::done(const text_piece& piece) const noexcept {
  if (unpacked_.empty()) file_.release(piece.offset, piece.offset + piece.size());
}

parse_error text_source::error(const text_failure& failure) const {
  const auto before = text_.substr(0, failure.offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto feed = before.find_last_of('\n');
  const auto line_start = feed == std::string_view::npos ? 0 : feed + 1;
  return {name_, line, static_cast<std::int64_t>(failure.offset - line_start) + 1, failure.message};
}

}  // namespace recokit::inline RECOKIT_ABI::detail
