// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Scratch memory that grows to a cap, is handed out in scopes and is kept for the next use.
#pragma once

#include <recokit/core/errors.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace recokit::cuda_kernels {

/// A stack of allocations in chunks. `Memory` has allocate(bytes) -> void*, release(void*) noexcept
/// and available() -> bytes.
///
/// Allocations end with the scope in which they were made; the chunks stay until the arena dies or
/// room is needed for a larger one. Memory of an ended scope is handed out again at once: work that
/// still reads it and work that comes to write it must be on one stream.
template <class Memory>
class arena {
 public:
  static constexpr std::uint64_t alignment = 256;
  static constexpr std::uint64_t smallest_chunk = std::uint64_t{1} << 20;

  /// @param cap most bytes held at once; 0 leaves it to memory.available()
  explicit arena(std::uint64_t cap = 0, Memory memory = {})
      : cap_(cap), memory_(std::move(memory)) {}
  ~arena() {
    for (const chunk& c : chunks_) memory_.release(c.data);
  }
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;

  std::uint64_t reserved_bytes() const noexcept { return reserved_; }

  /// Bytes that can still be allocated, in chunks of any size; what is not in use counts.
  std::uint64_t available() const {
    std::uint64_t bytes = room();
    for (std::size_t i = in_use_; i < chunks_.size(); ++i) bytes += chunks_[i].size;
    return bytes;
  }

  /// What is allocated through a scope is given back with it. Scopes nest; only the innermost one
  /// allocates.
  class scope {
   public:
    explicit scope(arena& owner) noexcept
        : owner_(owner),
          in_use_(owner.in_use_),
          used_(in_use_ == 0 ? 0 : owner.chunks_[in_use_ - 1].used) {}
    ~scope() { owner_.rewind(in_use_, used_); }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

    /// Room for `count` values of T, uninitialised, aligned to 256 bytes.
    /// @throws memory_error when the cap or the device leaves too little; asked before allocating
    template <class T>
    T* allocate(const char* what, std::uint64_t count) {
      constexpr auto most = std::numeric_limits<std::uint64_t>::max() - alignment;
      if (count > most / sizeof(T)) throw memory_error(what, most, owner_.room());
      return static_cast<T*>(owner_.allocate(what, count * sizeof(T)));
    }

   private:
    arena& owner_;
    std::size_t in_use_;
    std::uint64_t used_;
  };

 private:
  struct chunk {
    void* data;
    std::uint64_t size;
    std::uint64_t used;
    std::uint64_t room() const noexcept { return size - used; }
  };

  /// Bytes that may still be reserved.
  std::uint64_t room() const {
    const std::uint64_t available = memory_.available();
    return cap_ == 0 ? available : std::min(cap_ - reserved_, available);
  }

  void* allocate(const char* what, std::uint64_t bytes) {
    const std::uint64_t size =
        (std::max<std::uint64_t>(bytes, 1) + alignment - 1) / alignment * alignment;
    if (in_use_ == 0 || chunks_[in_use_ - 1].room() < size) open_chunk(what, size);
    chunk& last = chunks_[in_use_ - 1];
    void* const place = static_cast<char*>(last.data) + last.used;
    last.used += size;
    return place;
  }

  /// Makes an empty chunk of at least `size` bytes the last one in use.
  void open_chunk(const char* what, std::uint64_t size) {
    auto found = chunks_.begin() + static_cast<std::ptrdiff_t>(in_use_);
    found = std::find_if(found, chunks_.end(), [&](const chunk& c) { return c.size >= size; });
    if (found == chunks_.end()) {
      if (room() < std::max(size, smallest_chunk)) release_empty();
      const std::uint64_t possible = room();
      if (possible < size) throw memory_error(what, size, possible);
      const std::uint64_t reserve = std::min(possible, std::max(size, smallest_chunk));
      chunks_.reserve(chunks_.size() + 1);
      chunks_.push_back({memory_.allocate(reserve), reserve, 0});
      reserved_ += reserve;
      found = chunks_.end() - 1;
    }
    std::swap(*found, chunks_[in_use_]);
    ++in_use_;
  }

  void release_empty() noexcept {
    while (chunks_.size() > in_use_) {
      memory_.release(chunks_.back().data);
      reserved_ -= chunks_.back().size;
      chunks_.pop_back();
    }
  }

  void rewind(std::size_t in_use, std::uint64_t used) noexcept {
    for (std::size_t i = in_use; i < in_use_; ++i) chunks_[i].used = 0;
    in_use_ = in_use;
    if (in_use > 0) chunks_[in_use - 1].used = used;
  }

  std::uint64_t cap_;
  Memory memory_;
  std::vector<chunk> chunks_;  ///< the first in_use_ hold allocations, the others are empty
  std::size_t in_use_ = 0;
  std::uint64_t reserved_ = 0;
};

}  // namespace recokit::cuda_kernels
