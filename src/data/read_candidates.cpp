// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/text_scan.hpp"
#include "../core/text_source.hpp"

#include <recokit/data/read_candidates.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

using detail::text_failure;

// One line; `offset` is its place in the text.
struct line_reader {
  std::string_view line;
  std::uint64_t offset;

  text_failure failure(std::string_view at, std::string message) const {
    return {offset + static_cast<std::uint64_t>(at.data() - line.data()), std::move(message)};
  }
  index_t find(const id_map& ids, std::string_view id, const char* side) const {
    if (const auto index = ids.find(id)) return *index;
    throw failure(id, "the " + std::string(side) + " " + detail::in_quotes(id) +
                          " is not among the " + std::to_string(ids.size()) + " of the data");
  }
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && detail::is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && detail::is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Appends the items of the line, ascending and each once. @returns the user
index_t read_line(const line_reader& reader, const id_map& users, const id_map& items,
                  std::vector<index_t>& found) {
  const std::string_view text = trimmed(reader.line);
  const auto comma = text.find(',');
  const auto close = text.find(')', comma == std::string_view::npos ? 0 : comma);
  if (!text.starts_with('(') || comma == std::string_view::npos ||
      close == std::string_view::npos) {
    throw reader.failure(text, "a line must begin with (user,item)");
  }
  const index_t user = reader.find(users, trimmed(text.substr(1, comma - 1)), "user");
  const auto begin = static_cast<std::ptrdiff_t>(found.size());
  found.push_back(reader.find(items, trimmed(text.substr(comma + 1, close - comma - 1)), "item"));
  std::string_view rest = text.substr(close + 1);
  if (!rest.empty() && !detail::is_blank(rest.front())) {
    throw reader.failure(rest, "a tab or a blank must follow (user,item)");
  }
  for (rest = trimmed(rest); !rest.empty(); rest = trimmed(rest)) {
    const std::string_view id = rest.substr(0, rest.find_first_of(" \t"));
    found.push_back(reader.find(items, id, "item"));
    rest.remove_prefix(id.size());
  }
  std::sort(found.begin() + begin, found.end());
  found.erase(std::unique(found.begin() + begin, found.end()), found.end());
  return user;
}

}  // namespace

csr_matrix<> read_candidates(const std::filesystem::path& file, const id_map& users,
                             const id_map& items) {
  const detail::text_source source(file.string(), detail::mapped_file(file));
  if (source.empty()) throw source.error({source.begin(), "the file is empty"});
  struct own_items {
    std::size_t begin = 0;
    std::size_t size = 0;
  };
  std::vector<own_items> of_user(static_cast<std::size_t>(users.size()));
  std::vector<index_t> in_file_order;
  try {
    std::uint64_t next = source.begin();
    while (next < source.end()) {
      const std::uint64_t offset = next;
      const line_reader reader{source.line(offset, next), offset};
      const std::size_t begin = in_file_order.size();
      const index_t user = read_line(reader, users, items, in_file_order);
      auto& own = of_user[static_cast<std::size_t>(user)];
      if (own.size != 0) {
        throw text_failure{offset, "the user " + users.name(user) + " has a line before this one"};
      }
      own = {begin, in_file_order.size() - begin};
    }
  } catch (const text_failure& failure) {
    throw source.error(failure);
  }
  std::vector<offset_t> offsets{0};
  std::vector<index_t> indices;
  indices.reserve(in_file_order.size());
  for (const auto& own : of_user) {
    const auto begin = in_file_order.begin() + static_cast<std::ptrdiff_t>(own.begin);
    indices.insert(indices.end(), begin, begin + static_cast<std::ptrdiff_t>(own.size));
    offsets.push_back(static_cast<offset_t>(indices.size()));
  }
  return {users.size(), items.size(), std::move(offsets), std::move(indices)};
}

}  // namespace recokit::inline RECOKIT_ABI
