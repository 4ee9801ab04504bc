// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/metrics/trec_files.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temp_folder.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::file_content;
using recokit_test::temp_folder;
namespace trec = recokit::trec;

namespace {

std::vector<std::string> documents(const trec::run& results, std::string_view query) {
  std::vector<std::string> names;
  const auto at = results.find(query);
  if (!at) return names;
  for (const auto& line : results.lines(*at)) names.emplace_back(line.document.text());
  return names;
}

std::string run_error(const std::string& text) {
  return error_text<recokit::parse_error>([&] { trec::parse_run(text, "my.run"); });
}
std::string qrels_error(const std::string& text) {
  return error_text<recokit::parse_error>([&] { trec::parse_qrels(text, "my.qrels"); });
}

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("qrels keep queries in byte order and judgements in the order of the file") {
  const auto judged = trec::parse_qrels("9 0 b 1\n10 0 a -1\n9 0 a 0\n");
  REQUIRE(judged.size() == 2);
  CHECK(judged.query(0) == "10");
  CHECK(judged.query(1) == "9");
  REQUIRE(judged.lines(1).size() == 2);
  CHECK(judged.lines(1)[0].document.text() == "b");
  CHECK(judged.lines(1)[0].relevance == 1);
  CHECK(judged.lines(1)[1].document.text() == "a");
  CHECK(judged.lines(0)[0].relevance == -1);
  CHECK(judged.find("9") == 1u);
  CHECK_FALSE(judged.find("8").has_value());
}

TEST_CASE("a run ranks by score, then by document id from the end, and ignores the rank column") {
  const auto results = trec::parse_run(
      "q Q0 a 1 1.0 x\n"
      "q Q0 c 2 1.0 x\n"
      "q Q0 b 3 1.0 x\n"
      "q Q0 d 4 2.5 x\n"
      "q Q0 documents-10 5 1.0 x\n"
      "q Q0 documents-9 6 1.0 x\n");
  CHECK(documents(results, "q") == names{"d", "documents-9", "documents-10", "c", "b", "a"});
}

TEST_CASE("ids that begin with each other order as strcmp has them") {
  const auto results = trec::parse_run(
      "q Q0 abcdefgh 1 1 x\nq Q0 abcdefghi 1 1 x\nq Q0 abc 1 1 x\nq Q0 \xc3\xa4 1 1 x\n");
  CHECK(documents(results, "q") == names{"\xc3\xa4", "abcdefghi", "abcdefgh", "abc"});
}

TEST_CASE("a run that is written best first comes out as the same run shuffled") {
  const auto sorted = trec::parse_run("q Q0 b 1 3 x\nq Q0 c 2 2 x\nq Q0 a 3 2 x\nq Q0 d 4 1 x\n");
  const auto shuffled = trec::parse_run("q Q0 a 3 2 x\nq Q0 d 4 1 x\nq Q0 b 1 3 x\nq Q0 c 2 2 x\n");
  CHECK(documents(sorted, "q") == names{"b", "c", "a", "d"});
  CHECK(documents(shuffled, "q") == documents(sorted, "q"));
}

TEST_CASE("lines of a query need not stand together") {
  const auto results =
      trec::parse_run("1 Q0 a 1 1 x\n2 Q0 b 1 5 x\n1 Q0 c 1 2 x\n2 Q0 a 1 6 x\n1 Q0 b 1 3 y\n");
  CHECK(documents(results, "1") == names{"b", "c", "a"});
  CHECK(documents(results, "2") == names{"a", "b"});
  CHECK(results.id() == "y");  // of the last line
}

TEST_CASE(
    "comments, empty lines, carriage returns, tabs and a missing last line feed are allowed") {
  const auto results = trec::parse_run(
      "# a comment\r\n\r\n  \t\r\n1\tQ0\ta#1\t1\t.5\tx\r\n   # another\n  1 Q0 b   2  -1e-3 x and "
      "more\n1 Q0 c 3 +7 x");
  CHECK(documents(results, "1") == names{"c", "a#1", "b"});
  const auto judged = trec::parse_qrels("\n#\n1 0 a#1 1.0\r\n\n1 0 b 0  \n");
  REQUIRE(judged.size() == 1);
  CHECK(judged.lines(0).size() == 2);
  CHECK(judged.lines(0)[0].relevance == 1);
}

TEST_CASE("scores are the nearest doubles") {
  const auto score = [](const std::string& text) {
    return trec::parse_run("q Q0 d 1 " + text + " x\n").lines(0)[0].score;
  };
  CHECK(score("0.6898301657029192") == 0.6898301657029192);
  CHECK(score("0.1") == 0.1);
  CHECK(score("-12.75") == -12.75);
  CHECK(score("9007199254740993") == 9007199254740993.0);
  CHECK(score("0.123456789012345678901234567890") == 0.123456789012345678901234567890);
  CHECK(score("1e-3") == 1e-3);
  CHECK(score("-2.5E2") == -250.0);
  CHECK(score("5.") == 5.0);
  CHECK(score("1e-400") == 0.0);
  CHECK(score("inf") == std::numeric_limits<double>::infinity());
}

TEST_CASE("doubles that are one float are told apart") {
  const auto results = trec::parse_run("q Q0 a 1 0.50000000001 x\nq Q0 b 2 0.5 x\n");
  CHECK(documents(results, "q") == names{"a", "b"});
}

TEST_CASE("a short line is refused with its place") {
  CHECK_THAT(run_error("1 Q0 a 1 2 x\n1 Q0 b 1\n"),
             ContainsSubstring("my.run:2") && ContainsSubstring("4 fields"));
  CHECK_THAT(run_error("1 Q0 a 1 2\n"),
             ContainsSubstring("my.run:1") && ContainsSubstring("5 fields"));
  CHECK_THAT(run_error("1"), ContainsSubstring("my.run:1") && ContainsSubstring("1 field;"));
  CHECK_THAT(qrels_error("# c\n1 0 a 1\n1 0 a\n"),
             ContainsSubstring("my.qrels:3") && ContainsSubstring("3 fields"));
  CHECK_THAT(qrels_error("1 0 a 1 2\n"), ContainsSubstring("my.qrels:1:9"));
}

TEST_CASE("a score that is no number is refused with its place") {
  for (const std::string bad :
       {"nan", "NaN", "-nan", "1.5x", "0x10", "one", "1,5", "--1", "1e999"}) {
    const auto text = run_error("1 Q0 a 1 2 x\n1 Q0 b 1 " + bad + " x\n");
    CHECK_THAT(text, ContainsSubstring("my.run:2:10") && ContainsSubstring("\"" + bad + "\""));
  }
}

TEST_CASE("a relevance that is no whole number is refused with its place") {
  for (const std::string bad : {"0.5", "x", "1x", "", "nan", "99999999999"}) {
    if (bad.empty()) continue;
    CHECK_THAT(qrels_error("1 0 a 1\n\n1 0 b " + bad + "\n"),
               ContainsSubstring("my.qrels:3:7") && ContainsSubstring("\"" + bad + "\""));
  }
}

TEST_CASE("a document twice in a query names file, line, query and document") {
  const auto in_run =
      run_error("1 Q0 a 1 2 x\n2 Q0 a 1 1 x\n1 Q0 b 1 1 x\n2 Q0 b 1 7 x\n1 Q0 a 1 9 x\n");
  CHECK_THAT(in_run, ContainsSubstring("my.run:5") && ContainsSubstring("\"a\"") &&
                         ContainsSubstring("query \"1\""));
  CHECK_THAT(qrels_error("7 0 doc-8 1\n7 0 doc-9 1\n7 0 doc-8 0\n7 0 doc-9 0\n"),
             ContainsSubstring("my.qrels:3") && ContainsSubstring("\"doc-8\"") &&
                 ContainsSubstring("query \"7\""));
}

TEST_CASE("a file without lines is refused") {
  CHECK_THAT(run_error(""), ContainsSubstring("my.run"));
  CHECK_THAT(run_error("\n\n# nothing\n"), ContainsSubstring("my.run"));
  CHECK_THAT(qrels_error("   "), ContainsSubstring("my.qrels"));
}

TEST_CASE("a file that is not there is an io_error with its name") {
  const temp_folder folder;
  const auto missing = folder / "nowhere";
  CHECK_THAT(error_text<recokit::io_error>([&] { trec::read_run(missing); }),
             ContainsSubstring("nowhere"));
  CHECK_THROWS_AS(trec::read_qrels(folder.path()), recokit::io_error);
}

TEST_CASE("any text ends in a table or a parse_error") {
  const std::vector<std::string> pieces{
      "1",         "2",    "a",    "Q0", "0",  "1.5", "-1",
      "nan",       "#",    "\n",   "\n", "\n", " ",   "\t",
      "\r",        "\x01", "\xff", "+",  "e9", ".",   std::string(1, '\0'),
      " b 3 7 r\n"};
  std::uint64_t state = 1;
  int tables = 0;
  int refusals = 0;
  const auto count = [&](const auto& parse) {
    try {
      parse();
      ++tables;
    } catch (const recokit::parse_error&) {
      ++refusals;
    }
  };
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (int i = round % 16; i >= 0; --i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      text += pieces[(state >> 33) % pieces.size()];
      if (state >> 63 != 0) text += ' ';
    }
    count([&] { trec::parse_qrels(text); });
    count([&] { trec::parse_run(text); });
  }
  CHECK(tables > 10);
  CHECK(refusals > 1000);
}

TEST_CASE("a large file is the same table for any number of threads") {
  // Several pieces, queries across their borders, and lines of some queries apart.
  std::string text;
  for (int line = 0; line < 40000; ++line) {
    const int query = line % 7 == 0 ? line % 50 : line / 100;
    text += "query-" + std::to_string(query) + " Q0 document-" + std::to_string(line) + " 0 " +
            std::to_string((line * 7919) % 1000) + ".25 x\n";
  }
  const auto one = trec::parse_run(text, "run", {.threads = 1});
  const auto many = trec::parse_run(text, "run", {.threads = 4});
  REQUIRE(one.size() == 400);
  REQUIRE(many.size() == one.size());
  std::size_t lines = 0;
  for (std::size_t q = 0; q < one.size(); ++q) {
    REQUIRE(one.query(q) == many.query(q));
    REQUIRE(one.lines(q).size() == many.lines(q).size());
    lines += one.lines(q).size();
    bool same = true;
    bool ordered = true;
    for (std::size_t i = 0; i < one.lines(q).size(); ++i) {
      same = same && one.lines(q)[i].document.text() == many.lines(q)[i].document.text() &&
             one.lines(q)[i].score == many.lines(q)[i].score;
      ordered = ordered && (i == 0 || one.lines(q)[i - 1].score >= one.lines(q)[i].score);
    }
    CHECK(same);
    CHECK(ordered);
  }
  CHECK(lines == 40000);
}

TEST_CASE("the first wrong line of a large file is named whatever the threads") {
  std::string text;
  for (int line = 1; line <= 60000; ++line) {
    text += "q" + std::to_string(line / 10) + " 0 d" + std::to_string(line) +
            (line == 31415 || line == 58000 ? " one\n" : " 1\n");
  }
  for (const int threads : {1, 4}) {
    CHECK_THAT(error_text<recokit::parse_error>(
                   [&] { trec::parse_qrels(text, "q", {.threads = threads}); }),
               ContainsSubstring("q:31415:"));
  }
}

TEST_CASE("tables outlive the reader and are copied cheaply") {
  trec::run copy;
  CHECK(copy.empty());
  {
    const auto results = trec::parse_run("q Q0 a 1 1 x\n");
    copy = results;
  }
  CHECK(documents(copy, "q") == names{"a"});
  CHECK(copy.id() == "x");
}

TEST_CASE("what is written reads back") {
  const temp_folder folder;
  const auto judged = trec::parse_qrels("2 0 b 1\n2 0 a -1\n1 0 c 3\n");
  trec::write_qrels(folder / "qrels", judged);
  CHECK(file_content(folder / "qrels") == "1 0 c 3\n2 0 b 1\n2 0 a -1\n");
  const auto results = trec::parse_run("2 Q0 b 9 0.1 mine\n2 Q0 a 9 0.30000000000000004 mine\n");
  trec::write_run(folder / "run", results);
  CHECK(file_content(folder / "run") == "2 Q0 a 1 0.30000000000000004 mine\n2 Q0 b 2 0.1 mine\n");
  const auto again = trec::read_run(folder / "run");
  CHECK(again.lines(0)[0].score == 0.30000000000000004);
  CHECK(documents(again, "2") == names{"a", "b"});
}

TEST_CASE("ranked lists are written as a run") {
  const temp_folder folder;
  recokit::ranked_lists lists(2, 2);
  const std::vector<recokit::scored_item<>> first{{7, 2.5f}, {3, 0.1f}};
  const std::vector<recokit::scored_item<>> second{{1, -1.0f}};
  lists.assign(0, first);
  lists.assign(1, second);
  const auto query = [](std::size_t q) { return "user" + std::to_string(q); };
  const auto document = [](recokit::index_t item) { return "item" + std::to_string(item); };
  trec::write_run(folder / "run", lists, query, document, "als");
  CHECK(file_content(folder / "run") ==
        "user0 Q0 item7 1 2.5 als\nuser0 Q0 item3 2 0.1 als\nuser1 Q0 item1 1 -1 als\n");

  CHECK_THROWS_AS(trec::write_run(folder / "run", lists, query, document, "two words"),
                  recokit::value_error);
  CHECK_THROWS_AS(trec::write_run(
                      folder / "run", lists, query, [](recokit::index_t) { return ""; }, "als"),
                  recokit::value_error);
  CHECK_THROWS_AS(trec::write_run(
                      folder / "run", lists, [](std::size_t) { return "#1"; }, document, "als"),
                  recokit::value_error);
  // A refused write leaves the file as it was.
  CHECK(trec::read_run(folder / "run").size() == 2);
}
