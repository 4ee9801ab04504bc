// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Copies chosen entries of interactions, in parallel and in order.
#pragma once

#include "entry_arrays.hpp"

#include <recokit/core/parallel.hpp>
#include <recokit/data/interactions.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace recokit::inline RECOKIT_ABI::detail {

// Work of one piece of a parallel loop over rows, in entries.
inline constexpr std::int64_t entries_a_piece = 1 << 15;

/// Calls body(row, first entry, last entry) for every row, in parallel.
template <class Body>
void for_each_row(const cpu& policy, const csr_view<>& view, const Body& body) {
  const auto offsets = view.offsets();
  parallel_for_rows(policy, offsets.data(), view.rows(), entries_a_piece, 4,
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t r = begin; r < end; ++r) {
                        const auto at = static_cast<std::size_t>(r);
                        body(at, static_cast<std::size_t>(offsets[at]),
                             static_cast<std::size_t>(offsets[at + 1]));
                      }
                    });
}

/// The entries e of rows r for which keep(r, e) holds, with all rows and the columns as they were.
/// keep is called twice an entry, from any thread.
template <class Keep>
entry_arrays select_arrays(const interactions& data, const Keep& keep) {
  const cpu policy;
  const auto view = data.view();
  const auto rows = static_cast<std::size_t>(view.rows());
  entry_arrays out;
  out.offsets = std::make_unique_for_overwrite<offset_t[]>(rows + 1);
  for_each_row(policy, view, [&](std::size_t r, std::size_t begin, std::size_t end) {
    offset_t kept = 0;
    for (std::size_t e = begin; e < end; ++e) kept += keep(r, e) ? 1 : 0;
    out.offsets[r + 1] = kept;
  });
  out.offsets[0] = 0;
  for (std::size_t r = 0; r < rows; ++r) out.offsets[r + 1] += out.offsets[r];

  const auto indices = view.indices();
  const auto values = view.values();
  const auto times = data.timestamps();
  allocate_entries(out, static_cast<std::size_t>(out.offsets[rows]), view.has_values(),
                   data.has_timestamps());
  for_each_row(policy, view, [&](std::size_t r, std::size_t begin, std::size_t end) {
    auto to = static_cast<std::size_t>(out.offsets[r]);
    for (std::size_t e = begin; e < end; ++e) {
      if (!keep(r, e)) continue;
      out.indices[to] = indices[e];
      if (out.values) out.values[to] = values[e];
      if (out.timestamps) out.timestamps[to] = times[e];
      ++to;
    }
  });
  return out;
}

/// The same as interactions of the full shape that share the id maps of `data`.
template <class Keep>
interactions select_entries(const interactions& data, const Keep& keep) {
  return to_interactions(select_arrays(data, keep), data.users(), data.items());
}

}  // namespace recokit::inline RECOKIT_ABI::detail
