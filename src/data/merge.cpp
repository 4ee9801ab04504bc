// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/data/merge.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

csr_row<float, index_t> row_or_none(const csr_view<>& matrix, std::int64_t r) {
  return r < matrix.rows() ? matrix.row(r) : csr_row<float, index_t>{};
}

float chosen(duplicate_rule rule, float old_value, float new_value) {
  switch (rule) {
    case duplicate_rule::sum:
      return old_value + new_value;
    case duplicate_rule::max:
      return std::max(old_value, new_value);
    default:
      return new_value;
  }
}

// Calls put(column, value) for the union of two rows, in ascending order of columns.
template <class Put>
void merge_rows(const csr_row<float, index_t>& a, const csr_row<float, index_t>& b,
                duplicate_rule rule, const Put& put) {
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (j == b.size() || (i < a.size() && a.indices[i] < b.indices[j])) {
      put(a.indices[i], a.value(i));
      ++i;
    } else if (i == a.size() || b.indices[j] < a.indices[i]) {
      put(b.indices[j], b.value(j));
      ++j;
    } else {
      put(a.indices[i], chosen(rule, a.value(i), b.value(j)));
      ++i;
      ++j;
    }
  }
}

}  // namespace

csr_matrix<> merge(const csr_view<>& interactions, const csr_view<>& additions, duplicate_rule rule,
                   const cpu& policy) {
  const std::int64_t rows = std::max(interactions.rows(), additions.rows());
  const std::int64_t cols = std::max(interactions.cols(), additions.cols());
  std::vector<offset_t> offsets(static_cast<std::size_t>(rows) + 1, 0);
  parallel_for(policy, rows, 1024, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      offset_t size = 0;
      merge_rows(row_or_none(interactions, r), row_or_none(additions, r), rule,
                 [&](index_t, float) { ++size; });
      offsets[static_cast<std::size_t>(r) + 1] = size;
    }
  });
  for (std::size_t r = 0; r + 1 < offsets.size(); ++r) offsets[r + 1] += offsets[r];
  if (rule == duplicate_rule::error &&
      offsets.back() < interactions.nonzeros() + additions.nonzeros()) {
    for (std::int64_t r = 0; r < rows; ++r) {
      const auto old_row = row_or_none(interactions, r);
      for (const index_t item : row_or_none(additions, r).indices) {
        if (!std::binary_search(old_row.indices.begin(), old_row.indices.end(), item)) continue;
        throw value_error(
            "additions at user " + std::to_string(r) + ", item " + std::to_string(item),
            "known already", "duplicate_rule::error allows new pairs only");
      }
    }
  }
  const auto entries = static_cast<std::size_t>(offsets.back());
  const bool with_values = interactions.has_values() || additions.has_values();
  std::vector<index_t> indices(entries);
  std::vector<float> values(with_values ? entries : 0);
  parallel_for(policy, rows, 1024, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      auto at = static_cast<std::size_t>(offsets[static_cast<std::size_t>(r)]);
      merge_rows(row_or_none(interactions, r), row_or_none(additions, r), rule,
                 [&](index_t column, float value) {
                   indices[at] = column;
                   if (with_values) values[at] = value;
                   ++at;
                 });
    }
  });
  return {rows, cols, std::move(offsets), std::move(indices), std::move(values)};
}

}  // namespace recokit::inline RECOKIT_ABI
