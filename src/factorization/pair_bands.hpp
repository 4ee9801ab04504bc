// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Interactions cut by bands of users and bands of items, at random anew every epoch.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/pair_step.hpp>
#include <recokit/kernels/warp_device.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

using pair_step::banded_entry;

/// A job holds the interactions of one band of users with one band of items. Jobs of one round
/// share no band, so their steps touch other rows and may run at the same time; rounds follow each
/// other, and every job has one. Bands are equal parts of a random permutation of users and of
/// items. The cut depends on the data, the seed and the epoch alone.
///
/// Negatives of a job come from its band of items. Given a user and a positive item, each item that
/// the user does not have is equally likely to be in that band, so over the draw of the permutation
/// a uniform draw from the band is a uniform draw from all of them; only the draws of one epoch
/// depend on each other.
///
/// After Gemulla, Nijkamp, Haas, Sismanis, KDD'11, and Zhuang, Chin, Juan, Lin, RecSys'13.
class pair_bands {
 public:
  /// @param history   must live as long as the object
  /// @param row_bytes of the factors of an item
  /// @param one       a single band of items: jobs then meet in item rows
  pair_bands(const csr_view<>& history, std::int64_t row_bytes, bool one);

  /// Cuts anew. Users without interactions are in no job.
  void shuffle(const cpu& policy, std::uint64_t seed, int epoch);

  std::int64_t user_bands() const noexcept { return bands_.users; }
  std::int64_t item_bands() const noexcept { return bands_.items; }
  std::int64_t jobs() const noexcept { return bands_.users * bands_.items; }
  /// What a device is told of the cut; views of this object.
  kernels::banded_epoch cut() const noexcept { return {entries_, starts_, items_, bands_}; }

  /// The interactions of a job. Those of a user follow each other, with rising item.
  std::span<const banded_entry> job(std::int64_t user_band, std::int64_t item_band) const noexcept {
    const std::size_t at = static_cast<std::size_t>(user_band * (bands_.items + 1) + item_band);
    return {entries_.data() + starts_[at], entries_.data() + starts_[at + 1]};
  }
  /// The items of a band, by place.
  std::span<const index_t> items_of(std::int64_t band) const noexcept {
    const std::int64_t begin = first_item(band);
    return std::span(items_).subspan(static_cast<std::size_t>(begin),
                                     static_cast<std::size_t>(first_item(band + 1) - begin));
  }
  /// Where items_of(band) begins in the permutation.
  std::int64_t first_item(std::int64_t band) const noexcept {
    return pair_step::first_item(bands_, std::ssize(items_), band);
  }
  /// The row of the random stream of a job.
  std::uint64_t stream_of(int epoch, std::int64_t user_band,
                          std::int64_t item_band) const noexcept {
    return pair_step::stream_of_job(bands_, epoch, user_band, item_band);
  }

  /// Calls job(user_band, item_band) for every job, and after_round() on this thread between
  /// rounds.
  template <class Job, class AfterRound>
  void run(const cpu& policy, const Job& job, const AfterRound& after_round) const {
    for (std::int64_t round = 0; round < bands_.items; ++round) {
      run_blocks(policy, bands_.users, [&](std::int64_t band) {
        job(band, pair_step::item_band_of(bands_, band, round));
      });
      after_round();
    }
  }

 private:
  struct placed_item {
    std::int32_t band;
    std::int32_t local;
  };

  csr_view<> history_;
  pair_step::band_counts bands_{1, 1};  // of items at least as many: no two jobs of a round meet
  std::vector<index_t> users_;          // with interactions, in the order of the permutation
  std::vector<index_t> items_;          // in the order of the permutation
  std::vector<placed_item> places_;     // of every item
  std::vector<banded_entry> entries_;
  std::vector<std::int64_t> starts_;  // bands_.items + 1 for every band of users
};

}  // namespace recokit::inline RECOKIT_ABI::detail
