// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "delimited_parser.hpp"

#include "../core/text_scan.hpp"

#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

/// One character between fields.
class single {
 public:
  explicit single(char c) : c_(c) {}
  bool at(const char* p) const noexcept { return *p == c_; }
  const char* skip(const char* p) const noexcept { return p + 1; }
  /// The first character of a line that counts.
  const char* line_begin(const char* p) const noexcept { return p; }
  /// Where the line ends, when only what does not count is left of it.
  const char* line_end(const char* p) const noexcept { return p; }
  bool is_padding(char c) const noexcept { return is_blank(c) && c != c_; }

 private:
  char c_;
};

/// "::" between fields.
class double_colon {
 public:
  bool at(const char* p) const noexcept { return p[0] == ':' && p[1] == ':'; }
  const char* skip(const char* p) const noexcept { return p + 2; }
  const char* line_begin(const char* p) const noexcept { return p; }
  const char* line_end(const char* p) const noexcept { return p; }
  bool is_padding(char c) const noexcept { return is_blank(c); }
};

/// Any number of blanks between fields; blanks at either end of the line are not separators.
class blank_run {
 public:
  bool at(const char* p) const noexcept { return is_blank(*p); }
  const char* skip(const char* p) const noexcept {
    while (is_blank(*p)) ++p;
    return p;
  }
  const char* line_begin(const char* p) const noexcept { return skip(p); }
  const char* line_end(const char* p) const noexcept {
    const char* const end = skip(p);
    return at_line_end(end) ? end : p;
  }
  bool is_padding(char) const noexcept { return false; }
};

template <class Separator>
class delimited_parser final : public piece_parser {
 public:
  delimited_parser(delimited_layout layout, Separator separator, const read_options& options)
      : layout_(std::move(layout)),
        separator_(separator),
        user_rule_(options.user_ids),
        item_rule_(options.item_ids) {}

  // A line has at least a user, a separator, an item and a line feed.
  std::size_t capacity(const text_piece& piece) const override { return most_lines(piece, 4); }
  bool has_ratings() const override { return layout_.has_ratings; }
  bool has_times() const override { return layout_.has_times; }

  void parse(const text_piece& piece, const id_kinds& kinds, id_dictionaries& ids, coo_piece& out,
             std::vector<std::uint64_t>* starts) const override {
    std::size_t k = 0;
    std::string scratch;
    const cursor at{piece, scratch};
    const std::size_t columns = layout_.roles.size();
    const column_role* const roles = layout_.roles.data();
    for (const char* p = piece.begin; p != piece.end; ++k) {
      const char* const line = p;
      if (starts != nullptr) starts->push_back(at.offset(p));
      p = separator_.line_begin(p);
      if (at_line_end(p)) at.fail(line, "an empty line between the lines of data");
      for (std::size_t c = 0;;) {
        switch (roles[c]) {
          case column_role::user:
            p = id(at, p, "user", user_rule_, kinds.users_are_strings, {true, false}, ids.users,
                   out.users[k]);
            break;
          case column_role::item:
            p = id(at, p, "item", item_rule_, kinds.items_are_strings, {false, true}, ids.items,
                   out.items[k]);
            break;
          case column_role::rating:
            p = rating(at, p, out.ratings[k]);
            break;
          case column_role::timestamp:
            p = timestamp(at, p, out.times[k]);
            break;
          case column_role::skipped:
            field(at, p);
            break;
        }
        ++c;
        p = separator_.line_end(p);
        if (separator_.at(p)) {
          if (c == columns) wrong_count(at, p, line);
          p = separator_.skip(p);
        } else {
          if (c != columns) wrong_count(at, p, line);
          break;
        }
      }
      p += *p == '\r' ? 2 : 1;
    }
    out.size = k;
  }

 private:
  /// The piece being parsed, and space for a field with doubled quotes.
  struct cursor {
    const text_piece& piece;
    std::string& scratch;

    std::uint64_t offset(const char* p) const {
      return piece.offset + static_cast<std::uint64_t>(p - piece.begin);
    }
    [[noreturn]] void fail(const char* p, std::string message) const {
      throw text_failure{offset(p), std::move(message)};
    }
  };

  bool field_end(const char* p) const noexcept { return separator_.at(p) || at_line_end(p); }

  const char* id(const cursor& at, const char* p, const char* side, id_rule rule, bool strings,
                 id_kinds kind, id_dictionary& ids, id_code& code) const {
    if (!strings) {
      const auto [value, end] = scan_integer(p);
      if (end != nullptr && field_end(end)) [[likely]] {
        code = ids.integers.code(value);
        return end;
      }
    }
    return slow_id(at, p, side, rule, strings, kind, ids, code);
  }

  const char* slow_id(const cursor& at, const char* p, const char* side, id_rule rule, bool strings,
                      id_kinds kind, id_dictionary& ids, id_code& code) const {
    const char* const begin = p;
    const std::string_view text = field(at, p);
    if (text.empty() && *begin != '"') at.fail(begin, std::string("the ") + side + " id is empty");
    if (strings) {
      code = ids.strings.code(text);
      return p;
    }
    if (rule != id_rule::integer) {
      const auto value = canonical_integer(text);
      if (!value) throw id_is_text{kind};
      code = ids.integers.code(*value);
      return p;
    }
    std::int64_t value = 0;
    check(at, begin, side, "id", text, parse_integer(text, value), "an integer", "64 bits");
    code = ids.integers.code(value);
    return p;
  }

  const char* rating(const cursor& at, const char* p, float& out) const {
    const auto [value, end] = scan_float(p);
    if (end != nullptr && field_end(end)) [[likely]] {
      out = value;
      return end;
    }
    return slow_rating(at, p, out);
  }

  const char* slow_rating(const cursor& at, const char* p, float& out) const {
    const char* const begin = p;
    const std::string_view text = field(at, p);
    check(at, begin, "rating", "", text, parse_float(text, out), "a finite number", "float");
    return p;
  }

  const char* timestamp(const cursor& at, const char* p, std::int64_t& out) const {
    const auto [value, end] = scan_integer(p);
    if (end != nullptr && field_end(end)) [[likely]] {
      out = value;
      return end;
    }
    return slow_timestamp(at, p, out);
  }

  const char* slow_timestamp(const cursor& at, const char* p, std::int64_t& out) const {
    const char* const begin = p;
    const std::string_view text = field(at, p);
    auto status = parse_integer(text, out);
    if (status == number_status::not_a_number && whole_number(text, out)) return p;
    check(at, begin, "timestamp", "", text, status, "an integer", "64 bits");
    return p;
  }

  static void check(const cursor& at, const char* p, const char* what, const char* more,
                    std::string_view text, number_status status, const char* wanted,
                    const char* range) {
    if (status == number_status::good) [[likely]] {
      return;
    }
    const std::string name = std::string("the ") + what + (*more == '\0' ? "" : " ") + more;
    if (status == number_status::overflow) {
      at.fail(p, name + " " + in_quotes(text) + " does not fit " + range);
    }
    at.fail(p, name + " " + in_quotes(text) + " is not " + wanted);
  }

  /// The text of the field at `p`, without quotes and padding; `p` moves to its end.
  std::string_view field(const cursor& at, const char*& p) const {
    while (separator_.is_padding(*p)) ++p;
    if (*p == '"') return quoted_field(at, p);
    const char* const begin = p;
    while (!field_end(p)) ++p;
    const char* end = p;
    while (end != begin && separator_.is_padding(end[-1])) --end;
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  std::string_view quoted_field(const cursor& at, const char*& p) const {
    const char* const open = p;
    const char* part = ++p;
    at.scratch.clear();
    bool doubled = false;
    for (;; ++p) {
      if (*p == '\n') at.fail(open, "a quote is opened and not closed on this line");
      if (*p != '"') continue;
      if (p[1] != '"') break;
      at.scratch.append(part, ++p);
      part = p + 1;
      doubled = true;
    }
    std::string_view text(part, static_cast<std::size_t>(p - part));
    if (doubled) text = at.scratch.append(text);
    ++p;
    while (separator_.is_padding(*p)) ++p;
    if (!field_end(p)) at.fail(p, "text follows a closing quote");
    return text;
  }

  [[noreturn]] void wrong_count(const cursor& at, const char* p, const char* line) const {
    const char* const where = p;
    std::size_t found = 0;
    p = separator_.line_begin(line);
    for (;;) {
      field(at, p);
      ++found;
      p = separator_.line_end(p);
      if (!separator_.at(p)) break;
      p = separator_.skip(p);
    }
    at.fail(where, "expected " + std::to_string(layout_.roles.size()) + " columns, found " +
                       std::to_string(found));
  }

  delimited_layout layout_;
  Separator separator_;
  id_rule user_rule_;
  id_rule item_rule_;
};

}  // namespace

std::unique_ptr<piece_parser> make_delimited_parser(delimited_layout layout,
                                                    const read_options& options) {
  const auto make = [&](auto separator) -> std::unique_ptr<piece_parser> {
    return std::make_unique<delimited_parser<decltype(separator)>>(std::move(layout), separator,
                                                                   options);
  };
  if (layout.delimiter == "::") return make(double_colon{});
  if (layout.delimiter == " ") return make(blank_run{});
  return make(single{layout.delimiter[0]});
}

}  // namespace recokit::inline RECOKIT_ABI::detail
