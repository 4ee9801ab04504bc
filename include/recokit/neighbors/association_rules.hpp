// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Association rules from one item to another.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/neighbors/item_weights.hpp>
#include <recokit/neighbors/three_step_walk.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>
#include <vector>

namespace recokit::inline RECOKIT_ABI::association_rules {

/// By what a rule i → j is scored. With n users, n_i of whom have i and n_ij both:
enum class measure {
  confidence,  ///< n_ij / n_i
  lift,        ///< confidence / (n_j / n): above 1 when i speaks for j
  leverage,    ///< n_ij / n − n_i n_j / n²
  conviction,  ///< (1 − n_j / n) / (1 − confidence); a rule without exception counts half a one
  support,     ///< n_ij / n
};

/// The names of measure.
constexpr std::array<std::string_view, 5> enum_names(measure) {
  return {"confidence", "lift", "leverage", "conviction", "support"};
}

struct params {
  int neighbors = 100;  ///< best rules kept for each antecedent
  association_rules::measure measure = association_rules::measure::confidence;  ///< score of a rule
  int minimum_support = 2;  ///< fewest users who have both items
  double minimum_confidence =
      0;                     ///< least share of the antecedent's users who have both, in [0, 1]
  double minimum_lift = 0;   ///< least lift; above 1 leaves the rules that say something
  bool keep_history = true;  ///< hold the interactions: needed to recommend by user index

  static constexpr auto fields() {
    return std::tuple{
        field("neighbors", &params::neighbors, 1, 1'000'000, "best rules kept for each antecedent"),
        field("measure", &params::measure, "score of a rule"),
        field("minimum_support", &params::minimum_support, 1, 1'000'000'000,
              "fewest users who have both items"),
        field("minimum_confidence", &params::minimum_confidence, 0, 1,
              "least share of the antecedent's users who have both"),
        field("minimum_lift", &params::minimum_lift, 0, 1e12, "least lift"),
        field("keep_history", &params::keep_history, "hold the interactions, to recommend by user"),
    };
  }
};

/// Who has the antecedent tends to have the consequent.
struct rule {
  index_t antecedent = 0;
  index_t consequent = 0;
  std::int64_t support = 0;  ///< users who have both
  double confidence = 0;
  double lift = 0;
  float score = 0;  ///< what the model adds to the consequent for a user who has the antecedent
};

/// Rules between pairs of items as weights: row i of the weights holds the consequents of item i
/// with their scores. A user's score of an item is the sum of the scores of the rules that lead to
/// it from what the user took, weighted with the values of the interactions.
class model : public item_weights_model<model> {
 public:
  static constexpr std::string_view file_kind = "association_rules";
  using item_weights_model<model>::item_weights_model;

  /// All rules, by antecedent, best first. Counts again who has both items, in O(n_i + n_j) a rule.
  /// @throws value_error without keep_history
  std::vector<rule> rules(const cpu& policy = {}) const {
    if (history().rows() == 0 && users() > 0) {
      throw value_error("params.keep_history", "false", "listing rules needs the history");
    }
    const auto by_item = transpose(policy, history().view());
    std::vector<rule> list;
    for (index_t i = 0; i < items(); ++i) {
      const auto having = by_item.row(i).indices;
      const auto row = weights().row(i);
      if (row.size() == 0) continue;
      for (const auto& entry : best_entries(row, static_cast<int>(row.size()))) {
        const auto others = by_item.row(entry.item).indices;
        const auto both = static_cast<double>(common_count(having, others));
        const double confidence = both / static_cast<double>(having.size());
        const double share = static_cast<double>(others.size()) / static_cast<double>(users());
        list.push_back({i, entry.item, static_cast<std::int64_t>(both), confidence,
                        confidence / share, entry.score});
      }
    }
    return list;
  }

 private:
  static std::int64_t common_count(std::span<const index_t> a, std::span<const index_t> b) {
    std::int64_t count = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
      count += a[i] == b[j] ? 1 : 0;
      const bool step = a[i] <= b[j];
      j += b[j] <= a[i] ? 1 : 0;
      i += step ? 1 : 0;
    }
    return count;
  }
};

/// The score of the rule from an item of `antecedent` users to one of `consequent`, `both` having
/// both, among `users`.
inline double score(measure by, double users, double antecedent, double consequent, double both) {
  const double confidence = both / antecedent;
  const double share = consequent / users;
  switch (by) {
    case measure::lift:
      return confidence / share;
    case measure::leverage:
      return both / users - antecedent / users * share;
    case measure::conviction:
      return (1 - share) / (std::max(antecedent - both, 0.5) / antecedent);
    case measure::support:
      return both / users;
    case measure::confidence:
      break;
  }
  return confidence;
}

/// What fit runs.
struct algorithm : one_step_algorithm<algorithm, params, model> {
  template <class Source, class Cancelled>
  static model make(const cpu& policy, const Source& source, const params& params,
                    const Cancelled& cancelled) {
    const auto by_user = to_csr(source);
    const auto by_item = transpose(policy, by_user);
    const auto users = static_cast<double>(by_user.rows());
    const auto rule_score = [&](std::int64_t i, std::int64_t j, const kernels::pair_count& pair) {
      const auto antecedent = static_cast<double>(by_item.row(i).size());
      const auto consequent = static_cast<double>(by_item.row(j).size());
      const auto both = static_cast<double>(pair.common);
      const bool holds = both >= params.minimum_confidence * antecedent &&
                         both * users >= params.minimum_lift * antecedent * consequent;
      return holds ? score(params.measure, users, antecedent, consequent, both)
                   : -std::numeric_limits<double>::infinity();
    };
    // What does not hold ranks behind all that do.
    const auto ranked = kernels::item_similarity<kernels::pair_count>(
        policy, by_user, by_item.view(), static_cast<std::size_t>(params.neighbors), rule_score,
        kernels::pair_symmetry::none, params.minimum_support, cancelled);
    if (cancelled()) throw cancelled_error("association_rules::fit");
    const auto rules = detail::change_rows(ranked, [](std::vector<scored_item<>>& entries) {
      std::erase_if(entries, [](const auto& entry) { return std::isinf(entry.score); });
    });
    return model(rules, static_cast<index_t>(by_user.rows()),
                 params.keep_history ? standard_csr(source) : csr_matrix<>{});
  }
};

/// Counts, for every pair of items, the users who have both, and keeps the best rules i → j that
/// reach the minimum support, confidence and lift. Rules have one antecedent and one consequent;
/// those of larger sets (Apriori, FP-growth) are not mined: a recommendation adds up the rules of
/// all items of the history instead.
///
/// Agrawal, Imielinski, Swami, SIGMOD 1993; lift, leverage and conviction: Brin et al., SIGMOD
/// 1997, Piatetsky-Shapiro 1991.
///
/// @param source users × items; an interaction is one whatever its value, while fitting
/// @throws value_error for params out of range, and what as_csr throws
/// Σ_u n_u² / 2 counts and no items × items array; see kernels::item_similarity.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::association_rules
