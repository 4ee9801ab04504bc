// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "lightgcn_parser.hpp"

#include "../core/text_scan.hpp"

#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {

std::size_t lightgcn_parser::capacity(const text_piece& piece) const {
  return piece.size() / 2 + 1;  // an item and a blank
}

void lightgcn_parser::parse(const text_piece& piece, const id_kinds& kinds, id_dictionaries& ids,
                            coo_piece& out, std::vector<std::uint64_t>* starts) const {
  const auto offset = [&](const char* p) {
    return piece.offset + static_cast<std::uint64_t>(p - piece.begin);
  };
  const auto number = [&](const char*& p, const char* side) {
    const char* const begin = p;
    const auto [value, end] = scan_integer(p);
    if (end != nullptr && value >= 0 && (is_blank(*end) || at_line_end(end))) [[likely]] {
      p = end;
      return value;
    }
    const char* stop = p;
    while (!is_blank(*stop) && !at_line_end(stop)) ++stop;
    const std::string_view text(begin, static_cast<std::size_t>(stop - begin));
    std::int64_t slow = 0;
    const auto status = parse_integer(text, slow);
    if (status == number_status::good && slow >= 0) {
      p = stop;
      return slow;
    }
    const char* const problem = status == number_status::not_a_number ? " is not an integer"
                                : status == number_status::overflow   ? " does not fit 64 bits"
                                                                      : " is negative";
    throw text_failure{offset(begin),
                       std::string("the ") + side + " id " + in_quotes(text) + problem};
  };
  // A number all the same; the options, or the other file of a pair, may want its text.
  const auto code = [&](const char*& p, id_dictionary& known, bool as_text, const char* side) {
    const char* const begin = p;
    const auto id = number(p, side);
    if (!as_text) [[likely]]
      return known.integers.code(id);
    return known.strings.code({begin, static_cast<std::size_t>(p - begin)});
  };
  const auto skip_blanks = [](const char*& p) {
    while (is_blank(*p)) ++p;
  };

  std::size_t k = 0;
  for (const char* p = piece.begin; p != piece.end;) {
    const char* const line = p;
    skip_blanks(p);
    if (at_line_end(p)) throw text_failure{offset(line), "an empty line between the lines of data"};
    const id_code user = code(p, ids.users, kinds.users_are_strings, "user");
    for (skip_blanks(p); !at_line_end(p); skip_blanks(p)) {
      if (starts != nullptr) starts->push_back(offset(p));
      out.users[k] = user;
      out.items[k] = code(p, ids.items, kinds.items_are_strings, "item");
      ++k;
    }
    p += *p == '\r' ? 2 : 1;
  }
  out.size = k;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
