// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Numbers that others have published, reproduced from files.
#include "support/catch.hpp"
#include "support/data_dir.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/data/split.hpp>
#include <recokit/evaluation/evaluate.hpp>

#include <cmath>

namespace rk = recokit;

TEST_CASE("popularity on gowalla gives the published row to six digits", "[data]") {
  RECOKIT_REQUIRE_DATA(train, "gowalla/train.txt");
  const auto split = rk::split::given(train, recokit_test::data_file("gowalla/test.txt"));
  const auto model = rk::popularity::fit(split.train);
  const auto report = rk::evaluate(model, split, {rk::recall(20), rk::ndcg(20), rk::hit_rate(20)});
  CHECK(std::abs(report["recall@20"] - 0.041631) < 5e-7);
  CHECK(std::abs(report["ndcg@20"] - 0.031690) < 5e-7);
  CHECK(std::abs(report["hit_rate@20"] - 0.203831) < 5e-7);
}
