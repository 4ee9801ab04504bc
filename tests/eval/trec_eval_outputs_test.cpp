// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// The files of trec_eval's own test folder. The commands are those of `make quicktest` there.
#include "eval/run.hpp"

#include "support/catch.hpp"
#include "support/data_dir.hpp"
#include "support/temp_folder.hpp"

#include <string>
#include <vector>

using recokit_eval::run_program;
using recokit_test::file_content;

namespace {

struct expected_output {
  std::string file;
  std::vector<std::string> options;
  std::string qrels;
  std::string run;
};

const std::vector<expected_output> outputs{
    {"out.test", {}, "qrels.test", "results.test"},
    {"out.test", {}, "qrels.test.with-comments", "results.test"},
    {"out.comment.test", {}, "qrels.comment.test", "results.comment.test"},
    {"out.test.a", {"-m", "all_trec"}, "qrels.test", "results.test"},
    {"out.test.aq", {"-m", "all_trec", "-q"}, "qrels.test", "results.test"},
    {"out.test.aqc", {"-m", "all_trec", "-q", "-c"}, "qrels.test", "results.trunc"},
    {"out.test.aqcM", {"-m", "all_trec", "-q", "-c", "-M100"}, "qrels.test", "results.trunc"},
    {"out.test.aql",
     {"-m", "all_trec", "-mrelstring.20", "-q", "-l2"},
     "qrels.rel_level",
     "results.test"},
    {"out.test.meas_params",
     {"-q", "-miprec_at_recall..10,.20,.25,.75,.50", "-m", "P.5,7,3", "-m", "recall.20,2000", "-m",
      "Rprec_mult.5.0,0.2,0.35", "-mutility.2,-1,0,0", "-m", "11pt_avg..25,.5,.75",
      "-mndcg.1=3,2=9,4=4.5", "-mndcg_cut.10,20,23.4", "-msuccess.2,5,20"},
     "qrels.test",
     "results.test"},
};

}  // namespace

TEST_CASE("recokit-eval prints what trec_eval's own tests expect, byte for byte", "[data]") {
  RECOKIT_REQUIRE_DATA(folder, "oracles/trec_eval");
  for (const auto& wanted : outputs) {
    CAPTURE(wanted.file, wanted.options);
    auto words = wanted.options;
    words.push_back((folder / wanted.qrels).string());
    words.push_back((folder / wanted.run).string());
    const auto got = run_program(words);
    CHECK(got.code == recokit_eval::success);
    CHECK(got.output == file_content(folder / wanted.file));
  }
}

TEST_CASE("z-scores are those of trec_eval's own test", "[data]") {
  RECOKIT_REQUIRE_DATA(folder, "oracles/trec_eval");
  const auto path = [&](const char* name) { return (folder / name).string(); };
  const auto got = run_program({"-q", "-m", "all_trec", "-Z", path("zscores_file"),
                                path("qrels.test"), path("results.test")});
  CHECK(got.output == file_content(folder / "out.test.aqZ"));
}

TEST_CASE("preferences and judgement groups are refused, not misread", "[data]") {
  RECOKIT_REQUIRE_DATA(folder, "oracles/trec_eval");
  const auto path = [&](const char* name) { return (folder / name).string(); };
  CHECK(run_program(
            {"-m", "all_prefs", "-R", "prefs", path("prefs.test"), path("prefs.results.test")})
            .code == recokit_eval::wrong_usage);
  CHECK(run_program({"-m", "qrels_jg", "-R", "qrels_jg", path("qrels.123"), path("results.test")})
            .code == recokit_eval::wrong_usage);
  // Read as qrels, three judgements of a document are one too many.
  const auto twice = run_program({path("qrels.123"), path("results.test")});
  CHECK(twice.code == recokit_eval::bad_input);
}
