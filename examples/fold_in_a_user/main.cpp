// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Somebody new arrives after training: recommendations at once, without fitting again.
#include <recokit/recokit.hpp>

#include <iostream>
#include <span>
#include <vector>

namespace rk = recokit;

template <class List>
void show(const char* who, const List& list) {
  std::cout << who;
  for (const auto& [item, score] : list) std::cout << ' ' << item;
  std::cout << '\n';
}

int main() {
  // Two tastes: even users like items 0 to 9, odd ones 10 to 19, and each misses three.
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> items;
  for (rk::index_t user = 0; user < 40; ++user) {
    for (rk::index_t i = 0; i < 10; ++i) {
      if ((i + user / 2) % 10 >= 3) items.push_back(i + 10 * (user % 2));
    }
    offsets.push_back(static_cast<rk::offset_t>(items.size()));
  }
  const rk::csr_matrix<> likes(40, 20, std::move(offsets), std::move(items));
  const auto model = rk::ials::fit(likes, {.factors = 4, .regularization = 0.05});

  // One row a new user: this one likes items 12, 15 and 17.
  const rk::csr_matrix<> history(1, 20, {0, 3}, {12, 15, 17});
  show("a newcomer gets", model.recommend_for(history, {.k = 3})[0]);

  // The row of factors alone, say for a store of vectors.
  const auto factors = model.fold_in(rk::cpu{}, history);
  std::cout << "as a row of " << factors.cols() << " factors\n";

  // Or a model that knows the newcomer as user 40. Items stay as they are; nobody else changes.
  const rk::index_t newcomer = model.users();
  const auto larger = model.partial_fit_users(rk::cpu{}, std::span(&newcomer, 1), history);
  std::cout << larger.users() << " users; ";
  show("user 40 gets", larger.recommend(newcomer, {.k = 3}));

  // User 0 has changed: these are now all of their interactions.
  const rk::index_t changed = 0;
  const rk::csr_matrix<> now(1, 20, {0, 4}, {11, 13, 14, 16});
  const auto moved = larger.partial_fit_users(rk::cpu{}, std::span(&changed, 1), now);
  show("user 0 got", model.recommend(0, {.k = 3}));
  show("user 0 gets", moved.recommend(0, {.k = 3}));
}

// clang-format off
// Expected output:
// a newcomer gets 14 16 13
// as a row of 4 factors
// 41 users; user 40 gets 14 16 13
// user 0 got 2 0 1
// user 0 gets 15 12 17
