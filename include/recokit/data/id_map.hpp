// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The way from external ids (integers or strings) to row and column indices, and back.
#pragma once

#include <recokit/core/config.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// A bijection between external ids and [0, size()). Immutable; copies cost a reference count.
///
/// Integer ids are indexed in ascending order, string ids in ascending byte order, so the index of
/// an id depends on the set of ids alone and not on the order of the rows or the threads.
class id_map {
 public:
  enum class kind {
    identity,  ///< the external id is the index
    integer,
    string,
  };

  /// No ids.
  id_map() = default;

  /// Ids 0 … n − 1 that stand for themselves; needs no memory.
  static id_map identity(std::int64_t n);
  /// @param ids strictly ascending. @throws value_error when they are not, or more than 2^31 − 1
  static id_map from_integers(std::vector<std::int64_t> ids);
  /// @param ids strictly ascending in byte order. @throws value_error as above
  static id_map from_strings(const std::vector<std::string>& ids);

  index_t size() const noexcept { return size_; }
  kind ids() const noexcept { return kind_; }

  /// The index of an id, or nothing when it is unknown. O(log size).
  /// A string of digits finds an integer id and an integer finds a string of its digits.
  std::optional<index_t> find(std::int64_t id) const;
  std::optional<index_t> find(std::string_view id) const;

  /// The index of an id. @throws value_error naming the id when it is unknown
  index_t index(std::int64_t id) const;
  index_t index(std::string_view id) const;

  /// The external id as text. @throws value_error when index is not in [0, size())
  std::string name(index_t index) const;
  /// The external id as an integer. @throws value_error for string ids and bad indices
  std::int64_t integer(index_t index) const;

  /// The map of the ids at `kept` (ascending indices), in the same order.
  id_map subset(const std::vector<index_t>& kept) const;

  friend bool operator==(const id_map& a, const id_map& b);

 private:
  struct storage;  // sorted integers, or concatenated strings with offsets
  std::string_view text(index_t index) const noexcept;

  kind kind_ = kind::identity;
  index_t size_ = 0;
  std::shared_ptr<const storage> storage_;
};

}  // namespace recokit::inline RECOKIT_ABI
