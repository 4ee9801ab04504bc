// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Reads `field=value` into any struct with a table of fields, and prints such a struct.
#pragma once

#include "spec.hpp"
#include "text.hpp"

#include <recokit/core/params.hpp>

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

namespace recokit_bench {

/// The value of a field in the widest type of its kind; empty: not set.
using setting_value =
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string>;

struct setting {
  std::string name;
  setting_value value;
};

std::string to_text(const setting_value& value);
/// "factors=64, epochs=16"
std::string to_text(const std::vector<setting>& settings);

/// A field as `recokit-bench list` shows it.
struct field_facts {
  std::string name;
  std::string type;     ///< "int", "real", "bool", or the choices "a|b|c"
  std::string range;    ///< "1..65536", or empty
  std::string initial;  ///< the default
  std::string meaning;
};

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
std::string type_name() {
  if constexpr (is_optional<T>) {
    return type_name<typename T::value_type>();
  } else if constexpr (std::is_same_v<T, bool>) {
    return "bool";
  } else if constexpr (std::is_integral_v<T>) {
    return "int";
  } else if constexpr (std::is_floating_point_v<T>) {
    return "real";
  } else {
    static_assert(std::is_enum_v<T>, "a field is a number, a switch or an enumeration");
    std::string names;
    for (const auto name : enum_names(T{})) names += (names.empty() ? "" : "|") + std::string(name);
    return names;
  }
}

template <class T>
setting_value value_of(const T& value) {
  if constexpr (is_optional<T>) {
    return value ? value_of(*value) : setting_value{};
  } else if constexpr (std::is_same_v<T, bool>) {
    return value;
  } else if constexpr (std::is_unsigned_v<T>) {
    return std::uint64_t{value};
  } else if constexpr (std::is_integral_v<T>) {
    return std::int64_t{value};
  } else if constexpr (std::is_same_v<T, float>) {
    // 0.01f as 0.01, not as 0.009999999776.
    const std::string text = shortest(value);
    double shown = value;
    std::from_chars(text.data(), text.data() + text.size(), shown);
    return shown;
  } else if constexpr (std::is_floating_point_v<T>) {
    return double{value};
  } else {
    return std::string(enum_names(value)[static_cast<std::size_t>(value)]);
  }
}

template <class T>
std::string range_text(const T& low, const T& high) {
  if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
    using limits = std::numeric_limits<T>;
    if (low == limits::lowest() && high == limits::max()) return {};
    if (high == limits::max()) return "at least " + to_text(value_of(low));
    return to_text(value_of(low)) + ".." + to_text(value_of(high));
  } else {
    return {};
  }
}

template <class T>
void parse_value(const std::string& name, const std::string& text, T& value) {
  const auto fail = [&](const std::string& wanted) {
    throw usage_error(name + " = \"" + text + "\": expected " + wanted);
  };
  if constexpr (is_optional<T>) {
    value.emplace();
    parse_value(name, text, *value);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (text == "true" || text == "1" || text == "on" || text == "yes") {
      value = true;
    } else if (text == "false" || text == "0" || text == "off" || text == "no") {
      value = false;
    } else {
      fail("true or false");
    }
  } else if constexpr (std::is_arithmetic_v<T>) {
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status == std::errc::result_out_of_range) {
      fail("a smaller number: this one does not fit the field");
    }
    if (status != std::errc{} || end != text.data() + text.size()) {
      fail(std::is_integral_v<T>
               ? (std::is_unsigned_v<T> ? "a whole number, not negative" : "a whole number")
               : "a number");
    }
  } else {
    const auto names = enum_names(T{});
    std::vector<std::string> known;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == text) {
        value = static_cast<T>(i);
        return;
      }
      known.emplace_back(names[i]);
    }
    throw unknown_word("value of " + name, text, known);
  }
}

}  // namespace detail

/// The fields of `params` with `params` as the defaults. @param table a tuple of param_field
template <class Params, class Table>
std::vector<field_facts> describe(const Params& params, const Table& table) {
  std::vector<field_facts> facts;
  std::apply(
      [&](const auto&... each) {
        [[maybe_unused]] const auto add = [&](const auto& field) {
          using value = std::remove_cvref_t<decltype(params.*(field.member))>;
          const setting_value initial = detail::value_of(params.*(field.member));
          facts.push_back({std::string(field.name), detail::type_name<value>(),
                           detail::range_text(field.low, field.high), to_text(initial),
                           std::string(field.meaning)});
        };
        (add(each), ...);
      },
      table);
  return facts;
}

/// All fields with their values.
template <class Params, class Table>
std::vector<setting> settings_of(const Params& params, const Table& table) {
  std::vector<setting> settings;
  std::apply(
      [&](const auto&... each) {
        (settings.push_back({std::string(each.name), detail::value_of(params.*(each.member))}),
         ...);
      },
      table);
  return settings;
}

/// Sets the named fields of `params`, and `seed` where there is such a field that is not named.
/// @param owner prefix of the field names in errors: "ials"
/// @throws usage_error
template <class Params, class Table>
void set_fields(const std::string& owner, const std::vector<field_text>& given, Params& params,
                const Table& table, std::optional<std::uint64_t> seed = {}) {
  std::vector<std::string> known;
  for (const auto& facts : describe(params, table)) known.push_back(facts.name);
  for (const auto& entry : given) {
    bool found = false;
    [[maybe_unused]] const auto set = [&](const auto& field) {
      if (field.name != entry.name) return;
      found = true;
      detail::parse_value(owner + "." + entry.name, entry.value, params.*(field.member));
    };
    std::apply([&](const auto&... each) { (set(each), ...); }, table);
    if (!found) {
      if (known.empty()) {
        throw usage_error(owner + " has no fields, but \"" + entry.name + "\" was given");
      }
      throw unknown_word("field of " + owner, entry.name, known);
    }
  }
  if (!seed) return;
  for (const auto& entry : given) {
    if (entry.name == "seed") return;
  }
  [[maybe_unused]] const auto set_seed = [&](const auto& field) {
    using value = std::remove_cvref_t<decltype(params.*(field.member))>;
    if constexpr (std::is_same_v<value, std::uint64_t>) {
      if (field.name == "seed") params.*(field.member) = *seed;
    }
  };
  std::apply([&](const auto&... each) { (set_seed(each), ...); }, table);
}

}  // namespace recokit_bench
