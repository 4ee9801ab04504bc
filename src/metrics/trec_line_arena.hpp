// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Room for the lines of a file, taken piece by piece from several threads.
#pragma once

#include <recokit/core/huge_pages.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::trec::detail {

/// Hands out memory for objects that are not alive yet. Few large blocks on huge pages: page faults
/// of many small ones cost a third of the time of parsing.
template <class Line>
class line_arena {
  static_assert(std::is_trivially_copyable_v<Line> && std::is_trivially_destructible_v<Line>);

 public:
  /// @param expected lines that will be asked for, about
  explicit line_arena(std::size_t expected)
      : block_lines_(std::min(expected, most_bytes / sizeof(Line))) {}

  /// Room for `count` lines, for as long as the arena lives.
  Line* take(std::size_t count) {
    const std::lock_guard lock(mutex_);
    if (count > left_) {
      const std::size_t lines = std::max(count, block_lines_);
      const std::size_t bytes = lines * sizeof(Line);
      // Blocks below two huge pages gain nothing from them.
      const auto alignment =
          bytes < 2 * huge_page ? std::align_val_t{alignof(Line)} : std::align_val_t{huge_page};
      std::unique_ptr<Line, freed> block(static_cast<Line*>(::operator new(bytes, alignment)),
                                         freed{alignment});
      Line* const memory = block.get();
      recokit::detail::prefer_huge_pages(memory, bytes);
      blocks_.push_back(std::move(block));
      next_ = memory;
      left_ = lines;
    }
    left_ -= count;
    Line* const taken = next_;
    next_ += count;
    return taken;
  }

 private:
  static constexpr std::size_t most_bytes = std::size_t{16} << 20;
  static constexpr std::size_t huge_page = std::size_t{1} << 21;  // of most systems
  struct freed {
    std::align_val_t alignment;
    void operator()(Line* lines) const noexcept { ::operator delete(lines, alignment); }
  };

  std::size_t block_lines_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Line, freed>> blocks_;
  Line* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace recokit::inline RECOKIT_ABI::trec::detail
