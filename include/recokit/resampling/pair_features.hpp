// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Rows of numbers for pairs of a user and an item, to resample and to train classifiers on.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/config.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace recokit::inline RECOKIT_ABI {

/// What is known of users and items. A part without columns is left out.
template <class Scalar>
struct pair_parts {
  dense_view<Scalar> user_factors{};  ///< users × d
  dense_view<Scalar> item_factors{};  ///< items × d
  dense_view<Scalar> user_columns{};  ///< users × any: ages, numbers of interactions, …
  dense_view<Scalar> item_columns{};  ///< items × any
  /// Adds the d products of a user's and an item's factors, whose sum is the score of the model.
  bool products = true;
};

/// For each pair the row [user factors, item factors, their products, user columns, item columns].
///
/// No column holds an id: ids are names, and a number between two of them names a third user or
/// item. New rows that a sampler makes of these have no pair; their `origins` name the pairs that
/// they lie between.
///
/// @param users,items ids of the pairs, as many of each
/// @return pairs × (2 d + products · d + side columns)
/// @throws dimension_error when there are more users than items or fewer, or products are asked of
///         factors of different widths; value_error when an id has no row in a part that has
///         columns; memory_error
/// O(pairs × columns), in parallel.
template <class Scalar>
row_major_matrix<Scalar> pair_features(const cpu& policy, std::span<const index_t> users,
                                       std::span<const index_t> items,
                                       const pair_parts<Scalar>& parts) {
  check::equal("users.size()", std::ssize(users), "items.size()", std::ssize(items),
               "a pair is one of each");
  const bool products =
      parts.products && parts.user_factors.cols() > 0 && parts.item_factors.cols() > 0;
  const std::int64_t d = parts.user_factors.cols();
  if (products) {
    check::equal("user_factors.cols()", d, "item_factors.cols()", parts.item_factors.cols(),
                 "products need both of one model; or set products to false");
  }
  const std::int64_t columns = d + parts.item_factors.cols() + (products ? d : 0) +
                               parts.user_columns.cols() + parts.item_columns.cols();
  check::fits_memory("the features of the pairs",
                     check::bytes("the features of the pairs", users.size(),
                                  static_cast<std::uint64_t>(columns), sizeof(Scalar)));
  row_major_matrix<Scalar> features(static_cast<Eigen::Index>(users.size()), columns);
  parallel_for(policy, std::ssize(users), 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      Scalar* to = features.data() + p * columns;
      const auto append = [&](const char* name, const dense_view<Scalar>& part, index_t id) {
        if (part.cols() == 0) return;
        check::index_in(name, id, part.rows());
        to = std::copy_n(part.row(id), part.cols(), to);
      };
      const index_t user = users[static_cast<std::size_t>(p)];
      const index_t item = items[static_cast<std::size_t>(p)];
      append("user", parts.user_factors, user);
      append("item", parts.item_factors, item);
      if (products) {
        to = std::transform(parts.user_factors.row(user), parts.user_factors.row(user) + d,
                            parts.item_factors.row(item), to,
                            [](Scalar x, Scalar y) { return x * y; });
      }
      append("user", parts.user_columns, user);
      append("item", parts.item_columns, item);
    }
  });
  return features;
}

template <class Scalar>
row_major_matrix<Scalar> pair_features(std::span<const index_t> users,
                                       std::span<const index_t> items,
                                       const pair_parts<Scalar>& parts) {
  return pair_features(cpu{}, users, items, parts);
}

}  // namespace recokit::inline RECOKIT_ABI
