// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "eval/run.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <string>
#include <vector>

using recokit_test::Approx;
using recokit_test::ContainsSubstring;

namespace {

// q1: hits at ranks 1 and 3, b judged not relevant. q2: d3 tied with d1 and d2. q3: no answer. q4:
// no judgements.
constexpr const char* qrels = "q1 0 a 2\nq1 0 b 0\nq1 0 c 1\nq1 0 z 1\nq2 0 d1 1\nq3 0 e 1\n";
constexpr const char* run =
    "q1 Q0 c 1 1.0 x\nq1 Q0 b 2 2.0 x\nq1 Q0 a 3 3.0 x\n"
    "q2 Q0 d1 1 0.5 x\nq2 Q0 d3 2 0.5 x\nq2 Q0 d2 3 0.5 x\nq4 Q0 a 1 1 x\n";

struct files {
  recokit_test::temp_folder folder;
  std::string qrels_file = folder.file("qrels", qrels).string();
  std::string run_file = folder.file("run", run).string();

  recokit_eval::outcome with(std::vector<std::string> words) const {
    words.push_back(qrels_file);
    words.push_back(run_file);
    return recokit_eval::run_program(words);
  }
  nlohmann::json json(std::vector<std::string> words) const {
    words.insert(words.end(), {"--json", "-q"});
    const auto out = with(std::move(words));
    INFO(out.errors);
    REQUIRE(out.code == recokit_eval::success);
    return nlohmann::json::parse(out.output);
  }
};

}  // namespace

TEST_CASE("a preset computes a run with the conventions of its library") {
  const files given;
  const auto ranx = given.json({"--preset", "ranx", "--metrics", "map,ndcg@2,mrr"});
  CHECK(ranx["preset"] == "ranx");
  // Three of three relevant: a at rank 1, c at 3.
  CHECK(ranx["queries"]["q1"]["map"].get<double>() == Approx((1 + 2.0 / 3) / 3));
  CHECK(ranx["queries"]["q1"]["ndcg@2"].get<double>() == Approx(2 / (2 + 1 / std::log2(3.0))));
  // Ties keep the order of the file, and the query without an answer counts as 0.
  CHECK(ranx["queries"]["q2"]["mrr"].get<double>() == 1);
  CHECK(ranx["queries"]["q3"]["map"].get<double>() == 0);
  CHECK(ranx["evaluated"] == 3);
  CHECK(ranx["without_judgements"] == 1);
  CHECK(ranx["mean"]["mrr"].get<double>() == Approx(2.0 / 3));

  const auto trec = given.json({"--preset", "trec_eval", "--metrics", "recip_rank"});
  // trec_eval ranks tied documents by descending id: d3, d2, d1; queries without an answer are out.
  CHECK(trec["queries"]["q2"]["recip_rank"].get<double>() == Approx(1.0 / 3));
  CHECK(trec["evaluated"] == 2);
  CHECK(given.json({"--preset", "trec_eval", "--metrics", "recip_rank", "-c"})["evaluated"] == 3);

  const auto averaged = given.json(
      {"--preset", "torchmetrics", "--metrics", "retrieval_normalized_dcg,retrieval_recall@1"});
  const double mean_discount = (1 + 1 / std::log2(3.0) + 0.5) / 3;
  CHECK(averaged["queries"]["q2"]["retrieval_normalized_dcg"].get<double>() ==
        Approx(mean_discount));
  CHECK(averaged["queries"]["q1"]["retrieval_recall@1"].get<double>() == Approx(0.5));
}

TEST_CASE("recokit's own metrics work on files, alone and in a preset") {
  const files given;
  const auto own = given.json(
      {"--metrics", "precision@2,ndcg(linear,ideal_full)@2", "--metrics", "rbp(p=0.5)@3"});
  CHECK(own["preset"] == "recokit");
  CHECK(own["queries"]["q1"]["precision@2"].get<double>() == Approx(0.5));
  CHECK(own["queries"]["q1"]["rbp(p=0.5)@3"].get<double>() == Approx(0.5 * (1 + 0.25)));
  CHECK(own["conventions"]["precision@2"] == "precision@2: hits in the first 2 / 2");
  const auto level = given.json({"--preset", "ranx", "--metrics", "recall@3", "-l", "2"});
  CHECK(level["queries"]["q1"]["recall@3"].get<double>() == 1);
  const auto cut = given.json({"--preset", "ranx", "--metrics", "recall", "-M", "1"});
  CHECK(cut["queries"]["q1"]["recall"].get<double>() == Approx(1.0 / 3));
}

TEST_CASE("large double scores that differ little are no ties") {
  const recokit_test::temp_folder folder;
  const auto q = folder.file("qrels", "q 0 a 1\n").string();
  const auto r = folder.file("run", "q Q0 b 1 100000000.1 x\nq Q0 a 2 100000000.2 x\n").string();
  const auto out = recokit_eval::run_program({"--preset", "ranx", "--metrics", "mrr", q, r});
  CHECK(out.output == "mrr                   \tall\t1.0000\n");
}

TEST_CASE("without --metrics a preset computes all of its metrics") {
  const files given;
  for (const auto* preset : {"ranx", "trec_eval", "rectools", "lenskit", "recokit"}) {
    const auto out = given.with({"--preset", preset});
    INFO(preset << ": " << out.errors);
    CHECK(out.code == recokit_eval::success);
    CHECK(std::count(out.output.begin(), out.output.end(), '\n') >= 10);
  }
}

TEST_CASE("what a preset does not know is a usage error that says what there is") {
  const files given;
  const auto preset = given.with({"--preset", "rank"});
  CHECK(preset.code == recokit_eval::wrong_usage);
  CHECK_THAT(preset.errors, ContainsSubstring("ranx, recbole"));
  const auto metric = given.with({"--preset", "ranx", "--metrics", "nDCG"});
  CHECK(metric.code == recokit_eval::wrong_usage);
  CHECK_THAT(metric.errors, ContainsSubstring("ndcg_burges[@K]"));
  const auto both = given.with({"--preset", "ranx", "-m", "map"});
  CHECK(both.code == recokit_eval::wrong_usage);
  CHECK_THAT(both.errors, ContainsSubstring("-m") && ContainsSubstring("--preset"));
}
