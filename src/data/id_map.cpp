// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/text_scan.hpp"

#include <recokit/core/check.hpp>
#include <recokit/data/id_map.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

struct id_map::storage {
  std::vector<std::int64_t> integers;
  std::string characters;              // all string ids, one after the other
  std::vector<std::uint64_t> offsets;  // size + 1 of them

  std::string_view text(std::int64_t i) const noexcept {
    const auto at = static_cast<std::size_t>(i);
    return std::string_view(characters).substr(offsets[at], offsets[at + 1] - offsets[at]);
  }

  bool operator==(const storage&) const = default;
};

namespace {

index_t checked_size(std::uint64_t n) {
  check::in_range<std::uint64_t>("ids.size()", n, 0, std::numeric_limits<index_t>::max());
  return static_cast<index_t>(n);
}

}  // namespace

id_map id_map::identity(std::int64_t n) {
  check::in_range<std::int64_t>("n", n, 0, std::numeric_limits<index_t>::max());
  id_map map;
  map.size_ = static_cast<index_t>(n);
  return map;
}

id_map id_map::from_integers(std::vector<std::int64_t> ids) {
  const auto wrong = std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>{});
  if (wrong != ids.end()) {
    throw value_error("ids[" + std::to_string(std::distance(ids.begin(), wrong) + 1) + "]",
                      std::to_string(*std::next(wrong)),
                      "must be greater than the id before it, " + std::to_string(*wrong));
  }
  id_map map;
  map.kind_ = kind::integer;
  map.size_ = checked_size(ids.size());
  auto owned = std::make_shared<storage>();
  owned->integers = std::move(ids);
  map.storage_ = std::move(owned);
  return map;
}

id_map id_map::from_strings(const std::vector<std::string>& ids) {
  const auto wrong = std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>{});
  if (wrong != ids.end()) {
    throw value_error("ids[" + std::to_string(std::distance(ids.begin(), wrong) + 1) + "]",
                      *std::next(wrong), "must be greater than the id before it, " + *wrong);
  }
  id_map map;
  map.kind_ = kind::string;
  map.size_ = checked_size(ids.size());
  auto owned = std::make_shared<storage>();
  owned->offsets.reserve(ids.size() + 1);
  owned->offsets.push_back(0);
  for (const auto& id : ids) {
    owned->characters += id;
    owned->offsets.push_back(owned->characters.size());
  }
  map.storage_ = std::move(owned);
  return map;
}

std::string_view id_map::text(index_t index) const noexcept { return storage_->text(index); }

std::optional<index_t> id_map::find(std::int64_t id) const {
  switch (kind_) {
    case kind::identity:
      if (id < 0 || id >= size_) return std::nullopt;
      return static_cast<index_t>(id);
    case kind::integer: {
      const auto& ids = storage_->integers;
      const auto at = std::lower_bound(ids.begin(), ids.end(), id);
      if (at == ids.end() || *at != id) return std::nullopt;
      return static_cast<index_t>(std::distance(ids.begin(), at));
    }
    case kind::string:
      return find(std::string_view(std::to_string(id)));
  }
  return std::nullopt;
}

std::optional<index_t> id_map::find(std::string_view id) const {
  if (kind_ != kind::string) {
    const auto value = detail::canonical_integer(id);
    return value ? find(*value) : std::nullopt;
  }
  index_t low = 0;
  index_t high = size_;
  while (low < high) {
    const index_t middle = low + (high - low) / 2;
    if (text(middle) < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == size_ || text(low) != id) return std::nullopt;
  return low;
}

index_t id_map::index(std::int64_t id) const {
  if (const auto found = find(id)) return *found;
  throw value_error("id", std::to_string(id), "is not among the " + std::to_string(size_) + " ids");
}

index_t id_map::index(std::string_view id) const {
  if (const auto found = find(id)) return *found;
  throw value_error("id", "\"" + std::string(id) + "\"",
                    "is not among the " + std::to_string(size_) + " ids");
}

std::string id_map::name(index_t index) const {
  check::index_in("index", index, size_);
  return kind_ == kind::string ? std::string(text(index)) : std::to_string(integer(index));
}

std::int64_t id_map::integer(index_t index) const {
  check::index_in("index", index, size_);
  switch (kind_) {
    case kind::identity:
      return index;
    case kind::integer:
      return storage_->integers[static_cast<std::size_t>(index)];
    case kind::string:
      break;
  }
  throw value_error("index", std::to_string(index), "has a string id: call name()");
}

id_map id_map::subset(const std::vector<index_t>& kept) const {
  if (std::cmp_equal(kept.size(), size_)) return *this;
  if (kind_ == kind::string) {
    std::vector<std::string> ids;
    ids.reserve(kept.size());
    for (const index_t i : kept) ids.push_back(name(i));
    return from_strings(ids);
  }
  std::vector<std::int64_t> ids;
  ids.reserve(kept.size());
  for (const index_t i : kept) ids.push_back(integer(i));
  return from_integers(std::move(ids));
}

bool operator==(const id_map& a, const id_map& b) {
  if (a.kind_ != b.kind_ || a.size_ != b.size_) return false;
  return a.storage_ == b.storage_ || (a.storage_ && b.storage_ && *a.storage_ == *b.storage_);
}

}  // namespace recokit::inline RECOKIT_ABI
