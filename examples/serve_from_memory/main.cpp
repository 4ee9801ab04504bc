// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Serves recommendations from several threads while a newer model is made and put in place.
#include <recokit/recokit.hpp>

#include <atomic>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace rk = recokit;
using model = rk::item_knn::model;
using list = std::vector<rk::scored_item<>>;

// A model never changes once it is made, so any number of threads may ask it without a lock. To
// serve a newer one, put another pointer in place.
class service {
 public:
  explicit service(model first) { swap(std::move(first)); }
  list recommend(rk::index_t user) const {
    const auto now = current_.load();  // this model lives until the answer is made
    return now->recommend(user, {.k = 3});
  }
  void swap(model next) { current_ = std::make_shared<const model>(std::move(next)); }

 private:
  std::atomic<std::shared_ptr<const model>> current_;
};

int main() {
  const auto data = rk::synthetic::generate({.users = 500, .items = 200, .mean_interactions = 20});
  const auto yesterday = rk::split::random(data, {.test_fraction = 0.1});  // the rest comes later
  const auto first = rk::item_knn::fit(yesterday.train, {.neighbors = 20});
  const auto second = first.update(yesterday.test);  // the bits of a fit on everything

  service live(first);
  std::atomic<int> answers = 0;
  std::atomic<int> wrong = 0;
  const auto client = [&](rk::index_t user) {
    const list before = first.recommend(user, {.k = 3});
    const list after = second.recommend(user, {.k = 3});
    for (int n = 0; n < 1000; ++n) {
      const list got = live.recommend(user);
      if (got != before && got != after) ++wrong;
      ++answers;
    }
  };
  std::vector<std::jthread> clients;
  for (rk::index_t user = 0; user < 4; ++user) clients.emplace_back(client, user);
  while (answers < 100) std::this_thread::yield();
  live.swap(second);
  clients.clear();  // joins

  std::cout << answers << " answers, " << wrong << " of them of neither model\n"
            << "user 3 now gets";
  for (const auto& [item, score] : live.recommend(3)) std::cout << ' ' << item;
  std::cout << ", before";
  for (const auto& [item, score] : first.recommend(3, {.k = 3})) std::cout << ' ' << item;
  std::cout << '\n';
}

// clang-format off
// Expected output:
// 4000 answers, 0 of them of neither model
// user 3 now gets 150 189 20, before 150 197 20
