// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/random_over.hpp>

#include <Eigen/LU>

#include <cmath>
#include <limits>
#include <map>

namespace rk = recokit;
using namespace recokit_test;
using rk::sampling_strategy;
using rk::random_over::resample;

TEST_CASE("a shrinkage of 0 copies rows, for every class or for one") {
  const auto data = three_clouds();
  const auto copies = resample(data.rows, data.labels);
  CHECK(resample(data.rows, data.labels, {.shrinkage = 0.0}).rows == copies.rows);
  const auto mixed =
      resample(data.rows, data.labels, {.shrinkage = std::map<int, double>{{0, 0.0}, {2, 0.5}}});
  const auto smoothed = resample(data.rows, data.labels, {.shrinkage = 0.5});
  CHECK(mixed.rows.middleRows(125, 35) == copies.rows.middleRows(125, 35));
  CHECK(mixed.rows.bottomRows(20) == smoothed.rows.bottomRows(20));
  CHECK_FALSE(mixed.rows.bottomRows(20) == copies.rows.bottomRows(20));
}

TEST_CASE("noise has the deviation that shrinkage, rows and columns say") {
  const auto data = three_clouds(2);
  const auto result =
      resample(data.rows, data.labels,
               {.strategy = sampling_strategy::counts({{0, 20'025}}), .shrinkage = 0.8});
  const rk::class_table classes(data.labels);
  const auto cloud = rk::gather_rows(rk::dense_view(data.rows), classes.rows_of(0));
  const double width = std::pow(4.0 / (4 * 125), 1.0 / 6);
  for (int c = 0; c < 2; ++c) {
    const double spread = std::sqrt((cloud.col(c).array() - cloud.col(c).mean()).square().mean());
    double squares = 0, sum = 0;
    for (std::size_t i = 0; i < 20'000; ++i) {
      const double noise =
          result.rows(125 + static_cast<Eigen::Index>(i), c) - data.rows(result.origins[i].base, c);
      sum += noise;
      squares += noise * noise;
    }
    CHECK(std::sqrt(squares / 20'000) == Approx(0.8 * width * spread).epsilon(0.03));
    CHECK(std::abs(sum / 20'000) < 0.03 * width * spread);
  }
}

TEST_CASE("a larger shrinkage widens the covariance of a class") {
  const auto data = three_clouds(3);
  double last = 0;
  for (const double shrinkage : {0.0, 0.5, 2.0, 5.0}) {
    const auto result = resample(data.rows, data.labels, {.shrinkage = shrinkage});
    rows_t<> cloud = result.rows.middleRows(125, 35);
    cloud.rowwise() -= cloud.colwise().mean().eval();
    const double determinant = (cloud.transpose() * cloud).eval().determinant();
    CHECK(determinant > last);
    last = determinant;
  }
}

TEST_CASE("a shrinkage that is negative, not finite or missing is refused with its class") {
  const auto data = three_clouds();
  const auto refused = [&](const rk::random_over::shrinkage& shrinkage) {
    return error_text<rk::value_error>(
        [&] { resample(data.rows, data.labels, {.shrinkage = shrinkage}); });
  };
  CHECK_THAT(refused(-1.0), ContainsSubstring("params.shrinkage = -1"));
  CHECK_THAT(refused(std::numeric_limits<double>::quiet_NaN()), ContainsSubstring("finite"));
  CHECK_THAT(refused(std::numeric_limits<double>::infinity()), ContainsSubstring("finite"));
  CHECK_THAT(refused(std::map<int, double>{{0, -1.0}, {2, 0.0}}),
             ContainsSubstring("of class 0 = -1"));
  CHECK_THAT(refused(std::map<int, double>{{0, 1.0}}), ContainsSubstring("of class 2 = (missing)"));
}

TEST_CASE("rows with NaN and infinities are copied as they are") {
  auto data = ten_points();
  data.rows(1, 0) = std::numeric_limits<double>::quiet_NaN();
  data.rows(3, 1) = std::numeric_limits<double>::infinity();
  data.rows(8, 1) = -std::numeric_limits<double>::infinity();
  const auto result = resample(data.rows, data.labels, {.strategy = sampling_strategy::all()});
  CHECK(result.origins.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    for (int c = 0; c < 2; ++c) {
      const double value = result.rows(10 + static_cast<Eigen::Index>(i), c);
      const double base = data.rows(result.origins[i].base, c);
      CHECK((value == base || (std::isnan(value) && std::isnan(base))));
    }
  }
}

TEST_CASE("rows are drawn about equally often") {
  const auto data = ten_points();
  const auto result =
      resample(data.rows, data.labels, {.strategy = sampling_strategy::counts({{0, 30'003}})});
  std::map<int, int> times;
  for (const auto& from : result.origins) ++times[from.base];
  CHECK(times.size() == 3);
  for (const auto& [row, count] : times) CHECK(std::abs(count - 10'000) < 400);
}
