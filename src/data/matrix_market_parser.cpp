// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "matrix_market_parser.hpp"

#include "../core/text_scan.hpp"
#include "delimited_layout.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

matrix_market_header read_matrix_market_header(const text_source& source) {
  matrix_market_header header;
  std::uint64_t next = 0;
  const auto fail = [&](std::uint64_t offset, const std::string& message) {
    throw source.error({offset, message});
  };
  if (source.empty()) fail(source.begin(), "the file is empty");
  const auto banner = split_fields(source.line(source.begin(), next), " ");
  if (banner.size() != 5 || banner[0] != "%%MatrixMarket" || lower(banner[1]) != "matrix") {
    fail(source.begin(), "expected \"%%MatrixMarket matrix coordinate <field> <symmetry>\"");
  }
  if (lower(banner[2]) != "coordinate") {
    fail(source.begin(),
         "the format " + in_quotes(banner[2]) + " is not supported, only coordinate");
  }
  const auto field = lower(banner[3]);
  header.pattern = field == "pattern";
  if (!header.pattern && field != "real" && field != "integer") {
    fail(source.begin(),
         "the field " + in_quotes(banner[3]) + " is not supported, only real, integer and pattern");
  }
  const auto symmetry = lower(banner[4]);
  header.symmetric = symmetry == "symmetric";
  if (!header.symmetric && symmetry != "general") {
    fail(source.begin(),
         "the symmetry " + in_quotes(banner[4]) + " is not supported, only general and symmetric");
  }
  for (auto at = next; at < source.end();) {
    header.size_line = at;
    const auto line = source.line(at, at);
    if (line.find_first_not_of(" \t") == std::string_view::npos || line.front() == '%') continue;
    header.data_begin = at;
    const auto sizes = split_fields(line, " ");
    std::int64_t values[3] = {};
    bool good = sizes.size() == 3;
    for (std::size_t i = 0; good && i < 3; ++i) {
      good = parse_integer(sizes[i], values[i]) == number_status::good && values[i] >= 0;
    }
    if (!good) fail(header.size_line, "expected three sizes: rows, columns, entries");
    std::tie(header.rows, header.cols, header.entries) = std::tie(values[0], values[1], values[2]);
    constexpr auto most = std::numeric_limits<index_t>::max();
    if (header.rows > most || header.cols > most) {
      fail(header.size_line, "more than 2^31 - 1 rows or columns");
    }
    if (header.symmetric && header.rows != header.cols) {
      fail(header.size_line, "a symmetric matrix must have as many rows as columns");
    }
    // The offsets are the one array whose size a header alone decides.
    constexpr std::uint64_t free_rows = std::uint64_t{1} << 25;
    if (static_cast<std::uint64_t>(header.rows) > free_rows + 128 * source.end()) {
      fail(header.size_line, std::to_string(header.rows) + " rows in a file of " +
                                 std::to_string(source.end()) + " bytes cannot be meant");
    }
    return header;
  }
  fail(source.end(), "the line with rows, columns and entries is missing");
  return header;
}

std::size_t matrix_market_parser::capacity(const text_piece& piece) const {
  return most_lines(piece, 4) * (header_.symmetric ? 2 : 1);
}

void matrix_market_parser::parse(const text_piece& piece, const id_kinds&, id_dictionaries&,
                                 coo_piece& out, std::vector<std::uint64_t>* starts) const {
  const char* p = piece.begin;
  const auto offset = [&](const char* at) {
    return piece.offset + static_cast<std::uint64_t>(at - piece.begin);
  };
  const auto skip_blanks = [&] {
    while (is_blank(*p)) ++p;
  };
  // The next field of the line; `what` names it when it is missing.
  const auto field = [&](const char* what) {
    skip_blanks();
    const char* const begin = p;
    while (!is_blank(*p) && !at_line_end(p)) ++p;
    if (p == begin) throw text_failure{offset(p), std::string("the ") + what + " is missing"};
    return std::string_view(begin, static_cast<std::size_t>(p - begin));
  };
  const auto index = [&](const char* what, std::int64_t size) {
    skip_blanks();
    const char* const begin = p;
    const auto [value, end] = scan_integer(p);
    if (end != nullptr && value >= 1 && value <= size && (is_blank(*end) || at_line_end(end)))
        [[likely]] {
      p = end;
      return static_cast<std::uint32_t>(value - 1);
    }
    const std::string_view text = field(what);
    std::int64_t slow = 0;
    const auto status = parse_integer(text, slow);
    const std::string name = std::string("the ") + what + " " + in_quotes(text);
    if (status == number_status::not_a_number) {
      throw text_failure{offset(begin), name + " is not an integer"};
    }
    if (status == number_status::overflow || slow < 1 || slow > size) {
      throw text_failure{offset(begin), name + " is not in [1, " + std::to_string(size) + "]"};
    }
    return static_cast<std::uint32_t>(slow - 1);
  };

  std::size_t k = 0;
  std::int64_t lines = 0;
  while (p != piece.end) {
    skip_blanks();
    if (!at_line_end(p)) {
      const char* const line = p;
      const std::uint32_t row = index("row", header_.rows);
      const std::uint32_t column = index("column", header_.cols);
      float value = 1;
      if (!header_.pattern) {
        skip_blanks();
        const auto [simple, end] = scan_float(p);
        if (end != nullptr && (is_blank(*end) || at_line_end(end))) [[likely]] {
          value = simple;
          p = end;
        } else {
          const auto text = field("value");
          const auto status = parse_float(text, value);
          if (status != number_status::good) {
            throw text_failure{offset(text.data()),
                               "the value " + in_quotes(text) +
                                   (status == number_status::overflow ? " does not fit float"
                                                                      : " is not a finite number")};
          }
        }
      }
      skip_blanks();
      if (!at_line_end(p)) throw text_failure{offset(p), "text follows the entry"};
      const auto add = [&](std::uint32_t r, std::uint32_t c) {
        if (starts != nullptr) starts->push_back(offset(line));
        out.users[k] = r;
        out.items[k] = c;
        if (!header_.pattern) out.ratings[k] = value;
        ++k;
      };
      add(row, column);
      if (header_.symmetric && row != column) add(column, row);
      ++lines;
    }
    p += *p == '\r' ? 2 : 1;
  }
  out.size = k;
  entries_.fetch_add(lines, std::memory_order_relaxed);
}

}  // namespace recokit::inline RECOKIT_ABI::detail
