// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/check.hpp>
#include <recokit/evaluation/fold_source.hpp>

#include <limits>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

fold_source::fold_source(holdout split) : count_(1) {
  make_ = [split = std::move(split)](int) { return split; };
}

fold_source::fold_source(std::vector<holdout> splits) : count_(static_cast<int>(splits.size())) {
  if (splits.empty()) throw value_error("folds", "{}", "must hold at least one holdout");
  make_ = [splits = std::move(splits)](int f) { return splits[static_cast<std::size_t>(f)]; };
}

fold_source::fold_source(int count, std::function<holdout(int)> make)
    : count_(count), make_(std::move(make)) {
  check::in_range("folds", count, 1, std::numeric_limits<int>::max());
  if (!make_) throw value_error("make", "empty", "must be callable with the number of a fold");
}

int fold_source::size(const split::k_fold_params& deal) const {
  if (!data_) return count_;
  check::in_range("options.folds", deal.folds, 2, 256);
  return deal.folds;
}

holdout fold_source::fold(int f, const split::k_fold_params& deal) const {
  if (data_) return split::fold(*data_, f, deal);
  check::index_in("f", f, count_);
  return make_(f);
}

}  // namespace recokit::inline RECOKIT_ABI
