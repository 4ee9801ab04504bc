// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Groups of items and users by popularity: head, middle and tail.
#pragma once

#include <recokit/core/csr.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// The number of users of each item: stored entries a column. O(nonzeros).
std::vector<std::int64_t> item_counts(const csr_view<>& train);

/// What the shares of group_items_by_popularity are shares of.
enum class group_by {
  interactions,  ///< head: the most popular items with 20 % of the interactions
  items,         ///< head: the most popular 20 % of the items
};

/// The group of each item, 0 the most popular. Items are taken by falling count, equal ones by
/// rising index; group g begins with the first item before which the sum of the shares of the
/// groups before it is reached.
///
/// @param shares one a group, above 0, sum 1 (± 1e-9). The default is the head, middle and tail of
///               Abdollahpouri et al., RecSys 2020.
/// @throws value_error for other shares. O(nonzeros + items log items)
std::vector<int> group_items_by_popularity(const csr_view<>& train,
                                           std::span<const double> shares = {},
                                           group_by by = group_by::interactions);

/// The group of each user: 0 for those whose history is the most popular (mean count of its items),
/// cut by shares of the users with a history; -1 for users without. By default fifths: the first,
/// the three in the middle, the last (blockbuster, diverse and niche users of Abdollahpouri et
/// al.).
/// @throws as above. O(nonzeros + users log users)
std::vector<int> group_users_by_popularity(const csr_view<>& train,
                                           std::span<const double> shares = {});

}  // namespace recokit::inline RECOKIT_ABI
