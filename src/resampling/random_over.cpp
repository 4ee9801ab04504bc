// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/resampling/random_over.hpp>

#include <cmath>
#include <string>

namespace recokit::inline RECOKIT_ABI::random_over::detail_random_over {

std::vector<double> shrinkages(const shrinkage& given,
                               std::span<const detail::class_target> wanted) {
  const auto checked = [](const std::string& argument, double value) {
    if (!(value >= 0) || std::isinf(value)) {
      throw value_error(argument, std::to_string(value), "must be finite and not negative");
    }
    return value;
  };
  if (const double* const one = std::get_if<double>(&given)) {
    return std::vector<double>(wanted.size(), checked("params.shrinkage", *one));
  }
  const auto& by_class = std::get<std::map<index_t, double>>(given);
  for (const auto& [label, value] : by_class) {
    checked("params.shrinkage of class " + std::to_string(label), value);
  }
  std::vector<double> found;
  for (const auto& target : wanted) {
    const auto at = by_class.find(target.label);
    if (at == by_class.end()) {
      throw value_error("params.shrinkage of class " + std::to_string(target.label), "(missing)",
                        "every class that gets rows needs one; 0 copies its rows");
    }
    found.push_back(at->second);
  }
  return found;
}

}  // namespace recokit::inline RECOKIT_ABI::random_over::detail_random_over
