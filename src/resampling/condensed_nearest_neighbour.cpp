// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "class_helpers.hpp"
#include "two_class_vote.hpp"

#include <recokit/resampling/condensed_nearest_neighbour.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::condensed_nearest_neighbour {
namespace {

/// Condenses one class.
class store {
 public:
  store(const detail::row_search& search, const class_table& classes, std::size_t position,
        std::vector<index_t> seeds, int k)
      : search_(search), classes_(classes), position_(position), k_(k), kept_(std::move(seeds)) {
    const auto smallest = classes.rows_of(classes.minority());
    rows_.assign(smallest.begin(), smallest.end());
    add_to_rows(kept_);
    detail::check_neighbors("params.k_neighbors", k, static_cast<std::int64_t>(rows_.size()),
                            "the smallest " + detail::size_text(classes, classes.minority()) +
                                " and there are " + std::to_string(kept_.size()) + " seeds");
  }

  /// Goes over `rows` (ascending) once; those that were not added.
  std::vector<index_t> pass(std::span<const index_t> rows) {
    // The rows of a block are asked together against what was kept before it; what the block itself
    // adds is compared one by one.
    constexpr std::size_t block = 512;
    std::vector<index_t> left;
    for (std::size_t begin = 0; begin < rows.size(); begin += block) {
      add_from(rows.subspan(begin, std::min(block, rows.size() - begin)), left);
    }
    return left;
  }

  std::vector<index_t> kept() && { return std::move(kept_); }
  std::size_t size() const noexcept { return kept_.size(); }

 private:
  using neighbor = std::pair<double, index_t>;  ///< ordered by distance, then by row

  void add_from(std::span<const index_t> block, std::vector<index_t>& left) {
    const auto k = static_cast<std::size_t>(k_);
    const auto table = search_(rows_, block, k_);
    std::vector<neighbor> near;
    for (Eigen::Index n = 0; n < table.rows.size(); ++n) {
      near.emplace_back(table.distances.data()[n], table.rows.data()[n]);
    }
    std::vector<index_t> added;
    for (std::size_t i = 0; i < block.size(); ++i) {
      if (is_classified(std::span(near).subspan(i * k, k))) {
        left.push_back(block[i]);
        continue;
      }
      added.push_back(block[i]);
      const auto later = block.subspan(i + 1);
      const auto to_added = search_(block.subspan(i, 1), later, 1).distances;
      for (std::size_t n = 0; n < later.size(); ++n) {
        const neighbor candidate{to_added(static_cast<Eigen::Index>(n), 0), block[i]};
        const auto list = std::span(near).subspan((i + 1 + n) * k, k);
        const auto at = std::lower_bound(list.begin(), list.end(), candidate);
        if (at == list.end()) continue;
        std::copy_backward(at, list.end() - 1, list.end());
        *at = candidate;
      }
    }
    kept_.insert(kept_.end(), added.begin(), added.end());
    add_to_rows(added);
  }

  bool is_classified(std::span<const neighbor> near) const {
    const auto votes = std::count_if(near.begin(), near.end(), [&](const neighbor& other) {
      return detail::class_of(classes_, other.second) == position_;
    });
    return detail::outvotes_minority(classes_, position_, votes,
                                     static_cast<std::int64_t>(near.size()));
  }

  void add_to_rows(std::vector<index_t> more) {
    std::sort(more.begin(), more.end());
    std::vector<index_t> all;
    std::merge(rows_.begin(), rows_.end(), more.begin(), more.end(), std::back_inserter(all));
    rows_ = std::move(all);
  }

  const detail::row_search& search_;
  const class_table& classes_;
  std::size_t position_;
  int k_;
  std::vector<index_t> kept_;  ///< of the class, in the order added
  std::vector<index_t> rows_;  ///< the smallest class and kept_, ascending
};

std::vector<index_t> condensed(const detail::row_search& search, const class_table& classes,
                               std::size_t c, const params& params, const detail::seed_draw& draw) {
  const auto seeds = detail::prototype_seeds(draw, classes, c, params.seeds);
  auto left = detail::without(classes.rows_of(c), seeds);
  store kept(search, classes, c, seeds, params.k_neighbors);
  for (int pass = 0; pass < params.passes; ++pass) {
    const auto before = kept.size();
    left = kept.pass(left);
    if (kept.size() == before) break;
  }
  return std::move(kept).kept();
}

}  // namespace

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params, const detail::seed_draw& draw) {
  const auto cleaned = detail::is_cleaned(params.strategy, classes);
  selection kept;
  for (std::size_t c = 0; c < classes.classes(); ++c) {
    std::vector<index_t> part(classes.rows_of(c).begin(), classes.rows_of(c).end());
    if (cleaned[c] && c != classes.minority()) part = condensed(search, classes, c, params, draw);
    kept.rows.insert(kept.rows.end(), part.begin(), part.end());
  }
  return kept;
}

}  // namespace recokit::inline RECOKIT_ABI::condensed_nearest_neighbour
