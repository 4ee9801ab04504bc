// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <utility>

namespace recokit_bench {
namespace {

template <class Number>
std::string shortest_number(Number value) {
  if (!std::isfinite(value)) return "n/a";
  char buffer[64];
  const auto [end, status] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return status == std::errc{} ? std::string(buffer, end) : std::string("n/a");
}

bool continues_code_point(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  std::iota(now.begin(), now.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    before = std::exchange(last, now);
    now[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      now[j + 1] = std::min({last[j] + (a[i] == b[j] ? 0 : 1), now[j] + 1, last[j + 1] + 1});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
        now[j + 1] = std::min(now[j + 1], before[j - 1] + 1);
      }
    }
  }
  return now.back();
}

}  // namespace

std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) return "n/a";
  char buffer[400];
  const auto [end, status] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, digits);
  return status == std::errc{} ? std::string(buffer, end) : shortest(value);
}

std::string shortest(double value) { return shortest_number(value); }
std::string shortest(float value) { return shortest_number(value); }

std::string grouped(std::int64_t value) {
  std::string text = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t i = text.size(); i > first + 3;) {
    i -= 3;
    text.insert(i, ",");
  }
  return text;
}

std::string seconds_text(double seconds) {
  if (!(seconds > 0 && seconds < 1)) return fixed(seconds, seconds < 100 ? 2 : 0);
  const int zeros = -static_cast<int>(std::floor(std::log10(seconds)));  // 1 for 0.5
  return fixed(seconds, std::min(zeros + 2, 6));
}

std::string mib_text(double bytes) { return fixed(bytes / (1024.0 * 1024.0), 1); }

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += separator;
    text += words[i];
  }
  return text;
}

std::vector<std::string> divided(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  for (;;) {
    const auto end = text.find(separator);
    pieces.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::size_t display_width(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_code_point(c); }));
}

std::string shortened(std::string_view text, std::size_t width) {
  const std::size_t length = display_width(text);
  if (length <= width) return std::string(text);
  if (width == 0) return {};
  const auto byte_of = [&](std::size_t column) {
    std::size_t byte = 0;
    for (std::size_t seen = 0; byte < text.size(); ++byte) {
      if (!continues_code_point(text[byte]) && seen++ == column) break;
    }
    return byte;
  };
  const std::size_t head = width / 2;
  const std::size_t tail = width - 1 - head;
  return std::string(text.substr(0, byte_of(head))) + "…" +
         std::string(text.substr(byte_of(length - tail)));
}

std::string left_aligned(std::string_view text, std::size_t width) {
  const std::size_t length = display_width(text);
  return std::string(text) + std::string(width > length ? width - length : 0, ' ');
}

std::string right_aligned(std::string_view text, std::size_t width) {
  const std::size_t length = display_width(text);
  return std::string(width > length ? width - length : 0, ' ') + std::string(text);
}

std::string aligned_table(const std::vector<std::vector<std::string>>& rows,
                          const std::vector<std::size_t>& left) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& cells : rows) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      widths[c] = std::max(widths[c], display_width(cells[c]));
    }
  }
  std::string text;
  for (const auto& cells : rows) {
    std::string line;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const bool to_left = std::find(left.begin(), left.end(), c) != left.end();
      if (c > 0) line += "  ";
      line += to_left ? left_aligned(cells[c], widths[c]) : right_aligned(cells[c], widths[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto& candidate : known) {
    const bool begins = word.size() >= 2 && candidate.starts_with(word);
    const std::size_t distance = begins ? 1 : edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

usage_error unknown_word(std::string_view what, std::string_view word,
                         const std::vector<std::string>& known) {
  std::string text = "unknown " + std::string(what) + " \"" + std::string(word) + "\"";
  if (const auto near = nearest(word, known)) text += "; did you mean \"" + *near + "\"?";
  return usage_error(text + (text.back() == '?' ? " Known: " : "; known: ") + joined(known, ", "));
}

}  // namespace recokit_bench
