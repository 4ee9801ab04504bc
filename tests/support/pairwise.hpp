// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Data in groups that a factor model must find, and how well it does.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/random.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/core/recommender.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace recokit_test {

/// Users of group u mod `groups` take about a third of the items of their group and 1 in 50 of the
/// rest. @returns train, and test: the other items of each user's group
inline std::pair<recokit::csr_matrix<>, recokit::csr_matrix<>> block_data(int users, int items,
                                                                          int groups) {
  std::vector<recokit::offset_t> train_offsets{0}, test_offsets{0};
  std::vector<recokit::index_t> train, test;
  for (int u = 0; u < users; ++u) {
    recokit::random_stream random(77, recokit::random_purpose::user, static_cast<std::uint64_t>(u));
    for (int i = 0; i < items; ++i) {
      const bool own = u % groups == i % groups;
      if (random.uniform() < (own ? 1.0 / 3 : 0.02)) {
        train.push_back(i);
      } else if (own) {
        test.push_back(i);
      }
    }
    train_offsets.push_back(static_cast<recokit::offset_t>(train.size()));
    test_offsets.push_back(static_cast<recokit::offset_t>(test.size()));
  }
  return {{users, items, std::move(train_offsets), std::move(train)},
          {users, items, std::move(test_offsets), std::move(test)}};
}

/// The part of all recommended items, k a user, that are in `test`.
template <class Model>
double hits(const Model& model, const recokit::csr_matrix<>& test, int k) {
  const auto lists = model.recommend(recokit::detail::all_rows(model.users()), {.k = k});
  double found = 0;
  double all = 0;
  for (std::size_t u = 0; u < lists.size(); ++u) {
    const auto own = test.row(static_cast<std::int64_t>(u)).indices;
    for (const auto& entry : lists[u]) {
      found += std::binary_search(own.begin(), own.end(), entry.item) ? 1 : 0;
      all += 1;
    }
  }
  return found / all;
}

/// A model that ranks for its users from given histories, as if it did not know them.
template <class Model>
struct histories_of {
  const Model& model;
  const recokit::csr_matrix<>& histories;

  histories_of(const Model& of, const recokit::csr_matrix<>& from) : model(of), histories(from) {}
  recokit::index_t users() const { return model.users(); }
  recokit::ranked_lists recommend(const std::vector<recokit::index_t>&,
                                  const recokit::recommend_options& options) const {
    return model.recommend_for(histories, options);
  }
};

}  // namespace recokit_test
