// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief `name:field=value,field=value`, the notation of models, splits and weightings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace recokit_bench {

struct field_text {
  std::string name;
  std::string value;
};

/// A parsed `name:field=value,…`.
struct spec {
  std::string text;  ///< as it was written
  std::string name;
  std::vector<field_text> fields;
};

/// @param what the option it belongs to, for the error: "--model"
/// @throws usage_error
spec parse_spec(std::string_view what, std::string_view text);

/// `field=value,field=value` without a name; empty text has no fields. @throws usage_error
std::vector<field_text> parse_fields(std::string_view what, std::string_view text);

}  // namespace recokit_bench
