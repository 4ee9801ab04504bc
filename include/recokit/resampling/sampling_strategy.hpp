// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How many rows of which class a sampler makes, keeps or cleans.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/resampling/class_rows.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// A number of rows for each of some classes, by label.
using class_counts = std::map<index_t, std::int64_t>;

/// Which classes a sampler targets, and what their sizes shall be. The default is automatic: an
/// over-sampler lifts every class to the largest, an under-sampler cuts every class but the
/// smallest to the smallest. The arithmetic is that of imbalanced-learn.
///
/// | strategy | over-sampler: rows after | under-sampler: rows after | cleaner: looks at |
/// |---|---|---|---|
/// | automatic | as not_majority | as not_minority | as not_minority |
/// | all | every class as the largest | every class as the smallest | every class |
/// | minority | the smallest class as the largest | an error | an error |
/// | majority | an error | the largest class as the smallest | the largest class |
/// | not_minority | all but the smallest class as the largest | … as the smallest | all but the
/// smallest | | not_majority | all but the largest class as the largest | … as the smallest | all
/// but the largest | | ratio(r) | minority = ⌊r · majority⌋ | majority = ⌊minority / r⌋ | an error
/// | | counts, callable | as given, not below what is there | as given, not above it | an error |
/// | classes | an error | an error | as given |
///
/// Of equally large classes the first by label is the majority, and the minority.
class sampling_strategy {
 public:
  using function = std::function<class_counts(const class_table&)>;

  sampling_strategy() = default;
  static sampling_strategy automatic() { return {}; }
  static sampling_strategy all() { return kind::all; }
  static sampling_strategy minority() { return kind::minority; }
  static sampling_strategy majority() { return kind::majority; }
  static sampling_strategy not_minority() { return kind::not_minority; }
  static sampling_strategy not_majority() { return kind::not_majority; }
  /// Rows of the smaller class over rows of the larger one, afterwards; two classes only.
  /// @param minority_over_majority in (0, 1]
  static sampling_strategy ratio(double minority_over_majority);
  /// Rows of each of some classes, afterwards. Classes that are not named stay as they are.
  static sampling_strategy counts(class_counts rows);
  /// For cleaners: the classes to look at.
  static sampling_strategy classes(std::vector<index_t> labels);
  /// What counts() would be given, from the classes of the data.
  static sampling_strategy callable(function wanted);

 private:
  enum class kind {
    automatic,
    all,
    minority,
    majority,
    not_minority,
    not_majority,
    ratio,
    counts,
    classes,
    callable,
  };
  sampling_strategy(kind chosen) : kind_(chosen) {}
  friend struct strategy_reader;

  // Of the rest the one is used that kind_ names.
  kind kind_ = kind::automatic;
  double ratio_ = 0;
  class_counts counts_;
  std::vector<index_t> labels_;
  function callable_;
};

/// How many new rows an over-sampler makes: for each class that the strategy targets, 0 included.
/// @throws value_error when the strategy is none for over-samplers or does not fit the classes
class_counts over_targets(const sampling_strategy& strategy, const class_table& classes);

/// How many rows an under-sampler keeps, for each class that the strategy targets; the others stay
/// whole.
/// @throws value_error when the strategy is none for under-samplers or does not fit the classes
class_counts under_targets(const sampling_strategy& strategy, const class_table& classes);

/// The labels of the classes that a cleaner looks at, ascending.
/// @throws value_error when the strategy is none for cleaners or names an unknown class
std::vector<index_t> cleaned_classes(const sampling_strategy& strategy, const class_table& classes);

}  // namespace recokit::inline RECOKIT_ABI
