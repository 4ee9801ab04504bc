// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The scores of positives and negatives, each sorted, and walks over both together.
#pragma once

#include "column_checks.hpp"
#include "radix_sort.hpp"

#include <recokit/core/parallel.hpp>
#include <recokit/metrics/binary_options.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

template <std::unsigned_integral Key>
using score_of_key = std::conditional_t<sizeof(Key) == 4, float, double>;

/// Unsigned integers in the order of the scores from the best down; 0 and −0 are one key.
template <std::unsigned_integral Key>
Key score_key(score_of_key<Key> score) noexcept {
  constexpr Key sign = Key{1} << (std::numeric_limits<Key>::digits - 1);
  const auto bits = std::bit_cast<Key>(score + score_of_key<Key>{0});
  return bits & sign ? bits : static_cast<Key>(~(bits | sign));
}

template <std::unsigned_integral Key>
score_of_key<Key> key_score(Key key) noexcept {
  constexpr Key sign = Key{1} << (std::numeric_limits<Key>::digits - 1);
  return std::bit_cast<score_of_key<Key>>(key & sign ? key : static_cast<Key>(~key & ~sign));
}

/// Which labels are positive.
class positive_rule {
 public:
  explicit positive_rule(const binary_options& options)
      : positive_(options.positive.value_or(1)), any_(options.positive.has_value()) {}

  bool operator()(std::int64_t label) const noexcept { return label == positive_; }

  /// @throws value_error naming the first label that is not 1, 0 or −1 when none was given
  void check(std::int64_t begin, std::span<const std::int64_t> labels) const {
    if (any_) return;
    bool fine = true;
    for (const auto label : labels) fine &= label >= -1 && label <= 1;
    if (fine) return;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] < -1 || labels[i] > 1) {
        throw value_error(element_name("truth", begin + static_cast<std::int64_t>(i)),
                          std::to_string(labels[i]),
                          "must be 1 for positive, 0 or -1 for negative; set options.positive for "
                          "other labels");
      }
    }
  }

 private:
  std::int64_t positive_;
  bool any_;
};

/// The keys of one class, best first, and with weights their running sums: sums[i] is the weight of
/// the first i. Summed one by one, as scikit-learn does, so that its curves come out the same.
template <class Key>
struct ranked_class {
  raw_array<Key> keys;
  raw_array<double> sums;

  double weight_before(std::size_t i) const noexcept {
    return sums.size() == 0 ? static_cast<double>(i) : sums[i];
  }
  double weight() const noexcept { return weight_before(keys.size()); }
};

template <class Key>
struct ranked_classes {
  ranked_class<Key> positive;
  ranked_class<Key> negative;
};

template <class Key>
struct weighted_key {
  Key key;
  double weight;
};

template <class Key>
ranked_class<Key> sort_class(const cpu& policy, raw_array<Key> keys) {
  radix_sort(policy, keys, [](Key key) { return key; });
  return {std::move(keys), {}};
}

template <class Key>
ranked_class<Key> sort_class(const cpu& policy, raw_array<weighted_key<Key>> items) {
  radix_sort(policy, items, [](const weighted_key<Key>& item) { return item.key; });
  ranked_class<Key> result{raw_array<Key>(items.size()), raw_array<double>(items.size() + 1)};
  double sum = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    result.keys[i] = items[i].key;
    result.sums[i] = sum;
    sum += items[i].weight;
  }
  result.sums[items.size()] = sum;
  return result;
}

/// The samples of one chunk that count, cut by class.
template <class Item>
struct class_chunk {
  static constexpr auto capacity = static_cast<std::size_t>(column_chunk);
  std::array<Item, capacity + 1> positive;
  std::array<Item, capacity + 1> negative;
  std::size_t positives = 0;
  std::size_t negatives = 0;

  /// @throws value_error for labels, scores and weights that are not allowed
  template <class Key>
  void load(const label_column& truth, const real_column& scores, const real_column& weights,
            const positive_rule& is_positive, std::int64_t begin, std::int64_t end) {
    constexpr bool weighted = !std::same_as<Item, Key>;
    const auto n = static_cast<std::size_t>(end - begin);
    std::array<std::int64_t, capacity> label_space;
    std::array<score_of_key<Key>, capacity> score_space;
    const auto labels = std::span(label_space).first(n);
    const auto values = std::span(score_space).first(n);
    truth.load(begin, labels);
    is_positive.check(begin, labels);
    scores.load(begin, values);
    check_finite<score_of_key<Key>>("scores", begin, values);
    // Both classes are written to and one of them moves on: no branch to mispredict.
    positives = negatives = 0;
    if constexpr (weighted) {
      std::array<double, capacity> weight_space;
      load_weights(weights, begin, std::span(weight_space).first(n));
      for (std::size_t i = 0; i < n; ++i) {
        const Item item{score_key<Key>(values[i]), weight_space[i]};
        const bool counts = item.weight > 0;
        const bool yes = is_positive(labels[i]);
        positive[positives] = negative[negatives] = item;
        positives += yes && counts;
        negatives += !yes && counts;
      }
    } else {
      for (std::size_t i = 0; i < n; ++i) {
        const bool yes = is_positive(labels[i]);
        positive[positives] = negative[negatives] = score_key<Key>(values[i]);
        positives += yes;
        negatives += !yes;
      }
    }
  }
};

/// Cuts the samples by class and sorts each. Needs columns of equal length.
template <class Key, class Item>
ranked_classes<Key> rank_classes(const cpu& policy, const label_column& truth,
                                 const real_column& scores, const binary_options& options) {
  const positive_rule is_positive(options);
  const std::int64_t n = truth.size();
  struct place {
    std::size_t positive = 0;
    std::size_t negative = 0;
  };
  std::vector<place> places(static_cast<std::size_t>((n + column_grain - 1) / column_grain));
  const auto for_chunks = [&](const cpu& threads, const auto& body) {
    parallel_for(threads, n, column_grain, [&](std::int64_t begin, std::int64_t end) {
      class_chunk<Item> part;
      auto& at = places[static_cast<std::size_t>(begin / column_grain)];
      for (std::int64_t first = begin; first < end; first += column_chunk) {
        part.template load<Key>(truth, scores, options.weights, is_positive, first,
                                std::min(end, first + column_chunk));
        body(part, at);
      }
    });
  };
  naming_the_first(policy, [&](const cpu& threads) {
    std::fill(places.begin(), places.end(), place{});
    for_chunks(threads, [](const class_chunk<Item>& part, place& counted) {
      counted.positive += part.positives;
      counted.negative += part.negatives;
    });
  });
  place total;
  for (auto& at : places) {
    total.positive += std::exchange(at.positive, total.positive);
    total.negative += std::exchange(at.negative, total.negative);
  }
  raw_array<Item> positive(total.positive);
  raw_array<Item> negative(total.negative);
  for_chunks(policy, [&](const class_chunk<Item>& part, place& at) {
    std::copy_n(part.positive.begin(), part.positives, positive.begin() + at.positive);
    std::copy_n(part.negative.begin(), part.negatives, negative.begin() + at.negative);
    at.positive += part.positives;
    at.negative += part.negatives;
  });
  return {sort_class<Key>(policy, std::move(positive)),
          sort_class<Key>(policy, std::move(negative))};
}

/// A position in both classes, before the first sample of a threshold.
struct class_cut {
  std::size_t positive = 0;
  std::size_t negative = 0;
};

/// The cut before the threshold that holds the rank-th best sample, rank from 0; the end when there
/// is no such sample. O(log n)
template <class Key>
class_cut cut_at(const ranked_classes<Key>& classes, std::size_t rank) {
  const auto& pos = classes.positive.keys;
  const auto& neg = classes.negative.keys;
  if (rank >= pos.size() + neg.size()) return {pos.size(), neg.size()};
  // The least number of positives that a merge would take before the rank-th sample.
  std::size_t low = rank > neg.size() ? rank - neg.size() : 0;
  std::size_t high = std::min(rank, pos.size());
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (pos[middle] < neg[rank - middle - 1]) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const std::size_t i = low;
  const std::size_t j = rank - low;
  const Key key = j == neg.size() || (i < pos.size() && pos[i] < neg[j]) ? pos[i] : neg[j];
  return {
      static_cast<std::size_t>(std::lower_bound(pos.begin(), pos.begin() + i, key) - pos.begin()),
      static_cast<std::size_t>(std::lower_bound(neg.begin(), neg.begin() + j, key) - neg.begin())};
}

/// Calls visit(key, before, after) for every threshold between two cuts, best first, until it
/// returns false.
template <class Key, class Visit>
void for_thresholds(const ranked_classes<Key>& classes, class_cut at, class_cut end,
                    const Visit& visit) {
  const auto& pos = classes.positive.keys;
  const auto& neg = classes.negative.keys;
  while (at.positive < end.positive || at.negative < end.negative) {
    const class_cut before = at;
    const Key key = at.positive == end.positive   ? neg[at.negative]
                    : at.negative == end.negative ? pos[at.positive]
                                                  : std::min(pos[at.positive], neg[at.negative]);
    while (at.positive < end.positive && pos[at.positive] == key) ++at.positive;
    while (at.negative < end.negative && neg[at.negative] == key) ++at.negative;
    if (!visit(key, before, at)) return;
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail
