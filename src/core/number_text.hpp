// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The shortest text of a number: 0.2, not 0.200000.
#pragma once

#include <recokit/core/config.hpp>

#include <array>
#include <charconv>
#include <string>

namespace recokit::inline RECOKIT_ABI::detail {

template <class Number>
std::string number_text(Number x) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x).ptr;
  return {buffer.data(), end};
}

}  // namespace recokit::inline RECOKIT_ABI::detail
