// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/resampling/prototype_seeds.hpp>

#include <algorithm>

namespace recokit::inline RECOKIT_ABI::detail {

std::vector<index_t> prototype_seeds(const seed_draw& draw, const class_table& classes,
                                     std::size_t position, int count) {
  const auto rows = classes.rows_of(position);
  std::vector<index_t> seeds;
  for (int n = 0; n < count; ++n) {
    const auto drawn = draw(classes.label(position), n, rows.size());
    const index_t row = rows[static_cast<std::size_t>(drawn)];
    if (std::find(seeds.begin(), seeds.end(), row) == seeds.end()) seeds.push_back(row);
  }
  return seeds;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
