// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The best items of one query from scores that come tile by tile.
#pragma once

#include <recokit/core/scored_item.hpp>
#include <recokit/kernels/score_scan.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <type_traits>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// A float and an item in one number that falls in the order of ranks_before; both zeros are one.
inline std::uint64_t rank_key(float score, index_t item) noexcept {
  std::uint32_t bits = 0;  // NaN
  if (score == score) {
    bits = std::bit_cast<std::uint32_t>(score + 0.0f);
    bits ^= (bits >> 31) != 0 ? 0xffffffffu : 0x80000000u;
  }
  return std::uint64_t{bits} << 32 | static_cast<std::uint32_t>(~static_cast<std::uint32_t>(item));
}
inline scored_item<> from_rank_key(std::uint64_t key) noexcept {
  const auto item = static_cast<index_t>(~static_cast<std::uint32_t>(key));
  auto bits = static_cast<std::uint32_t>(key >> 32);
  if (bits == 0) return {item, std::numeric_limits<float>::quiet_NaN()};
  bits ^= (bits >> 31) != 0 ? 0x80000000u : 0xffffffffu;
  return {item, std::bit_cast<float>(bits)};
}

/// What the queries of a thread share to finish their lists.
template <class Scalar>
struct tile_top_k_scratch {
  std::vector<std::uint32_t> ranks;
  std::vector<index_t> order;
  std::vector<std::uint64_t> keys;
  std::vector<scored_item<Scalar>> entries;
};

/// Keeps the candidates for the k best of items that have places 0, 1, … and scores that come in
/// tiles of places.
///
/// Exact: what leaves is behind k others. The floor, which at least k candidates reach, comes from
/// a search for a number that cuts little more than k off the first tile, and rises whenever the
/// candidates are cut down; between, a tile costs one comparison a score.
template <class Scalar>
class tile_top_k {
 public:
  static constexpr Scalar none = -std::numeric_limits<Scalar>::infinity();

  /// Candidates that are kept at most before they are cut down.
  static constexpr std::size_t limit(std::size_t k) noexcept { return k + k / 2 + 16; }

  /// @param slack scores may be this much above what the items are to be ranked by. What is kept
  ///              then is every item that could be among the k best, unless they are too many.
  void reset(std::size_t k, std::size_t tile, Scalar slack = 0) {
    k_ = k;
    size_ = 0;
    tile_ = tile;
    slack_ = slack;
    overfull_ = false;
    reached_ = none;
    floor_ = none;
    limit_ = limit(k);
    make_room();
  }

  /// A score below this cannot enter any more; −infinity while every score can.
  Scalar floor() const noexcept { return floor_; }
  /// Whether too many items come in question: what is kept means nothing.
  bool overfull() const noexcept { return overfull_; }

  /// Takes the scores of places first, first + 1, …, −infinity where a place is left out.
  /// @param items       by place
  /// @param by_item     the place of an item
  /// @param is_left_out called with a number in [0, size), should −infinity not say enough
  template <class LeftOut>
  void take(const score_scan<Scalar>& scan, const Scalar* scores, std::size_t size, index_t first,
            const index_t* items, const index_t* by_item, tile_top_k_scratch<Scalar>& scratch,
            const LeftOut& is_left_out) {
    if (!(floor_ > none) && size_ == 0) {
      reach(floor_of_best(scan, scores, size, k_, k_ + k_ / 4 + 4));
    }
    if (floor_ > none) {
      size_ +=
          scan.collect(scores, size, floor_, first, scores_.data() + size_, places_.data() + size_);
    } else {
      for (std::size_t i = 0; i < size; ++i) {
        if (is_left_out(i)) continue;
        scores_[size_] = scores[i];
        places_[size_++] = first + static_cast<index_t>(i);
      }
    }
    if (size_ > limit_) cut(scan, items, by_item, scratch);
  }

  /// Writes the places of at least the min(k, allowed) best, in any order, with their scores.
  void candidates(const score_scan<Scalar>& scan, std::vector<scored_item<>>& list) {
    if (size_ > k_ + 8) lift_floor(scan, k_ + 4);
    list.resize(size_);
    for (std::size_t n = 0; n < size_; ++n) {
      list[n] = {places_[n], static_cast<float>(scores_[n])};
    }
  }

  /// Writes the min(k, allowed) best, in rank order.
  void finish(const score_scan<Scalar>& scan, const index_t* items,
              tile_top_k_scratch<Scalar>& scratch, std::vector<scored_item<>>& list) {
    if (size_ > k_ + 8) lift_floor(scan, k_ + 4);
    list.clear();
    const std::size_t count = std::min(k_, size_);
    if (finish_by_ranks(scan, items, scratch, list)) return;
    if constexpr (std::is_same_v<Scalar, float>) {
      auto& keys = scratch.keys;
      keys.resize(size_);
      for (std::size_t n = 0; n < size_; ++n) {
        keys[n] = rank_key(scores_[n], items[static_cast<std::size_t>(places_[n])]);
      }
      std::sort(keys.begin(), keys.end(), std::greater<>{});
      for (std::size_t n = 0; n < count; ++n) list.push_back(from_rank_key(keys[n]));
    } else {
      auto& entries = gather(items, scratch);
      std::sort(entries.begin(), entries.end(), by_rank{});
      for (std::size_t n = 0; n < count; ++n) {
        list.push_back({entries[n].item, static_cast<float>(entries[n].score)});
      }
    }
  }

 private:
  // Scores that are all different have different ranks. @returns whether they are
  bool finish_by_ranks(const score_scan<Scalar>& scan, const index_t* items,
                       tile_top_k_scratch<Scalar>& scratch, std::vector<scored_item<>>& list) {
    if (scan.ranks == nullptr || size_ > 512) return false;
    scratch.ranks.resize(size_);
    scratch.order.assign(size_, -1);
    scan.ranks(scores_.data(), size_, scratch.ranks.data());
    for (std::size_t n = 0; n < size_; ++n)
      scratch.order[scratch.ranks[n]] = static_cast<index_t>(n);
    if (std::find(scratch.order.begin(), scratch.order.end(), -1) != scratch.order.end()) {
      return false;
    }
    for (std::size_t n = 0; n < std::min(k_, size_); ++n) {
      const auto at = static_cast<std::size_t>(scratch.order[n]);
      list.push_back(
          {items[static_cast<std::size_t>(places_[at])], static_cast<float>(scores_[at])});
    }
    return true;
  }

  void make_room() {
    const std::size_t room = limit_ + tile_ + score_scan<Scalar>::overhang;
    if (scores_.size() >= room) return;
    scores_.resize(room);
    places_.resize(room);
  }

  // At least k scores reach this.
  void reach(Scalar score) {
    reached_ = score;
    floor_ = score;
    if (slack_ > 0 && score > none) {
      // Rounded away from what may stay.
      floor_ = score - slack_ - std::numeric_limits<Scalar>::epsilon() * std::abs(score);
    }
  }

  // @returns whether a floor was found that at most `most` candidates reach, but for the slack
  bool lift_floor(const score_scan<Scalar>& scan, std::size_t most) {
    const Scalar reached = floor_of_best(scan, scores_.data(), size_, k_, most, reached_);
    if (!(reached > none)) return false;
    reach(reached);
    size_ = scan.keep(scores_.data(), places_.data(), size_, floor_);
    return true;
  }

  void cut(const score_scan<Scalar>& scan, const index_t* items, const index_t* by_item,
           tile_top_k_scratch<Scalar>& scratch) {
    const bool lifted = lift_floor(scan, k_ + k_ / 8 + 4);
    if (slack_ > 0) {
      // Room for twice what is left, so that not every tile has to be followed by a cut.
      overfull_ = !lifted || size_ > 8 * k_ + 256;
      limit_ = std::max(limit_, 2 * size_);
      make_room();
      return;
    }
    if (lifted) return;
    // Equal scores, or some that are not finite.
    auto& entries = gather(items, scratch);
    const auto last = entries.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
    std::nth_element(entries.begin(), last, entries.end(), by_rank{});
    for (std::size_t n = 0; n < k_; ++n) {
      scores_[n] = entries[n].score;
      places_[n] = by_item[static_cast<std::size_t>(entries[n].item)];
    }
    size_ = k_;
    reach(last->score > none ? last->score : none);
  }

  std::vector<scored_item<Scalar>>& gather(const index_t* items,
                                           tile_top_k_scratch<Scalar>& scratch) const {
    scratch.entries.resize(size_);
    for (std::size_t n = 0; n < size_; ++n) {
      scratch.entries[n] = {items[static_cast<std::size_t>(places_[n])], scores_[n]};
    }
    return scratch.entries;
  }

  std::size_t k_ = 0;
  std::size_t size_ = 0;
  std::size_t tile_ = 0;
  std::size_t limit_ = 0;  // candidates that are kept before they are cut down
  Scalar slack_ = 0;
  bool overfull_ = false;
  Scalar reached_ = none;
  Scalar floor_ = none;
  std::vector<Scalar> scores_;
  std::vector<index_t> places_;
};

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
