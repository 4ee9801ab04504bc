// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Strings and numbers as JSON has them.
#pragma once

#include <string>
#include <string_view>

namespace recokit_eval {

/// In quotes. Ids may have any bytes; those that are no ASCII go through as they are.
std::string json_string(std::string_view text);

/// printf's %.17g; JSON has no infinities and no NaN: null.
void append_double(std::string& text, double value);

}  // namespace recokit_eval
