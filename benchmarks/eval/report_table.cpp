// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace recokit_eval {
namespace {

using recokit::trec::column;
using recokit::trec::summary;

/// printf's %6.4f.
void append_fixed(std::string& text, double value) {
  // Most values lie far from the middle of two results, so that one multiplication finds the right
  // one: its error is below 1e-6 here. The rest is left to the exact conversion.
  constexpr double most = 1e5;
  if (value >= 0 && !std::signbit(value) && value < most) {
    const double scaled = value * 1e4;
    auto whole = static_cast<std::uint32_t>(scaled);
    const double rest = scaled - whole;
    if (std::abs(rest - 0.5) > 1e-5) {
      whole += rest > 0.5 ? 1 : 0;
      std::array<char, 5> decimals{'.', '0', '0', '0', '0'};
      std::uint32_t left = whole % 10000;
      for (std::size_t place = 4; place > 0; --place, left /= 10) {
        decimals[place] = static_cast<char>('0' + left % 10);
      }
      if (whole < 100000) {
        text += static_cast<char>('0' + whole / 10000);
      } else {
        text += std::to_string(whole / 10000);
      }
      text.append(decimals.data(), decimals.size());
      return;
    }
  }
  std::array<char, 340> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 std::chars_format::fixed, 4)
                       .ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  if (size < 6) text.append(6 - size, ' ');  // "inf", "nan"
  text.append(digits.data(), size);
}

/// The first column, with the tab behind it: the name, padded to 22 characters.
std::string label(const column& c, bool zscores) {
  const bool text = c.kind == summary::run_id || c.kind == summary::rank_string;
  std::string padded = c.name;
  if (padded.size() < 22) padded.append(22 - padded.size(), ' ');
  return (zscores && !text ? "Z" : "") + padded + "\t";
}

}  // namespace

std::string table_text(const recokit::trec::evaluation& result, const request& asked) {
  const bool zscores = !asked.zscores.empty();
  std::vector<std::string> labels;
  for (const column& c : result.columns) labels.push_back(label(c, zscores));
  std::string text;
  const auto append_number = [&](const column& c, double value) {
    if (c.whole() && !zscores) {
      text += std::to_string(static_cast<std::int64_t>(value));
    } else {
      append_fixed(text, value);
    }
    text += '\n';
  };
  if (asked.by_query) {
    for (std::size_t q = 0; q < result.queries.size(); ++q) {
      const auto values = result.query_values(q);
      for (std::size_t i = 0; i < result.columns.size(); ++i) {
        const column& c = result.columns[i];
        if (!c.by_query()) continue;
        text += labels[i];
        text += result.queries[q];
        text += '\t';
        if (c.kind == summary::rank_string) {
          text += '\'';
          text += result.rank_strings[q];
          text += "'\n";
        } else {
          append_number(c, values[i]);
        }
      }
    }
  }
  if (asked.summary) {
    for (std::size_t i = 0; i < result.columns.size(); ++i) {
      const column& c = result.columns[i];
      if (c.kind == summary::rank_string) continue;
      text += labels[i];
      text += "all\t";
      if (c.kind == summary::run_id) {
        text += result.run_id;
        text += '\n';
      } else {
        append_number(c, result.summaries[i]);
      }
    }
  }
  return text;
}

}  // namespace recokit_eval
