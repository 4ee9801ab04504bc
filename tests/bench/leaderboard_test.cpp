// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/leaderboard.hpp"

#include "some_results.hpp"
#include "support/catch.hpp"

#include "bench/text.hpp"

using namespace recokit_test;

TEST_CASE("metrics have six digits and columns are aligned") {
  auto r = some_results();
  add_model(r, "a", {{0.0416314, 1}});
  add_model(r, "a much longer name", {{0.03, 0.5}});
  const auto lines = recokit_bench::divided(recokit_bench::leaderboard_text(r), '\n');
  CHECK(lines[0] == "#  model                ndcg@10  recall@20  fit s  users/s  peak MiB");
  CHECK(lines[1] == "1  a                   0.041631   1.000000   1.50      200      20.0");
  CHECK(lines[2] == "2  a much longer name  0.030000   0.500000   1.50      200      20.0");
}

TEST_CASE("folds show their spread") {
  auto r = some_results(2);
  add_model(r, "a", {{0.1, 1}, {0.3, 1}});
  CHECK_THAT(recokit_bench::leaderboard_text(r), ContainsSubstring("0.200000 ± 0.141421"));
}

TEST_CASE("facts that a number needs are printed with it") {
  auto r = some_results();
  add_model(r, "a", {{0.1, 1}});
  const auto text = recokit_bench::leaderboard_text(r);
  for (const char* const fact : {"1,000 users, 200 items, 12,345 interactions, density 6.1725 %",
                                 "part 0", "recall@20: hits in the first 20 / |relevant|",
                                 "a: factors=8", "cpu, 2 of", "seed", RECOKIT_VERSION_STRING}) {
    CHECK_THAT(text, ContainsSubstring(fact));
  }
}

TEST_CASE("a failed model is told below the table, also when nothing else ran") {
  auto r = some_results();
  add_failure(r, "ials", "no luck");
  CHECK_THAT(recokit_bench::leaderboard_text(r), ContainsSubstring("failed: ials: no luck"));
}

TEST_CASE("one holdout shows intervals over users, p values and what they are") {
  auto r = some_results();
  r.metrics = {recokit::ndcg(10)};
  add_user_values(r, "a", {{0.9, 0.8, 0.7, 0.9, 0.6, 0.8}});
  add_user_values(r, "b", {{0.5, 0.6, 0.4, 0.7, 0.5, 0.4}});
  r.warnings = {"candidates were sampled"};
  recokit_bench::infer({}, {}, r);
  const auto text = recokit_bench::leaderboard_text(r);
  // Half widths: t(0.975, 5) * deviation / sqrt(6).
  CHECK_THAT(text, ContainsSubstring("0.783333 ± 0.122684"));
  CHECK_THAT(text, ContainsSubstring("0.516667 ± 0.122684"));
  for (const char* const fact :
       {"best", "half the width of the 95 % t interval", "Holm over 1 comparison",
        "not significantly worse", "warning       candidates were sampled"}) {
    CHECK_THAT(text, ContainsSubstring(fact));
  }
}

TEST_CASE("where only ratings are predicted, speed is in ratings and the lowest error is first") {
  auto r = some_results();
  r.metrics = {recokit_bench::parse_metric_word("rmse"), recokit_bench::parse_metric_word("r2")};
  add_model(r, "a", {{0.95, 0.2}});
  add_model(r, "b", {{0.9, 0.3}});
  for (auto& model : r.models) {
    model.folds[0].predict_seconds = 0.5;
    model.folds[0].predicted_ratings = 1000;
  }
  recokit_bench::rank_models(r);
  recokit_bench::infer({}, {}, r);
  const auto text = recokit_bench::leaderboard_text(r);
  const auto lines = recokit_bench::divided(text, '\n');
  CHECK(lines[0] == "#  model      rmse        r2  fit s  ratings/s  peak MiB");
  CHECK(lines[1] == "1  b      0.900000  0.300000   1.50       2000      20.0");
  CHECK_THAT(text, ContainsSubstring("compared over all test ratings together"));
  CHECK(text.find("seen in training") == std::string::npos);
  CHECK(text.find("users/s") == std::string::npos);
  CHECK(text.find("interval") == std::string::npos);
}
