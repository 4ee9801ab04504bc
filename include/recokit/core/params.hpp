// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The table of a params struct: names, ranges and meanings of its fields, stated once.
#pragma once

#include <recokit/core/check.hpp>

#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace recokit::inline RECOKIT_ABI {

/// One field of a params struct. Checks, command lines, model files and docs all read this.
template <class Params, class T>
struct param_field {
  std::string_view name;
  T Params::*member;
  T low;
  T high;
  std::string_view meaning;
};

/// A number in [low, high].
template <class Params, class T>
constexpr param_field<Params, T> field(std::string_view name, T Params::*member,
                                       std::type_identity_t<T> low, std::type_identity_t<T> high,
                                       std::string_view meaning) {
  return {name, member, low, high, meaning};
}

/// A switch, an enumeration or a number without bounds.
template <class Params, class T>
constexpr param_field<Params, T> field(std::string_view name, T Params::*member,
                                       std::string_view meaning) {
  if constexpr (std::is_arithmetic_v<T>) {
    return {name, member, std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max(), meaning};
  } else {
    return {name, member, T{}, T{}, meaning};
  }
}

/// A params struct: an aggregate with a static fields() that returns a tuple of param_field.
/// An enumeration in it has a constexpr enum_names(E) beside it: an array of names by value.
template <class Params>
concept params_struct = std::is_aggregate_v<Params> && requires {
  Params::fields();
};

/// Checks every number of `params` against its range.
/// @throws value_error naming the field as "<owner>.<field>", its value and its range
template <params_struct Params>
void check_params(std::string_view owner, const Params& params) {
  std::apply(
      [&](const auto&... each) {
        [[maybe_unused]] const auto check_one = [&](const auto& f) {
          using value = std::remove_cvref_t<decltype(params.*(f.member))>;
          if constexpr (std::is_arithmetic_v<value> && !std::is_same_v<value, bool>) {
            check::in_range(std::string(owner) + "." + std::string(f.name), params.*(f.member),
                            f.low, f.high);
          }
        };
        (check_one(each), ...);
      },
      Params::fields());
}

}  // namespace recokit::inline RECOKIT_ABI
