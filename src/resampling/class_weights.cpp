// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/resampling/class_weights.hpp>

#include <cmath>
#include <limits>
#include <numeric>

namespace recokit::inline RECOKIT_ABI {
namespace {

void check_classes(const class_table& classes) {
  if (classes.classes() == 0) throw value_error("classes", "no rows", "must hold a class");
}

}  // namespace

std::vector<double> balanced_class_weights(const class_table& classes) {
  check_classes(classes);
  std::vector<double> weights;
  for (std::size_t c = 0; c < classes.classes(); ++c) {
    weights.push_back(
        static_cast<double>(classes.rows()) /
        (static_cast<double>(classes.classes()) * static_cast<double>(classes.count(c))));
  }
  return weights;
}

std::vector<double> effective_number_class_weights(const class_table& classes, double beta) {
  check_classes(classes);
  if (!(beta >= 0 && beta < 1)) {
    throw value_error("beta", std::to_string(beta), "must be in [0, 1)");
  }
  std::vector<double> weights;
  for (std::size_t c = 0; c < classes.classes(); ++c) {
    // 1 − beta^n without cancellation; −1 for beta 0.
    const double falling = std::expm1(static_cast<double>(classes.count(c)) * std::log(beta));
    weights.push_back((1 - beta) / -falling);
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight *= static_cast<double>(weights.size()) / sum;
  return weights;
}

std::vector<double> sample_weights(const class_table& classes,
                                   std::span<const double> class_weights) {
  check::equal("class_weights.size()", static_cast<std::int64_t>(class_weights.size()),
               "classes.classes()", static_cast<std::int64_t>(classes.classes()),
               "give each class one weight");
  for (std::size_t c = 0; c < class_weights.size(); ++c) {
    const std::string name = "weight of class " + std::to_string(classes.label(c));
    check::in_range(name, class_weights[c], 0.0, std::numeric_limits<double>::max());
  }
  std::vector<double> weights;
  weights.reserve(static_cast<std::size_t>(classes.rows()));
  for (const index_t position : classes.positions()) {
    weights.push_back(class_weights[static_cast<std::size_t>(position)]);
  }
  return weights;
}

}  // namespace recokit::inline RECOKIT_ABI
