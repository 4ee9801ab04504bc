// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Interactions cut by bands of users and bands of items, at random anew every epoch.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// An interaction in a job.
struct banded_entry {
  std::uint32_t user;
  std::uint32_t local;  ///< the item's place in its band
};

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

  std::int64_t user_bands() const noexcept { return user_bands_; }
  std::int64_t item_bands() const noexcept { return item_bands_; }
  std::int64_t jobs() const noexcept { return user_bands_ * item_bands_; }

  /// The interactions of a job. Those of a user follow each other, with rising item.
  std::span<const banded_entry> job(std::int64_t user_band, std::int64_t item_band) const noexcept {
    const std::size_t at = static_cast<std::size_t>(user_band * (item_bands_ + 1) + item_band);
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
    return band * static_cast<std::int64_t>(items_.size()) / item_bands_;
  }

  /// Calls job(user_band, item_band) for every job, and after_round() on this thread between
  /// rounds.
  template <class Job, class AfterRound>
  void run(const cpu& policy, const Job& job, const AfterRound& after_round) const {
    for (std::int64_t round = 0; round < item_bands_; ++round) {
      run_blocks(policy, user_bands_, [&](std::int64_t band) {
        job(band, (band * item_bands_ / user_bands_ + round) % item_bands_);
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
  std::int64_t user_bands_ = 1;
  std::int64_t item_bands_ = 1;      // at least user_bands_, so that no two jobs of a round meet
  std::vector<index_t> users_;       // with interactions, in the order of the permutation
  std::vector<index_t> items_;       // in the order of the permutation
  std::vector<placed_item> places_;  // of every item
  std::vector<banded_entry> entries_;
  std::vector<std::int64_t> starts_;  // item_bands_ + 1 for every band of users
};

}  // namespace recokit::inline RECOKIT_ABI::detail
