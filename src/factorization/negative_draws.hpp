// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Draws of negatives from a band of items.
#pragma once

#include "../data/alias_table.hpp"
#include "draw32.hpp"
#include "pair_bands.hpp"
#include "pair_kernels.hpp"

#include <recokit/core/random.hpp>
#include <recokit/factorization/pairwise_schedule.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Which items of a band the user at hand has.
class own_items {
 public:
  /// @param band size of the band
  void begin(std::span<const banded_entry> own, std::size_t band) {
    if (marks_.size() < band) marks_.resize(band, 0);
    if (++now_ == 0) {
      std::fill(marks_.begin(), marks_.end(), 0u);
      now_ = 1;
    }
    for (const banded_entry& entry : own) marks_[entry.local] = now_;
  }
  bool has(std::uint32_t local) const noexcept { return marks_[local] == now_; }

  /// draw() until it gives an item that the user does not have; after many misses the next such
  /// item. One must exist.
  template <class Draw>
  std::uint32_t other(std::uint32_t band, const Draw& draw) const {
    std::uint32_t local = draw();
    for (std::uint32_t misses = 1; has(local) && misses < pair_step::most_misses; ++misses) {
      local = draw();
    }
    while (has(local)) local = local + 1 == band ? 0 : local + 1;
    return local;
  }

 private:
  std::vector<std::uint32_t> marks_;
  std::uint32_t now_ = 0;
};

/// Calls positives(entries of a user) for the runs of one user in a job. Users who have every item
/// of the band are left out: there is nothing that they do not want.
template <class Positives>
void for_each_user(std::span<const banded_entry> job, std::size_t band,
                   const Positives& positives) {
  for (std::size_t begin = 0; begin < job.size();) {
    std::size_t end = begin + 1;
    while (end < job.size() && job[end].user == job[begin].user) ++end;
    if (end - begin < band) positives(job.subspan(begin, end - begin));
    begin = end;
  }
}

/// What the distribution of negatives needs to know: one for a fit.
class negative_source {
 public:
  /// @param exponent of the popularity; @param rank expected rank of adaptive draws, as a part of
  ///        the items
  negative_source(const cpu& policy, pairwise::negatives kind, double exponent, double rank,
                  const csr_view<>& history);

  pairwise::negatives kind() const noexcept { return kind_; }
  /// After the bands were cut anew, and before the first draw.
  void begin_epoch(const cpu& policy, const pair_bands& bands, const factor_block& rows);
  /// Counts the samples of a round. @returns whether adaptive draws had so many since they last
  /// looked at the factors that it is time for sort_factors
  bool due(const pair_bands& bands, std::int64_t samples);
  /// Looks at the factors of the items.
  void sort_factors(const cpu& policy, const pair_bands& bands, const factor_block& rows);

  /// By popularity, from a band.
  std::uint32_t by_popularity(std::int64_t band, random_stream& random) const noexcept {
    return static_cast<std::uint32_t>(tables_[static_cast<std::size_t>(band)](random));
  }

  /// Adaptive draws for one user.
  class for_user {
   public:
    /// @param user row of the user
    void begin(const negative_source& source, const pair_bands& bands, std::int64_t band,
               const float* user);
    std::uint32_t operator()(random_stream& random) const;

   private:
    const negative_source* source_ = nullptr;
    const float* user_ = nullptr;
    const std::uint32_t* order_ = nullptr;
    std::uint32_t size_ = 0;
    std::vector<double> share_;  // of the factors, running sum
  };

 private:
  pairwise::negatives kind_;
  double rank_;
  std::vector<double> weights_;  // of every item
  std::vector<alias_table> tables_;
  std::vector<std::uint32_t> orders_;  // for each band and factor: locals by falling factor
  std::vector<double> spread_;         // of each factor over all items
  std::int64_t since_ = 0;             // samples since the last sort
};

}  // namespace recokit::inline RECOKIT_ABI::detail
