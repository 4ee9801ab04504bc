// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "eval/run.hpp"

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace recokit_eval;
using recokit_test::ContainsSubstring;
using recokit_test::file_content;
using recokit_test::temp_folder;

namespace {

struct files {
  temp_folder folder;
  std::string qrels = folder.file("qrels", "1 0 a 1\n1 0 b 0\n2 0 a 1\n4 0 c 1\n").string();
  std::string run =
      folder.file("run", "1 Q0 b 1 2 mine\n1 Q0 a 2 1 mine\n2 Q0 a 1 1 mine\n3 Q0 a 1 1 mine\n")
          .string();

  outcome operator()(std::vector<std::string> words) const {
    words.insert(words.end(), {qrels, run});
    return run_program(words);
  }
};

}  // namespace

TEST_CASE("a call prints the table and says which queries it left out") {
  const files call;
  const auto result = call({"-q", "-m", "recip_rank", "-m", "num_q"});
  CHECK(result.code == success);
  CHECK(result.output ==
        "recip_rank            \t1\t0.5000\n"
        "recip_rank            \t2\t1.0000\n"
        "num_q                 \tall\t2\n"
        "recip_rank            \tall\t0.7500\n");
  CHECK_THAT(result.errors, ContainsSubstring("1 query of the run without judgements ignored"));
  CHECK_THAT(result.errors, ContainsSubstring("1 query of the qrels without results left out"));
}

TEST_CASE("options -c, -l, -M, -J and -D change what is evaluated") {
  const files call;
  CHECK(call({"-c", "-m", "map"}).output == "map                   \tall\t0.5000\n");
  CHECK(call({"-M1", "-m", "map"}).output == "map                   \tall\t0.5000\n");
  CHECK(call({"-l0", "-m", "map"}).output == "map                   \tall\t1.0000\n");
  CHECK(call({"-D1.1", "-m", "map"}).output == "map                   \tall\t0.5000\n");
  CHECK(call({"-J", "-m", "num_ret"}).output == "num_ret               \tall\t3\n");
}

TEST_CASE("JSON goes to the output or to a file beside the table") {
  const files call;
  const auto printed = call({"--json", "-m", "map"});
  CHECK(nlohmann::json::parse(printed.output)["all"]["map"] == .75);
  const auto path = call.folder / "out.json";
  const auto written = call({"--json=" + path.string(), "-m", "map"});
  CHECK(written.output == "map                   \tall\t0.7500\n");
  CHECK(nlohmann::json::parse(file_content(path))["all"]["map"] == .75);
}

TEST_CASE("the output does not depend on the threads") {
  const files call;
  CHECK(call({"-q", "-m", "all_trec", "--threads=1"}).output ==
        call({"-q", "-m", "all_trec", "--threads=3"}).output);
}

TEST_CASE("z-scores replace values") {
  const files call;
  const auto scores = call.folder.file("z", "1 map 0.25 0.25\n2 map 0.5 0.25\n");
  CHECK(call({"-q", "-m", "map", "-Z", scores.string()}).output ==
        "Zmap                   \t1\t1.0000\nZmap                   \t2\t2.0000\n"
        "Zmap                   \tall\t1.5000\n");
}

TEST_CASE("wrong usage ends with 1 and the usage") {
  const auto nothing = run_program({});
  CHECK(nothing.code == wrong_usage);
  CHECK(nothing.output.empty());
  CHECK_THAT(nothing.errors, ContainsSubstring("Usage: recokit-eval"));
  const files call;
  const auto measure = call({"-m", "ndcg.x"});
  CHECK(measure.code == wrong_usage);
  CHECK_THAT(measure.errors, ContainsSubstring("ndcg.x"));
}

TEST_CASE("bad input ends with 2 and names the place") {
  const files call;
  const auto missing = run_program({call.qrels, (call.folder / "nowhere").string()});
  CHECK(missing.code == bad_input);
  CHECK_THAT(missing.errors, ContainsSubstring("nowhere"));

  const auto nan = call.folder.file("nan", "1 Q0 a 1 1 x\n1 Q0 b 2 NaN x\n").string();
  const auto not_a_number = run_program({call.qrels, nan});
  CHECK(not_a_number.code == bad_input);
  CHECK(not_a_number.output.empty());
  CHECK_THAT(not_a_number.errors, ContainsSubstring(nan + ":2"));

  const auto twice = call.folder.file("twice", "1 Q0 a 1 1 x\n1 Q0 a 2 3 x\n").string();
  CHECK_THAT(run_program({call.qrels, twice}).errors,
             ContainsSubstring(twice + ":2") && ContainsSubstring("\"a\""));

  const auto other = call.folder.file("other", "9 Q0 a 1 1 x\n").string();
  CHECK(run_program({call.qrels, other}).code == bad_input);
  CHECK(call({"-D1.77"}).code == bad_input);
  CHECK(call({"-Z", "nowhere"}).code == bad_input);
  // Files in the wrong order.
  CHECK(run_program({call.run, call.qrels}).code == bad_input);
}

TEST_CASE("an unwritable JSON file is found before the work and ends with 3") {
  const files call;
  const auto result = call({"--json=" + (call.folder / "no" / "file").string()});
  CHECK(result.code == no_output);
  CHECK(result.output.empty());
}

TEST_CASE("help and version need no files") {
  CHECK_THAT(run_program({"-h"}).output, ContainsSubstring("Measures:"));
  CHECK(run_program({"-h", "-m", "nothing"}).code == wrong_usage);
  CHECK_THAT(run_program({"-v"}).output, ContainsSubstring("recokit-eval "));
}
