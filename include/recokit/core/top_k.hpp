// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The bounded top-k selector behind every ranked list on the CPU.
#pragma once

#include <recokit/core/scored_item.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// A score that at least min(k, count) of `scores` reach and, mostly, not many more; −infinity when
/// there is little to gain. What is below need not be looked at again. One pass over the scores and
/// a selection in an eighth of them. @param sample is work space. NaN counts as below.
template <class Score>
Score top_k_floor(std::span<const Score> scores, std::size_t k, std::vector<Score>& sample) {
  constexpr std::size_t stride = 8;
  const Score none = -std::numeric_limits<Score>::infinity();
  if (scores.size() <= 4 * k || scores.size() < 16 * stride) return none;
  sample.clear();
  for (std::size_t n = 0; n < scores.size(); n += stride) sample.push_back(scores[n]);
  // Three standard deviations below the mean number of sampled scores among the k best.
  const double expected = static_cast<double>(k) / stride;
  const auto place = static_cast<std::size_t>(expected + 3 * std::sqrt(expected) + 1);
  if (place >= sample.size()) return none;
  const auto at = sample.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(sample.begin(), at, sample.end(), std::greater<>{});
  const Score floor = *at;
  std::size_t reached = 0;
  for (const Score score : scores) reached += score >= floor ? 1 : 0;
  return reached >= k ? floor : none;
}

/// Keeps the k best of a stream of scored items, in the order of ranks_before.
///
/// Candidates go to a buffer of 2k; when it is full, a selection throws the worse half away and the
/// k-th best becomes the threshold. Amortised constant time a candidate, O(k log k) to finish,
/// 2k entries of memory. Each item may be pushed once.
template <class Score = float, class Index = index_t>
class top_k_selector {
 public:
  using item_type = scored_item<Score, Index>;

  /// Keeps nothing until reset.
  top_k_selector() = default;
  explicit top_k_selector(std::size_t k) { reset(k); }

  /// Forgets all candidates and keeps k from now on. The buffer is reused.
  void reset(std::size_t k) {
    k_ = k;
    size_ = 0;
    has_threshold_ = false;
    if (buffer_.size() < 2 * k) buffer_.resize(2 * k);
  }

  void push(Index item, Score score) {
    const item_type candidate{item, score};
    if (has_threshold_ && !ranks_before(candidate, threshold_)) return;
    if (k_ == 0) return;
    buffer_[size_++] = candidate;
    if (size_ == 2 * k_) prune();
  }

  /// Pushes items first, first + 1, … with scores[0], scores[1], …
  void push_range(Index first, const Score* scores, std::size_t count) {
    push_strips(scores, count, [first](std::size_t i) {
      return static_cast<Index>(first + static_cast<Index>(i));
    });
  }
  /// The same for scores[i] of items[i], in any order.
  void push_items(const Index* items, const Score* scores, std::size_t count) {
    push_strips(scores, count, [items](std::size_t i) { return items[i]; });
  }

  /// A score below this cannot enter any more; −infinity while every score can.
  Score floor() const noexcept {
    return has_threshold_ ? threshold_.score : -std::numeric_limits<Score>::infinity();
  }

  /// The min(k, pushed) best, in rank order. Valid until the next call of any other member.
  std::span<const item_type> finish() {
    if (size_ > k_) prune();
    std::sort(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size_), by_rank{});
    return {buffer_.data(), size_};
  }

 private:
  template <class ItemOf>
  void push_strips(const Score* scores, std::size_t count, const ItemOf& item_of) {
    constexpr std::size_t strip = 16;
    std::size_t i = 0;
    while (i < count) {
      const std::size_t end = std::min(count, i + strip);
      if (has_threshold_) {
        // NaN compares false, so a strip that holds one is looked at in full.
        bool any = false;
        for (std::size_t j = i; j < end; ++j) any |= !(scores[j] < threshold_.score);
        if (!any) {
          i = end;
          continue;
        }
      }
      for (; i < end; ++i) push(item_of(i), scores[i]);
    }
  }

  void prune() {
    const auto first = buffer_.begin();
    std::nth_element(first, first + static_cast<std::ptrdiff_t>(k_ - 1),
                     first + static_cast<std::ptrdiff_t>(size_), by_rank{});
    size_ = k_;
    threshold_ = buffer_[k_ - 1];
    has_threshold_ = true;
  }

  std::size_t k_ = 0;
  std::size_t size_ = 0;
  bool has_threshold_ = false;
  item_type threshold_{};
  std::vector<item_type> buffer_;
};

}  // namespace recokit::inline RECOKIT_ABI
