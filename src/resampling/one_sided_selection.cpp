// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "class_helpers.hpp"
#include "two_class_vote.hpp"

#include <recokit/resampling/one_sided_selection.hpp>
#include <recokit/resampling/tomek_links.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::one_sided_selection {
namespace {

/// The seeds of a class, then those of its rows that they and the smallest class misclassify.
std::vector<index_t> one_sided(const detail::row_search& search, const class_table& classes,
                               std::size_t c, const params& params, const detail::seed_draw& draw) {
  const auto smallest = classes.rows_of(classes.minority());
  auto kept = detail::prototype_seeds(draw, classes, c, params.seeds);
  std::vector<index_t> store(smallest.begin(), smallest.end());
  store.insert(store.end(), kept.begin(), kept.end());
  std::sort(store.begin(), store.end());
  detail::check_neighbors("params.k_neighbors", params.k_neighbors,
                          static_cast<std::int64_t>(store.size()),
                          "the smallest " + detail::size_text(classes, classes.minority()) +
                              " and there are " + std::to_string(kept.size()) + " seeds");
  const auto others = detail::without(classes.rows_of(c), kept);
  const auto near = search(store, others, params.k_neighbors).rows;
  for (Eigen::Index q = 0; q < near.rows(); ++q) {
    std::int64_t votes = 0;
    for (Eigen::Index n = 0; n < near.cols(); ++n) {
      if (detail::class_of(classes, near(q, n)) == c) ++votes;
    }
    if (!detail::outvotes_minority(classes, c, votes, near.cols())) {
      kept.push_back(others[static_cast<std::size_t>(q)]);
    }
  }
  return kept;
}

}  // namespace

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params, const detail::seed_draw& draw) {
  const auto cleaned = detail::is_cleaned(params.strategy, classes);
  selection kept;
  for (std::size_t c = 0; c < classes.classes(); ++c) {
    std::vector<index_t> part(classes.rows_of(c).begin(), classes.rows_of(c).end());
    if (cleaned[c] && c != classes.minority()) part = one_sided(search, classes, c, params, draw);
    kept.rows.insert(kept.rows.end(), part.begin(), part.end());
  }
  auto rows = kept.rows;
  std::sort(rows.begin(), rows.end());
  const auto linked = tomek_links::linked_rows(search, classes, rows);
  std::erase_if(kept.rows, [&](index_t r) {
    return cleaned[detail::class_of(classes, r)] &&
           std::binary_search(linked.begin(), linked.end(), r);
  });
  return kept;
}

}  // namespace recokit::inline RECOKIT_ABI::one_sided_selection
