// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "eval/command_line.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <string>
#include <vector>

using namespace recokit_eval;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

using words = std::vector<std::string>;

std::string refusal(const words& w) {
  return error_text<usage_error>([&] { parse_command_line(w); });
}

}  // namespace

TEST_CASE("two files alone ask for the defaults of trec_eval") {
  const auto asked = parse_command_line({"qrels", "run"});
  CHECK(asked.qrels == "qrels");
  CHECK(asked.run == "run");
  CHECK(asked.summary);
  CHECK_FALSE(asked.by_query);
  CHECK_FALSE(asked.complete);
  CHECK(asked.relevance_level == 1);
  CHECK(asked.measures.empty());
  CHECK(asked.json == json_place::nowhere);
}

TEST_CASE("letters bundle and take values attached or apart") {
  const auto asked = parse_command_line(
      {"-qcJ", "-l2", "-M", "100", "-mP.5,10", "-m", "map", "-nN7", "qrels", "run"});
  CHECK(asked.by_query);
  CHECK(asked.complete);
  CHECK(asked.judged_only);
  CHECK_FALSE(asked.summary);
  CHECK(asked.relevance_level == 2);
  CHECK(asked.max_retrieved == 100);
  CHECK(asked.collection_size == 7);
  CHECK(asked.measures == words{"P.5,10", "map"});
}

TEST_CASE("long names take = or the next word and may be shortened") {
  const auto asked = parse_command_line(
      {"--measure=map", "--meas", "P", "--level_for_rel", "3", "--comp", "--query", "a", "b"});
  CHECK(asked.measures == words{"map", "P"});
  CHECK(asked.relevance_level == 3);
  CHECK(asked.complete);
  CHECK(asked.by_query);
}

TEST_CASE("options may follow the files, and -- ends them") {
  const auto asked = parse_command_line({"qrels", "-q", "run", "-m", "map"});
  CHECK(asked.by_query);
  CHECK(asked.run == "run");
  CHECK(parse_command_line({"-q", "--", "-qrels", "-run"}).qrels == "-qrels");
  CHECK(parse_command_line({"qrels", "-"}).run == "-");
}

TEST_CASE("option --json alone prints JSON, --json=FILE writes it") {
  CHECK(parse_command_line({"--json", "a", "b"}).json == json_place::output);
  const auto file = parse_command_line({"--json=out", "a", "b"});
  CHECK(file.json == json_place::file);
  CHECK(file.json_file == "out");
  CHECK(parse_command_line({"--threads", "2", "a", "b"}).threads == 2);
}

TEST_CASE("option -D may name the one query to evaluate") {
  CHECK(parse_command_line({"-D", "1.301", "a", "b"}).only_query == "301");
  CHECK(parse_command_line({"-D2", "a", "b"}).only_query.empty());
}

TEST_CASE("formats that recokit-eval does not read are refused") {
  CHECK(parse_command_line({"-R", "qrels", "-Ttrec_results", "a", "b"}).run == "b");
  CHECK_THAT(refusal({"-R", "prefs", "a", "b"}), ContainsSubstring("prefs"));
  CHECK_THAT(refusal({"-R", "qrels_jg", "a", "b"}), ContainsSubstring("qrels_jg"));
  CHECK_THAT(refusal({"-T", "other", "a", "b"}), ContainsSubstring("trec_results"));
}

TEST_CASE("a wrong command line says what is wrong") {
  CHECK_THAT(refusal({}), ContainsSubstring("two files"));
  CHECK_THAT(refusal({"a", "b", "c"}), ContainsSubstring("got 3"));
  CHECK_THAT(refusal({"-x", "a", "b"}), ContainsSubstring("-x"));
  CHECK_THAT(refusal({"--nothing", "a", "b"}), ContainsSubstring("--nothing"));
  CHECK_THAT(refusal({"--Re", "qrels", "a", "b"}), ContainsSubstring("several"));
  CHECK_THAT(refusal({"a", "b", "-m"}), ContainsSubstring("needs a value"));
  CHECK_THAT(refusal({"--json=", "a", "b"}), ContainsSubstring("needs a value"));
  CHECK_THAT(refusal({"--help=x"}), ContainsSubstring("takes no value"));
  for (const words& bad : {words{"-l", "x"}, words{"-l", "-1"}, words{"-M0"}, words{"-M", "1.5"},
                           words{"-N-5"}, words{"--threads=0"}}) {
    auto w = bad;
    w.insert(w.end(), {"a", "b"});
    CHECK_THAT(refusal(w), ContainsSubstring("whole number"));
  }
}

TEST_CASE("help names every measure, or those asked for") {
  CHECK_THAT(help_text({}), ContainsSubstring("Rprec_mult") && ContainsSubstring("--json=FILE"));
  request asked;
  asked.measures = {"ndcg.1=3"};
  const auto text = help_text(asked);
  CHECK_THAT(text, ContainsSubstring("  ndcg "));
  CHECK_THAT(text, !ContainsSubstring("Rprec_mult"));
}
