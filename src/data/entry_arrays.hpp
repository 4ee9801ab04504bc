// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The arrays of interactions under construction: allocated without clearing, owned once.
#pragma once

#include <recokit/data/interactions.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {

struct entry_arrays {
  std::unique_ptr<offset_t[]> offsets;         // rows + 1
  std::unique_ptr<index_t[]> indices;          // one an entry
  std::unique_ptr<float[]> values;             // one an entry, or null
  std::unique_ptr<std::int64_t[]> timestamps;  // one an entry, or null
};

/// Room for the entries that the offsets, already filled in, announce.
inline void allocate_entries(entry_arrays& arrays, std::size_t entries, bool values,
                             bool timestamps) {
  arrays.indices = std::make_unique_for_overwrite<index_t[]>(entries);
  if (values) arrays.values = std::make_unique_for_overwrite<float[]>(entries);
  if (timestamps) arrays.timestamps = std::make_unique_for_overwrite<std::int64_t[]>(entries);
}

/// The interactions that the arrays describe. They must hold what csr_view demands: nobody looks
/// again. All parts of the result share one owner.
inline interactions to_interactions(entry_arrays&& arrays, id_map users, id_map items) {
  auto owner = std::make_shared<const entry_arrays>(std::move(arrays));
  const index_t rows = users.size();
  const auto view = csr_view<>::trusted(rows, items.size(), owner->offsets.get(),
                                        owner->indices.get(), owner->values.get());
  const auto entries = static_cast<std::size_t>(view.nonzeros());
  const std::span<const std::int64_t> times{owner->timestamps.get(),
                                            owner->timestamps ? entries : 0};
  return {csr_matrix<>(view, owner), std::move(users), std::move(items), times, owner};
}

}  // namespace recokit::inline RECOKIT_ABI::detail
