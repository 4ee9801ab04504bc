// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "csr_builder.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/huge_pages.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

constexpr std::int64_t row_work = 1 << 16;  // entries a task takes at least

template <class T>
std::size_t z(T value) noexcept {
  return static_cast<std::size_t>(value);
}

template <class T>
std::unique_ptr<T[]> fresh(std::size_t size) {
  auto array = std::make_unique_for_overwrite<T[]>(size);
  prefer_huge_pages(array.get(), size * sizeof(T));
  return array;
}

// Counts into offsets[user + 1]; runs of one user cost one atomic addition.
void count_rows(const coo_piece& piece, offset_t* offsets) {
  std::size_t k = 0;
  while (k < piece.size) {
    const std::uint32_t user = piece.users[k];
    const std::size_t begin = k;
    do ++k;
    while (k < piece.size && piece.users[k] == user);
    std::atomic_ref<offset_t>(offsets[z(user) + 1])
        .fetch_add(static_cast<offset_t>(k - begin), std::memory_order_relaxed);
  }
}

void place(const coo_piece& piece, std::uint32_t first, std::uint32_t last, csr_arrays& arrays,
           offset_t* next) {
  const std::uint32_t width = last - first;
  const bool values = arrays.values != nullptr;
  const bool times = arrays.timestamps != nullptr;
  for (std::size_t k = 0; k < piece.size; ++k) {
    const std::uint32_t user = piece.users[k];
    if (user - first >= width) continue;
    const auto at = z(next[user]++);
    arrays.indices[at] = static_cast<index_t>(piece.items[k]);
    if (values) arrays.values[at] = piece.ratings[k];
    if (times) arrays.timestamps[at] = piece.times[k];
  }
}

std::unique_ptr<offset_t[]> zero_offsets(std::int64_t rows) {
  check::fits_memory("the offsets of " + std::to_string(rows) + " rows",
                     (static_cast<std::uint64_t>(rows) + 1) * sizeof(offset_t));
  return std::make_unique<offset_t[]>(z(rows) + 1);
}

}  // namespace

csr_arrays place_rows(const cpu& policy, std::int64_t rows, std::int64_t cols,
                      std::vector<coo_piece>& pieces, bool consume) {
  csr_arrays arrays;
  arrays.rows = rows;
  arrays.cols = cols;
  arrays.offsets = zero_offsets(rows);
  const auto count = static_cast<std::int64_t>(pieces.size());
  offset_t* const offsets = arrays.offsets.get();
  parallel_for(policy, count, 1,
               [&](std::int64_t p, std::int64_t) { count_rows(pieces[z(p)], offsets); });
  std::partial_sum(offsets, offsets + rows + 1, offsets);

  const auto entries = z(arrays.entries());
  const auto with = [&](auto column) {
    return std::any_of(pieces.begin(), pieces.end(),
                       [&](const coo_piece& piece) { return piece.*column != nullptr; });
  };
  const bool values = with(&coo_piece::ratings);
  const bool times = with(&coo_piece::times);
  check::fits_memory("the matrix of " + std::to_string(entries) + " interactions",
                     entries * (sizeof(index_t) + (values ? sizeof(float) : 0) +
                                (times ? sizeof(std::int64_t) : 0)));
  arrays.indices = fresh<index_t>(entries);
  if (values) arrays.values = fresh<float>(entries);
  if (times) arrays.timestamps = fresh<std::int64_t>(entries);

  // Each part owns a range of users with about the same number of entries and reads all pieces in
  // file order, so that the place of an entry depends on the file alone.
  const std::int64_t parts =
      std::clamp<std::int64_t>(thread_count(policy), 1, 1 + arrays.entries() / row_work);
  std::vector<std::uint32_t> cut{0};
  for (std::int64_t p = 1; p < parts; ++p) {
    const auto goal = arrays.entries() / parts * p;
    cut.push_back(
        static_cast<std::uint32_t>(std::lower_bound(offsets, offsets + rows, goal) - offsets));
  }
  cut.push_back(static_cast<std::uint32_t>(rows));
  std::vector<offset_t> next(offsets, offsets + rows);
  for (auto& piece : pieces) {
    parallel_for(policy, parts, 1, [&](std::int64_t p, std::int64_t) {
      place(piece, cut[z(p)], cut[z(p) + 1], arrays, next.data());
    });
    if (consume) piece = coo_piece();
  }
  return arrays;
}

namespace {

/// Work space to order one row.
struct row_sorter {
  std::vector<std::uint64_t> keys;  // column in the high half, position in the row in the low half
  std::vector<std::uint64_t> other;
  std::vector<float> values;
  std::vector<std::int64_t> times;

  void sort(csr_arrays& arrays, offset_t begin, offset_t end) {
    const auto n = z(end - begin);
    index_t* const columns = arrays.indices.get() + begin;
    if (std::is_sorted(columns, columns + n)) return;
    if (n > std::numeric_limits<std::uint32_t>::max()) {
      throw value_error("interactions of one user", std::to_string(n), "must be less than 2^32");
    }
    keys.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      keys[i] = static_cast<std::uint64_t>(columns[i]) << 32 | i;
    }
    // A pass over one byte of the columns costs as much as comparing a few dozen keys.
    const auto passes =
        static_cast<std::size_t>((std::bit_width(static_cast<std::uint64_t>(arrays.cols)) + 7) / 8);
    if (n < 24 * passes) {
      std::sort(keys.begin(), keys.end());
    } else {
      radix_sort(passes);
    }
    if (arrays.values) permute(arrays.values.get() + begin, n, values);
    if (arrays.timestamps) permute(arrays.timestamps.get() + begin, n, times);
    for (std::size_t i = 0; i < n; ++i) columns[i] = static_cast<index_t>(keys[i] >> 32);
  }

 private:
  // By one byte of the column at a time, the lowest first; each pass keeps the order of the last.
  void radix_sort(std::size_t passes) {
    other.resize(keys.size());
    for (std::size_t pass = 0; pass < passes; ++pass) {
      const std::size_t shift = 32 + 8 * pass;
      std::array<std::uint32_t, 256> next{};
      for (const std::uint64_t key : keys) ++next[key >> shift & 0xFF];
      std::uint32_t total = 0;
      for (std::uint32_t& count : next) total += std::exchange(count, total);
      for (const std::uint64_t key : keys) other[next[key >> shift & 0xFF]++] = key;
      keys.swap(other);
    }
  }

  template <class T>
  void permute(T* data, std::size_t n, std::vector<T>& old) const {
    old.assign(data, data + n);
    for (std::size_t i = 0; i < n; ++i) data[i] = old[static_cast<std::uint32_t>(keys[i])];
  }
};

// Calls body(row, first, last) for every group of equal columns of the sorted rows [begin, end).
template <class Body>
void for_groups(const csr_arrays& arrays, std::int64_t row, const Body& body) {
  const offset_t end = arrays.offsets[z(row) + 1];
  for (offset_t first = arrays.offsets[z(row)]; first < end;) {
    offset_t last = first + 1;
    while (last < end && arrays.indices[z(last)] == arrays.indices[z(first)]) ++last;
    body(first, last);
    first = last;
  }
}

struct merged_entry {
  float value = 1;
  std::int64_t time = 0;
};

merged_entry merge(const csr_arrays& arrays, offset_t first, offset_t last, duplicate_rule rule) {
  const float* const values = arrays.values.get();
  const std::int64_t* const times = arrays.timestamps.get();
  merged_entry out;
  if (rule == duplicate_rule::last || rule == duplicate_rule::error) {
    if (values != nullptr) out.value = values[last - 1];
    if (times != nullptr) out.time = times[last - 1];
    return out;
  }
  if (times != nullptr) out.time = *std::max_element(times + first, times + last);
  if (rule == duplicate_rule::max) {
    if (values != nullptr) out.value = *std::max_element(values + first, values + last);
    return out;
  }
  double sum = 0;
  for (offset_t k = first; k < last; ++k) sum += values != nullptr ? double{values[k]} : 1.0;
  out.value = static_cast<float>(sum);
  return out;
}

void check_sums(const csr_arrays& arrays, const std::string& source) {
  const float* const begin = arrays.values.get();
  const float* const end = begin + arrays.entries();
  const float* const wrong = std::find_if_not(begin, end, [](float x) { return std::isfinite(x); });
  if (wrong == end) return;
  const offset_t* const offsets = arrays.offsets.get();
  const auto row = std::upper_bound(offsets, offsets + arrays.rows, wrong - begin) - offsets - 1;
  throw value_error(source + ": sum of the values of row " + std::to_string(row) + " and column " +
                        std::to_string(arrays.indices[z(wrong - begin)]),
                    std::to_string(*wrong), "must be in the range of float");
}

}  // namespace

std::int64_t sort_rows(const cpu& policy, csr_arrays& arrays) {
  scratch_pool<row_sorter> sorters([] { return row_sorter{}; });
  std::atomic<std::int64_t> duplicates{0};
  parallel_for_rows(policy, arrays.offsets.get(), arrays.rows, row_work, 1,
                    [&](std::int64_t begin, std::int64_t end) {
                      const auto sorter = sorters.borrow();
                      std::int64_t found = 0;
                      for (std::int64_t r = begin; r < end; ++r) {
                        const offset_t first = arrays.offsets[z(r)];
                        const offset_t last = arrays.offsets[z(r) + 1];
                        sorter->sort(arrays, first, last);
                        const index_t* const columns = arrays.indices.get();
                        for (offset_t k = first + 1; k < last; ++k) {
                          found += columns[k] == columns[k - 1];
                        }
                      }
                      duplicates.fetch_add(found, std::memory_order_relaxed);
                    });
  return duplicates.load();
}

std::optional<duplicate_pair> first_duplicate(const csr_arrays& arrays) {
  for (std::int64_t r = 0; r < arrays.rows; ++r) {
    const index_t* const begin = arrays.indices.get() + arrays.offsets[z(r)];
    const index_t* const end = arrays.indices.get() + arrays.offsets[z(r) + 1];
    const auto at = std::adjacent_find(begin, end);
    if (at != end) return duplicate_pair{static_cast<index_t>(r), *at};
  }
  return std::nullopt;
}

csr_arrays merge_duplicates(const cpu& policy, csr_arrays arrays, std::int64_t duplicates,
                            duplicate_rule rule, const std::string& source) {
  if (duplicates == 0) return arrays;
  csr_arrays out;
  out.rows = arrays.rows;
  out.cols = arrays.cols;
  out.offsets = zero_offsets(arrays.rows);
  parallel_for_rows(policy, arrays.offsets.get(), arrays.rows, row_work, 1,
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t r = begin; r < end; ++r) {
                        for_groups(arrays, r, [&](offset_t, offset_t) { ++out.offsets[z(r) + 1]; });
                      }
                    });
  std::partial_sum(out.offsets.get(), out.offsets.get() + out.rows + 1, out.offsets.get());
  const auto entries = z(out.entries());
  out.indices = fresh<index_t>(entries);
  if (arrays.values || rule == duplicate_rule::sum) {
    out.values = fresh<float>(entries);
  }
  if (arrays.timestamps) out.timestamps = fresh<std::int64_t>(entries);
  parallel_for_rows(policy, arrays.offsets.get(), arrays.rows, row_work, 1,
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t r = begin; r < end; ++r) {
                        auto at = z(out.offsets[z(r)]);
                        for_groups(arrays, r, [&](offset_t first, offset_t last) {
                          const merged_entry entry = merge(arrays, first, last, rule);
                          out.indices[at] = arrays.indices[z(first)];
                          if (out.values) out.values[at] = entry.value;
                          if (out.timestamps) out.timestamps[at] = entry.time;
                          ++at;
                        });
                      }
                    });
  if (rule == duplicate_rule::sum) check_sums(out, source);
  return out;
}

csr_matrix<> to_matrix(csr_arrays& arrays) {
  struct owned_arrays {
    std::unique_ptr<offset_t[]> offsets;
    std::unique_ptr<index_t[]> indices;
    std::unique_ptr<float[]> values;
  };
  auto owned = std::make_shared<const owned_arrays>(
      owned_arrays{std::move(arrays.offsets), std::move(arrays.indices), std::move(arrays.values)});
  const auto view = csr_view<>::trusted(arrays.rows, arrays.cols, owned->offsets.get(),
                                        owned->indices.get(), owned->values.get());
  return {view, std::shared_ptr<const void>(std::move(owned))};
}

interactions to_interactions(csr_arrays arrays, id_map users, id_map items) {
  const auto entries = z(arrays.entries());
  auto matrix = to_matrix(arrays);
  if (!arrays.timestamps) return {std::move(matrix), std::move(users), std::move(items)};
  const std::shared_ptr<const std::int64_t[]> times(std::move(arrays.timestamps));
  return {std::move(matrix), std::move(users), std::move(items), {times.get(), entries}, times};
}

}  // namespace recokit::inline RECOKIT_ABI::detail
