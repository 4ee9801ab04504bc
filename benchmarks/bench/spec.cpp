// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "spec.hpp"

#include "text.hpp"

#include <algorithm>

namespace recokit_bench {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::vector<field_text> parse_fields(std::string_view what, std::string_view text) {
  std::vector<field_text> fields;
  if (trimmed(text).empty()) return fields;
  for (const auto& piece : divided(text, ',')) {
    const auto equals = piece.find('=');
    const std::string name(trimmed(std::string_view(piece).substr(0, equals)));
    if (equals == std::string::npos || name.empty()) {
      throw usage_error(std::string(what) + " \"" + std::string(text) +
                        "\": expected field=value, got \"" + piece + "\"");
    }
    const std::string value(trimmed(std::string_view(piece).substr(equals + 1)));
    if (value.empty()) {
      throw usage_error(std::string(what) + " \"" + std::string(text) + "\": " + name +
                        " has no value");
    }
    if (std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return f.name == name; })) {
      throw usage_error(std::string(what) + " \"" + std::string(text) + "\": " + name +
                        " is given twice");
    }
    fields.push_back({name, value});
  }
  return fields;
}

spec parse_spec(std::string_view what, std::string_view text) {
  spec parsed;
  parsed.text = trimmed(text);
  const auto colon = text.find(':');
  parsed.name = trimmed(text.substr(0, colon));
  if (parsed.name.empty()) {
    throw usage_error(std::string(what) + " \"" + std::string(text) +
                      "\": expected name or name:field=value,...");
  }
  if (colon != std::string_view::npos) {
    if (trimmed(text.substr(colon + 1)).empty()) {
      throw usage_error(std::string(what) + " \"" + std::string(text) +
                        "\": expected field=value after the colon");
    }
    parsed.fields = parse_fields(what, text.substr(colon + 1));
  }
  return parsed;
}

}  // namespace recokit_bench
