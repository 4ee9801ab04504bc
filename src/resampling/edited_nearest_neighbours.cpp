// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "class_helpers.hpp"

#include <recokit/core/all_rows.hpp>
#include <recokit/resampling/edited_nearest_neighbours.hpp>
#include <recokit/resampling/new_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace recokit::inline RECOKIT_ABI::edited_nearest_neighbours {
namespace {

/// Whether the neighbours in line `q` of the table agree with class c. counts: zeros, one a class.
bool agrees(const class_table& classes, const row_major_matrix<index_t>& near, Eigen::Index q,
            std::size_t c, agreement keep, std::vector<int>& counts) {
  std::fill(counts.begin(), counts.end(), 0);
  for (Eigen::Index n = 0; n < near.cols(); ++n) ++counts[detail::class_of(classes, near(q, n))];
  if (keep == agreement::all) return counts[c] == near.cols();
  return std::max_element(counts.begin(), counts.end()) - counts.begin() ==
         static_cast<std::ptrdiff_t>(c);
}

}  // namespace

std::vector<index_t> kept_rows(const detail::row_search& search, const class_table& classes,
                               std::span<const index_t> among, const std::vector<bool>& cleaned,
                               int k, agreement keep) {
  detail::check_all_neighbors("params.k_neighbors", k, static_cast<std::int64_t>(among.size()));
  const auto is_judged = [&](index_t r) { return cleaned[detail::class_of(classes, r)]; };
  std::vector<index_t> judged;
  std::copy_if(among.begin(), among.end(), std::back_inserter(judged), is_judged);
  const auto near = search(among, judged, k).rows;
  std::vector<index_t> kept;
  std::vector<int> counts(classes.classes());
  Eigen::Index q = 0;
  for (const index_t r : among) {
    if (!is_judged(r) || agrees(classes, near, q++, detail::class_of(classes, r), keep, counts)) {
      kept.push_back(r);
    }
  }
  return kept;
}

selection select_rows(const detail::row_search& search, const class_table& classes,
                      const params& params) {
  const auto kept =
      kept_rows(search, classes, detail::all_rows(static_cast<index_t>(classes.rows())),
                detail::is_cleaned(params.strategy, classes), params.k_neighbors, params.keep);
  return {detail::grouped(classes, kept)};
}

}  // namespace recokit::inline RECOKIT_ABI::edited_nearest_neighbours
