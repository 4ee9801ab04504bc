// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "delimited_layout.hpp"

#include "../core/text_scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <span>
#include <system_error>
#include <utility>
#include <variant>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

constexpr std::size_t sample_lines = 16;

constexpr std::array<std::string_view, 13> user_names = {
    "user",   "user_id",  "userid",      "uid",        "u",          "user_idx", "user_index",
    "userno", "customer", "customer_id", "customerid", "reviewerid", "visitorid"};
constexpr std::array<std::string_view, 22> item_names = {
    "item",       "item_id",     "itemid",   "iid",        "i",         "item_idx",
    "item_index", "movie",       "movie_id", "movieid",    "artist",    "artist_id",
    "artistid",   "book_id",     "product",  "product_id", "productid", "track_id",
    "song_id",    "business_id", "asin",     "parent_asin"};
constexpr std::array<std::string_view, 11> rating_names = {
    "rating", "score", "weight",  "value",      "count",    "plays",
    "r",      "stars", "overall", "play_count", "playcount"};
constexpr std::array<std::string_view, 8> timestamp_names = {
    "timestamp", "time", "ts", "unix_timestamp", "unixreviewtime", "unix_time", "t", "epoch"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

column_role role_of(std::string_view name) {
  // RecBole writes the type behind the name: "user_id:token".
  const std::string key = lower(name.substr(0, name.find(':')));
  const auto among = [&](std::span<const std::string_view> names) {
    return std::find(names.begin(), names.end(), key) != names.end();
  };
  if (among(user_names)) return column_role::user;
  if (among(item_names)) return column_role::item;
  if (among(rating_names)) return column_role::rating;
  if (among(timestamp_names)) return column_role::timestamp;
  return column_role::skipped;
}

// NaN and infinity are bad ratings, not names.
bool is_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  return status != std::errc::invalid_argument && stop == end;
}

std::vector<std::string_view> first_lines(const text_source& source) {
  std::vector<std::string_view> lines;
  for (auto at = source.begin(); at < source.end() && lines.size() < sample_lines;) {
    lines.push_back(source.line(at, at));
  }
  return lines;
}

// Certain only where it matters: a row of data must not be taken for a header.
bool looks_like_header(const std::vector<std::string>& first,
                       const std::vector<std::string>& second) {
  for (const auto& field : first) {
    // One-letter names may be ids.
    const auto role = role_of(field);
    if (field.size() > 1 && (role == column_role::user || role == column_role::item)) return true;
  }
  if (first.size() != second.size()) return false;
  if (std::any_of(first.begin(), first.end(), is_number)) return false;
  bool all = true;
  for (std::size_t c = 0; c < first.size(); ++c) {
    // Names over the numbers of a rating or a time, or over numbers alone.
    if (c >= 2 && is_number(second[c])) return true;
    all = all && is_number(second[c]);
  }
  return all;
}

/// Assigns roles to columns, first by what the options say, then by names or places.
class role_assignment {
 public:
  role_assignment(const text_source& source, const read_options& options, std::size_t columns,
                  const std::vector<std::string>& header)
      : source_(source), options_(options), header_(header), roles_(columns) {}

  std::vector<column_role> roles() {
    take("user", options_.user, column_role::user);
    take("item", options_.item, column_role::item);
    take("rating", options_.rating, column_role::rating);
    take("timestamp", options_.timestamp, column_role::timestamp);
    if (!header_.empty() && knows_names()) {
      by_name();
    } else {
      by_place();
    }
    if (options_.ignore_ratings) drop(column_role::rating);
    if (options_.ignore_timestamps) drop(column_role::timestamp);
    return roles_;
  }

 private:
  bool has(column_role role) const {
    return std::find(roles_.begin(), roles_.end(), role) != roles_.end();
  }
  void drop(column_role role) {
    std::replace(roles_.begin(), roles_.end(), role, column_role::skipped);
  }

  void take(const std::string& what, const column_name& name, column_role role) {
    if (std::holds_alternative<std::monostate>(name)) return;
    std::size_t at = 0;
    if (const int* const place = std::get_if<int>(&name)) {
      if (*place < 0 || std::cmp_greater_equal(*place, roles_.size())) {
        throw value_error("options." + what, std::to_string(*place),
                          "must be in [0, " + std::to_string(roles_.size()) + "), the columns of " +
                              source_.name());
      }
      at = static_cast<std::size_t>(*place);
    } else {
      const auto& wanted = std::get<std::string>(name);
      const auto found = std::find(header_.begin(), header_.end(), wanted);
      if (found == header_.end()) {
        throw value_error(
            "options." + what, in_quotes(wanted),
            header_.empty()
                ? "names a column, but " + source_.name() + " has no header; give a position from 0"
                : "is not a column of " + source_.name() + "; it has " + names());
      }
      at = static_cast<std::size_t>(found - header_.begin());
    }
    if (roles_[at] != column_role::skipped) {
      throw value_error("options." + what, "column " + std::to_string(at),
                        "is taken for two purposes");
    }
    roles_[at] = role;
  }

  std::string names() const {
    std::string text;
    for (const auto& name : header_) text += (text.empty() ? "" : ", ") + in_quotes(name);
    return text;
  }

  // True when the header says enough: names for what the options leave open.
  bool knows_names() const {
    return std::any_of(header_.begin(), header_.end(), [](const std::string& name) {
      return role_of(name) != column_role::skipped;
    });
  }

  void by_name() {
    for (std::size_t c = 0; c < header_.size(); ++c) {
      const auto role = role_of(header_[c]);
      if (role != column_role::skipped && roles_[c] == column_role::skipped && !has(role)) {
        roles_[c] = role;
      }
    }
    require("user", column_role::user);
    require("item", column_role::item);
  }

  void require(const std::string& what, column_role role) const {
    if (has(role)) return;
    throw value_error("options." + what, "unset",
                      "must say which column of " + source_.name() + " holds the " + what +
                          "s; it has " + names());
  }

  void by_place() {
    const bool both = has(column_role::user) && has(column_role::item);
    if (roles_.size() > 4) {
      if (both) return;
      throw value_error("columns of " + source_.name(), std::to_string(roles_.size()),
                        "are too many to guess; set options.user and options.item, and "
                        "options.rating and options.timestamp where there are any");
    }
    for (const auto role :
         {column_role::user, column_role::item, column_role::rating, column_role::timestamp}) {
      if (has(role)) continue;
      const auto open = std::find(roles_.begin(), roles_.end(), column_role::skipped);
      if (open != roles_.end()) *open = role;
    }
    require_place("user", column_role::user);
    require_place("item", column_role::item);
  }

  void require_place(const std::string& what, column_role role) const {
    if (has(role)) return;
    throw value_error("options." + what, "unset",
                      "finds no column: other options take all " + std::to_string(roles_.size()) +
                          " columns of " + source_.name());
  }

  const text_source& source_;
  const read_options& options_;
  const std::vector<std::string>& header_;
  std::vector<column_role> roles_;
};

// Whether columns are named, of this first line: one of numbers alone is a header only where it has
// such a name.
bool names_columns_of(const read_options& options, const std::vector<std::string>& first) {
  bool wanted = false;
  bool found = false;
  for (const column_name* name :
       {&options.user, &options.item, &options.rating, &options.timestamp}) {
    if (const auto* text = std::get_if<std::string>(name)) {
      wanted = true;
      found = found || std::find(first.begin(), first.end(), *text) != first.end();
    }
  }
  return found || (wanted && !std::all_of(first.begin(), first.end(), is_number));
}

}  // namespace

std::vector<std::string> split_fields(std::string_view line, std::string_view delimiter) {
  std::vector<std::string> fields;
  const bool blanks = delimiter == " ";
  const auto trim = [&](std::string_view text) {
    const std::string_view cut = delimiter == "\t" ? " " : " \t";
    const auto first = text.find_first_not_of(cut);
    if (first == std::string_view::npos) return std::string_view{};
    return text.substr(first, text.find_last_not_of(cut) - first + 1);
  };
  if (blanks) line = trim(line);
  std::size_t at = 0;
  for (;;) {
    while (at < line.size() && is_blank(line[at]) && !line.substr(at).starts_with(delimiter)) ++at;
    if (at < line.size() && line[at] == '"') {
      std::string text;
      for (++at; at < line.size(); ++at) {
        if (line[at] == '"' && !(at + 1 < line.size() && line[++at] == '"')) break;
        text += line[at];
      }
      fields.push_back(std::move(text));
      at = std::min(line.find(delimiter, at), line.size());
    } else {
      const auto end =
          std::min(blanks ? line.find_first_of(" \t", at) : line.find(delimiter, at), line.size());
      fields.emplace_back(trim(line.substr(at, end - at)));
      at = end;
    }
    if (at >= line.size()) return fields;
    at += delimiter.size();
    while (blanks && at < line.size() && is_blank(line[at])) ++at;
  }
}

std::string find_delimiter(const text_source& source) {
  const auto lines = first_lines(source);
  if (lines.empty()) return {};
  std::string of_first_line;
  for (const char* const candidate : {"::", "\t", ",", ";", "|", " "}) {
    const auto columns = split_fields(lines[0], candidate).size();
    if (columns < 2) continue;
    if (std::all_of(lines.begin(), lines.end(), [&](std::string_view line) {
          return split_fields(line, candidate).size() == columns;
        })) {
      return candidate;
    }
    if (of_first_line.empty()) of_first_line = candidate;
  }
  return of_first_line;
}

delimited_layout find_layout(const text_source& source, const read_options& options) {
  delimited_layout layout;
  if (options.format == file_format::movielens) {
    layout.delimiter = "::";
  } else if (options.delimiter != 0) {
    layout.delimiter = std::string(1, options.delimiter);
  } else {
    layout.delimiter = find_delimiter(source);
  }
  // What a number or a quoted field may hold cannot divide fields.
  const auto allowed = [](char c) {
    return digit(c) > 9 && std::string_view("+-.\"\n\r").find(c) == std::string_view::npos;
  };
  if (options.delimiter != 0 && !allowed(options.delimiter)) {
    throw value_error("options.delimiter", in_quotes({&options.delimiter, 1}),
                      "must not be a digit, a sign, a point, a quote or a line end");
  }
  std::uint64_t second = 0;
  const auto first = layout.delimiter.empty()
                         ? std::vector<std::string>{}
                         : split_fields(source.line(source.begin(), second), layout.delimiter);
  if (first.size() < 2) {
    throw source.error({source.begin(), "the line has one column; users and items need two"});
  }
  bool header = options.header == header_rule::present;
  if (options.header == header_rule::detect) {
    std::uint64_t after = 0;
    const auto next = second < source.end()
                          ? split_fields(source.line(second, after), layout.delimiter)
                          : std::vector<std::string>{};
    header = names_columns_of(options, first) || looks_like_header(first, next);
  }
  layout.data_begin = header ? second : source.begin();
  layout.roles =
      role_assignment(source, options, first.size(), header ? first : std::vector<std::string>{})
          .roles();
  const auto has = [&](column_role role) {
    return std::find(layout.roles.begin(), layout.roles.end(), role) != layout.roles.end();
  };
  layout.has_ratings = has(column_role::rating);
  layout.has_times = has(column_role::timestamp);
  return layout;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
