// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ranking metrics under the names and with the conventions of other libraries.
#pragma once

#include <recokit/metrics/ranking.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// A metric of another library: what to compute, and how ties, grades and empty users count in it.
struct preset_metric {
  /// As the library writes it: "NDCG@10", "ndcg_cut_10".
  std::string name;
  ranking_metric metric;
  ranking_options options;
};

/// How one library measures rankings; checked against the version named, by running it.
struct ranking_preset {
  std::string name;     ///< "ranx"
  std::string library;  ///< "ranx 0.3.21"
  /// What holds for most of its metrics; a metric can differ (see operator()).
  ranking_options options;
  /// Whether a user with relevant items but without a list counts as 0 in the means.
  bool counts_missing_lists = true;
  /// Its metrics as the library writes them, K for a cut. For docs and messages.
  std::vector<std::string> metrics;
  /// What it does that no preset repeats.
  std::string notes;

  /// The metric that the library calls `text`; else one of recokit's own names (see parse_metric)
  /// under the options of this library. @throws value_error naming what there is
  preset_metric operator()(std::string_view text) const;
};

/// recokit, trec_eval, ranx, recbole, rectools, lenskit, lenskit_0.14, torchmetrics, implicit,
/// irspack and scikit-learn.
const std::vector<ranking_preset>& ranking_presets();

/// @throws value_error naming those there are
const ranking_preset& find_ranking_preset(std::string_view name);

}  // namespace recokit::inline RECOKIT_ABI
