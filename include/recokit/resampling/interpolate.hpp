// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Makes the new rows of an over-sampler from their origins.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/resampling/new_rows.hpp>
#include <recokit/resampling/resampled.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// base + step · (neighbor − base), in double. A step in [0, 1] never leaves the segment, which
/// rounding could. Without branches on values, so that loops over columns become vectors.
template <class Scalar>
Scalar interpolated(Scalar base, Scalar neighbor, double step) noexcept {
  const auto from = static_cast<double>(base);
  const auto to = static_cast<double>(neighbor);
  const double value = from + step * (to - from);
  if (step < 0 || step > 1) return static_cast<Scalar>(value);
  const double low = to < from ? to : from;
  const double high = to < from ? from : to;
  const double above = value < low ? low : value;
  return static_cast<Scalar>(high < above ? high : above);
}

/// Input labels, then new ones.
inline std::vector<index_t> joined_labels(std::span<const index_t> labels, const new_rows& made) {
  std::vector<index_t> joined;
  joined.reserve(labels.size() + made.labels.size());
  joined.assign(labels.begin(), labels.end());
  joined.insert(joined.end(), made.labels.begin(), made.labels.end());
  return joined;
}

/// Rows `stride` scalars apart and, below them, `added` rows that fill(i, row) writes.
/// @throws memory_error when they do not fit
template <class Scalar, class Fill>
row_major_matrix<Scalar> extended_rows(const cpu& policy, const Scalar* data, std::int64_t rows,
                                       std::int64_t cols, std::int64_t stride, std::int64_t added,
                                       const Fill& fill) {
  check::fits_memory("resampled rows",
                     check::bytes("resampled rows", static_cast<std::uint64_t>(rows + added),
                                  static_cast<std::uint64_t>(cols), sizeof(Scalar)));
  row_major_matrix<Scalar> all(rows + added, cols);
  const std::int64_t grain = std::max<std::int64_t>(1, 65'536 / std::max<std::int64_t>(cols, 1));
  parallel_for(policy, rows, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      std::copy_n(data + r * stride, cols, all.data() + r * cols);
    }
  });
  parallel_for(policy, added, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) fill(i, all.data() + (rows + i) * cols);
  });
  return all;
}

/// The rows of the input and, below them, one for each origin that fill(i, origin, row) writes.
/// @throws memory_error when they do not fit
template <class Scalar, class Fill>
resampled<Scalar> with_new_rows(const cpu& policy, const dense_view<Scalar>& rows,
                                std::span<const index_t> labels, new_rows&& made,
                                const Fill& fill) {
  resampled<Scalar> result;
  result.labels = joined_labels(labels, made);
  result.origins = std::move(made.origins);
  result.unmet = std::move(made.unmet);
  result.rows = extended_rows(policy, rows.data(), rows.rows(), rows.cols(), rows.stride(),
                              static_cast<std::int64_t>(result.origins.size()),
                              [&](std::int64_t i, Scalar* row) {
                                fill(i, result.origins[static_cast<std::size_t>(i)], row);
                              });
  return result;
}

/// New rows on the lines between base and neighbour. O(new rows · columns)
template <class Scalar>
resampled<Scalar> interpolate(const cpu& policy, const dense_view<Scalar>& rows,
                              std::span<const index_t> labels, new_rows&& made) {
  return with_new_rows(policy, rows, labels, std::move(made),
                       [&](std::int64_t, const origin& from, Scalar* row) {
                         const Scalar* const base = rows.row(from.base);
                         const Scalar* const neighbor = rows.row(from.neighbor);
                         const double step = from.step;
                         for (std::int64_t c = 0; c < rows.cols(); ++c) {
                           row[c] = interpolated(base[c], neighbor[c], step);
                         }
                       });
}

/// Calls use(column, base value, neighbour value) for every column that either row stores,
/// ascending.
template <class Value, class Index, class Use>
void over_union(const csr_row<Value, Index>& base, const csr_row<Value, Index>& neighbor,
                const Use& use) {
  std::size_t b = 0;
  std::size_t n = 0;
  while (b < base.size() || n < neighbor.size()) {
    const Index past = std::numeric_limits<Index>::max();
    const Index at_base = b < base.size() ? base.indices[b] : past;
    const Index at_neighbor = n < neighbor.size() ? neighbor.indices[n] : past;
    const Index column = std::min(at_base, at_neighbor);
    const Value from = at_base == column ? base.value(b++) : Value{0};
    const Value to = at_neighbor == column ? neighbor.value(n++) : Value{0};
    use(column, from, to);
  }
}

/// The rows of the input and, below them, one for each origin: count(i, origin) says how many
/// entries it has, fill(i, origin, columns, values) writes them.
/// @throws value_error for more columns than an index counts, memory_error when they do not fit
template <class Value, class Index, class Offset, class Count, class Fill>
sparse_resampled<Value> with_new_rows(const cpu& policy, const csr_view<Value, Index, Offset>& rows,
                                      std::span<const index_t> labels, new_rows&& made,
                                      const Count& count, const Fill& fill) {
  constexpr std::int64_t most = std::numeric_limits<index_t>::max();
  if (std::int64_t{rows.cols()} > most) {
    throw value_error("rows.cols()", std::to_string(rows.cols()),
                      "must be at most " + std::to_string(most));
  }
  struct arrays {
    std::unique_ptr<offset_t[]> offsets;
    std::unique_ptr<index_t[]> indices;
    std::unique_ptr<Value[]> values;
  };
  const auto inputs = static_cast<std::int64_t>(rows.rows());
  const auto added = static_cast<std::int64_t>(made.origins.size());
  sparse_resampled<Value> result;
  result.labels = joined_labels(labels, made);
  result.origins = std::move(made.origins);
  result.unmet = std::move(made.unmet);
  const auto origin_of = [&](std::int64_t i) -> const origin& {
    return result.origins[static_cast<std::size_t>(i)];
  };
  constexpr std::int64_t grain = 256;

  auto owned = std::make_shared<arrays>();
  owned->offsets =
      std::make_unique_for_overwrite<offset_t[]>(static_cast<std::size_t>(inputs + added) + 1);
  offset_t* const offsets = owned->offsets.get();
  offsets[0] = 0;
  for (std::int64_t r = 0; r < inputs; ++r) {
    offsets[r + 1] = static_cast<offset_t>(rows.offsets()[static_cast<std::size_t>(r) + 1]);
  }
  parallel_for(policy, added, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) offsets[inputs + i + 1] = count(i, origin_of(i));
  });
  for (std::int64_t r = inputs; r < inputs + added; ++r) offsets[r + 1] += offsets[r];

  const auto entries = static_cast<std::uint64_t>(offsets[inputs + added]);
  check::fits_memory("resampled rows",
                     check::bytes("resampled rows", entries, 1, sizeof(index_t) + sizeof(Value)));
  owned->indices = std::make_unique_for_overwrite<index_t[]>(entries);
  owned->values = std::make_unique_for_overwrite<Value[]>(entries);
  parallel_for(policy, inputs, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const auto row = rows.row(r);
      for (std::size_t e = 0; e < row.size(); ++e) {
        const std::size_t at = static_cast<std::size_t>(offsets[r]) + e;
        owned->indices[at] = static_cast<index_t>(row.indices[e]);
        owned->values[at] = row.value(e);
      }
    }
  });
  parallel_for(policy, added, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const offset_t at = offsets[inputs + i];
      fill(i, origin_of(i), owned->indices.get() + at, owned->values.get() + at);
    }
  });
  const auto view = csr_view<Value>::trusted(inputs + added, rows.cols(), offsets,
                                             owned->indices.get(), owned->values.get());
  result.rows = csr_matrix<Value>(view, std::shared_ptr<const void>(std::move(owned)));
  return result;
}

/// New rows on the lines between base and neighbour: their entries are where either has one.
/// O(entries)
template <class Value, class Index, class Offset>
sparse_resampled<Value> interpolate(const cpu& policy, const csr_view<Value, Index, Offset>& rows,
                                    std::span<const index_t> labels, new_rows&& made) {
  return with_new_rows(
      policy, rows, labels, std::move(made),
      [&](std::int64_t, const origin& from) {
        offset_t entries = 0;
        over_union(rows.row(from.base), rows.row(from.neighbor), [&](auto...) { ++entries; });
        return entries;
      },
      [&](std::int64_t, const origin& from, index_t* columns, Value* values) {
        over_union(rows.row(from.base), rows.row(from.neighbor),
                   [&](Index column, Value base, Value neighbor) {
                     *columns++ = static_cast<index_t>(column);
                     *values++ = interpolated(base, neighbor, from.step);
                   });
      });
}

}  // namespace recokit::inline RECOKIT_ABI::detail
