// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A stable radix sort by an unsigned key, on many threads, with one result for any number.
#pragma once

#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <array>
#include <climits>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// A fixed number of elements, not set to zero first.
template <class T>
class raw_array {
 public:
  raw_array() = default;
  explicit raw_array(std::size_t size)
      : data_(std::make_unique_for_overwrite<T[]>(size)), size_(size) {}

  std::size_t size() const noexcept { return size_; }
  T* data() noexcept { return data_.get(); }
  const T* data() const noexcept { return data_.get(); }
  T& operator[](std::size_t i) noexcept { return data_[i]; }
  const T& operator[](std::size_t i) const noexcept { return data_[i]; }
  const T* begin() const noexcept { return data_.get(); }
  const T* end() const noexcept { return data_.get() + size_; }
  T* begin() noexcept { return data_.get(); }
  T* end() noexcept { return data_.get() + size_; }

 private:
  std::unique_ptr<T[]> data_;
  std::size_t size_ = 0;
};

inline constexpr unsigned radix_bits = 11;
inline constexpr std::size_t radix_buckets = std::size_t{1} << radix_bits;

/// Sorts ascending by key(item), an unsigned integer; equal keys stay in order. Digits that all
/// keys share cost nothing. O(n · bits / 11); needs as much memory again.
template <class Item, class KeyOf>
void radix_sort(const cpu& policy, raw_array<Item>& items, const KeyOf& key) {
  using key_type = decltype(key(items[0]));
  static_assert(std::unsigned_integral<key_type>);
  constexpr unsigned passes = (sizeof(key_type) * CHAR_BIT + radix_bits - 1) / radix_bits;
  const std::size_t n = items.size();
  constexpr std::size_t few = 1 << 11;  // below, counting buckets costs more than comparing
  if (n < few) {
    std::stable_sort(items.begin(), items.end(),
                     [&](const Item& a, const Item& b) { return key(a) < key(b); });
    return;
  }
  // The order is the same for any cut, so it may follow the threads.
  constexpr std::size_t least = std::size_t{1} << 18;
  const std::size_t pieces = std::clamp<std::size_t>(
      n / least, 1, static_cast<std::size_t>(std::min(thread_count(policy), 64)));
  const std::size_t piece = (n + pieces - 1) / pieces;
  const auto digit = [&](const Item& item, unsigned pass) {
    return static_cast<std::size_t>(key(item) >> (pass * radix_bits)) & (radix_buckets - 1);
  };
  const auto for_pieces = [&](const auto& body) {
    parallel_for(policy, static_cast<std::int64_t>(pieces), 1, [&](std::int64_t p, std::int64_t) {
      const auto begin = static_cast<std::size_t>(p) * piece;
      body(static_cast<std::size_t>(p), begin, std::min(n, begin + piece));
    });
  };

  // What each digit of each pass occurs, over all keys: shows the passes that change nothing.
  using counts = std::array<std::size_t, radix_buckets>;
  std::vector<std::array<counts, passes>> found(pieces);
  for_pieces([&](std::size_t p, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      for (unsigned pass = 0; pass < passes; ++pass) ++found[p][pass][digit(items[i], pass)];
    }
  });
  raw_array<Item> other;
  bool moved = false;
  std::vector<counts> places(pieces);
  for (unsigned pass = 0; pass < passes; ++pass) {
    std::size_t in_first = 0;
    const std::size_t first = digit(items[0], pass);
    for (const auto& part : found) in_first += part[pass][first];
    if (in_first == n) continue;
    if (other.size() == 0) other = raw_array<Item>(n);
    if (!moved) {  // the pieces still hold the items that were counted
      for (std::size_t p = 0; p < pieces; ++p) places[p] = found[p][pass];
    } else {
      for_pieces([&](std::size_t p, std::size_t begin, std::size_t end) {
        places[p].fill(0);
        for (std::size_t i = begin; i < end; ++i) ++places[p][digit(items[i], pass)];
      });
    }
    std::size_t place = 0;
    for (std::size_t bucket = 0; bucket < radix_buckets; ++bucket) {
      for (auto& part : places) place += std::exchange(part[bucket], place);
    }
    for_pieces([&](std::size_t p, std::size_t begin, std::size_t end) {
      auto& next = places[p];
      for (std::size_t i = begin; i < end; ++i) other[next[digit(items[i], pass)]++] = items[i];
    });
    std::swap(items, other);
    moved = true;
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail
