// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Measures lists, scores and ratings that come from elsewhere; no model of recokit is involved.
#include <recokit/recokit.hpp>

#include <iomanip>
#include <iostream>
#include <vector>

namespace rk = recokit;

// One list a user, best first; a score only has to fall along the list.
rk::ranked_lists ranked(const std::vector<std::vector<rk::index_t>>& items) {
  rk::ranked_lists lists(items.size(), 5);
  for (std::size_t u = 0; u < items.size(); ++u) {
    std::vector<rk::scored_item<>> list;
    for (const auto item : items[u]) list.push_back({item, -static_cast<float>(list.size())});
    lists.assign(u, list);
  }
  return lists;
}

int main() {
  // What each of four users really took, of ten items.
  const rk::csr_matrix<> truth(4, 10, {0, 2, 3, 6, 7}, {1, 4, 2, 0, 5, 9, 8});
  const auto ours = ranked({{1, 7, 4}, {3, 2, 0}, {9, 5, 0, 1, 2}, {8, 1, 2}});
  const auto theirs = ranked({{7, 1, 3}, {3, 0, 2}, {9, 1, 5, 2, 7}, {1, 2, 3}});

  const std::vector metrics{rk::ndcg(5), rk::recall(3), rk::parse_metric("map(all)@5")};
  const auto a = rk::evaluate_lists(ours, truth, metrics);
  const auto b = rk::evaluate_lists(theirs, truth, metrics);
  std::cout << std::fixed << std::setprecision(3);
  for (const auto& metric : metrics) {
    std::cout << metric.name() << ' ' << a[metric.name()] << " and " << b[metric.name()] << "  ("
              << metric.convention() << ")\n";
  }

  // Is the difference more than chance? Four users cannot tell.
  const auto test = rk::significance::t_test(a.per_user("ndcg@5"), b.per_user("ndcg@5"));
  std::cout << "p = " << test.p_value << '\n';

  // The lists as such: how many of the ten items they show.
  std::cout << "coverage " << rk::beyond_accuracy(ours, truth, {rk::coverage(3)})["coverage@3"]
            << '\n';

  // Predicted ratings, and a classifier's scores.
  const std::vector<float> given{4, 3, 5, 1}, predicted{3.5f, 3, 4, 2};
  const auto errors = rk::rating_metrics(given, predicted);
  std::cout << "rmse " << errors.rmse << ", mae " << errors.mae << '\n';
  const std::vector<int> clicked{1, 0, 1, 0};
  const rk::binary_ranking clicks(clicked, std::vector<float>{0.9f, 0.4f, 0.3f, 0.1f});
  std::cout << "roc auc " << clicks.roc_auc() << '\n';
}

// clang-format off
// Expected output:
// ndcg@5 0.888 and 0.398  (binary gain, discount 1 / log2(rank + 1), ideal list of min(5, |relevant|) hits)
// recall@3 1.000 and 0.542  (hits in the first 3 / |relevant|)
// map(all)@5 0.833 and 0.285  (sum of precision at the hits in the first 5 / |relevant|)
// p = 0.081
// coverage 0.900
// rmse 0.750, mae 0.625
// roc auc 0.750
