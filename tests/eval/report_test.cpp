// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "eval/report.hpp"

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

using namespace recokit_eval;
using nlohmann::json;
using recokit::trec::evaluation;
using recokit::trec::summary;

namespace {

evaluation some_result() {
  evaluation result;
  result.run_id = "run \"1\"";
  result.columns = {{"runid", summary::run_id},
                    {"num_q", summary::query_count},
                    {"num_ret", summary::sum},
                    {"map", summary::mean},
                    {"gm_map", summary::geometric_mean},
                    {"relstring", summary::rank_string},
                    {"a_name_longer_than_22_characters", summary::mean}};
  result.queries = {"q\\1", "2"};
  result.values = {0, 1, 3, .1, -2, 0, 1. / 3, 0, 1, 1, .25, -3, 0, -12.34567};
  result.summaries = {0, 2, 4, .175, .5, 0, -6.0061};
  result.rank_strings = {"10-", "."};
  return result;
}

}  // namespace

TEST_CASE("the table is trec_eval's, byte for byte") {
  request asked;
  asked.by_query = true;
  CHECK(table_text(some_result(), asked) ==
        "num_ret               \tq\\1\t3\n"
        "map                   \tq\\1\t0.1000\n"
        "relstring             \tq\\1\t'10-'\n"
        "a_name_longer_than_22_characters\tq\\1\t0.3333\n"
        "num_ret               \t2\t1\n"
        "map                   \t2\t0.2500\n"
        "relstring             \t2\t'.'\n"
        "a_name_longer_than_22_characters\t2\t-12.3457\n"
        "runid                 \tall\trun \"1\"\n"
        "num_q                 \tall\t2\n"
        "num_ret               \tall\t4\n"
        "map                   \tall\t0.1750\n"
        "gm_map                \tall\t0.5000\n"
        "a_name_longer_than_22_characters\tall\t-6.0061\n");
}

TEST_CASE("summary and queries are printed as asked for") {
  request asked;
  CHECK(table_text(some_result(), asked).find("q\\1") == std::string::npos);
  asked.summary = false;
  CHECK(table_text(some_result(), asked).empty());
}

TEST_CASE("z-scores carry a Z and decimals, texts do not") {
  request asked;
  asked.zscores = "file";
  const auto text = table_text(some_result(), asked);
  CHECK(text.find("Znum_q                 \tall\t2.0000\n") != std::string::npos);
  CHECK(text.find("runid                 \tall\t") == 0);
}

TEST_CASE("JSON has the same doubles") {
  request asked;
  asked.by_query = true;
  asked.qrels = "a \"path\"\n";
  asked.run = "run";
  asked.max_retrieved = 10;
  auto result = some_result();
  result.values[6] = 0.1 + 0.2;
  result.unanswered = 3;
  const auto read = json::parse(json_text(result, asked));
  CHECK(read["qrels"] == "a \"path\"\n");
  CHECK(read["runid"] == "run \"1\"");
  CHECK(read["options"]["max_retrieved"] == 10);
  CHECK(read["options"]["zscores"].is_null());
  CHECK(read["queries"]["evaluated"] == 2);
  CHECK(read["queries"]["unanswered"] == 3);
  CHECK(read["all"]["num_q"] == 2);
  CHECK(read["all"]["gm_map"] == .5);
  CHECK_FALSE(read["all"].contains("relstring"));
  CHECK(read["by_query"]["q\\1"]["a_name_longer_than_22_characters"].get<double>() == 0.1 + 0.2);
  CHECK(read["by_query"]["2"]["map"].get<double>() == .25);
  CHECK(read["by_query"]["2"]["relstring"] == ".");
  CHECK_FALSE(read["by_query"]["2"].contains("gm_map"));
}

TEST_CASE("JSON has null where a value is no number, and no queries unless asked for") {
  auto result = some_result();
  result.summaries[3] = std::numeric_limits<double>::quiet_NaN();
  const auto read = json::parse(json_text(result, {}));
  CHECK(read["all"]["map"].is_null());
  CHECK_FALSE(read.contains("by_query"));
}

TEST_CASE("values are rounded as printf does, also next to a half") {
  evaluation result;
  std::string expected;
  const auto add = [&](double value) {
    result.columns.push_back({"x", summary::mean});
    result.summaries.push_back(value);
    std::array<char, 400> line{};
    std::snprintf(line.data(), line.size(), "%-22s\t%s\t%6.4f\n", "x", "all", value);
    expected += line.data();
  };
  for (const double value :
       {0.0, -0.0, 1.0, 0.00005, 0.00015, 0.03125, 0.96875, 0.99995, 9.99995, 12345.00005,
        99999.99995, 1e5, 123456789.125, -0.00001, -3.5, 1e300,
        std::numeric_limits<double>::infinity(), std::numeric_limits<double>::denorm_min()}) {
    add(value);
    add(std::nextafter(value, 1e308));
  }
  for (int i = 0; i <= 3000; ++i) add(i / 3000.);
  for (int i = 1; i < 2000; i += 2) add(i / 20000.);  // halves, as near as doubles come
  CHECK(table_text(result, {}) == expected);
}
