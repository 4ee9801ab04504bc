// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Filters that drop interactions, users and items: rating threshold and k-core.
#pragma once

#include <recokit/data/interactions.hpp>

namespace recokit::inline RECOKIT_ABI {

/// Keeps interactions whose value is at least `low`, with their timestamps; in a pattern-only
/// matrix every value is 1. Users and items stay, maybe with empty rows. O(nonzeros), parallel.
/// @throws value_error when low is NaN or infinite
interactions at_least(const interactions& data, float low);

struct k_core_params {
  int user = 5;  ///< least interactions of a user, at least 0
  int item = 5;  ///< least interactions of an item, at least 0
};
/// Drops users and items below their minimum until none is left below; ids are renumbered in order.
/// The result may be 0 × 0. Time O(nonzeros); memory the result and the transposed pattern.
/// Seidman: Network structure and minimum degree, Social Networks 1983.
/// @throws value_error for a negative minimum
interactions k_core(const interactions& data, const k_core_params& params = {});

}  // namespace recokit::inline RECOKIT_ABI
