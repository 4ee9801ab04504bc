// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The interactions of one piece of a file as compact columns, in file order.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/huge_pages.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

namespace recokit::inline RECOKIT_ABI::detail {

/// Columns of interactions in one block of memory. Users and items are dictionary codes first and
/// indices later. Ratings and times are null where the file has none.
struct coo_piece {
  std::size_t size = 0;
  std::uint32_t* users = nullptr;
  std::uint32_t* items = nullptr;
  float* ratings = nullptr;
  std::int64_t* times = nullptr;
  std::size_t worker = 0;  ///< whose dictionaries the codes belong to
  std::size_t bytes = 0;
  std::unique_ptr<std::byte[]> memory;

  coo_piece() = default;
  coo_piece(std::size_t capacity, bool with_ratings, bool with_times) {
    const std::size_t time_bytes = with_times ? sizeof(std::int64_t) * capacity : 0;
    const std::size_t id_bytes = sizeof(std::uint32_t) * capacity;
    const std::size_t rating_bytes = with_ratings ? sizeof(float) * capacity : 0;
    bytes = time_bytes + 2 * id_bytes + rating_bytes;
    memory = std::make_unique_for_overwrite<std::byte[]>(bytes);
    std::byte* at = memory.get();
    if (with_times) times = reinterpret_cast<std::int64_t*>(at);
    at += time_bytes;
    users = reinterpret_cast<std::uint32_t*>(at);
    items = reinterpret_cast<std::uint32_t*>(at + id_bytes);
    if (with_ratings) ratings = reinterpret_cast<float*>(at + 2 * id_bytes);
  }

  /// A copy of exactly its size, for a piece that was given more room than it needed.
  coo_piece fitted() const {
    coo_piece copy(size, ratings != nullptr, times != nullptr);
    copy.size = size;
    copy.worker = worker;
    if (size == 0) return copy;
    prefer_huge_pages(copy.memory.get(), copy.bytes);
    std::memcpy(copy.users, users, size * sizeof *users);
    std::memcpy(copy.items, items, size * sizeof *items);
    if (ratings != nullptr) std::memcpy(copy.ratings, ratings, size * sizeof *ratings);
    if (times != nullptr) std::memcpy(copy.times, times, size * sizeof *times);
    return copy;
  }
};

}  // namespace recokit::inline RECOKIT_ABI::detail
