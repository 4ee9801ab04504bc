// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "editing_passes.hpp"

#include "class_helpers.hpp"

#include <recokit/resampling/resampled.hpp>

#include <algorithm>

namespace recokit::inline RECOKIT_ABI::detail {

std::vector<index_t> edited_again(const row_search& search, const class_table& classes,
                                  std::span<const index_t> among, const sampling_strategy& strategy,
                                  int k, agreement keep) {
  std::vector<index_t> labels;
  for (const index_t r : among) labels.push_back(classes.label(class_of(classes, r)));
  std::vector<bool> cleaned(classes.classes(), false);
  for (const index_t label : cleaned_classes(strategy, class_table(labels))) {
    cleaned[classes.find(label).value()] = true;
  }
  return edited_nearest_neighbours::kept_rows(search, classes, among, cleaned, k, keep);
}

std::vector<std::int64_t> class_sizes(const class_table& classes, std::span<const index_t> rows) {
  std::vector<std::int64_t> sizes(classes.classes(), 0);
  for (const index_t r : rows) ++sizes[class_of(classes, r)];
  return sizes;
}

bool lost_class(const std::vector<std::int64_t>& sizes) {
  return std::find(sizes.begin(), sizes.end(), 0) != sizes.end();
}

bool below_minority(const class_table& classes, const std::vector<std::int64_t>& sizes) {
  for (std::size_t c = 0; c < sizes.size(); ++c) {
    if (c != classes.minority() && sizes[c] < classes.count(classes.minority())) return true;
  }
  return false;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
