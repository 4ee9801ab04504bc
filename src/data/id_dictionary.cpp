// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "id_dictionary.hpp"

#include <recokit/core/errors.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

constexpr std::size_t first_slots = 1024;
constexpr std::size_t block_size = std::size_t{1} << 16;

int shift_for(std::size_t slots) noexcept {
  int shift = 64;
  for (; slots > 1; slots /= 2) --shift;
  return shift;
}

void check_room(std::size_t ids) {
  if (ids == std::numeric_limits<index_t>::max()) {
    throw value_error("number of users or items", "2^31", "must not exceed 2^31 - 1");
  }
}

}  // namespace

integer_dictionary::integer_dictionary() : slots_(first_slots), shift_(shift_for(first_slots)) {}

id_code integer_dictionary::add(std::int64_t id, std::size_t at) {
  check_room(ids_.size());
  if ((ids_.size() + 1) * 2 > slots_.size()) {
    std::vector<slot> larger(slots_.size() * 2);
    shift_ = shift_for(larger.size());
    slots_.swap(larger);
    const std::size_t mask = slots_.size() - 1;
    const auto free_place = [&](std::int64_t key) {
      std::size_t p = place(key);
      while (slots_[p].code_plus_one != 0) p = (p + 1) & mask;
      return p;
    };
    for (id_code code = 0; code < ids_.size(); ++code) {
      slots_[free_place(ids_[code])] = {ids_[code], code + 1};
    }
    at = free_place(id);
  }
  ids_.push_back(id);
  slots_[at] = {id, static_cast<id_code>(ids_.size())};
  return static_cast<id_code>(ids_.size() - 1);
}

void integer_dictionary::remember_small(std::int64_t id, id_code code) {
  if (id < 0) return;
  const auto place = static_cast<std::size_t>(id);
  // The table may be so many times larger than the ids are many.
  constexpr std::size_t sparse = 8;
  if (place >= small_.size()) {
    if (place >= sparse * (ids_.size() + first_slots)) return;
    small_.resize(std::bit_ceil(place + 1));
  }
  small_[place] = code + 1;
}

string_dictionary::string_dictionary() : slots_(first_slots) {}

std::string_view string_dictionary::keep(std::string_view id) {
  if (id.size() > block_left_) {
    const std::size_t size = std::max(block_size, id.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    block_next_ = blocks_.back().get();
    block_left_ = size;
  }
  if (!id.empty()) std::memcpy(block_next_, id.data(), id.size());
  const std::string_view kept(block_next_, id.size());
  block_next_ += id.size();
  block_left_ -= id.size();
  return kept;
}

id_code string_dictionary::find_or_add(std::string_view id) {
  const std::size_t full_hash = std::hash<std::string_view>{}(id);
  const auto hash = static_cast<std::uint32_t>(full_hash ^ (full_hash >> 32));
  std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].code_plus_one != 0; at = (at + 1) & mask) {
    const slot& found = slots_[at];
    if (found.hash == hash && ids_[found.code_plus_one - 1] == id) return found.code_plus_one - 1;
  }
  check_room(ids_.size());
  if ((ids_.size() + 1) * 2 > slots_.size()) {
    std::vector<slot> larger(slots_.size() * 2);
    mask = larger.size() - 1;
    const auto free_place = [&](std::uint32_t h) {
      std::size_t p = h & mask;
      while (larger[p].code_plus_one != 0) p = (p + 1) & mask;
      return p;
    };
    for (const slot& old : slots_) {
      if (old.code_plus_one != 0) larger[free_place(old.hash)] = old;
    }
    at = free_place(hash);
    slots_.swap(larger);
  }
  ids_.push_back(keep(id));
  slots_[at] = {hash, static_cast<id_code>(ids_.size())};
  return static_cast<id_code>(ids_.size() - 1);
}

namespace {

template <class Id>
struct merged {
  std::vector<Id> ids;
  std::vector<std::vector<index_t>> index_of_code;
};

template <class Id>
merged<Id> merge(const cpu& policy, const std::vector<const std::vector<Id>*>& parts,
                 std::string_view side, std::int64_t most) {
  const auto count = static_cast<std::int64_t>(parts.size());
  // Each part in order, as codes; then the union of all parts.
  std::vector<std::vector<id_code>> order(parts.size());
  parallel_for(policy, count, 1, [&](std::int64_t p, std::int64_t) {
    const auto& ids = *parts[static_cast<std::size_t>(p)];
    auto& codes = order[static_cast<std::size_t>(p)];
    codes.resize(ids.size());
    std::iota(codes.begin(), codes.end(), id_code{0});
    std::sort(codes.begin(), codes.end(), [&](id_code a, id_code b) { return ids[a] < ids[b]; });
  });
  merged<Id> out;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    std::vector<Id> sorted;
    sorted.reserve(order[p].size());
    for (const id_code code : order[p]) sorted.push_back((*parts[p])[code]);
    std::vector<Id> both;
    both.reserve(std::max(out.ids.size(), sorted.size()));
    std::set_union(out.ids.begin(), out.ids.end(), sorted.begin(), sorted.end(),
                   std::back_inserter(both));
    out.ids = std::move(both);
  }
  if (std::cmp_greater(out.ids.size(), most)) {
    throw value_error("number of " + std::string(side), std::to_string(out.ids.size()),
                      "must not exceed " + std::to_string(most));
  }
  out.index_of_code.resize(parts.size());
  parallel_for(policy, count, 1, [&](std::int64_t p, std::int64_t) {
    const auto& ids = *parts[static_cast<std::size_t>(p)];
    auto& index = out.index_of_code[static_cast<std::size_t>(p)];
    index.resize(ids.size());
    std::size_t at = 0;
    for (const id_code code : order[static_cast<std::size_t>(p)]) {
      while (out.ids[at] < ids[code]) ++at;
      index[code] = static_cast<index_t>(at);
    }
  });
  return out;
}

}  // namespace

merged_ids merge_ids(const cpu& policy, std::span<const id_dictionary* const> dictionaries,
                     bool strings, std::string_view side, std::int64_t most) {
  if (strings) {
    std::vector<const std::vector<std::string_view>*> parts;
    for (const auto* d : dictionaries) parts.push_back(&d->strings.ids());
    auto all = merge(policy, parts, side, most);
    const std::vector<std::string> ids(all.ids.begin(), all.ids.end());
    return {id_map::from_strings(ids), std::move(all.index_of_code)};
  }
  std::vector<const std::vector<std::int64_t>*> parts;
  for (const auto* d : dictionaries) parts.push_back(&d->integers.ids());
  auto all = merge(policy, parts, side, most);
  return {id_map::from_integers(std::move(all.ids)), std::move(all.index_of_code)};
}

}  // namespace recokit::inline RECOKIT_ABI::detail
