// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Small interactions written as lists of entries, and back.
#pragma once

#include <recokit/core/random.hpp>
#include <recokit/data/interactions.hpp>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <utility>
#include <vector>

namespace recokit_test {

struct entry {
  int user;
  int item;
  float value = 1;
  std::int64_t time = 0;
  auto operator<=>(const entry&) const = default;
};

enum class with { all, values, times, pattern };

/// rows × cols interactions of the entries, in any order; indices are ids.
inline recokit::interactions build(int rows, int cols, std::vector<entry> entries,
                                   with content = with::all) {
  const bool values = content == with::all || content == with::values;
  const bool times = content == with::all || content == with::times;
  std::sort(entries.begin(), entries.end());
  std::vector<recokit::offset_t> offsets(static_cast<std::size_t>(rows) + 1);
  std::vector<recokit::index_t> indices;
  std::vector<float> all_values;
  std::vector<std::int64_t> all_times;
  for (const entry& e : entries) {
    ++offsets[static_cast<std::size_t>(e.user) + 1];
    indices.push_back(e.item);
    if (values) all_values.push_back(e.value);
    if (times) all_times.push_back(e.time);
  }
  for (std::size_t r = 0; r < static_cast<std::size_t>(rows); ++r) offsets[r + 1] += offsets[r];
  return {recokit::csr_matrix<>(rows, cols, std::move(offsets), std::move(indices),
                                std::move(all_values)),
          recokit::id_map::identity(rows), recokit::id_map::identity(cols), std::move(all_times)};
}

/// The entries in order of rows and columns; time 0 without timestamps.
inline std::vector<entry> entries_of(const recokit::interactions& data) {
  std::vector<entry> result;
  for (int u = 0; u < data.rows(); ++u) {
    const auto row = data.view().row(u);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t at = result.size();
      result.push_back(
          {u, row.indices[i], row.value(i), data.has_timestamps() ? data.timestamps()[at] : 0});
    }
  }
  return result;
}

/// The entries of both, in order.
inline std::vector<entry> together(std::vector<entry> a, const std::vector<entry>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  return a;
}

/// About density × rows × cols entries. Every fifth user has none; times repeat often.
inline recokit::interactions scattered(int rows, int cols, double density, std::uint64_t seed,
                                       with content = with::all) {
  recokit::random_stream stream(seed, recokit::random_purpose::user);
  std::vector<entry> entries;
  for (int u = 0; u < rows; ++u) {
    for (int i = 0; i < cols; ++i) {
      const bool present = stream.uniform() < density;
      const auto value = static_cast<float>(1 + stream.below(5));
      const auto time = static_cast<std::int64_t>(1000 + stream.below(97));
      if (present && u % 5 != 3) entries.push_back({u, i, value, time});
    }
  }
  return build(rows, cols, std::move(entries), content);
}

}  // namespace recokit_test
