// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Models that only score: what they must offer, and ranked lists made from scores.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/core/top_k.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

namespace detail {
/// What is done about a test part of another shape than the model's.
inline constexpr char split_together[] =
    "read both parts with read_train_test or split them from one data set";
}  // namespace detail

/// A model that scores items for a user it knows; higher is better.
///
/// `score(user, items, scores)` writes one score for each of `items` (ascending) and is safe to
/// call from several threads.
template <class Model>
concept scorer = requires(const Model& model, index_t user, std::span<const index_t> items,
                          std::span<float> scores) {
  { model.users() } -> std::convertible_to<std::int64_t>;
  { model.items() } -> std::convertible_to<std::int64_t>;
  model.score(user, items, scores);
};

/// The k best items for each of `users` by score, all items scored, those of row `user` of `seen`
/// left out. A tile of scores a thread is held, never users × items.
/// @param seen users × items; 0 × 0: nothing is left out
/// @throws dimension_error when `seen` has another shape, value_error for a user out of range, k <
/// 1
template <scorer Model>
ranked_lists rank_by_score(const cpu& policy, const Model& model, std::span<const index_t> users,
                           int k, const csr_view<>& seen = {}) {
  const auto items = static_cast<index_t>(model.items());
  check::in_range("k", k, 1, std::numeric_limits<int>::max());
  for (const index_t user : users) check::index_in("user", user, model.users());
  if (seen.rows() != 0) {
    check::equal("seen.rows()", seen.rows(), "model.users()", model.users());
    check::equal("seen.cols()", seen.cols(), "model.items()", items);
  }
  std::vector<index_t> all(static_cast<std::size_t>(items));
  std::iota(all.begin(), all.end(), index_t{0});
  const int length = std::min<int>(k, std::max<int>(items, 1));
  ranked_lists lists(users.size(), static_cast<std::size_t>(length));
  parallel_for(policy, static_cast<std::int64_t>(users.size()), 8,
               [&](std::int64_t begin, std::int64_t end) {
                 std::vector<float> scores(all.size());
                 top_k_selector<> best;
                 for (auto u = static_cast<std::size_t>(begin); std::cmp_less(u, end); ++u) {
                   model.score(users[u], std::span<const index_t>(all), std::span<float>(scores));
                   const auto skip =
                       seen.rows() != 0 ? seen.row(users[u]).indices : std::span<const index_t>{};
                   best.reset(static_cast<std::size_t>(length));
                   index_t run = 0;
                   const auto push_until = [&](index_t stop) {
                     if (run < stop) {
                       best.push_range(run, scores.data() + run,
                                       static_cast<std::size_t>(stop - run));
                     }
                     run = stop + 1;
                   };
                   for (const index_t item : skip) push_until(item);
                   push_until(items);
                   lists.assign(u, best.finish());
                 }
               });
  return lists;
}

}  // namespace recokit::inline RECOKIT_ABI
