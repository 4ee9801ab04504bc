// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Metrics of a run with the conventions of other libraries.
#pragma once

#include "command_line.hpp"

#include <recokit/core/backend.hpp>
#include <recokit/metrics/presets.hpp>
#include <recokit/metrics/trec_files.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace recokit_eval {

/// The metrics that were asked for; those with the same options are computed in one pass.
class preset_measures {
 public:
  struct group {
    recokit::ranking_options options;
    std::vector<recokit::ranking_metric> metrics;
    std::vector<std::size_t> columns;
  };

  /// @throws recokit::value_error for a preset or a metric that does not exist
  explicit preset_measures(const request& asked);

  const recokit::ranking_preset& preset() const noexcept { return *preset_; }
  /// One a column, as asked for.
  const std::vector<std::string>& names() const noexcept { return names_; }
  const std::vector<group>& groups() const noexcept { return groups_; }
  /// Whether queries that the run does not answer count.
  bool complete() const noexcept { return complete_; }
  std::int64_t max_retrieved() const noexcept { return max_retrieved_; }

 private:
  const recokit::ranking_preset* preset_;
  std::vector<std::string> names_;
  std::vector<group> groups_;
  bool complete_;
  std::int64_t max_retrieved_;
};

struct preset_result {
  std::vector<std::string> queries;
  std::vector<double> values;  ///< queries × columns; NaN where a metric leaves the query out
  std::vector<double> means;
  std::size_t evaluated = 0;  ///< queries with a value
  std::size_t skipped = 0;    ///< queries that every metric leaves out
  std::size_t unanswered = 0;
  std::size_t without_judgements = 0;

  std::span<const double> query_values(std::size_t q) const {
    return {values.data() + q * means.size(), means.size()};
  }
};

/// Documents are numbered in the ascending order of their ids; tied ones stand in the order of the
/// file where a preset keeps the order of its lists.
preset_result evaluate(const recokit::cpu& policy, const preset_measures& measures,
                       const recokit::trec::qrels& judgements, const recokit::trec::run& results);

/// Three columns: metric, query or "all", value.
std::string table_text(const preset_result& result, const preset_measures& measures,
                       const request& asked);
std::string json_text(const preset_result& result, const preset_measures& measures,
                      const request& asked);

}  // namespace recokit_eval
