// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Measures a model on held-out interactions, streaming tiles of ranked lists.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/cuda_context.hpp>
#include <recokit/core/observer.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/data/split.hpp>
#include <recokit/evaluation/report.hpp>
#include <recokit/evaluation/scorer.hpp>
#include <recokit/kernels/cuda_list_values.hpp>
#include <recokit/metrics/ranking.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// How evaluate ranks, what counts as relevant, and what it keeps.
struct evaluation_options {
  /// Relevance, ties, users without a relevant item, duplicates, NaN.
  ranking_options ranking{};
  /// Leave what the user interacted with in training (or in the fold-in history) out of the lists.
  bool exclude_seen = true;
  /// Keep one value a user and metric in the report: 8 bytes each.
  bool keep_users = true;
  /// Sees every tile of lists, users in ascending order, each list at least as deep as the metrics
  /// need; for measures of the lists themselves, such as beyond_accuracy.
  std::function<void(std::span<const index_t> users, const ranked_lists& lists)> on_lists{};
  /// Lists for on_lists are at least this long.
  int min_depth = 0;
};

namespace detail {

/// Collects the values of users in ascending order into means. One place for every protocol.
class report_builder {
 public:
  report_builder(const ranking_evaluator& evaluator, std::int64_t users, bool keep)
      : evaluator_(evaluator), keep_(keep), sums_(evaluator.metrics().size()), weights_(sums_) {
    if (!keep) return;
    check::fits_memory("user values", check::bytes("user values", static_cast<std::uint64_t>(users),
                                                   sums_.size(), sizeof(double)));
    kept_.reserve(static_cast<std::size_t>(users) * sums_.size());
  }

  void add(index_t user, std::span<const double> values, std::span<const double> weights) {
    ++report_.evaluated_users;
    for (std::size_t m = 0; m < sums_.size(); ++m) {
      if (weights[m] == 0) continue;
      sums_[m] += weights[m] * values[m];
      weights_[m] += weights[m];
    }
    if (!keep_) return;
    report_.users.push_back(user);
    kept_.insert(kept_.end(), values.begin(), values.end());
  }
  void skip() { ++report_.skipped_users; }

  evaluation_report finish(std::chrono::steady_clock::time_point begin) {
    for (std::size_t m = 0; m < sums_.size(); ++m) {
      const double mean =
          weights_[m] == 0 ? std::numeric_limits<double>::quiet_NaN() : sums_[m] / weights_[m];
      report_.values.push_back({evaluator_.metrics()[m], mean});
    }
    if (keep_) {
      report_.user_values = Eigen::Map<const row_major_matrix<double>>(
          kept_.data(), static_cast<Eigen::Index>(report_.users.size()),
          static_cast<Eigen::Index>(sums_.size()));
    }
    report_.seconds = seconds_since(begin);
    return std::move(report_);
  }

 private:
  const ranking_evaluator& evaluator_;
  bool keep_;
  std::vector<double> sums_;
  std::vector<double> weights_;
  std::vector<double> kept_;  // row by row
  evaluation_report report_;
};

/// Adds what was found for each of `rows`, in their order.
inline void add_rows(std::span<const index_t> rows, std::span<const double> values,
                     std::span<const double> weights, std::span<const char> counted,
                     report_builder& report) {
  const std::size_t width = rows.empty() ? 0 : values.size() / rows.size();
  for (std::size_t u = 0; u < rows.size(); ++u) {
    if (counted[u] != 0) {
      report.add(rows[u], values.subspan(u * width, width), weights.subspan(u * width, width));
    } else {
      report.skip();
    }
  }
}

/// Evaluates one list a row of `judged` (`rows` names them, ascending) in parallel and adds them in
/// order. list_of(i) is the list of rows[i].
template <class Value, class Offset, class ListOf>
void evaluate_rows(const cpu& policy, const ranking_evaluator& evaluator,
                   const csr_view<Value, index_t, Offset>& judged, std::span<const index_t> rows,
                   const ListOf& list_of, report_builder& report) {
  const std::size_t width = evaluator.metrics().size();
  std::vector<double> values(rows.size() * width);
  std::vector<double> weights(rows.size() * width);
  std::vector<char> counted(rows.size());
  const bool graded = evaluator.needs_grades() && judged.has_values();
  parallel_for(policy, static_cast<std::int64_t>(rows.size()), 256,
               [&](std::int64_t from, std::int64_t to) {
                 std::vector<double> grades;
                 for (auto u = static_cast<std::size_t>(from); std::cmp_less(u, to); ++u) {
                   const auto row = judged.row(rows[u]);
                   if (graded) grades.assign(row.values.begin(), row.values.end());
                   counted[u] = evaluator.evaluate({list_of(u), row.indices, grades},
                                                   std::span(values).subspan(u * width, width),
                                                   std::span(weights).subspan(u * width, width));
                 }
               });
  add_rows(rows, values, weights, counted, report);
}

/// The same on a GPU. @throws value_error for ties other than as_listed
template <class Value, class Offset, class ListOf>
void evaluate_rows(const cuda& policy, const ranking_evaluator& evaluator,
                   const csr_view<Value, index_t, Offset>& judged, std::span<const index_t> rows,
                   const ListOf& list_of, report_builder& report) {
  const ranking_options& options = evaluator.options();
  if (options.ties != tie_policy::as_listed) {
    throw value_error("options.ranking.ties", "not as_listed", "must be as_listed on a GPU");
  }
  const bool graded = evaluator.needs_grades() && judged.has_values();
  kernels::list_batch batch;
  for (std::size_t u = 0; u < rows.size(); ++u) {
    const auto list = list_of(u);
    const auto row = judged.row(rows[u]);
    batch.listed.insert(batch.listed.end(), list.begin(), list.end());
    batch.listed_offsets.push_back(static_cast<offset_t>(batch.listed.size()));
    batch.judged.insert(batch.judged.end(), row.indices.begin(), row.indices.end());
    batch.judged_offsets.push_back(static_cast<offset_t>(batch.judged.size()));
    if (graded) batch.grades.insert(batch.grades.end(), row.values.begin(), row.values.end());
  }
  const std::size_t width = evaluator.metrics().size();
  std::vector<double> values(rows.size() * width);
  std::vector<double> weights(rows.size() * width);
  std::vector<char> counted(rows.size());
  const std::int64_t faulty = kernels::list_values(
      policy, evaluator.pass(),
      {.duplicates = options.duplicates == duplicate_policy::error,
       .nan_scores = options.nan_scores == nan_policy::error,
       .negative_grades = options.negative_grades == negative_grade_policy::error,
       .empty_users = options.empty_users == empty_user_policy::error},
      batch, values, weights, counted);
  if (faulty >= 0) {
    // The CPU says what is wrong with it.
    const auto row = judged.row(rows[static_cast<std::size_t>(faulty)]);
    std::vector<double> grades;
    if (graded) grades.assign(row.values.begin(), row.values.end());
    evaluator.evaluate({list_of(static_cast<std::size_t>(faulty)), row.indices, grades},
                       std::span(values).first(width));
    throw error("the GPU refused the list of row " +
                std::to_string(rows[static_cast<std::size_t>(faulty)]) +
                ", in which the CPU finds no fault");
  }
  add_rows(rows, values, weights, counted, report);
}

/// rank(users, depth) returns one list a user.
template <class Policy, class Value, class Offset, class Rank>
evaluation_report evaluate_tiles(const Policy& policy,
                                 const csr_view<Value, index_t, Offset>& judged,
                                 const std::vector<ranking_metric>& metrics, index_t items,
                                 const evaluation_options& options, const Rank& rank) {
  const auto begin = std::chrono::steady_clock::now();
  if (metrics.empty()) throw value_error("metrics", "{}", "must name at least one");
  check::equal("test.cols()", judged.cols(), "model.items()", items, detail::split_together);
  check::in_range("options.min_depth", options.min_depth, 0, std::numeric_limits<int>::max());
  const ranking_evaluator evaluator(metrics, items, options.ranking);
  report_builder report(evaluator, judged.rows(), options.keep_users);
  std::int64_t longest = 0;
  for (index_t u = 0; u < static_cast<index_t>(judged.rows()); ++u) {
    longest = std::max(longest, static_cast<std::int64_t>(judged.row(u).size()));
  }
  const int depth =
      std::max(evaluator.depth(longest), std::min<int>(options.min_depth, static_cast<int>(items)));

  // Deep lists in small tiles: at most 2^22 entries are held, or 64 lists.
  const std::size_t tile = std::clamp<std::size_t>(
      (std::size_t{1} << 22) / static_cast<std::size_t>(std::max(depth, 1)), 64, 8192);
  std::vector<index_t> asked;            // rows with a test item
  std::vector<index_t> rows;             // all rows of the tile
  std::vector<std::size_t> list_number;  // of each row; past the end: not asked
  for (index_t next = 0; next < static_cast<index_t>(judged.rows());) {
    asked.clear();
    rows.clear();
    list_number.clear();
    for (; asked.size() < tile && next < static_cast<index_t>(judged.rows()); ++next) {
      const bool has_items = judged.row(next).size() > 0;
      rows.push_back(next);
      list_number.push_back(has_items ? asked.size() : tile);
      if (has_items) asked.push_back(next);
    }
    const ranked_lists lists = asked.empty() ? ranked_lists{} : rank(asked, depth);
    if (options.on_lists && !asked.empty()) options.on_lists(asked, lists);
    evaluate_rows(
        policy, evaluator, judged, rows,
        [&](std::size_t u) {
          return list_number[u] < tile ? lists[list_number[u]] : std::span<const scored_item<>>{};
        },
        report);
  }
  return report.finish(begin);
}

}  // namespace detail

/// Ranks for every user of `test` that has an item there and averages the metrics over them.
///
/// The model is asked for lists in tiles of users; nothing holds users × items. A model that only
/// scores (see scorer) is ranked by its scores; it knows no history, so pass a holdout to leave out
/// what users have seen. Sums run in the order of users, so the means are the same bits for any
/// number of threads.
///
/// @param test    users × items; stored items are judged, and relevant as options.ranking says
/// @param metrics at least one; those of whole lists (auc, ranks, all) sort the catalogue for each
///                user
/// @throws dimension_error when test and model differ in shape, value_error without metrics, for a
///         metric that ranking_evaluator refuses, and for NaN scores unless the options allow them
/// With cuda the lists and the values of the metrics come from the GPU: the model must recommend
/// there, options.ranking.ties must be as_listed, and metrics of whole lists longer than 1024 items
/// are refused with value_error.
/// Cost: that of recommend for the evaluated users, plus O(k) a user and metric. Memory: a tile of
/// lists, and users × metrics where they are kept.
template <backend Policy, class Model, class Test>
  requires((recommender<Model> || scorer<Model>)&&!std::same_as<Test, holdout>)
evaluation_report evaluate(const Policy& policy, const Model& model, const Test& test,
                           const std::vector<ranking_metric>& metrics,
                           const evaluation_options& options = {}) {
  detail::require_backend<Policy, recommender<Model>>();
  const auto judged = to_csr(test);
  check::equal("test.rows()", judged.rows(), "model.users()",
               static_cast<std::int64_t>(model.users()), detail::split_together);
  const detail::policy_for_calls<Policy> kept(policy);
  return detail::evaluate_tiles(
      kept.policy(), judged, metrics, static_cast<index_t>(model.items()), options,
      [&](std::span<const index_t> users, int depth) {
        if constexpr (recommender<Model>) {
          return model.recommend(
              kept.policy(), users,
              recommend_options{.k = depth, .exclude_seen = options.exclude_seen});
        } else {
          if (options.exclude_seen) {
            throw value_error(
                "options.exclude_seen", "true",
                "this model only scores and knows no history; pass a holdout or set it to false");
          }
          return rank_by_score(detail::host_of(policy), model, users, depth);
        }
      });
}

/// The same for both parts of a split. With strong generalisation (a split that has fold_in) the
/// model ranks for the fold_in history of each test user, which it was not trained on.
template <backend Policy, class Model>
  requires(recommender<Model> || scorer<Model>)
evaluation_report evaluate(const Policy& policy, const Model& model, const holdout& split,
                           const std::vector<ranking_metric>& metrics,
                           const evaluation_options& options = {}) {
  detail::require_backend<Policy, recommender<Model>>();
  evaluation_report report;
  if (!split.fold_in) {
    if constexpr (recommender<Model>) {
      report = evaluate(policy, model, split.test, metrics, options);
    } else {
      const csr_view<> seen = split.train.view();
      check::equal("split.train.rows()", seen.rows(), "split.test.rows()", split.test.rows());
      report = detail::evaluate_tiles(
          detail::host_of(policy), split.test.view(), metrics, static_cast<index_t>(model.items()),
          options, [&](std::span<const index_t> users, int depth) {
            return rank_by_score(detail::host_of(policy), model, users, depth,
                                 options.exclude_seen ? seen : csr_view<>{});
          });
    }
  } else if constexpr (fold_in_recommender<Model>) {
    const csr_view<> histories = split.fold_in->view();
    check::equal("split.fold_in.rows()", histories.rows(), "split.test.rows()", split.test.rows());
    const detail::policy_for_calls<Policy> kept(policy);
    report = detail::evaluate_tiles(
        kept.policy(), split.test.view(), metrics, static_cast<index_t>(model.items()), options,
        [&](std::span<const index_t> users, int depth) {
          return model.recommend_for(
              kept.policy(), gather_rows(histories, users),
              recommend_options{.k = depth, .exclude_seen = options.exclude_seen});
        });
  } else {
    throw value_error("split.fold_in", "present",
                      "needs a model with recommend_for; this one only knows its training users");
  }
  report.protocol = split.protocol;
  return report;
}

template <class Model, class Test>
  requires(recommender<Model> || scorer<Model>)
evaluation_report evaluate(const Model& model, const Test& test,
                           const std::vector<ranking_metric>& metrics,
                           const evaluation_options& options = {}) {
  return evaluate(cpu{}, model, test, metrics, options);
}

/// The same metrics for lists that are ready, from any source: list i is for row i of `test`.
/// @throws dimension_error when there is not one list a row, value_error for an item index out of
///         range, and as evaluate does
/// Cost: O(list + test items + metrics) a user.
template <backend Policy, class Test>
evaluation_report evaluate_lists(const Policy& policy, const ranked_lists& lists, const Test& test,
                                 const std::vector<ranking_metric>& metrics,
                                 const evaluation_options& options = {}) {
  detail::require_backend<Policy, true>();
  const auto begin = std::chrono::steady_clock::now();
  if (metrics.empty()) throw value_error("metrics", "{}", "must name at least one");
  const auto judged = to_csr(test);
  check::equal("lists.size()", static_cast<std::int64_t>(lists.size()), "test.rows()",
               judged.rows());
  const auto items = static_cast<index_t>(judged.cols());
  const ranking_evaluator evaluator(metrics, items, options.ranking);
  detail::report_builder report(evaluator, judged.rows(), options.keep_users);
  const std::vector<index_t> all = detail::all_rows(static_cast<index_t>(judged.rows()));
  constexpr std::size_t tile = 8192;
  for (std::size_t first = 0; first < all.size(); first += tile) {
    const auto rows =
        std::span<const index_t>(all).subspan(first, std::min(tile, all.size() - first));
    detail::evaluate_rows(
        policy, evaluator, judged, rows,
        [&](std::size_t u) {
          const auto list = lists[first + u];
          bool inside = true;
          for (const auto& entry : list) inside &= entry.item >= 0 && entry.item < items;
          if (!inside) {
            for (const auto& entry : list) check::index_in("lists item", entry.item, items);
          }
          return list;
        },
        report);
  }
  return report.finish(begin);
}

template <class Test>
evaluation_report evaluate_lists(const ranked_lists& lists, const Test& test,
                                 const std::vector<ranking_metric>& metrics,
                                 const evaluation_options& options = {}) {
  return evaluate_lists(cpu{}, lists, test, metrics, options);
}

}  // namespace recokit::inline RECOKIT_ABI
