// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/adasyn.hpp>

#include <numeric>
#include <vector>

namespace rk = recokit;
using namespace recokit_test;
using rk::adasyn::resample;

TEST_CASE("shares are exact, go to the largest remainders, and of equal ones to the first") {
  using list = std::vector<std::int64_t>;
  const auto shares = [](std::int64_t total, std::vector<double> weights) {
    return rk::detail::shares(total, weights);
  };
  CHECK(shares(4, {4, 1, 4, 2, 4, 2, 4, 1}) == list{1, 0, 1, 0, 1, 0, 1, 0});
  CHECK(shares(10, {1, 1, 1}) == list{4, 3, 3});
  CHECK(shares(7, {0, 2, 1, 0}) == list{0, 5, 2, 0});
  CHECK(shares(1, {0, 0, 1e-300}) == list{0, 0, 1});
  std::vector<double> many(1001);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = 1.0 / static_cast<double>(i + 1);
  for (const std::int64_t total : {0, 1, 999, 123'456'789}) {
    const auto parts = rk::detail::shares(total, many);
    CHECK(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == total);
  }
}

TEST_CASE("rows are made in proportion to neighbours of other classes") {
  const auto data = three_clouds();
  const rk::class_table classes(data.labels);
  const auto all = rk::detail::all_rows(125);
  const auto others = rk::detail::other_class_counts(
      rk::kernels::nearest_rows(rk::cpu{}, rk::dense_view(data.rows), std::span<const int>(all),
                                classes.rows_of(0), 5),
      classes, 0);
  const double sum = std::accumulate(others.begin(), others.end(), 0.0);
  const auto result =
      resample(data.rows, data.labels, {.strategy = rk::sampling_strategy::counts({{0, 1025}})});
  std::vector<int> times(125);
  for (const auto& from : result.origins) ++times[std::size_t(from.base)];
  for (std::size_t i = 0; i < others.size(); ++i) {
    const int made = times[std::size_t(classes.rows_of(0)[i])];
    CHECK(std::abs(made - 1000 * others[i] / sum) < 1);
    if (others[i] == 0) CHECK(made == 0);
  }
}

TEST_CASE("a class whose rows have no neighbour of another class is refused, with the way out") {
  labelled_rows data{rows_t<>(30, 1), {}};
  for (int r = 0; r < 30; ++r) {
    data.labels.push_back(r < 10 ? 3 : 4);
    data.rows(r, 0) = r < 10 ? r : 1000 + r;
  }
  CHECK_THAT(error_text<rk::value_error>([&] { resample(data.rows, data.labels); }),
             ContainsSubstring("params.k_neighbors = 5") && ContainsSubstring("class 3") &&
                 ContainsSubstring("take smote"));
}
