// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"

#include <recokit/factorization/ials.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace rk = recokit;

namespace {

struct release {
  std::size_t version;
  rk::ials::model model;
};
using release_pointer = std::shared_ptr<const release>;

// What a service has: the model of the moment, which others take and put.
class published {
 public:
  explicit published(release_pointer first) : current_(std::move(first)) {}
  release_pointer get() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  void set(release_pointer next) {
    const std::lock_guard lock(mutex_);
    current_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  release_pointer current_;
};

// What a model says to one thread, to compare with what it says to eight.
struct answers {
  std::vector<std::vector<rk::scored_item<>>> lists;
  rk::row_major_matrix<float> folded;
  std::vector<float> scores;
};

answers answers_of(const rk::ials::model& model, const rk::csr_matrix<>& histories) {
  answers all;
  for (rk::index_t user = 0; user < model.users(); ++user) {
    all.lists.push_back(model.recommend(user, {.k = 5}));
  }
  all.folded = model.fold_in(rk::cpu{.threads = 1}, histories);
  all.scores = model.score(0, std::vector<rk::index_t>{0, 1, 2});
  return all;
}

}  // namespace

TEST_CASE("eight threads recommend and fold in while the model is swapped") {
  constexpr int threads = 8;
  constexpr int calls = 120;
  const auto data = recokit_test::random_matrix(40, 30, 0.3, 1);
  const auto histories = recokit_test::random_matrix(6, 30, 0.3, 2);
  const auto fit = [&](std::uint64_t seed) {
    return rk::ials::fit(data, {.factors = 4, .epochs = 2, .seed = seed});
  };
  // The swapper makes copies, so that models also end while others are at work.
  const std::array<rk::ials::model, 2> versions{fit(1), fit(2)};
  const std::array<answers, 2> expected{answers_of(versions[0], histories),
                                        answers_of(versions[1], histories)};
  REQUIRE(expected[0].folded != expected[1].folded);

  const auto released = [&](std::size_t version) {
    return std::make_shared<const release>(release{version, versions[version]});
  };
  published current(released(0));
  std::atomic<int> wrong{0};
  std::atomic<int> running{threads};
  std::vector<std::thread> readers;
  for (int thread = 0; thread < threads; ++thread) {
    readers.emplace_back([&, thread] {
      for (int call = 0; call < calls; ++call) {
        const release_pointer taken = current.get();
        const rk::ials::model& model = taken->model;
        const answers& right = expected[taken->version];
        const auto user = static_cast<rk::index_t>((thread * calls + call) % 40);
        const bool same =
            model.recommend(user, {.k = 5}) == right.lists[static_cast<std::size_t>(user)] &&
            model.fold_in(rk::cpu{.threads = 2}, histories) == right.folded &&
            model.score(0, std::vector<rk::index_t>{0, 1, 2}) == right.scores;
        if (!same) ++wrong;
      }
      --running;
    });
  }
  std::size_t swaps = 0;
  for (; running > 0; ++swaps) {
    current.set(released((swaps + 1) % 2));
    std::this_thread::yield();
  }
  for (auto& reader : readers) reader.join();
  CHECK(wrong == 0);
  CHECK(swaps > 0);
}
