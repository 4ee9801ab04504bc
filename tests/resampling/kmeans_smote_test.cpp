// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/kmeans_smote.hpp>
#include <recokit/resampling/smote.hpp>

#include <array>
#include <cmath>
#include <limits>

namespace rk = recokit;
using namespace recokit_test;
using rk::sampling_strategy;
using rk::kmeans_smote::resample;

namespace {

/// Three clouds of 40 rows far from each other. Class 0 has 20 rows in the first, wide, and 20 in
/// the second, narrow, and 2 in the third; the rest is class 1.
labelled_rows islands() {
  labelled_rows data{rows_t<>(120, 2), {}};
  rk::random_stream random(2, rk::random_purpose::user);
  for (int r = 0; r < 120; ++r) {
    const int island = r / 40;
    data.labels.push_back(r % 40 < (island == 2 ? 2 : 20) ? 0 : 1);
    const double width = std::array{2.0, 0.5, 1.0}[std::size_t(island)];
    data.rows(r, 0) = 100 * island + width * random.normal();
    data.rows(r, 1) = width * random.normal();
  }
  return data;
}

}  // namespace

TEST_CASE("one cluster makes what smote makes") {
  const auto data = three_clouds();
  for (const std::uint64_t seed : {1u, 2u}) {
    const auto expected = rk::smote::resample(data.rows, data.labels, {.seed = seed});
    const auto result =
        resample(data.rows, data.labels, {.clusters = 1, .k_neighbors = 5, .seed = seed});
    CHECK(result.rows == expected.rows);
    CHECK(result.labels == expected.labels);
    CHECK(result.origins == expected.origins);
  }
}

TEST_CASE("rows are made inside clusters where the class is frequent, in exact numbers") {
  const auto data = islands();
  const rk::kmeans_smote::params params{.strategy = sampling_strategy::counts({{0, 1043}}),
                                        .clusters = 3};
  const auto result = resample(rk::cpu{.threads = 1}, data.rows, data.labels, params);
  REQUIRE(result.origins.size() == 1001);
  CHECK(result.rows.topRows(120) == data.rows);
  std::array<int, 3> made{};
  for (const auto& from : result.origins) {
    CHECK(from.base / 40 == from.neighbor / 40);
    CHECK(data.labels[std::size_t(from.neighbor)] == 0);
    ++made[std::size_t(from.base) / 40];
  }
  // Two rows of forty in the third are neither half of it nor more than two.
  CHECK(made[2] == 0);
  const auto mean_distance = [&](int island) {
    double sum = 0;
    for (int a = 40 * island; a < 40 * island + 20; ++a) {
      for (int b = 40 * island; b < 40 * island + 20; ++b) {
        sum += (data.rows.row(a) - data.rows.row(b)).norm();
      }
    }
    return sum / (20 * 19);
  };
  const double exponent = 0.16 * std::pow(std::log(20.0) / std::log(1.6), 1.8);
  const double ratio = std::pow(mean_distance(0) / mean_distance(1), exponent);
  CHECK(std::abs(made[0] - 1001 * ratio / (1 + ratio)) < 1);

  const auto two = resample(rk::cpu{.threads = 2}, data.rows, data.labels, params);
  CHECK(two.rows == result.rows);
  CHECK(two.origins == result.origins);
  const auto thin = resample(sparse(data.rows), data.labels, params);
  CHECK(thin.origins == result.origins);
  CHECK(dense(thin.rows) == result.rows);
}

TEST_CASE("an exponent of 0 shares by the number of rows alone") {
  const auto data = islands();
  const auto result = resample(
      data.rows, data.labels,
      {.strategy = sampling_strategy::counts({{0, 1042}}), .clusters = 3, .density_exponent = 0.0});
  int first = 0;
  for (const auto& from : result.origins) first += from.base < 40;
  CHECK(first == 500);
}

TEST_CASE("weights stand powers out of the range of a double, and rows that are all alike") {
  using rk::kmeans_smote::detail_kmeans_smote::sparsity_weights;
  const std::vector<std::size_t> sizes{100'000, 100'000, 50'000};
  const auto large = sparsity_weights(std::vector{1e30, 2e30, 1e30}, sizes, 40.0);
  CHECK(large[0] / large[1] == Approx(std::pow(0.5, 40)));
  CHECK(large[2] / large[0] == Approx(2));
  CHECK(sparsity_weights(std::vector{0.0, 0.0, 0.0}, sizes, {}) == std::vector{1.0, 1.0, 1.0});
  CHECK(sparsity_weights(std::vector{0.0, 3.0, 0.0}, sizes, {}) == std::vector{0.0, 1.0, 0.0});
}

TEST_CASE("a class that no cluster can take is refused, with the way out") {
  const auto data = islands();
  CHECK_THAT(error_text<rk::value_error>([&] {
               resample(data.rows, data.labels, {.clusters = 3, .balance_threshold = 10.0});
             }),
             ContainsSubstring("params.clusters = 3") && ContainsSubstring("class 0") &&
                 ContainsSubstring("balance_threshold"));
}

TEST_CASE("params of kmeans_smote are checked") {
  const auto data = islands();
  const auto refused = [&](const rk::kmeans_smote::params& params) {
    return error_text<rk::value_error>([&] { resample(data.rows, data.labels, params); });
  };
  CHECK_THAT(refused({.clusters = 0}), ContainsSubstring("params.clusters"));
  CHECK_THAT(refused({.clusters = 121}), ContainsSubstring("at most") && ContainsSubstring("120"));
  CHECK_THAT(refused({.k_neighbors = 42}),
             ContainsSubstring("class 0 has 42 rows") && ContainsSubstring("at most 41"));
  CHECK_THAT(refused({.balance_threshold = std::nan("")}), ContainsSubstring("balance_threshold"));
  CHECK_THAT(refused({.density_exponent = std::numeric_limits<double>::infinity()}),
             ContainsSubstring("density_exponent"));
}
