// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ratings cut into bands of users × bands of items, and the order in which blocks run.
#pragma once

#include <recokit/core/column_counts.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>
#include <recokit/factorization/sgd_block.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::sgd {

/// How many bands users and items are cut into.
struct band_counts {
  std::int64_t users = 1;
  std::int64_t items = 1;
};

/// Bands for about 4096 ratings a block at least, no more than 32 of users, and items in so many
/// bands that the factors of one take half a second-level cache of 1 MiB, unless users would then
/// have fewer than two ratings in a block. Depends on the sizes alone, never on the machine.
inline band_counts default_bands(std::int64_t users, std::int64_t items, std::int64_t ratings,
                                 std::int64_t row_bytes) {
  constexpr std::int64_t cache = std::int64_t{512} << 10;
  const auto by_size = static_cast<std::int64_t>(std::sqrt(static_cast<double>(ratings) / 4096));
  const std::int64_t square = std::clamp<std::int64_t>(by_size, 1, 32);
  const std::int64_t by_cache = (items * row_bytes + cache - 1) / cache;
  const std::int64_t longest =
      std::max<std::int64_t>(square, ratings / (2 * std::max<std::int64_t>(users, 1)));
  return {std::min(square, users), std::min(std::clamp(by_cache, square, longest), items)};
}

/// Rows in a random order, cut into bands of about equal work.
class row_bands {
 public:
  row_bands() = default;
  /// @param counts ratings of each row @param row the stream of the shuffle under `seed`
  row_bands(std::vector<std::int64_t> counts, std::int64_t bands, std::uint64_t seed,
            std::uint64_t row) {
    const auto rows = static_cast<std::int64_t>(counts.size());
    order_.resize(counts.size());
    std::iota(order_.begin(), order_.end(), index_t{0});
    random_stream random(seed, random_purpose::block_order, row);
    for (std::size_t n = counts.size(); n > 1; --n) {
      std::swap(order_[n - 1], order_[random.below(n)]);
    }
    place_.resize(counts.size());
    for (std::size_t n = 0; n < order_.size(); ++n) {
      place_[static_cast<std::size_t>(order_[n])] = static_cast<std::uint32_t>(n);
    }
    // Half of a band's size is its ratings, half its rows: neither time nor cache overflows.
    const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    const double row_cost =
        static_cast<double>(total) / static_cast<double>(std::max<std::int64_t>(rows, 1));
    const double share = 2 * static_cast<double>(total) / static_cast<double>(bands);
    begin_.assign(static_cast<std::size_t>(bands) + 1, rows);
    begin_[0] = 0;
    if (bands >= rows) {  // a band a row
      for (std::int64_t b = 1; b < rows; ++b) begin_[static_cast<std::size_t>(b)] = b;
      return;
    }
    double load = 0;
    std::int64_t band = 1;
    for (std::int64_t n = 0; n < rows && band < bands; ++n) {
      load += static_cast<double>(
                  counts[static_cast<std::size_t>(order_[static_cast<std::size_t>(n)])]) +
              row_cost;
      while (band < bands && load >= share * static_cast<double>(band)) {
        begin_[static_cast<std::size_t>(band++)] = n + 1;
      }
    }
  }

  std::int64_t bands() const noexcept { return static_cast<std::int64_t>(begin_.size()) - 1; }
  /// Where the rows of band b begin in order().
  std::int64_t begin(std::int64_t b) const noexcept { return begin_[static_cast<std::size_t>(b)]; }
  /// The row at each place.
  std::span<const index_t> order() const noexcept { return order_; }
  /// The place of each row.
  std::span<const std::uint32_t> place() const noexcept { return place_; }

 private:
  std::vector<index_t> order_;
  std::vector<std::uint32_t> place_;
  std::vector<std::int64_t> begin_;
};

/// A copy of all ratings, block by block; rows are named by their places in the bands.
///
/// Inside a block users follow each other in the order of their places, each with all its ratings
/// there, so that the row of a user stays in registers and the rows of the band's items in the
/// cache. Memory: 8 bytes a rating and 8 for each user in each block.
class rating_blocks {
 public:
  rating_blocks() = default;
  /// @param target called with each rating, gives what is fitted to
  template <class Target>
  rating_blocks(const cpu& policy, const csr_view<>& ratings, const band_counts& bands,
                std::uint64_t seed, const Target& target) {
    std::vector<std::int64_t> counts(static_cast<std::size_t>(ratings.rows()));
    for (index_t u = 0; u < ratings.rows(); ++u) {
      counts[static_cast<std::size_t>(u)] = static_cast<std::int64_t>(ratings.row(u).size());
    }
    users_ = row_bands(std::move(counts), bands.users, seed, 0);
    items_ = row_bands(recokit::detail::column_counts(policy, ratings), bands.items, seed, 1);
    fill(policy, ratings, target);
  }

  const row_bands& users() const noexcept { return users_; }
  const row_bands& items() const noexcept { return items_; }
  std::int64_t ratings() const noexcept { return static_cast<std::int64_t>(entries_.size()); }

  std::span<const run> runs(std::int64_t user_band, std::int64_t item_band) const noexcept {
    const std::size_t b = index(user_band, item_band);
    return std::span(runs_).subspan(run_begin_[b], run_begin_[b + 1] - run_begin_[b]);
  }
  /// The ratings of those runs, one run after the other.
  const entry* entries(std::int64_t user_band, std::int64_t item_band) const noexcept {
    return entries_.data() + entry_begin_[index(user_band, item_band)];
  }

 private:
  std::size_t index(std::int64_t user_band, std::int64_t item_band) const noexcept {
    return static_cast<std::size_t>(user_band * items_.bands() + item_band);
  }

  template <class Target>
  void fill(const cpu& policy, const csr_view<>& ratings, const Target& target) {
    const auto columns = static_cast<std::size_t>(items_.bands());
    const auto blocks = static_cast<std::size_t>(users_.bands()) * columns;
    std::vector<std::uint32_t> band_of(static_cast<std::size_t>(ratings.cols()));
    for (std::int64_t b = 0; b < items_.bands(); ++b) {
      for (std::int64_t n = items_.begin(b); n < items_.begin(b + 1); ++n) {
        band_of[static_cast<std::size_t>(items_.order()[static_cast<std::size_t>(n)])] =
            static_cast<std::uint32_t>(b);
      }
    }
    run_begin_.assign(blocks + 1, 0);
    entry_begin_.assign(blocks + 1, 0);
    // Calls body with the block, the place of the user, and whether a run opens, for each rating.
    const auto walk = [&](std::int64_t band, const auto& body) {
      std::vector<std::int64_t> last(columns, -1);
      const std::size_t first = static_cast<std::size_t>(band) * columns;
      for (std::int64_t place = users_.begin(band); place < users_.begin(band + 1); ++place) {
        const auto row = ratings.row(users_.order()[static_cast<std::size_t>(place)]);
        for (std::size_t n = 0; n < row.size(); ++n) {
          const std::size_t b = band_of[static_cast<std::size_t>(row.indices[n])];
          body(first + b, place, std::exchange(last[b], place) != place, row, n);
        }
      }
    };
    parallel_for(policy, users_.bands(), 1, [&](std::int64_t band, std::int64_t) {
      walk(band, [&](std::size_t b, std::int64_t, bool opens, const auto&, std::size_t) {
        run_begin_[b + 1] += opens;
        ++entry_begin_[b + 1];
      });
    });
    std::partial_sum(run_begin_.begin(), run_begin_.end(), run_begin_.begin());
    std::partial_sum(entry_begin_.begin(), entry_begin_.end(), entry_begin_.begin());
    runs_.resize(run_begin_.back());
    entries_.resize(entry_begin_.back());
    std::vector<std::size_t> next_run(run_begin_.begin(), run_begin_.end() - 1);
    std::vector<std::size_t> next_entry(entry_begin_.begin(), entry_begin_.end() - 1);
    parallel_for(policy, users_.bands(), 1, [&](std::int64_t band, std::int64_t) {
      walk(band,
           [&](std::size_t b, std::int64_t place, bool opens, const auto& row, std::size_t n) {
             if (opens) runs_[next_run[b]++] = {static_cast<std::uint32_t>(place), 0};
             ++runs_[next_run[b] - 1].count;
             entries_[next_entry[b]++] = {items_.place()[static_cast<std::size_t>(row.indices[n])],
                                          static_cast<float>(target(row.value(n)))};
           });
    });
  }

  row_bands users_;
  row_bands items_;
  std::vector<std::size_t> run_begin_;
  std::vector<std::size_t> entry_begin_;
  std::vector<run> runs_;
  std::vector<entry> entries_;
};

/// Rounds of an epoch in random order. In round s, block (n, (n + s) mod item bands) runs for the
/// n-th of the bands of users: no two share a band while there are no more of users than of items.
inline std::vector<std::int64_t> round_order(std::int64_t item_bands, std::uint64_t seed,
                                             std::int64_t epoch, std::int64_t part = 0) {
  std::vector<std::int64_t> rounds(static_cast<std::size_t>(item_bands));
  std::iota(rounds.begin(), rounds.end(), std::int64_t{0});
  // Streams 0 and 1 order the rows.
  random_stream random(
      seed, random_purpose::block_order,
      2 + static_cast<std::uint64_t>(epoch) + (static_cast<std::uint64_t>(part) << 32));
  for (std::size_t n = rounds.size(); n > 1; --n) std::swap(rounds[n - 1], rounds[random.below(n)]);
  return rounds;
}

}  // namespace recokit::inline RECOKIT_ABI::sgd
