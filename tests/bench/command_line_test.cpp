// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/command_line.hpp"

#include "bench/text.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace recokit_bench;
using recokit_test::ContainsSubstring;

TEST_CASE("models may be repeated and metrics divided by commas") {
  const auto o = parse_run({"--model", "ials:factors=8,epochs=2", "--model", "popularity",
                            "--metrics", "ndcg@10,recall@20", "--threads", "3", "--seed", "9"})
                     .options;
  CHECK(o.models == std::vector<std::string>{"ials:factors=8,epochs=2", "popularity"});
  CHECK(o.metrics == std::vector<std::string>{"ndcg@10", "recall@20"});
  CHECK(o.threads == 3);
  CHECK(o.seed == 9);
  CHECK_FALSE(o.min_rating);
}

TEST_CASE("an option takes one value and does not swallow the next word") {
  CHECK_THROWS_AS(parse_run({"--model", "ials", "popularity"}), usage_error);
  CHECK_THROWS_AS(parse_run({"--data", "a", "--data", "b"}), usage_error);
  CHECK_THROWS_AS(parse_run({"--threads", "-1"}), usage_error);
  CHECK_THROWS_AS(parse_run({"--threads", "many"}), usage_error);
  CHECK_THROWS_AS(parse_run({"--seed", "-1"}), usage_error);
  CHECK_THROWS_AS(parse_run({"--seed", "99999999999999999999"}), usage_error);
  CHECK_THROWS_AS(parse_run({"--min-rating", "x"}), usage_error);
}

TEST_CASE("help shows the defaults that a run takes") {
  const auto help = run_help();
  CHECK(parse_run({"--help"}).help == help);
  const run_options defaults;
  CHECK_THAT(help, ContainsSubstring(joined(defaults.metrics, ",")));
  CHECK_THAT(help, ContainsSubstring(default_split()));
  CHECK_THAT(help, ContainsSubstring(joined(default_models(false), " ")));
}
