// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/resampling/new_rows.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace recokit::inline RECOKIT_ABI::detail {

std::vector<class_target> wanted_rows(const sampling_strategy& strategy,
                                      const class_table& classes) {
  std::vector<class_target> wanted;
  constexpr std::int64_t most = std::numeric_limits<index_t>::max();
  std::int64_t total = classes.rows();
  for (const auto& [label, rows] : over_targets(strategy, classes)) {
    if (rows == 0) continue;
    if (rows > most - total) {
      throw value_error("params.strategy",
                        std::to_string(rows) + " new rows of class " + std::to_string(label),
                        "all rows together must not exceed " + std::to_string(most));
    }
    total += rows;
    wanted.push_back({*classes.find(label), label, rows});
  }
  return wanted;
}

std::span<origin> new_rows::add(index_t label, std::int64_t rows) {
  const std::size_t before = origins.size();
  const std::size_t after = before + static_cast<std::size_t>(rows);
  origins.resize(after);
  labels.resize(after, label);
  return std::span(origins).subspan(before);
}

void check_class_neighbors(std::string_view argument, int k, std::span<const class_target> wanted,
                           const class_table& classes) {
  for (const auto& target : wanted) {
    const std::int64_t rows = classes.count(target.position);
    if (k < rows) continue;
    const std::string found = "class " + std::to_string(target.label) + " has " +
                              std::to_string(rows) + (rows == 1 ? " row" : " rows") + " and " +
                              std::to_string(k) + " neighbours need " +
                              std::to_string(k + std::int64_t{1});
    throw value_error(std::string(argument), std::to_string(k),
                      found + (rows > 1 ? ": must be at most " + std::to_string(rows - 1)
                                        : ": no number of neighbours will do; leave the class out "
                                          "of the strategy, or take random_over"));
  }
}

void check_all_neighbors(std::string_view argument, int k, std::int64_t rows) {
  if (k < rows) return;
  throw value_error(std::string(argument), std::to_string(k),
                    "there are " + std::to_string(rows) + " rows and " + std::to_string(k) +
                        " neighbours need " + std::to_string(k + std::int64_t{1}) +
                        ": must be at most " + std::to_string(rows - 1));
}

std::vector<std::int64_t> shares(std::int64_t total, std::span<const double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::int64_t> parts(weights.size());
  std::vector<double> remainders(weights.size());
  std::int64_t rest = total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double exact = weights[i] / sum * static_cast<double>(total);
    parts[i] = std::min(static_cast<std::int64_t>(std::floor(exact)), rest);
    remainders[i] = exact - static_cast<double>(parts[i]);
    rest -= parts[i];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  // Rounding may leave more than one a part where there are many.
  for (std::size_t next = 0; rest > 0; next = (next + 1) % order.size()) {
    if (weights[order[next]] <= 0) continue;
    ++parts[order[next]];
    --rest;
  }
  return parts;
}

std::vector<int> other_class_counts(const kernels::neighbor_table& neighbors,
                                    const class_table& classes, std::size_t position) {
  const auto positions = classes.positions();
  std::vector<int> counts(static_cast<std::size_t>(neighbors.rows.rows()));
  for (Eigen::Index q = 0; q < neighbors.rows.rows(); ++q) {
    for (Eigen::Index i = 0; i < neighbors.rows.cols(); ++i) {
      const index_t found = positions[static_cast<std::size_t>(neighbors.rows(q, i))];
      counts[static_cast<std::size_t>(q)] += found != static_cast<index_t>(position);
    }
  }
  return counts;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
