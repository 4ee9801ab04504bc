// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Evaluates each test item against a sample of the catalogue, with a correction for it.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/data/split.hpp>
#include <recokit/evaluation/evaluate.hpp>
#include <recokit/evaluation/report.hpp>
#include <recokit/evaluation/sampled_correction.hpp>
#include <recokit/evaluation/scorer.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// How the items that a positive is ranked against are drawn.
enum class sampling_distribution {
  uniform,     ///< all the same
  popularity,  ///< by the number of training interactions to the power alpha
};

/// Names of the values of sampling_distribution, in order.
constexpr std::array<std::string_view, 2> enum_names(sampling_distribution) {
  return {"uniform", "popularity"};
}

/// The protocol of evaluate_sampled.
struct sampled_params {
  int negatives = 100;  ///< items that each positive is ranked against
  sampling_distribution distribution = sampling_distribution::uniform;
  double alpha = 1;  ///< popularity only: 0 draws all items of train alike
  /// Draw a negative any number of times, as Krichene and Rendle assume. Without, they are distinct
  /// as in published files of negatives; the corrections know which.
  bool replacement = false;
  std::uint64_t seed = 42;
  /// Must be none when drawn by popularity: there the sampled rank says nothing of the rank.
  sampled_correction correction = sampled_correction::bias_variance;
  double gamma = 0.1;  ///< bias_variance only: weight of the variance
  /// Weight of the rank (r − 1) / (n − 1) in [0, 1] for the corrections; empty: uniform.
  std::function<double(double)> prior{};

  static constexpr auto fields() {
    return std::tuple{
        field("negatives", &sampled_params::negatives, 1, 1'000'000,
              "items that each test item is ranked against"),
        field("distribution", &sampled_params::distribution, "how they are drawn"),
        field("alpha", &sampled_params::alpha, 0, 10,
              "distribution=popularity: power of the counts"),
        field("replacement", &sampled_params::replacement, "draw an item any number of times"),
        field("seed", &sampled_params::seed, "of the draws"),
        field("correction", &sampled_params::correction,
              "how the full metric is estimated from sampled ranks"),
        field("gamma", &sampled_params::gamma, 1e-6, 1,
              "correction=bias_variance: weight of the variance"),
    };
  }
};

namespace detail {

/// score(user, items, scores) for items that ascend; called from several threads.
using score_items = std::function<void(index_t, std::span<const index_t>, std::span<float>)>;

evaluation_report evaluate_sampled_scores(const cpu& policy, const score_items& score,
                                          index_t items, const holdout& split,
                                          const std::vector<ranking_metric>& metrics,
                                          const sampled_params& params,
                                          const evaluation_options& options);

}  // namespace detail

/// Ranks each relevant test item of a user against `negatives` items drawn from those that the user
/// has neither in test nor, with options.exclude_seen, in train. A user's value is the mean over
/// his test items, the report the mean over users; metrics named "(micro)" weigh every test item
/// alike.
///
/// Not for choosing between models: sampling changes the order of models, and a correction trades
/// that for noise. evaluate() ranks the whole catalogue; take this one where scoring all items is
/// out of reach, or to compare with published sampled numbers (correction none). The report says so
/// in its warnings. Krichene and Rendle, KDD 2020; CACM 65(7), 2022.
///
/// A case is a single relevant item of grade 1, whatever other test items the user has. Draws are
/// keyed by seed, user and item: the same for every model and any number of threads. Equal scores
/// rank as options.ranking.ties says, `as_listed` by index; `optimistic` is in favour of the test
/// item. For the correction n is what the item could have been ranked against, plus 1; users whose
/// n differ by less than 5 % share a correction, made for the mean. A user who has no more items to
/// draw from than `negatives` is ranked against all of them and not corrected.
///
/// @throws dimension_error when model and split differ in shape; value_error for params out of
///         range, without metrics, for those of graded gain, err or bpref, for a split with fold_in
///         (score knows training users only), a correction of draws by popularity,
///         options.on_lists or min_depth (there are no lists), and NaN scores unless allowed
/// Cost a user: one score of (negatives + 1) · test items, and their sort. A correction:
/// O(n · negatives²) a table. Memory a thread: 5 bytes an item, and the draws of one user.
template <scorer Model>
evaluation_report evaluate_sampled(const cpu& policy, const Model& model, const holdout& split,
                                   const std::vector<ranking_metric>& metrics,
                                   const sampled_params& params = {},
                                   const evaluation_options& options = {}) {
  check::equal("split.test.rows()", split.test.rows(), "model.users()",
               static_cast<std::int64_t>(model.users()), detail::split_together);
  return detail::evaluate_sampled_scores(
      policy,
      [&](index_t user, std::span<const index_t> items, std::span<float> scores) {
        model.score(user, items, scores);
      },
      static_cast<index_t>(model.items()), split, metrics, params, options);
}

template <scorer Model>
evaluation_report evaluate_sampled(const Model& model, const holdout& split,
                                   const std::vector<ranking_metric>& metrics,
                                   const sampled_params& params = {},
                                   const evaluation_options& options = {}) {
  return evaluate_sampled(cpu{}, model, split, metrics, params, options);
}

}  // namespace recokit::inline RECOKIT_ABI
