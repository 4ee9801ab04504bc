// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Measures a model on held-out interactions, streaming tiles of ranked lists.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/observer.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/data/split.hpp>
#include <recokit/metrics/ranking.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// One metric, averaged over the evaluated users.
struct metric_value {
  ranking_metric metric;
  double mean = 0;
};

/// What evaluate found. Names carry their conventions.
struct evaluation_report {
  std::vector<metric_value> values;
  /// Users with at least one test item: what the means are over. Without any, all means are NaN.
  std::int64_t evaluated_users = 0;
  /// Users without a test item: left out of the means.
  std::int64_t skipped_users = 0;
  /// How the data was split; empty when matrices were given.
  std::string protocol;
  /// Time spent in recommend and in counting.
  double seconds = 0;

  /// The mean of a metric by name, such as "ndcg@10". @throws value_error when it was not measured
  double operator[](std::string_view name) const {
    const ranking_metric wanted = parse_metric(name);
    for (const auto& value : values) {
      if (value.metric == wanted) return value.mean;
    }
    throw value_error("metric", "\"" + std::string(name) + "\"", "was not measured");
  }
};

namespace detail {

/// The given rows of a matrix as a matrix of their own.
template <class Value, class Index, class Offset>
csr_matrix<Value, Index, Offset> gather_rows(const csr_view<Value, Index, Offset>& matrix,
                                             std::span<const index_t> rows) {
  std::vector<Offset> offsets{0};
  std::vector<Index> indices;
  std::vector<Value> values;
  offsets.reserve(rows.size() + 1);
  for (const index_t r : rows) {
    const auto row = matrix.row(r);
    indices.insert(indices.end(), row.indices.begin(), row.indices.end());
    values.insert(values.end(), row.values.begin(), row.values.end());
    offsets.push_back(static_cast<Offset>(indices.size()));
  }
  return {static_cast<std::int64_t>(rows.size()), matrix.cols(), std::move(offsets),
          std::move(indices), std::move(values)};
}

/// rank(users, depth) returns one list a user.
template <class Value, class Index, class Offset, class Rank>
evaluation_report evaluate_tiles(const cpu& policy, const csr_view<Value, Index, Offset>& relevant,
                                 const std::vector<ranking_metric>& metrics, index_t items,
                                 const Rank& rank) {
  const auto begin = std::chrono::steady_clock::now();
  if (metrics.empty()) throw value_error("metrics", "{}", "must name at least one");
  check::equal("test.cols()", relevant.cols(), "model.items()", items,
               "read both parts with read_train_test or split them from one data set");
  const ranking_evaluator evaluator(metrics, items);
  evaluation_report report;
  std::vector<index_t> users;
  for (index_t u = 0; u < static_cast<index_t>(relevant.rows()); ++u) {
    if (relevant.row(u).size() > 0) users.push_back(u);
  }
  report.evaluated_users = static_cast<std::int64_t>(users.size());
  report.skipped_users = static_cast<std::int64_t>(relevant.rows()) - report.evaluated_users;

  // Deep lists in small tiles: at most 2^22 entries are held, or 64 lists.
  const auto depth = static_cast<std::size_t>(std::max(evaluator.depth(), 1));
  const std::size_t tile = std::clamp<std::size_t>((std::size_t{1} << 22) / depth, 64, 8192);
  std::vector<double> sums(metrics.size(), 0.0);
  std::vector<double> values(std::min(tile, users.size()) * metrics.size());
  for (std::size_t first = 0; first < users.size(); first += tile) {
    const auto part =
        std::span<const index_t>(users).subspan(first, std::min(tile, users.size() - first));
    const ranked_lists lists = rank(part, evaluator.depth());
    parallel_for(policy, static_cast<std::int64_t>(part.size()), 256,
                 [&](std::int64_t from, std::int64_t to) {
                   for (auto u = static_cast<std::size_t>(from); std::cmp_less(u, to); ++u) {
                     evaluator.evaluate(
                         lists[u], relevant.row(part[u]).indices,
                         std::span(values).subspan(u * metrics.size(), metrics.size()));
                   }
                 });
    for (std::size_t u = 0; u < part.size(); ++u) {
      for (std::size_t m = 0; m < metrics.size(); ++m) sums[m] += values[u * metrics.size() + m];
    }
  }
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    const double mean = users.empty() ? std::numeric_limits<double>::quiet_NaN()
                                      : sums[m] / static_cast<double>(users.size());
    report.values.push_back({metrics[m], mean});
  }
  report.seconds = seconds_since(begin);
  return report;
}

}  // namespace detail

/// Ranks for every user of `test` that has an item there and averages the metrics over them.
///
/// The model is asked for lists in tiles of users; nothing holds users × items. Items seen in
/// training are left out of the lists. Sums run in the order of users, so the means are the same
/// bits for any number of threads.
///
/// @param test    users × items; every stored item is relevant, whatever its value
/// @param metrics at least one
/// @throws dimension_error when test and model differ in shape, value_error without metrics
/// Cost: that of recommend for the evaluated users, plus O(k) a user and metric.
template <recommender Model, class Test>
  requires(!std::same_as<Test, holdout>)
evaluation_report evaluate(const cpu& policy, const Model& model, const Test& test,
                           const std::vector<ranking_metric>& metrics) {
  const auto relevant = to_csr(test);
  check::equal("test.rows()", relevant.rows(), "model.users()", model.users());
  return detail::evaluate_tiles(
      policy, relevant, metrics, model.items(), [&](std::span<const index_t> users, int depth) {
        return model.recommend(policy, users, recommend_options{.k = depth});
      });
}

/// The same for both parts of a split. With strong generalisation (a split that has fold_in) the
/// model ranks for the fold_in history of each test user, which it was not trained on.
template <recommender Model>
evaluation_report evaluate(const cpu& policy, const Model& model, const holdout& split,
                           const std::vector<ranking_metric>& metrics) {
  evaluation_report report;
  if (!split.fold_in) {
    report = evaluate(policy, model, split.test, metrics);
  } else if constexpr (fold_in_recommender<Model>) {
    const csr_view<> histories = split.fold_in->view();
    check::equal("split.fold_in.rows()", histories.rows(), "split.test.rows()", split.test.rows());
    report = detail::evaluate_tiles(policy, split.test.view(), metrics, model.items(),
                                    [&](std::span<const index_t> users, int depth) {
                                      return model.recommend_for(
                                          policy, detail::gather_rows(histories, users),
                                          recommend_options{.k = depth});
                                    });
  } else {
    throw value_error("split.fold_in", "present",
                      "needs a model with recommend_for; this one only knows its training users");
  }
  report.protocol = split.protocol;
  return report;
}

template <recommender Model, class Test>
evaluation_report evaluate(const Model& model, const Test& test,
                           const std::vector<ranking_metric>& metrics) {
  return evaluate(cpu{}, model, test, metrics);
}

}  // namespace recokit::inline RECOKIT_ABI
