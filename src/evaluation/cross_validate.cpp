// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/evaluation/cross_validate.hpp>

#include <cmath>
#include <limits>
#include <string>

namespace recokit::inline RECOKIT_ABI {

const fold_summary& cross_validation_report::summary(std::string_view name) const {
  const ranking_metric wanted = parse_metric(name);
  for (const auto& value : values) {
    if (value.metric == wanted) return value;
  }
  throw value_error("metric", "\"" + std::string(name) + "\"", "was not measured");
}

namespace detail {

std::vector<fold_summary> summarize_folds(const std::vector<evaluation_report>& folds) {
  std::vector<fold_summary> summaries;
  if (folds.empty()) return summaries;
  const auto n = static_cast<double>(folds.size());
  for (std::size_t m = 0; m < folds.front().values.size(); ++m) {
    double sum = 0;
    for (const auto& fold : folds) sum += fold.values[m].mean;
    fold_summary summary{folds.front().values[m].metric, sum / n,
                         std::numeric_limits<double>::quiet_NaN(),
                         std::numeric_limits<double>::quiet_NaN()};
    if (folds.size() > 1) {
      double squares = 0;
      for (const auto& fold : folds) {
        const double off = fold.values[m].mean - summary.mean;
        squares += off * off;
      }
      summary.stddev = std::sqrt(squares / (n - 1));
      summary.standard_error = summary.stddev / std::sqrt(n);
    }
    summaries.push_back(summary);
  }
  return summaries;
}

}  // namespace detail
}  // namespace recokit::inline RECOKIT_ABI
