// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/results.hpp"

#include "some_results.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <limits>

using namespace recokit_test;

TEST_CASE("models are ranked by the first metric, ties by order, failures and NaN last") {
  auto r = some_results();
  add_model(r, "low", {{0.1, 0.9}});
  add_failure(r, "broken", "why");
  add_model(r, "tie a", {{0.3, 0.1}});
  add_model(r, "nan", {{std::numeric_limits<double>::quiet_NaN(), 0}});
  add_model(r, "tie b", {{0.3, 0.2}});
  recokit_bench::rank_models(r);
  std::string order;
  for (const auto& model : r.models) order += model.label + ", ";
  CHECK(order == "tie a, tie b, low, nan, broken, ");
}

TEST_CASE("folds are averaged and their spread is the sample deviation") {
  auto r = some_results(3);
  add_model(r, "m", {{0.1, 0}, {0.2, 0}, {0.6, 0}});
  CHECK(r.models[0].mean(0) == Approx(0.3));
  CHECK(r.models[0].deviation(0).value() == Approx(std::sqrt(0.07)));
  CHECK(r.models[0].users_per_second().value() == Approx(200));
  CHECK(r.models[0].fit_seconds() == Approx(1.5));
}

TEST_CASE("one fold has no spread") {
  auto r = some_results();
  add_model(r, "m", {{0.1, 0}});
  CHECK_FALSE(r.models[0].deviation(0));
}

TEST_CASE("no speed is told when no time passed or nobody was asked for") {
  auto r = some_results();
  add_model(r, "m", {{0, 0}});
  r.models[0].folds[0].recommend_seconds = 0;
  CHECK_FALSE(r.models[0].users_per_second());
}

TEST_CASE("a title keeps the folder of the first file") {
  recokit_bench::data_facts data;
  CHECK(data.title() == "synthetic data");
  data.files = {"sets/gowalla/train.txt", "sets/gowalla/test.txt"};
  CHECK(data.title() == "gowalla/train.txt + test.txt");
}

TEST_CASE("a metric that is better when low puts the lowest first") {
  auto r = recokit_test::some_results();
  r.metrics = {recokit::average_rank()};
  recokit_test::add_model(r, "far", {{30.0}});
  recokit_test::add_model(r, "near", {{3.0}});
  recokit_bench::rank_models(r);
  CHECK(r.models.front().label == "near");
}
