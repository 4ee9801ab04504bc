// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// A model of your own, evaluated beside recokit's. evaluate takes any type with users(), items()
// and score(); docs/extending.md goes on from there to a model with all of recokit's words.
#include <recokit/recokit.hpp>

#include <cmath>
#include <iomanip>
#include <iostream>
#include <span>
#include <vector>

namespace rk = recokit;

// What is popular lately: an interaction loses half of its weight in `half_life` days.
class trending {
 public:
  trending(const rk::interactions& train, double half_life)
      : users_(train.rows()), heat_(static_cast<std::size_t>(train.cols())) {
    std::int64_t now = 0;
    for (const auto time : train.timestamps()) now = std::max(now, time);
    const auto items = train.view().indices();
    for (std::size_t n = 0; n < items.size(); ++n) {
      const double days = static_cast<double>(now - train.timestamps()[n]) / 86400;
      heat_[static_cast<std::size_t>(items[n])] += std::exp2(-days / half_life);
    }
  }

  rk::index_t users() const { return users_; }
  rk::index_t items() const { return static_cast<rk::index_t>(heat_.size()); }
  // Called from several threads: no state is changed.
  void score(rk::index_t, std::span<const rk::index_t> items, std::span<float> scores) const {
    for (std::size_t n = 0; n < items.size(); ++n) {
      scores[n] = static_cast<float>(heat_[static_cast<std::size_t>(items[n])]);
    }
  }

 private:
  rk::index_t users_;
  std::vector<double> heat_;
};
static_assert(rk::scorer<trending>);

int main() {
  const auto data = rk::synthetic::generate({.users = 1000, .items = 400, .mean_interactions = 30});
  const auto split = rk::split::leave_last_out(data);
  const auto show = [&](const char* name, const auto& model) {
    // The split tells evaluate what each user has seen; that is left out of the lists.
    const auto report = rk::evaluate(model, split, {rk::hit_rate(20), rk::ndcg(20)});
    std::cout << std::left << std::setw(12) << name << std::right << std::fixed
              << std::setprecision(3) << report["hit_rate@20"] << "  " << report["ndcg@20"] << '\n';
  };
  std::cout << "            hit_rate@20 and ndcg@20\n";
  show("trending", trending(split.train, 60));
  show("popularity", rk::popularity::fit(split.train));
  show("item_knn", rk::item_knn::fit(split.train, {.neighbors = 50}));
}

// clang-format off
// Expected output:
//             hit_rate@20 and ndcg@20
// trending    0.176  0.065
// popularity  0.174  0.066
// item_knn    0.352  0.156
