// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Codes for ids as one worker meets them, and their merge into an id_map.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/data/id_map.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Number of an id in the order in which a dictionary met it.
using id_code = std::uint32_t;

/// Codes of integer ids: open addressing with linear probing, at most half full, behind a plain
/// table for ids that are small numbers, as most are.
class integer_dictionary {
 public:
  integer_dictionary();

  id_code code(std::int64_t id) {
    if (static_cast<std::uint64_t>(id) < small_.size()) [[likely]] {
      const id_code code_plus_one = small_[static_cast<std::size_t>(id)];
      if (code_plus_one != 0) [[likely]] {
        return code_plus_one - 1;
      }
    }
    return large_code(id);
  }

  const std::vector<std::int64_t>& ids() const noexcept { return ids_; }
  std::size_t size() const noexcept { return ids_.size(); }

 private:
  struct slot {
    std::int64_t id;
    id_code code_plus_one;  // 0: empty
  };

  std::size_t place(std::int64_t id) const noexcept {
    // Fibonacci hashing: the top bits of the product depend on all bits of the id.
    return static_cast<std::size_t>((static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15u) >>
                                    shift_);
  }

  id_code large_code(std::int64_t id) {
    if (id == last_id_ && !ids_.empty()) return last_code_;
    last_id_ = id;
    last_code_ = find_or_add(id);
    remember_small(id, last_code_);
    return last_code_;
  }

  id_code find_or_add(std::int64_t id) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = place(id);; at = (at + 1) & mask) {
      const slot& found = slots_[at];
      if (found.code_plus_one == 0) return add(id, at);
      if (found.id == id) return found.code_plus_one - 1;
    }
  }

  id_code add(std::int64_t id, std::size_t at);
  void remember_small(std::int64_t id, id_code code);

  std::vector<slot> slots_;
  std::vector<std::int64_t> ids_;
  std::vector<id_code> small_;  // by id: code plus one, or 0 for ask the slots
  int shift_;
  std::int64_t last_id_ = 0;
  id_code last_code_ = 0;
};

/// Codes of string ids; keeps its own copy of each.
class string_dictionary {
 public:
  string_dictionary();

  id_code code(std::string_view id) {
    if (!ids_.empty() && id == ids_[last_code_]) return last_code_;
    return last_code_ = find_or_add(id);
  }

  const std::vector<std::string_view>& ids() const noexcept { return ids_; }
  std::size_t size() const noexcept { return ids_.size(); }

 private:
  struct slot {
    std::uint32_t hash;
    id_code code_plus_one;  // 0: empty
  };

  id_code find_or_add(std::string_view id);
  std::string_view keep(std::string_view id);

  std::vector<slot> slots_;
  std::vector<std::string_view> ids_;
  std::vector<std::unique_ptr<char[]>> blocks_;  // where the characters of the ids live
  std::size_t block_left_ = 0;
  char* block_next_ = nullptr;
  id_code last_code_ = 0;
};

/// The ids of one side of a file as one worker met them: all integers, or all strings.
struct id_dictionary {
  integer_dictionary integers;
  string_dictionary strings;

  std::size_t size() const noexcept { return integers.size() + strings.size(); }
};

/// An id map and, for every dictionary, the index of each of its codes.
struct merged_ids {
  id_map ids;
  std::vector<std::vector<index_t>> index_of_code;
};

/// Sorts and merges dictionaries. All must hold ids of the one kind.
/// @param side "users" or "items", for the error
/// @param most how many ids are allowed
/// @throws value_error when there are more
merged_ids merge_ids(const cpu& policy, std::span<const id_dictionary* const> dictionaries,
                     bool strings, std::string_view side, std::int64_t most);

}  // namespace recokit::inline RECOKIT_ABI::detail
