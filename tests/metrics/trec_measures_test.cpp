// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/metrics/trec_measures.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <cmath>
#include <string>
#include <vector>

using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
namespace trec = recokit::trec;

namespace {

using texts = std::vector<std::string>;

texts column_names(const texts& requests) {
  const trec::measure_set set(requests);
  texts names;
  for (const auto& c : set.columns()) names.push_back(c.name);
  return names;
}

std::string refusal(const std::string& request) {
  return error_text<recokit::value_error>([&] { trec::measure_set(texts{request}); });
}

/// One query: relevance of the ranks, "-" for documents out of the pool, and judged ones not found.
double value(const std::string& measure, const std::vector<int>& ranks,
             const std::vector<int>& missed = {}, const trec::evaluate_options& options = {}) {
  std::string qrels;
  std::string run;
  int document = 0;
  for (const int relevance : ranks) {
    const auto id = std::to_string(document++);
    run += "q Q0 " + id + " 0 " + std::to_string(1000 - document) + " r\n";
    if (relevance != -1) {
      qrels += "q 0 " + id + " " + std::to_string(relevance == -2 ? -1 : relevance) + "\n";
    }
  }
  for (const int relevance : missed) {
    qrels += "q 0 " + std::to_string(document++) + " " + std::to_string(relevance) + "\n";
  }
  const auto result = trec::evaluate(trec::parse_qrels(qrels), trec::parse_run(run),
                                     trec::measure_set(texts{measure}), options);
  return result.values.at(0);
}

}  // namespace

TEST_CASE("measures come in trec_eval's order, each once, whatever the order asked for") {
  CHECK(column_names({"ndcg", "map", "P.5", "map"}) == texts{"map", "P_5", "ndcg"});
  CHECK(column_names({}).size() == 30);
  CHECK(column_names({"official"}) == column_names({}));
  CHECK(column_names({"all_trec"}).size() == 100);  // trec_eval's 99 summary lines and relstring
  CHECK(column_names({"set"}) == texts{"runid", "num_q", "num_ret", "num_rel", "num_rel_ret",
                                       "utility", "set_P", "set_relative_P", "set_recall",
                                       "set_map", "set_F"});
}

TEST_CASE("parameters are sorted, cut to whole cutoffs and part of the name") {
  CHECK(column_names({"P.10,3,5.9"}) == texts{"P_3", "P_5", "P_10"});
  CHECK(column_names({"iprec_at_recall..5,.25"}) ==
        texts{"iprec_at_recall_0.25", "iprec_at_recall_0.50"});
  CHECK(column_names({"ndcg.1=3,2=9"}) == texts{"ndcg_1=3,2=9"});
  CHECK(column_names({"set_F.0.5"}) == texts{"set_F_0.5"});
  CHECK(column_names({"relstring.20"}) == texts{"relstring_20"});
}

TEST_CASE("of several parameters for one measure the first count") {
  const trec::measure_set set(texts{"P.5", "all_trec", "P.7,9", "P.5"});
  texts overruled(set.overruled().begin(), set.overruled().end());
  CHECK(overruled == texts{"P.7,9"});
  CHECK(column_names({"map", "P", "P.4", "P.5"}) == texts{"map", "P_4"});
}

TEST_CASE("wrong measures and parameters are refused by name") {
  CHECK_THAT(refusal("precision"), ContainsSubstring("precision") && ContainsSubstring("no such"));
  CHECK_THAT(refusal("P."), ContainsSubstring("nothing follows"));
  CHECK_THAT(refusal("P.0"), ContainsSubstring("positive"));
  CHECK_THAT(refusal("P.-5"), ContainsSubstring("positive"));
  CHECK_THAT(refusal("P.5,5"), ContainsSubstring("twice"));
  CHECK_THAT(refusal("P.5,,6"), ContainsSubstring("not a number"));
  CHECK_THAT(refusal("P.nan"), ContainsSubstring("not a number"));
  CHECK_THAT(refusal("P.1e300"), ContainsSubstring("positive"));
  CHECK_THAT(refusal("map.5"), ContainsSubstring("no parameters"));
  CHECK_THAT(refusal("official.5"), ContainsSubstring("no parameters"));
  CHECK_THAT(refusal("ndcg.3"), ContainsSubstring("relevance=gain"));
  CHECK_THAT(refusal("ndcg.p=0.5"), ContainsSubstring("not a relevance"));
  CHECK_THAT(refusal("ndcg.1=2,1=3"), ContainsSubstring("twice"));
  CHECK_THAT(refusal("rbp.p=1.5"), ContainsSubstring("[0, 1]"));
  CHECK_THAT(refusal("utility.1,2"), ContainsSubstring("4 numbers"));
  CHECK_THAT(refusal("prefs_simp"), ContainsSubstring("preferences"));
  CHECK_THAT(refusal("all_prefs"), ContainsSubstring("preferences"));
  CHECK_THAT(refusal("map_avgjg"), ContainsSubstring("preferences"));
}

TEST_CASE("gains given for a relevance replace it") {
  // DCG 9 + 1/log2(3); ideal the other way round.
  const double dcg = 1 + 9 / std::log2(3);
  CHECK(value("dcg.2=9", {1, 2}) == Approx(dcg));
  CHECK(value("ideal_dcg.2=9", {1, 2}) == Approx(9 + 1 / std::log2(3)));
  CHECK(value("ndcg.2=9", {1, 2}) == Approx(dcg / (9 + 1 / std::log2(3))));
  // Gains decide the ideal order, not levels.
  CHECK(value("ndcg.1=5,2=1", {1, 2}) == Approx(1));
  CHECK(value("ndcg.1=0", {1, 1}) == 0);
}

TEST_CASE("infinite ideals, nothing relevant and nothing judged come to 0") {
  for (const std::string name : {"map",
                                 "Rprec",
                                 "bpref",
                                 "recip_rank",
                                 "iprec_at_recall.0,1",
                                 "11pt_avg",
                                 "P.5",
                                 "recall.5",
                                 "infAP",
                                 "Rprec_mult.1",
                                 "binG",
                                 "G",
                                 "ndcg",
                                 "ndcg_rel",
                                 "Rndcg",
                                 "ndcg_cut.5",
                                 "map_cut.5",
                                 "relative_P.5",
                                 "success.5",
                                 "set_P",
                                 "set_recall",
                                 "set_relative_P",
                                 "set_map",
                                 "set_F",
                                 "rbp",
                                 "dcg",
                                 "ideal_dcg"}) {
    CAPTURE(name);
    CHECK(value(name, {0, 0, -1}) == 0);
    CHECK(value(name, {-2, -1}) == 0);
  }
}

TEST_CASE("a list from which -J takes everything has values of 0 and no NaN") {
  trec::evaluate_options options;
  options.judge.judged_only = true;
  for (const std::string name : {"iprec_at_recall.0,1", "11pt_avg", "set_P", "map", "Rprec_mult"}) {
    CAPTURE(name);
    CHECK(value(name, {-1, -1}, {1}, options) == 0);
  }
}

TEST_CASE("inferred average precision is average precision where all is judged") {
  CHECK(value("infAP", {1, 0, 1}, {1}) == Approx(value("map", {1, 0, 1}, {1})).epsilon(1e-4));
  // Yilmaz and Aslam: at rank 3, 1/3 + 2/3 · (2 in pool / 2) · (0 relevant / 1 judged above).
  CHECK(value("infAP", {-2, 0, 1}) == Approx(1. / 3).epsilon(1e-4));
}

TEST_CASE("utility weighs the four fields of the contingency table") {
  trec::evaluate_options options;
  options.collection_size = 100;
  // 1 relevant and 2 others retrieved, 1 relevant missed, 96 others left.
  CHECK(value("utility.2,-1,-3,0.5", {1, 0, -1}, {1}, options) == 2 - 2 - 3 + 48);
}

TEST_CASE("an unanswered query is worth nothing by utility") {
  trec::evaluate_options options;
  options.judge.complete = true;
  options.collection_size = 100;
  const auto result =
      trec::evaluate(trec::parse_qrels("1 0 a 1\n2 0 a 1\n"), trec::parse_run("1 Q0 a 0 1 r\n"),
                     trec::measure_set(texts{"utility.1,-1,-5,1"}), options);
  CHECK(result.query_values(0)[0] == 100);
  CHECK(result.query_values(1)[0] == 0);
}

TEST_CASE("geometric means count a query as .00001 at least") {
  const auto result = trec::evaluate(trec::parse_qrels("1 0 a 1\n2 0 a 1\n"),
                                     trec::parse_run("1 Q0 a 0 1 r\n2 Q0 b 0 1 r\n"),
                                     trec::measure_set(texts{"gm_map", "gm_bpref"}));
  CHECK(result.summaries[0] == Approx(std::sqrt(1e-5)));
  CHECK(result.summaries[1] == Approx(std::sqrt(1e-5)));
}

TEST_CASE("relevance strings show the first ranks") {
  const auto result = trec::evaluate(
      trec::parse_qrels("1 0 a 1\n1 0 b -1\n1 0 c 12\n1 0 d 0\n"),
      trec::parse_run("1 Q0 a 0 9 r\n1 Q0 b 0 8 r\n1 Q0 c 0 7 r\n1 Q0 x 0 6 r\n1 Q0 d 0 5 r\n"),
      trec::measure_set(texts{"relstring.4"}));
  CHECK(result.rank_strings == texts{"1.>-"});
}

TEST_CASE("rank-biased precision and its residual follow Moffat and Zobel") {
  CHECK(value("rbp.p=0.5", {1, 0, 1}) == Approx(.5 * (1 + .25)));
  CHECK(value("rbp.p=0.5", {2, 1}) == Approx(.5 * (1 + .25)));  // gains over the highest, 2
  CHECK(value("rbp_resid.p=0.5", {1, 0}) == 0);
  CHECK(value("rbp_resid.p=0.5", {1, -1}) == Approx(.25 + .5 * .5));
}

TEST_CASE("a run without a judged query is refused") {
  const auto call = [] {
    trec::evaluate(trec::parse_qrels("1 0 a 1\n"), trec::parse_run("2 Q0 a 0 1 r\n"),
                   trec::measure_set());
  };
  CHECK_THAT(error_text<recokit::value_error>(call), ContainsSubstring("none of them"));
}

TEST_CASE("every measure has a help text") {
  for (const auto& [name, text] : trec::all_measures()) {
    CAPTURE(name);
    CHECK_FALSE(text.empty());
    CHECK(column_names({std::string(name)}).size() >= 1);
  }
}
