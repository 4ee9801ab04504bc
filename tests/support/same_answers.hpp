// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Two models that answer every word alike, bit for bit.
#pragma once

#include "catch.hpp"

#include <recokit/core/recommender.hpp>

#include <vector>

namespace recokit_test {

inline bool equal_lists(const recokit::ranked_lists& a, const recokit::ranked_lists& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t u = 0; u < a.size(); ++u) {
    if (!std::equal(a[u].begin(), a[u].end(), b[u].begin(), b[u].end())) return false;
  }
  return true;
}

/// Compares users and items, recommend and score of every user (unless there is no history), and
/// recommend_for.
template <class Model>
void check_same_answers(const Model& a, const Model& b, const recokit::csr_matrix<>& histories) {
  REQUIRE(a.users() == b.users());
  REQUIRE(a.items() == b.items());
  REQUIRE(a.history().rows() == b.history().rows());
  const auto users = recokit::detail::all_rows(a.users());
  const auto items = recokit::detail::all_rows(a.items());
  CHECK(equal_lists(a.recommend_for(histories, {.k = 7}), b.recommend_for(histories, {.k = 7})));
  if (a.history().rows() == 0) return;
  CHECK(equal_lists(a.recommend(users, {.k = 7}), b.recommend(users, {.k = 7})));
  CHECK(equal_lists(a.recommend(users, {.k = 7, .exclude_seen = false}),
                    b.recommend(users, {.k = 7, .exclude_seen = false})));
  for (const auto user : users) CHECK(a.score(user, items) == b.score(user, items));
}

}  // namespace recokit_test
