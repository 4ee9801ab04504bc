// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Where cross-validation and search take their train and test parts from.
#pragma once

#include <recokit/data/interactions.hpp>
#include <recokit/data/split.hpp>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// One or more holdouts to fit and evaluate on. Functions that take one also take interactions, a
/// holdout, or a list of holdouts.
class fold_source {
 public:
  /// split::fold of the data; each is built when it is asked for, so one is held at a time.
  fold_source(interactions data) : data_(std::move(data)) {}
  /// One fold.
  fold_source(holdout split);
  /// Ready folds: split::k_fold(data), or splits of any kind. @throws value_error without any
  fold_source(std::vector<holdout> splits);
  /// make(f) builds fold f of `count`; it is called anew whenever a fold is needed and must give
  /// the same parts every time. @throws value_error when count < 1 or make is empty
  fold_source(int count, std::function<holdout(int)> make);

  /// @param deal for interactions: the folds and their seed; unused when the folds are given
  /// @throws value_error when deal.folds is not in [2, 256]
  int size(const split::k_fold_params& deal) const;
  /// Fold f of [0, size()). @throws what split::fold throws
  holdout fold(int f, const split::k_fold_params& deal) const;

 private:
  std::optional<interactions> data_;
  int count_ = 0;
  std::function<holdout(int)> make_;
};

}  // namespace recokit::inline RECOKIT_ABI
