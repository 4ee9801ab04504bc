// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"
#include "select_entries.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/column_counts.hpp>
#include <recokit/data/filter.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

// The side of a k-core that users or items make: who is left, and with how many entries.
struct side {
  std::vector<offset_t> counts;
  std::vector<char> gone;
  offset_t least;

  side(std::vector<offset_t> entries, int minimum)
      : counts(std::move(entries)), gone(counts.size()), least(minimum) {}

  // Drops everyone who starts below the minimum.
  std::vector<index_t> drop_low() {
    std::vector<index_t> dropped;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] >= least) continue;
      gone[i] = 1;
      dropped.push_back(static_cast<index_t>(i));
    }
    return dropped;
  }

  // Takes one entry from each of `ids` and adds those who fall below the minimum to `dropped`.
  void lose(std::span<const index_t> ids, std::vector<index_t>& dropped) {
    for (const index_t id : ids) {
      const auto i = static_cast<std::size_t>(id);
      if (gone[i] || --counts[i] >= least) continue;
      gone[i] = 1;
      dropped.push_back(id);
    }
  }

  std::vector<index_t> left() const {
    std::vector<index_t> ids;
    for (std::size_t i = 0; i < gone.size(); ++i) {
      if (!gone[i]) ids.push_back(static_cast<index_t>(i));
    }
    return ids;
  }
};

std::vector<offset_t> row_counts(const csr_view<>& view) {
  std::vector<offset_t> counts(static_cast<std::size_t>(view.rows()));
  for (std::size_t r = 0; r < counts.size(); ++r) {
    counts[r] = view.offsets()[r + 1] - view.offsets()[r];
  }
  return counts;
}

// Peels: whoever falls below the minimum takes their entries from the other side.
void peel(const csr_view<>& view, side& users, side& items) {
  const auto columns = transpose(cpu{}, view.pattern());
  auto low_users = users.drop_low();
  auto low_items = items.drop_low();
  while (!low_users.empty() || !low_items.empty()) {
    while (!low_users.empty()) {
      const index_t u = low_users.back();
      low_users.pop_back();
      items.lose(view.row(u).indices, low_items);
    }
    while (!low_items.empty()) {
      const index_t i = low_items.back();
      low_items.pop_back();
      users.lose(columns.row(i).indices, low_users);
    }
  }
}

}  // namespace

interactions at_least(const interactions& data, float low) {
  if (!std::isfinite(low)) throw value_error("low", detail::number_text(low), "must be finite");
  const auto view = data.view();
  if (!view.has_values()) {
    return detail::select_entries(data, [&](std::size_t, std::size_t) { return 1 >= low; });
  }
  const auto values = view.values();
  return detail::select_entries(data, [&](std::size_t, std::size_t e) { return values[e] >= low; });
}

interactions k_core(const interactions& data, const k_core_params& params) {
  check::in_range("params.user", params.user, 0, std::numeric_limits<int>::max());
  check::in_range("params.item", params.item, 0, std::numeric_limits<int>::max());
  const auto view = data.view();
  side users(row_counts(view), params.user);
  side items(detail::column_counts(cpu{}, view), params.item);
  peel(view, users, items);
  const auto left_users = users.left();
  const auto left_items = items.left();
  if (left_users.size() == users.gone.size() && left_items.size() == items.gone.size()) return data;

  const auto indices = view.indices();
  auto arrays = detail::select_arrays(data, [&](std::size_t r, std::size_t e) {
    return !users.gone[r] && !items.gone[static_cast<std::size_t>(indices[e])];
  });

  std::vector<index_t> new_column(items.gone.size());
  for (std::size_t i = 0; i < left_items.size(); ++i) {
    new_column[static_cast<std::size_t>(left_items[i])] = static_cast<index_t>(i);
  }
  const offset_t entries = arrays.offsets[static_cast<std::size_t>(view.rows())];
  parallel_for(cpu{}, entries, 1 << 16, [&](std::int64_t begin, std::int64_t end) {
    for (auto e = static_cast<std::size_t>(begin); e < static_cast<std::size_t>(end); ++e) {
      arrays.indices[e] = new_column[static_cast<std::size_t>(arrays.indices[e])];
    }
  });
  // Users who left have no entries, so the offsets of the others already fit together.
  for (std::size_t r = 0; r < left_users.size(); ++r) {
    arrays.offsets[r] = arrays.offsets[static_cast<std::size_t>(left_users[r])];
  }
  arrays.offsets[left_users.size()] = entries;
  return detail::to_interactions(std::move(arrays), data.users().subset(left_users),
                                 data.items().subset(left_items));
}

}  // namespace recokit::inline RECOKIT_ABI
