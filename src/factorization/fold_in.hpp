// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What folding rows into a pairwise model needs: one row moves, all others stand still.
#pragma once

#include "negative_draws.hpp"

#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/random.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

using factor_row = Eigen::Map<const Eigen::RowVectorXf>;

/// The first d columns of row r.
inline factor_row row_of(const row_major_matrix<float>& rows, std::int64_t r, Eigen::Index d) {
  return {rows.data() + r * rows.cols(), d};
}

/// The mean over the second half of the passes: what the steps circle around.
class late_mean {
 public:
  late_mean(Eigen::Index size, int passes)
      : sum_(Eigen::RowVectorXd::Zero(size)), passes_(passes) {}
  void add(int pass, const Eigen::RowVectorXf& row) {
    if (2 * pass < passes_ - 1) return;
    sum_ += row.cast<double>();
    ++count_;
  }
  Eigen::RowVectorXf mean() const { return (sum_ / count_).cast<float>(); }

 private:
  Eigen::RowVectorXd sum_;
  int passes_;
  int count_ = 0;
};

/// Marks the entries of a history.
inline void mark_own(own_items& own, const csr_row<float, index_t>& history, std::size_t size) {
  std::vector<banded_entry> entries;
  entries.reserve(history.size());
  for (const index_t i : history.indices) entries.push_back({0, static_cast<std::uint32_t>(i)});
  own.begin(entries, size);
}

/// A random interaction (user, item).
inline std::pair<index_t, index_t> draw_interaction(const csr_view<>& known,
                                                    random_stream& random) {
  const auto at = static_cast<offset_t>(random.below(static_cast<std::uint64_t>(known.nonzeros())));
  const auto user = std::upper_bound(known.offsets().begin(), known.offsets().end(), at) -
                    known.offsets().begin() - 1;
  return {static_cast<index_t>(user), known.indices()[static_cast<std::size_t>(at)]};
}

/// A random item that the user does not have, after a few tries any item.
inline index_t draw_other(const csr_view<>& known, index_t user, random_stream& random) {
  const auto items = static_cast<std::uint64_t>(known.cols());
  auto item = static_cast<index_t>(random.below(items));
  if (user >= known.rows()) return item;
  const auto own = known.row(user).indices;
  for (int tries = 0; tries < 16 && std::binary_search(own.begin(), own.end(), item); ++tries) {
    item = static_cast<index_t>(random.below(items));
  }
  return item;
}

/// @throws value_error when a model without its history is asked to fold items in
inline void require_known(const csr_view<>& known, const csr_view<>& histories) {
  if (known.rows() == 0 && histories.rows() > 0) {
    throw value_error("params.keep_history", "false",
                      "folding items in draws from the history of the model: fit with "
                      "keep_history = true, and save with the history");
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail
