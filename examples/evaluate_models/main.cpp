// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Compares models on held-out interactions, the honest way: one split, train items left out, the
// convention printed beside each number.
//   evaluate_models [RATINGS_FILE]
#include <recokit/recokit.hpp>

#include <iomanip>
#include <iostream>

namespace rk = recokit;

namespace {

template <class Model>
void show(const char* name, const Model& model, const rk::holdout& split,
          const std::vector<rk::ranking_metric>& metrics) {
  const rk::evaluation_report report = rk::evaluate(model, split, metrics);
  std::cout << std::left << std::setw(12) << name << std::right << std::fixed
            << std::setprecision(2);
  for (const auto& value : report.values) std::cout << std::setw(12) << value.mean;
  std::cout << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const rk::interactions data =
        argc > 1 ? rk::read_ratings(argv[1])
                 : rk::synthetic::generate({.users = 1000, .items = 400, .mean_interactions = 30});

    // The latest interaction of every user is the test; nothing of it reaches training.
    const rk::holdout split = rk::split::leave_last_out(data);
    const std::vector<rk::ranking_metric> metrics{rk::hit_rate(10), rk::ndcg(10), rk::mrr(10)};
    std::cout << split.protocol << '\n' << std::setw(12) << "";
    for (const auto& metric : metrics) std::cout << std::setw(12) << metric.name();
    std::cout << '\n';

    show("popularity", rk::popularity::fit(split.train), split, metrics);
    show("item_knn", rk::item_knn::fit(split.train, {.neighbors = 50}), split, metrics);

    // Ratings would act as weights in ials; here every interaction counts the same.
    const auto binary = rk::reweight(split.train, rk::weighting::binary{});
    const auto ials =
        rk::ials::fit(binary, {.factors = 16, .regularization = 0.03, .unobserved_weight = 0.5});
    show("ials", ials, split, metrics);

    for (const auto& metric : metrics) {
      std::cout << metric.name() << ": " << metric.convention() << '\n';
    }
  } catch (const rk::error& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
  }
}

// clang-format off
// Expected output:
// leave-last-out, k 1
//              hit_rate@10     ndcg@10      mrr@10
// popularity          0.09        0.04        0.03
// item_knn            0.23        0.13        0.09
// ials                0.25        0.13        0.10
// hit_rate@10: 1 when the first 10 hold a hit, else 0
// ndcg@10: binary gain, discount 1 / log2(rank + 1), ideal list of min(10, |relevant|) hits
// mrr@10: 1 / rank of the first hit in the first 10, else 0
