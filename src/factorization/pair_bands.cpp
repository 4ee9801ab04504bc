// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "pair_bands.hpp"

#include <recokit/core/huge_pages.hpp>
#include <recokit/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

constexpr double least_interactions = 256;  // of a job, on average: else starting it costs more
constexpr std::int64_t least_items = 32;    // of a band, so that negatives differ
constexpr std::int64_t most_bands = 4096;   // of items
constexpr std::int64_t band_bytes = 192
                                    << 10;  // of the rows of a band of items: they stay in cache

// Bands of users are as many as threads can run at once. Few of them make long jobs, in which the
// rows of the items are met again; so more than 16 are for data that has the work for more threads.
std::int64_t bands_of_users(double interactions, std::int64_t items) {
  const auto by_work = static_cast<std::int64_t>(std::sqrt(interactions / least_interactions));
  const std::int64_t bands =
      by_work <= 16 ? by_work : std::clamp<std::int64_t>(by_work / 4, 16, 64);
  return std::max<std::int64_t>(1, std::min(bands, items / least_items));
}

// Fisher and Yates, in the form of Durstenfeld, CACM 1964.
void permute(std::vector<index_t>& order, random_stream random) {
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[random.below(left)]);
  }
}

}  // namespace

pair_bands::pair_bands(const csr_view<>& history, std::int64_t row_bytes, bool one)
    : history_(history),
      items_(static_cast<std::size_t>(history.cols())),
      places_(items_.size()),
      entries_(static_cast<std::size_t>(history.nonzeros())) {
  prefer_huge_pages(entries_.data(), entries_.size() * sizeof(banded_entry));
  for (index_t u = 0; u < history.rows(); ++u) {
    if (history.row(u).size() != 0) users_.push_back(u);
  }
  const auto interactions = static_cast<double>(history.nonzeros());
  bands_.users = bands_of_users(interactions, history.cols());
  if (!one) {
    const std::int64_t by_cache = history.cols() * row_bytes / band_bytes;
    const auto by_work =
        static_cast<std::int64_t>(interactions / least_interactions) / bands_.users;
    bands_.items = std::clamp(std::min({by_cache, by_work, history.cols() / least_items}),
                              bands_.users, most_bands);
  }
  starts_.resize(static_cast<std::size_t>(bands_.users * (bands_.items + 1) + 1));
}

void pair_bands::shuffle(const cpu& policy, std::uint64_t seed, int epoch) {
  const auto round = static_cast<std::uint64_t>(epoch);
  run_blocks(policy, 2, [&](std::int64_t side) {
    if (side == 0) {
      std::sort(users_.begin(), users_.end());  // an epoch does not depend on those before
      permute(users_, random_stream(seed, random_purpose::block_order, 2 * round));
      return;
    }
    std::iota(items_.begin(), items_.end(), index_t{0});
    permute(items_, random_stream(seed, random_purpose::block_order, 2 * round + 1));
    for (std::int64_t band = 0; band < bands_.items; ++band) {
      std::int32_t local = 0;
      for (const index_t item : items_of(band)) {
        places_[static_cast<std::size_t>(item)] = {static_cast<std::int32_t>(band), local++};
      }
    }
  });

  const auto first_user = [&](std::int64_t band) {
    return static_cast<std::size_t>(band * std::ssize(users_) / bands_.users);
  };
  const auto starts_of = [&](std::int64_t band) {
    return starts_.data() + band * (bands_.items + 1);
  };
  // Counts of a band of users, one place further, become its starts.
  run_blocks(policy, bands_.users, [&](std::int64_t band) {
    std::int64_t* const counts = starts_of(band);
    std::fill_n(counts, bands_.items + 1, 0);
    for (std::size_t n = first_user(band); n < first_user(band + 1); ++n) {
      for (const index_t item : history_.row(users_[n]).indices) {
        ++counts[places_[static_cast<std::size_t>(item)].band + 1];
      }
    }
    std::partial_sum(counts, counts + bands_.items + 1, counts);
  });
  std::int64_t before = 0;
  for (std::int64_t band = 0; band < bands_.users; ++band) {
    std::int64_t* const starts = starts_of(band);
    for (std::int64_t b = 0; b <= bands_.items; ++b) starts[b] += before;
    before = starts[bands_.items];
  }
  run_blocks(policy, bands_.users, [&](std::int64_t band) {
    std::vector<std::int64_t> next(starts_of(band), starts_of(band) + bands_.items);
    for (std::size_t n = first_user(band); n < first_user(band + 1); ++n) {
      const auto user = static_cast<std::uint32_t>(users_[n]);
      for (const index_t item : history_.row(users_[n]).indices) {
        const placed_item place = places_[static_cast<std::size_t>(item)];
        entries_[static_cast<std::size_t>(next[static_cast<std::size_t>(place.band)]++)] = {
            user, static_cast<std::uint32_t>(place.local)};
      }
    }
  });
}

}  // namespace recokit::inline RECOKIT_ABI::detail
