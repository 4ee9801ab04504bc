// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Names a metric beyond accuracy with every choice that libraries disagree on.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/metrics/ranking_metric.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

enum class beyond_measure {
  coverage,
  user_coverage,
  diversity,
  category_diversity,
  novelty,
  serendipity,
  unexpectedness,
  gini,
  entropy,
  average_popularity,
  popularity_lift,
  group_share,
  personalisation,
  calibration_error,
  empty_places,
  duplicates,
};

/// The definitions that share the name of a measure. Each measure has its own few, the first one
/// named with it below is its default.
enum class beyond_variant {
  // coverage: distinct items recommended ...
  share,  ///< / items of the catalogue
  seen,   ///< / items that occur in training
  count,  ///< as they are. average_popularity: interactions of the item in training
  // user_coverage: users whose list ...
  any,   ///< has an item
  full,  ///< has k items
  // diversity
  mean,  ///< mean distance of the pairs of the list
  // category_diversity: distinct categories in the first k ...
  places,      ///< / k
  categories,  ///< / all categories
  // novelty of an item
  users,         ///< log2(users / users of the item). average_popularity: users of the item / users
  surprisal,     ///< log2(users / users of the item) / log2(users): in [0, 1]
  interactions,  ///< log2(interactions / those of the item). average_popularity: the share
  // serendipity
  rank,  ///< relevant × max(P_user − P_any, 0), both from ranks
  // serendipity: relevant × mean distance to the history. unexpectedness: the distance alone
  distance,
  // unexpectedness
  set,      ///< 1 when the item is not expected
  nearest,  ///< distance to the nearest item of the history
  // gini: sum of (2i − n − 1) x_i over the items by rising exposure x ...
  items,       ///< / (n × sum of x): at most (n − 1) / n
  normalised,  ///< / ((n − 1) × sum of x): at most 1. entropy: / log2(items of the catalogue)
  // entropy of the exposure
  bits,         ///< base 2
  nats,         ///< base e
  nats_a_item,  ///< base e, / distinct items recommended
  // popularity_lift: (popularity in the list − in the history) / in the history
  group,     ///< of the means over users
  per_user,  ///< mean over users of each one's
  // group_share of an item group
  list,      ///< in the list, mean over users
  profile,   ///< in the history, mean over users
  change,    ///< list − profile, mean over users
  exposure,  ///< in all recommendations together
  // personalisation: 1 − mean over pairs of users of |A ∩ B| ...
  overlap,  ///< / k
  cosine,   ///< / sqrt(|A| |B|)
  // calibration_error of history p and list q over categories
  kl,         ///< KL(p || (1 − alpha) q + alpha p), base e
  js,         ///< Jensen-Shannon divergence, base 2: in [0, 1]
  hellinger,  ///< Hellinger distance: in [0, 1]
  absolute,   ///< sum of |p − q| / 2: in [0, 1]
  // empty_places and duplicates: share of the k places that ...
  share_of_k,  ///< hold no item; repeat an item
};

/// What a user counts as where a measure has no value: an empty list, no history, no categories, no
/// pair of items.
enum class undefined_value {
  left_out,  ///< NaN, and not in the mean
  zero,      ///< 0
};

/// How novelty counts an item that training does not know.
enum class unseen_item {
  one,   ///< as if one user had it
  zero,  ///< novelty 0
};

/// A metric beyond accuracy with every choice spelled out.
///
/// Make one with a factory below or with parse_beyond_metric. Common to all: the first k items of
/// each list count, a shorter list counts in full; all users weigh the same in a mean.
struct beyond_metric {
  beyond_measure measure = beyond_measure::coverage;
  /// Depth of the list that is looked at, at least 1.
  int k = 10;
  beyond_variant variant = beyond_variant::share;
  /// novelty, serendipity, unexpectedness, average_popularity, group_share: sums over the list are
  /// divided by its length (listed) or by k. Missing places then count as unexpected in
  /// unexpectedness(set) and as 0 in all else.
  metric_divisor divisor = metric_divisor::listed;
  /// Means over users; see undefined_value. The factory of diversity takes zero.
  undefined_value undefined = undefined_value::left_out;
  /// novelty only.
  unseen_item unseen = unseen_item::one;
  /// novelty and average_popularity may be micro: a user weighs what the sum is divided by, so that
  /// every recommendation counts the same.
  user_average average = user_average::macro;
  /// group_share: the group looked at.
  int group = 0;
  /// calibration_error(kl): how much of p is mixed into q, in (0, 1).
  double alpha = 0.01;

  /// "novelty@10"; "novelty(surprisal,k)@10" where choices differ from the default.
  std::string name() const;
  /// The convention in one line.
  std::string convention() const;
  /// True for measures of all lists together; they have no value per user.
  bool aggregate() const noexcept;

  friend bool operator==(const beyond_metric&, const beyond_metric&) = default;
};

/// Distinct items in the first k of all lists / items of the catalogue. RecTools: count. RePlay and
/// Microsoft's recommenders: seen (above 1 when lists hold items that training does not know).
beyond_metric coverage(int k, beyond_variant variant = beyond_variant::share);
/// Share of the lists that hold an item (any) or k items (full).
beyond_metric user_coverage(int k, beyond_variant variant = beyond_variant::any);
/// Intra-list diversity: mean distance of the pairs in the first k. Needs beyond_inputs::distance.
/// Ziegler et al., WWW 2005; lists of one item as RecTools (zero) or recommenders (left_out).
beyond_metric diversity(int k, undefined_value undefined = undefined_value::zero);
/// Distinct categories in the first k / k, as RePlay's CategoricalDiversity (places), or / all
/// categories. Needs beyond_inputs::categories.
beyond_metric category_diversity(int k, beyond_variant variant = beyond_variant::places);
/// Mean self-information of the items: users (MIUF of RecTools), surprisal (RePlay, which divides
/// by k), interactions (recommenders, micro with unseen items as zero). Zhou et al., PNAS 2010;
/// Castells et al., ECIR 2011.
beyond_metric novelty(int k, beyond_variant variant = beyond_variant::users);
/// rank: RecTools; P_user = (n + 1 − rank) / n in a catalogue of n, P_any the same of the item's
/// popularity rank (dense; 0 for an unseen item). distance: recommenders, after Zhang et al., WSDM
/// 2012. Needs beyond_inputs::relevant; distance also beyond_inputs::distance.
beyond_metric serendipity(int k, beyond_variant variant = beyond_variant::rank);
/// set: share of the items not in beyond_inputs::expected, or without it not in the history
/// (RePlay's Unexpectedness and Novelty). distance and nearest: mean over the list of the mean or
/// least distance to the history; needs beyond_inputs::distance. Kaminskas and Bridge, TiiS 2016.
beyond_metric unexpectedness(int k, beyond_variant variant = beyond_variant::set);
/// Gini index of the exposure of all items of the catalogue, recommended or not: 0 when all get the
/// same. RecBole and irspack: items; Elliot: 1 − normalised.
beyond_metric gini(int k, beyond_variant variant = beyond_variant::items);
/// Shannon entropy of the exposure. recommenders' distributional coverage: bits; irspack: nats;
/// RecBole: nats_a_item.
beyond_metric entropy(int k, beyond_variant variant = beyond_variant::bits);
/// ARP: mean popularity of the items in training. RecTools, RecBole: count. Yin et al., VLDB 2012.
beyond_metric average_popularity(int k, beyond_variant variant = beyond_variant::count);
/// Popularity lift; group is that of Abdollahpouri et al., RecSys 2020, a value for each user group
/// with beyond_inputs::user_groups. 0: as popular as the history; 1: twice.
beyond_metric popularity_lift(int k, beyond_variant variant = beyond_variant::group);
/// Share of one item group. With the tail group and list: RecBole's TailPercentage. Needs
/// beyond_inputs::item_groups; see group_items_by_popularity.
beyond_metric group_share(int group, int k, beyond_variant variant = beyond_variant::list);
/// 1 − mean similarity of the lists of two users, over all pairs of users with a list.
beyond_metric personalisation(int k, beyond_variant variant = beyond_variant::overlap);
/// Distance of the categories of the list from those of the history. Steck, RecSys 2018. Needs
/// beyond_inputs::categories.
beyond_metric calibration_error(int k, beyond_variant variant = beyond_variant::kl);
/// Share of the k places that hold no item. RecTools' RecoEmpty(deep).
beyond_metric empty_places(int k);
/// Share of the k places that repeat an item of the list. RecTools' RecoDuplicated(deep).
beyond_metric duplicates(int k);

/// Reads what name() writes: "novelty@10", "gini(normalised)@20", "diversity(left_out)@10",
/// "group_share(group=2,change)@10", "calibration_error(kl,alpha=0.05)@10", … @throws value_error
beyond_metric parse_beyond_metric(std::string_view text);

/// Every measure with its default choices; for command lines and docs.
std::vector<beyond_metric> all_beyond_metrics(int k = 10);

}  // namespace recokit::inline RECOKIT_ABI
