// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Two JSON reports side by side: what changed by more than chance.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recokit_bench {

enum class verdict {
  same,     ///< the same number, digit for digit
  within,   ///< differs by no more than its spread
  better,   ///< differs by more, to the good
  worse,    ///< differs by more, to the bad
  changed,  ///< differs by more, and neither end is good
  unknown,  ///< differs, and nothing is known of its spread
};

/// "same", "within noise", "better", …
std::string_view verdict_text(verdict v) noexcept;

/// One number of one model in both reports.
struct compared_number {
  std::string model;
  std::string name;  ///< a metric, "fit seconds" or "recommend seconds"
  double before = 0;
  double after = 0;
  verdict outcome = verdict::unknown;
};

struct comparison {
  std::vector<compared_number> numbers;  ///< in the order of the first report
  std::vector<std::string> notes;        ///< what was not compared, and why

  bool any(verdict v) const noexcept;
};

/// Compares the models that both reports have, by label.
///
/// Metrics. With several folds: a paired t interval of the differences of the folds, 95 %. With
/// one: the two intervals of the means, as if the users were not the same ones; a paired comparison
/// would see smaller differences. Seconds: medians of the repeats differ by more than `tolerance`
/// and a millisecond, and the middle halves of both series do not overlap; at least three repeats
/// each.
///
/// @param before,after texts of two files that `run --json` wrote
/// @param tolerance    relative difference of seconds below which nothing is said, at least 0
/// @throws std::runtime_error for text that is no report of this version, and for reports of other
///         data, another split or no model in common: their numbers mean different things
comparison compare_reports(std::string_view before, std::string_view after, double tolerance);

/// A table, the notes and a last line with the sum of it.
std::string comparison_text(const comparison& compared);

}  // namespace recokit_bench
