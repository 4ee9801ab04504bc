// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"

#include <recokit/evaluation/search_space.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

[[noreturn]] void fail(std::string_view field, std::string_view text,
                       const std::string& requirement) {
  throw value_error("space." + std::string(field), quoted(text), requirement);
}

std::vector<std::string> cut(std::string_view text, char separator) {
  std::vector<std::string> words;
  for (;;) {
    const auto at = text.find(separator);
    words.emplace_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return words;
    text.remove_prefix(at + 1);
  }
}

std::string joined(std::span<const std::string_view> words) {
  std::string text;
  for (const auto word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

template <class Number>
bool reads(const std::string& text, Number& value) {
  const char* last = text.data() + text.size();
  const auto [end, status] = std::from_chars(text.data(), last, value);
  return status == std::errc{} && end == last;
}

}  // namespace

domain_words parse_domain(std::string_view field, std::string_view text) {
  using form = domain_words::form;
  text = trimmed(text);
  if (text == "*") return {form::all, {}};
  const auto open = text.find('(');
  if (open == std::string_view::npos) {
    auto words = cut(text, '|');
    for (const auto& word : words) {
      if (word.empty()) fail(field, text, "a value is missing");
    }
    return {form::choices, std::move(words)};
  }
  const auto name = trimmed(text.substr(0, open));
  form what{};
  if (name == "uniform") {
    what = form::uniform;
  } else if (name == "log") {
    what = form::log_uniform;
  } else if (name == "integers") {
    what = form::integers;
  } else {
    fail(field, text,
         "must be values a|b, uniform(low,high), log(low,high), integers(low,high) or *");
  }
  if (text.back() != ')') fail(field, text, "must end with )");
  auto words = cut(text.substr(open + 1, text.size() - open - 2), ',');
  if (words.size() != 2) fail(field, text, "needs two bounds: " + std::string(name) + "(low,high)");
  return {what, std::move(words)};
}

std::vector<field_domain> divide_space(std::string_view text) {
  std::vector<field_domain> fields;
  if (trimmed(text).empty()) return fields;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size()) {
      depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
      if (text[i] != ',' || depth > 0) continue;
    }
    const auto entry = trimmed(text.substr(begin, i - begin));
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      throw value_error("space", quoted(entry), "must be field=domain, as in factors=16|32|64");
    }
    fields.push_back({std::string(trimmed(entry.substr(0, equals))),
                      std::string(trimmed(entry.substr(equals + 1)))});
    begin = i + 1;
  }
  return fields;
}

double read_real(std::string_view field, const std::string& text) {
  double value = 0;
  if (!reads(text, value) || !std::isfinite(value)) fail(field, text, "must be a number");
  return value;
}

std::int64_t read_integer(std::string_view field, const std::string& text, std::int64_t low,
                          std::int64_t high) {
  std::int64_t value = 0;
  if (!reads(text, value)) fail(field, text, "must be a whole number");
  check::in_range("space." + std::string(field), value, low, high);
  return value;
}

std::uint64_t read_unsigned(std::string_view field, const std::string& text, std::uint64_t high) {
  std::uint64_t value = 0;
  if (!reads(text, value)) fail(field, text, "must be a whole number, not negative");
  check::in_range("space." + std::string(field), value, std::uint64_t{0}, high);
  return value;
}

bool read_switch(std::string_view field, const std::string& text) {
  constexpr std::string_view words[] = {"false", "true"};
  return read_word(field, text, words) == 1;
}

std::size_t read_word(std::string_view field, const std::string& text,
                      std::span<const std::string_view> known) {
  const auto found = std::find(known.begin(), known.end(), text);
  if (found == known.end()) fail(field, text, "must be one of " + joined(known));
  return static_cast<std::size_t>(found - known.begin());
}

void throw_unknown_field(std::string_view field, std::span<const std::string_view> known) {
  throw value_error("space field", quoted(field), "is not known; the fields are " + joined(known));
}

std::string value_text(double value) { return number_text(value); }
std::string value_text(float value) { return number_text(value); }
std::string value_text(std::int64_t value) { return number_text(value); }
std::string value_text(std::uint64_t value) { return number_text(value); }

double draw_uniform(random_stream& stream, double low, double high) {
  return std::clamp(low + stream.uniform() * (high - low), low, high);
}

double draw_log_uniform(random_stream& stream, double low, double high) {
  const double first = std::log(low);
  return std::clamp(std::exp(first + stream.uniform() * (std::log(high) - first)), low, high);
}

std::uint64_t draw_up_to(random_stream& stream, std::uint64_t last) {
  const std::uint64_t count = last + 1;
  return count == 0 ? stream.bits64() : stream.below(count);
}

void check_bounds(std::string_view field, double low, double high, bool on_log_scale) {
  const std::string text = number_text(low) + " to " + number_text(high);
  if (!std::isfinite(low) || !std::isfinite(high)) {
    throw value_error("space." + std::string(field), text, "the bounds must be finite");
  }
  if (!(low < high)) {
    throw value_error("space." + std::string(field), text, "the lower bound must be the smaller");
  }
  if (on_log_scale && !(low > 0)) {
    throw value_error("space." + std::string(field), text,
                      "a logarithmic range must begin above 0");
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail
