// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/random.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/random_under.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::random_under {
namespace {

/// The `wanted` rows with the smallest keys: no draw depends on another.
std::vector<index_t> part_of(std::span<const index_t> rows, std::int64_t wanted, index_t label,
                             const detail::counter_draws& draws) {
  std::vector<std::pair<std::uint64_t, index_t>> keys;
  keys.reserve(rows.size());
  for (const index_t r : rows) {
    const auto sample = static_cast<std::int64_t>(keys.size());
    keys.emplace_back(draws.stream(random_purpose::kept_rows, label, sample).bits64(), r);
  }
  const auto end = keys.begin() + static_cast<std::ptrdiff_t>(wanted);
  std::nth_element(keys.begin(), end, keys.end());
  std::vector<index_t> part;
  for (auto key = keys.begin(); key != end; ++key) part.push_back(key->second);
  return part;
}

std::vector<index_t> drawn_from(std::span<const index_t> rows, std::int64_t wanted, index_t label,
                                const detail::counter_draws& draws) {
  std::vector<index_t> drawn;
  for (std::int64_t n = 0; n < wanted; ++n) {
    auto stream = draws.stream(random_purpose::kept_rows, label, n);
    drawn.push_back(rows[static_cast<std::size_t>(stream.below(rows.size()))]);
  }
  return drawn;
}

}  // namespace

selection select_rows(const class_table& classes, const params& params) {
  const detail::counter_draws draws(params.seed);
  const class_counts targets = under_targets(params.strategy, classes);
  selection kept;
  for (std::size_t c = 0; c < classes.classes(); ++c) {
    const auto rows = classes.rows_of(c);
    const auto target = targets.find(classes.label(c));
    std::vector<index_t> part(rows.begin(), rows.end());
    if (target != targets.end()) {
      const auto& choose = params.replacement ? drawn_from : part_of;
      part = choose(rows, target->second, classes.label(c), draws);
      std::sort(part.begin(), part.end());
    }
    kept.rows.insert(kept.rows.end(), part.begin(), part.end());
  }
  return kept;
}

}  // namespace recokit::inline RECOKIT_ABI::random_under
