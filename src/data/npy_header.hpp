// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The header of a NumPy .npy array, version 1.0.
#pragma once

#include <recokit/core/config.hpp>

#include <bit>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// NumPy's name of a number as this machine holds it in memory: "<f4".
template <class Number>
std::string npy_dtype() {
  return std::string(std::endian::native == std::endian::little ? "<" : ">") +
         (std::floating_point<Number> ? "f" : "i") + std::to_string(sizeof(Number));
}

/// @param dtype as NumPy names it
/// @param shape empty for a scalar
std::string npy_header(std::string_view dtype, std::initializer_list<std::int64_t> shape);

}  // namespace recokit::inline RECOKIT_ABI::detail
