// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "fields.hpp"

namespace recokit_bench {
namespace {

struct printer {
  std::string operator()(std::monostate) const { return "unset"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(std::uint64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return shortest(value); }
  std::string operator()(const std::string& value) const { return value; }
};

}  // namespace

std::string to_text(const setting_value& value) { return std::visit(printer{}, value); }

std::string to_text(const std::vector<setting>& settings) {
  std::vector<std::string> words;
  for (const auto& s : settings) words.push_back(s.name + "=" + to_text(s.value));
  return joined(words, ", ");
}

}  // namespace recokit_bench
