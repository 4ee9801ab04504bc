// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/metrics/trec_judged.hpp>

#include "support/catch.hpp"

#include <string>
#include <vector>

namespace trec = recokit::trec;

namespace {

using ranks = std::vector<std::int32_t>;

const std::string qrels_text =
    "1 0 a 2\n1 0 b 0\n1 0 c -1\n1 0 d 1\n1 0 e 40\n1 0 f 40\n2 0 a 1\n4 0 a 1\n";
const std::string run_text =
    "1 Q0 x 0 9 r\n1 Q0 a 0 8 r\n1 Q0 c 0 7 r\n1 Q0 b 0 6 r\n1 Q0 e 0 5 r\n"
    "3 Q0 a 0 1 r\n4 Q0 a 0 1 r\n";

trec::judged_list list_of(const trec::judge_options& options, std::string_view query = "1") {
  const auto judgements = trec::parse_qrels(qrels_text);
  const auto results = trec::parse_run(run_text);
  const trec::judged_run judged(judgements, results, options);
  trec::judged_list list;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (judged.query(i) == query) judged.fill(i, list);
  }
  return list;
}

}  // namespace

TEST_CASE("a judged list has the relevance of every rank") {
  const auto list = list_of({});
  CHECK(list.relevance == ranks{trec::not_in_pool, 2, trec::not_judged, 0, 40});
  CHECK(list.relevant_ranks == ranks{1, 4});
  CHECK(list.relevant == 4);
  CHECK(list.nonrelevant == 1);
}

TEST_CASE("levels count every judged document, highest first") {
  const auto list = list_of({});
  REQUIRE(list.levels.size() == 4);
  CHECK(list.levels[0].relevance == 40);
  CHECK(list.levels[0].documents == 2);
  CHECK(list.levels[1].relevance == 2);
  CHECK(list.levels[2].relevance == 1);
  CHECK(list.levels[3].relevance == 0);
  CHECK(list.levels[3].documents == 1);
}

TEST_CASE("the relevance level divides relevant from nonrelevant") {
  const auto two = list_of({.relevance_level = 2});
  CHECK(two.relevant == 3);
  CHECK(two.nonrelevant == 2);
  const auto zero = list_of({.relevance_level = 0});
  CHECK(zero.relevant == 5);
  CHECK(zero.relevant_ranks == ranks{1, 3, 4});
}

TEST_CASE("lists are cut before unjudged documents are left out") {
  CHECK(list_of({.max_retrieved = 3}).relevance == ranks{trec::not_in_pool, 2, trec::not_judged});
  CHECK(list_of({.max_retrieved = 4, .judged_only = true}).relevance == ranks{2, 0});
  CHECK(list_of({.judged_only = true}).relevant_ranks == ranks{0, 2});
}

TEST_CASE("queries of one file alone are left out, ignored or answered by nothing") {
  const auto judgements = trec::parse_qrels(qrels_text);
  const auto results = trec::parse_run(run_text);
  const trec::judged_run shared(judgements, results);
  REQUIRE(shared.size() == 2);
  CHECK(shared.query(0) == "1");
  CHECK(shared.query(1) == "4");
  CHECK(shared.unanswered() == 1);
  CHECK(shared.without_judgements() == 1);

  const trec::judged_run complete(judgements, results, {.complete = true});
  REQUIRE(complete.size() == 3);
  CHECK(complete.query(1) == "2");
  CHECK_FALSE(complete.answered(1));
  trec::judged_list list;
  complete.fill(0, list);  // what was in the list before does not stay
  complete.fill(1, list);
  CHECK(list.relevance.empty());
  CHECK(list.relevant_ranks.empty());
  CHECK(list.relevant == 1);
}

TEST_CASE("judge options out of range are refused") {
  const auto judgements = trec::parse_qrels(qrels_text);
  const auto results = trec::parse_run(run_text);
  CHECK_THROWS_AS(trec::judged_run(judgements, results, {.relevance_level = -1}),
                  recokit::value_error);
  CHECK_THROWS_AS(trec::judged_run(judgements, results, {.max_retrieved = 0}),
                  recokit::value_error);
}

TEST_CASE("ids with the same first bytes are told apart") {
  std::string qrels = "q 0 prefix-prefix-0500 1\n";
  std::string run;
  for (int i = 0; i < 1000; ++i) {
    const auto number = std::to_string(10000 + i).substr(1);
    run += "q Q0 prefix-prefix-" + number + " 0 " + std::to_string(1000 - i) + " r\n";
  }
  const auto judgements = trec::parse_qrels(qrels);
  const auto results = trec::parse_run(run);
  trec::judged_list list;
  trec::judged_run(judgements, results).fill(0, list);
  CHECK(list.relevant_ranks == ranks{500});
}
