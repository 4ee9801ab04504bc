// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/evaluation/rating.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace recokit::inline RECOKIT_ABI {
namespace detail {

rating_report evaluate_ratings(const cpu& policy, const csr_view<>& test,
                               const predict_pairs& predict) {
  constexpr std::int64_t tile = 16 * rating_accumulator::piece;
  const auto entries = static_cast<std::int64_t>(test.nonzeros());
  if (entries == 0) {
    throw value_error("test.nonzeros()", "0", "must be at least 1: there is no rating to predict");
  }
  const auto room = static_cast<std::size_t>(std::min(tile, entries));
  std::vector<index_t> rows(room);
  std::vector<float> predicted(room);
  const std::vector<float> ones(test.has_values() ? 0 : room, 1);
  rating_accumulator metrics;
  std::int64_t row = 0;
  for (std::int64_t begin = 0; begin < entries; begin += tile) {
    const std::int64_t end = std::min(entries, begin + tile);
    const auto size = static_cast<std::size_t>(end - begin);
    for (std::int64_t n = begin; n < end; ++n) {
      while (test.offsets()[static_cast<std::size_t>(row) + 1] <= n) ++row;
      rows[static_cast<std::size_t>(n - begin)] = static_cast<index_t>(row);
    }
    const auto first = static_cast<std::size_t>(begin);
    const auto out = std::span(predicted).first(size);
    predict(std::span(rows).first(size), test.indices().subspan(first, size), out);
    metrics.add(policy,
                test.has_values() ? test.values().subspan(first, size)
                                  : std::span<const float>(ones).first(size),
                std::span<const float>(out));
  }
  return metrics.report();
}

}  // namespace detail

rating_fold_summary rating_cross_validation::summary(double rating_report::*measure) const {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (folds.empty()) return {nan, nan, nan};
  const auto n = static_cast<double>(folds.size());
  double sum = 0;
  for (const auto& fold : folds) sum += fold.*measure;
  rating_fold_summary found{sum / n, nan, nan};
  if (folds.size() < 2) return found;
  double squares = 0;
  for (const auto& fold : folds) {
    const double off = fold.*measure - found.mean;
    squares += off * off;
  }
  found.stddev = std::sqrt(squares / (n - 1));
  found.standard_error = found.stddev / std::sqrt(n);
  return found;
}

}  // namespace recokit::inline RECOKIT_ABI
