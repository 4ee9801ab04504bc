// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/cuda_list_values.hpp>

#include "support/catch.hpp"
#include "support/target.hpp"

#include <recokit/metrics/ranking.hpp>

#include <cmath>
#include <vector>

namespace {

namespace rk = recokit;

constexpr std::size_t lists = 7;

/// Lists of 0 to 60 items, users with 0 to 42 judged ones of all grades.
rk::kernels::list_batch batch(bool graded) {
  rk::kernels::list_batch out;
  for (std::size_t u = 0; u < lists; ++u) {
    for (std::size_t n = 0; n < u * 10; ++n) {
      out.listed.push_back({static_cast<rk::index_t>((n * 7 + u) % 100), 1 / (1 + float(n))});
    }
    out.listed_offsets.push_back(static_cast<rk::offset_t>(out.listed.size()));
    for (std::size_t n = 0; n < (lists - 1 - u) * 7; ++n) {
      out.judged.push_back(static_cast<rk::index_t>(n * 2 + u % 2));
      if (graded) out.grades.push_back(static_cast<double>((n * 5 + u) % 4));
    }
    out.judged_offsets.push_back(static_cast<rk::offset_t>(out.judged.size()));
  }
  return out;
}

}  // namespace

TEST_CASE("a warp a list finds the values that the evaluator finds") {
  RECOKIT_REQUIRE_TARGET();
  const bool graded = GENERATE(false, true);
  const std::vector<rk::ranking_metric> metrics = {
      rk::ndcg(20, graded ? rk::gain_function::exponential : rk::gain_function::binary),
      rk::recall(40), rk::map(10), rk::auc(), rk::bpref()};
  const rk::ranking_evaluator evaluator(metrics, 100, {.relevance_level = 1});
  const auto given = batch(graded);
  std::vector<double> values(lists * metrics.size());
  std::vector<double> weights(values.size());
  std::vector<char> counted(lists);
  REQUIRE(rk::kernels::list_values(rk::cuda{}, evaluator.pass(), {true, true, true, false}, given,
                                   values, weights, counted) == -1);
  int skipped = 0;
  for (std::size_t u = 0; u < lists; ++u) {
    const auto part = [u](const auto& all, const auto& offsets) {
      return std::span(all).subspan(static_cast<std::size_t>(offsets[u]),
                                    static_cast<std::size_t>(offsets[u + 1] - offsets[u]));
    };
    std::vector<double> expected(metrics.size());
    std::vector<double> weigh(metrics.size());
    const bool counts = evaluator.evaluate(
        {part(given.listed, given.listed_offsets), part(given.judged, given.judged_offsets),
         graded ? part(given.grades, given.judged_offsets) : std::span<const double>{}},
        expected, weigh);
    CHECK((counted[u] != 0) == counts);
    skipped += counts ? 0 : 1;
    for (std::size_t m = 0; counts && m < metrics.size(); ++m) {
      CAPTURE(u, m);
      CHECK(std::abs(values[u * metrics.size() + m] - expected[m]) < 1e-13);
      CHECK(std::abs(weights[u * metrics.size() + m] - weigh[m]) < 1e-13);
    }
  }
  CHECK(skipped == 1);
}

TEST_CASE("the first list with a fault is named") {
  RECOKIT_REQUIRE_TARGET();
  const rk::ranking_evaluator evaluator({rk::ndcg(20)}, 100);
  auto given = batch(false);
  given.listed[static_cast<std::size_t>(given.listed_offsets[5]) + 33] = given.listed.back();
  given.listed[static_cast<std::size_t>(given.listed_offsets[5]) + 2] = given.listed.back();
  given.listed[static_cast<std::size_t>(given.listed_offsets[6]) + 1].score = std::nanf("");
  std::vector<double> values(lists);
  std::vector<double> weights(lists);
  std::vector<char> counted(lists);
  const auto first = [&](const rk::kernels::list_faults& faults) {
    return rk::kernels::list_values(rk::cuda{}, evaluator.pass(), faults, given, values, weights,
                                    counted);
  };
  CHECK(first({.duplicates = true, .nan_scores = true}) == 5);
  CHECK(first({.duplicates = false, .nan_scores = true}) == 6);
  CHECK(first({.empty_users = true}) == 6);
  CHECK(first({}) == -1);
}
