// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A params struct as lines name=value, and back, through its table of fields.
#pragma once

#include <recokit/core/errors.hpp>
#include <recokit/core/params.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace detail {

template <class T>
inline constexpr bool is_optional_param = false;
template <class T>
inline constexpr bool is_optional_param<std::optional<T>> = true;

/// The text that reads back to the same value.
template <class T>
std::string param_text(const T& value) {
  if constexpr (is_optional_param<T>) {
    return value ? param_text(*value) : "none";
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_arithmetic_v<T>) {
    std::array<char, 64> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
  } else {
    static_assert(std::is_enum_v<T>, "a field is a number, a switch or an enumeration");
    return std::string(enum_names(value)[static_cast<std::size_t>(value)]);
  }
}

/// @throws value_error naming the field when `text` is no value of it
template <class T>
T param_value(std::string_view name, std::string_view text) {
  const auto refuse = [&](const std::string& wanted) {
    throw value_error(std::string(name), "\"" + std::string(text) + "\"", "must be " + wanted);
  };
  if constexpr (is_optional_param<T>) {
    if (text == "none") return std::nullopt;
    return param_value<typename T::value_type>(name, text);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (text != "true" && text != "false") refuse("true or false");
    return text == "true";
  } else if constexpr (std::is_arithmetic_v<T>) {
    T value{};
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size()) {
      refuse(std::is_integral_v<T> ? "a whole number that fits the field" : "a number");
    }
    return value;
  } else {
    const auto names = enum_names(T{});
    std::string known;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == text) return static_cast<T>(i);
      known += (i == 0 ? "" : ", ") + std::string(names[i]);
    }
    refuse("one of " + known);
    return T{};
  }
}

/// name=value of every line. @throws value_error for a line that is not one
inline std::vector<std::array<std::string_view, 2>> param_lines(std::string_view text) {
  std::vector<std::array<std::string_view, 2>> lines;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) {
      throw value_error("line", "\"" + std::string(line) + "\"", "must be name=value");
    }
    lines.push_back({line.substr(0, equals), line.substr(equals + 1)});
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

}  // namespace detail

/// Every field of the table as a line name=value, in the order of the table. Numbers have the
/// shortest text that reads back to the same bits.
template <params_struct Params>
std::string params_text(const Params& params) {
  std::string text;
  std::apply(
      [&](const auto&... each) {
        ((text += std::string(each.name) + "=" + detail::param_text(params.*(each.member)) + "\n"),
         ...);
      },
      Params::fields());
  return text;
}

/// The params that params_text wrote.
/// @throws value_error naming a field that is unknown, missing, given twice, no value or out of
/// range
template <params_struct Params>
Params params_from_text(std::string_view text) {
  auto lines = detail::param_lines(text);
  Params params;
  const auto set = [&](const auto& field) {
    using value = std::remove_cvref_t<decltype(params.*(field.member))>;
    const auto at = std::find_if(lines.begin(), lines.end(),
                                 [&](const auto& line) { return line[0] == field.name; });
    if (at == lines.end()) {
      throw value_error(std::string(field.name), "(missing)", "must be given");
    }
    params.*(field.member) = detail::param_value<value>(field.name, (*at)[1]);
    lines.erase(at);
  };
  std::apply([&](const auto&... each) { (set(each), ...); }, Params::fields());
  if (!lines.empty()) {
    throw value_error(std::string(lines[0][0]), std::string(lines[0][1]),
                      "is no field of these params, or given twice");
  }
  check_params("params", params);
  return params;
}

}  // namespace recokit::inline RECOKIT_ABI
