// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Lists small enough for pen and paper. The values are what trec_eval 10.0-rc3 prints for them.
#include <recokit/metrics/trec_measures.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using recokit_test::Approx;
namespace trec = recokit::trec;

namespace {

struct hand_case {
  std::string query;
  std::string judged;     // document:relevance, blank, ...
  std::string retrieved;  // best first
};

const std::vector<hand_case> cases{
    {"q01", "a:1 b:1 c:1", "a b c d e"},
    {"q02", "a:1 b:0 c:0 d:1 f:1 z:1", "a b c d e f"},          // hits at 1, 4 and 6 of 4
    {"q03", "a:3 b:2 c:3 d:0 e:1 f:2 g:3 h:2", "a b c d e f"},  // graded
    {"q04", "d1:1", "d3 d2 d1"},                                // all scores tie
    {"q05", "a:0 b:0", "a b c"},                                // nothing relevant
    {"q06", "a:1 x:1 y:1", "n a"},                              // a list of two
    {"q07", "a:1", "b c d"},                                    // no hit
    {"q08", "a:1 b:1 c:1 d:1 e:1 f:1 g:1 h:1 i:1 j:1", "a b c d e"},
    {"q09", "a:1 b:-1 c:1", "b a c"},  // the first is in the pool and not judged
    {"q11", "a:1 b:2", "x a b"},       // the first is not in the pool
};

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == ' ') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

trec::qrels hand_qrels(const std::string& more = {}) {
  std::string text;
  for (const auto& c : cases) {
    for (auto word : words(c.judged)) {
      std::replace(word.begin(), word.end(), ':', ' ');
      text += c.query + " 0 " + word + "\n";
    }
  }
  return trec::parse_qrels(text + more);
}

trec::run hand_run() {
  std::string text;
  for (const auto& c : cases) {
    int score = 100;
    for (const auto& word : words(c.retrieved)) {
      if (c.query != "q04") --score;
      text += c.query + " Q0 " + word + " 0 " + std::to_string(score) + " hand\n";
    }
  }
  return trec::parse_run(text);
}

const std::vector<std::string> asked{
    "P.3,5", "recall.5", "ndcg_cut.3,5", "ndcg",      "map",   "map_cut.5", "recip_rank",
    "Rprec", "bpref",    "relative_P.5", "success.3", "set_F", "rbp.p=0.8", "num_q"};

struct results {
  trec::evaluation evaluated;

  std::size_t column(std::string_view name) const {
    const auto& columns = evaluated.columns;
    const auto at = std::find_if(columns.begin(), columns.end(),
                                 [&](const trec::column& c) { return c.name == name; });
    REQUIRE(at != columns.end());
    return static_cast<std::size_t>(at - columns.begin());
  }
  double of(std::string_view query, std::string_view name) const {
    const auto at = std::find(evaluated.queries.begin(), evaluated.queries.end(), query);
    REQUIRE(at != evaluated.queries.end());
    return evaluated.query_values(
        static_cast<std::size_t>(at - evaluated.queries.begin()))[column(name)];
  }
  double mean(std::string_view name) const { return evaluated.summaries[column(name)]; }
};

results evaluated(const trec::evaluate_options& options = {}, const std::string& more = {}) {
  return {trec::evaluate(hand_qrels(more), hand_run(), trec::measure_set(asked), options)};
}

Approx to_four(double value) { return Approx(value).margin(.00005).epsilon(0); }

}  // namespace

TEST_CASE("hand cases have trec_eval's values, query by query and on average") {
  struct row {
    const char* measure;
    std::array<double, 10> values;
    double mean;
  };
  const std::vector<row> table{
      {"P_5", {.6, .4, .8, .2, 0, .2, 0, 1, .4, .4}, .4},
      {"recall_5", {1, .5, .5714, 1, 0, .3333, 0, .5, 1, 1}, .5905},
      {"ndcg_cut_5", {1, .5585, .7659, .5, 0, .2961, 0, 1, .6934, .6199}, .5434},
      {"ndcg", {1, .6976, .7562, .5, 0, .2961, 0, .6489, .6934, .6199}, .5212},
      {"map", {1, .5, .6619, .3333, 0, .1667, 0, .5, .5833, .5833}, .4329},
      {"map_cut_5", {1, .375, .5429, .3333, 0, .1667, 0, .5, .5833, .5833}, .4085},
      {"recip_rank", {1, 1, 1, .3333, 0, .5, 0, 1, .5, .5}, .5833},
      {"Rprec", {1, .5, .7143, 0, 0, .3333, 0, .5, .5, .5}, .4048},
      {"bpref", {1, .25, .4286, 1, 0, .3333, 0, .5, 1, 1}, .5512},
      {"relative_P_5", {1, .5, .8, 1, 0, .3333, 0, 1, 1, 1}, .6633},
      {"success_3", {1, 1, 1, 1, 0, 1, 0, 1, 1, 1}, .8},
      {"set_F", {.75, .6, .7692, .5, 0, .4, 0, .6667, .8, .8}, .5286},
      {"rbp_p=0.8", {.4880, .3679, .5057, .1280, 0, .16, 0, .6723, .2880, .2080}, .2818},
  };
  const auto all = evaluated();
  for (const auto& [measure, values, mean] : table) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      CAPTURE(measure, cases[i].query);
      CHECK(all.of(cases[i].query, measure) == to_four(values[i]));
    }
    CAPTURE(measure);
    CHECK(all.mean(measure) == to_four(mean));
  }
  CHECK(all.mean("num_q") == 10);
}

TEST_CASE("an unanswered query is left out, or counts as 0 with complete") {
  const std::string more = "q12 0 a 1\n";
  const auto left_out = evaluated({}, more);
  CHECK(left_out.mean("num_q") == 10);
  CHECK(left_out.mean("map") == to_four(.4329));
  CHECK(left_out.evaluated.unanswered == 1);

  trec::evaluate_options options;
  options.judge.complete = true;
  const auto complete = evaluated(options, more);
  CHECK(complete.mean("num_q") == 11);
  CHECK(complete.mean("map") == to_four(.3935));
  CHECK(complete.mean("ndcg_cut_5") == to_four(.4940));
  CHECK(complete.mean("P_5") == to_four(.3636));
  CHECK(complete.of("q12", "map") == 0);
}

TEST_CASE("a relevance level of 2 changes binary measures and not NDCG") {
  trec::evaluate_options options;
  options.judge.relevance_level = 2;
  const auto level = evaluated(options);
  CHECK(level.of("q03", "map") == to_four(.6111));
  CHECK(level.of("q11", "map") == to_four(.3333));
  CHECK(level.of("q11", "recip_rank") == to_four(.3333));
  CHECK(level.of("q11", "P_3") == to_four(.3333));
  CHECK(level.of("q11", "ndcg_cut_3") == to_four(.6199));
}

TEST_CASE("the graded case has the values of the Wikipedia article on DCG") {
  const auto all = evaluated();
  CHECK(all.of("q03", "ndcg_cut_3") == Approx(.9013060297).epsilon(1e-9));
  CHECK(all.of("q03", "ndcg_cut_5") == Approx(.7659228626).epsilon(1e-9));
  CHECK(all.of("q03", "ndcg") == Approx(.7561640298).epsilon(1e-9));
}

TEST_CASE("values have the same bits for any number of threads") {
  const auto names = std::vector<std::string>{"all_trec", "dcg", "yaap"};
  trec::evaluate_options one;
  one.policy.threads = 1;
  trec::evaluate_options four;
  four.policy.threads = 4;
  const auto a = trec::evaluate(hand_qrels(), hand_run(), trec::measure_set(names), one);
  const auto b = trec::evaluate(hand_qrels(), hand_run(), trec::measure_set(names), four);
  CHECK(a.values == b.values);
  CHECK(a.summaries == b.summaries);
}
