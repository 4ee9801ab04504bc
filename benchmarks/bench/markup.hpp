// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Text that is safe inside HTML and SVG, in elements and in quoted attributes.
#pragma once

#include <string>
#include <string_view>

namespace recokit_bench {

/// Markup characters become entities; control characters and broken UTF-8 become U+FFFD.
std::string escaped(std::string_view text);

}  // namespace recokit_bench
