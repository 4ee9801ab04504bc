// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "class_helpers.hpp"

#include <recokit/core/check.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/instance_hardness.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::instance_hardness {
namespace {

/// The fold of each row: the rows of a class, shuffled, are dealt out one by one, where the class
/// before ended.
std::vector<int> deal_folds(const class_table& classes, int folds, std::uint64_t seed) {
  const detail::counter_draws draws(seed);
  std::vector<int> fold_of(static_cast<std::size_t>(classes.rows()));
  int next = 0;
  for (std::size_t c = 0; c < classes.classes(); ++c) {
    std::vector<std::pair<std::uint64_t, index_t>> order;
    for (const index_t r : classes.rows_of(c)) {
      const auto sample = static_cast<std::int64_t>(order.size());
      auto stream = draws.stream(random_purpose::hardness_folds, classes.label(c), sample);
      order.emplace_back(stream.bits64(), r);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [key, r] : order) {
      fold_of[static_cast<std::size_t>(r)] = next;
      next = (next + 1) % folds;
    }
  }
  return fold_of;
}

/// The classifier by neighbours: shares of the classes among the k nearest.
class_probabilities neighbor_shares(const detail::row_search& search, const class_table& classes,
                                    int k) {
  return [&search, &classes, k](std::span<const index_t> train, std::span<const index_t> held_out) {
    detail::check_neighbors(
        "params.k_neighbors", k, static_cast<std::int64_t>(train.size()),
        "a fold leaves " + std::to_string(train.size()) + " rows to learn from");
    const auto near = search(train, held_out, k).rows;
    row_major_matrix<double> shares =
        row_major_matrix<double>::Zero(near.rows(), static_cast<Eigen::Index>(classes.classes()));
    for (Eigen::Index q = 0; q < near.rows(); ++q) {
      for (Eigen::Index n = 0; n < near.cols(); ++n) {
        shares(q, static_cast<Eigen::Index>(detail::class_of(classes, near(q, n)))) += 1;
      }
    }
    return row_major_matrix<double>(shares / k);
  };
}

/// Of each row the probability of its own class, by the folds that it is not in.
std::vector<double> own_probabilities(const class_table& classes, const params& params,
                                      const class_probabilities& classifier) {
  check::in_range<std::int64_t>("params.folds", params.folds, 2, classes.rows());
  const auto fold_of = deal_folds(classes, params.folds, params.seed);
  std::vector<double> own(fold_of.size());
  for (int fold = 0; fold < params.folds; ++fold) {
    std::vector<index_t> train, held_out;
    for (std::size_t r = 0; r < fold_of.size(); ++r) {
      (fold_of[r] == fold ? held_out : train).push_back(static_cast<index_t>(r));
    }
    const row_major_matrix<double> given = classifier(train, held_out);
    check::equal("probabilities.rows()", given.rows(), "held_out.size()",
                 static_cast<std::int64_t>(held_out.size()), "give a row for each row held out");
    check::equal("probabilities.cols()", given.cols(), "classes",
                 static_cast<std::int64_t>(classes.classes()),
                 "give a column for each class of the data, ascending by label");
    for (std::size_t i = 0; i < held_out.size(); ++i) {
      const index_t r = held_out[i];
      const double probability = given(static_cast<Eigen::Index>(i),
                                       static_cast<Eigen::Index>(detail::class_of(classes, r)));
      check::in_range("probability of row " + std::to_string(r), probability, 0.0, 1.0);
      own[static_cast<std::size_t>(r)] = probability;
    }
  }
  return own;
}

/// The most probable rows, ascending.
std::vector<index_t> surest(std::span<const index_t> rows, std::size_t wanted,
                            const std::vector<double>& own, bool keep_ties) {
  if (wanted == 0) return {};
  const auto probability = [&](index_t r) { return own[static_cast<std::size_t>(r)]; };
  std::vector<index_t> best(rows.begin(), rows.end());
  std::stable_sort(best.begin(), best.end(),
                   [&](index_t a, index_t b) { return probability(a) > probability(b); });
  if (keep_ties) {
    const double last = probability(best[wanted - 1]);
    while (wanted < best.size() && probability(best[wanted]) == last) ++wanted;
  }
  best.resize(wanted);
  std::sort(best.begin(), best.end());
  return best;
}

}  // namespace

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params) {
  const class_counts targets = under_targets(params.strategy, classes);
  const auto own = own_probabilities(classes, params,
                                     params.probabilities
                                         ? params.probabilities
                                         : neighbor_shares(search, classes, params.k_neighbors));
  selection kept;
  for (std::size_t c = 0; c < classes.classes(); ++c) {
    const auto target = targets.find(classes.label(c));
    std::vector<index_t> part(classes.rows_of(c).begin(), classes.rows_of(c).end());
    if (target != targets.end()) {
      part = surest(classes.rows_of(c), static_cast<std::size_t>(target->second), own,
                    params.keep_ties);
    }
    kept.rows.insert(kept.rows.end(), part.begin(), part.end());
  }
  return kept;
}

}  // namespace recokit::inline RECOKIT_ABI::instance_hardness
