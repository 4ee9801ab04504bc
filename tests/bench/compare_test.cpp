// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/compare.hpp"

#include "bench/inference.hpp"
#include "bench/report_json.hpp"
#include "some_results.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <nlohmann/json.hpp>

using namespace recokit_test;
using recokit_bench::compare_reports;
using recokit_bench::verdict;

namespace {

std::string text_of(recokit_bench::bench_results r) {
  recokit_bench::infer({}, {}, r);
  return recokit_bench::json_text(r);
}

std::string report(const std::vector<std::vector<double>>& folds) {
  auto r = some_results(static_cast<int>(folds.size()));
  add_model(r, "a", folds);
  return text_of(r);
}

// One fold with values of the first metric of users that differ by `step`.
std::string report_of_users(double mean, double step) {
  auto r = some_results();
  r.metrics = {recokit::ndcg(10)};
  std::vector<double> values(100);
  for (std::size_t u = 0; u < values.size(); ++u) {
    values[u] = mean + step * (static_cast<double>(u) - 49.5);
  }
  add_user_values(r, "a", {values});
  return text_of(r);
}

std::string timed(const std::vector<double>& seconds, int threads = 2) {
  auto r = some_results();
  add_model(r, "a", {{0.5, 0.5}});
  r.models[0].folds[0].fit_repeats = seconds;
  r.where.threads = threads;
  return text_of(r);
}

verdict outcome(const std::string& before, const std::string& after, const std::string& name) {
  for (const auto& one : compare_reports(before, after, 0.05).numbers) {
    if (one.name == name) return one.outcome;
  }
  throw std::logic_error("nothing was said about " + name);
}

std::string refusal(const std::string& before, const std::string& after) {
  return error_text<std::runtime_error>([&] { compare_reports(before, after, 0.05); });
}

}  // namespace

TEST_CASE("a report against itself is the same in everything") {
  const auto text = report({{0.5, 0.25}, {0.25, 0.5}});
  const auto result = compare_reports(text, text, 0);
  REQUIRE(result.numbers.size() == 2);
  for (const auto& one : result.numbers) CHECK(one.outcome == verdict::same);
  CHECK(result.notes.empty());
}

TEST_CASE("a metric that rises in every fold is better, one that falls is worse") {
  const auto before = report({{0.50, 0.30}, {0.52, 0.31}, {0.48, 0.29}});
  const auto after = report({{0.53, 0.27}, {0.551, 0.281}, {0.512, 0.259}});
  CHECK(outcome(before, after, "ndcg@10") == verdict::better);
  CHECK(outcome(before, after, "recall@20") == verdict::worse);
  CHECK(compare_reports(before, after, 0).any(verdict::worse));
}

TEST_CASE("a metric that goes up in one fold and down in another is within noise") {
  const auto before = report({{0.50, 0.3}, {0.52, 0.3}, {0.48, 0.3}});
  const auto after = report({{0.53, 0.3}, {0.50, 0.3}, {0.49, 0.3}});
  CHECK(outcome(before, after, "ndcg@10") == verdict::within);
}

TEST_CASE("with one fold the intervals over users decide") {
  const auto before = report_of_users(0.5, 0.002);
  CHECK(outcome(before, report_of_users(0.6, 0.002), "ndcg@10") == verdict::better);
  CHECK(outcome(before, report_of_users(0.4, 0.002), "ndcg@10") == verdict::worse);
  CHECK(outcome(before, report_of_users(0.505, 0.002), "ndcg@10") == verdict::within);
}

TEST_CASE("a difference without folds or intervals has no verdict") {
  CHECK(outcome(report({{0.5, 0.5}}), report({{0.6, 0.5}}), "ndcg@10") == verdict::unknown);
  CHECK(outcome(report({{0.5, 0.5}}), report({{0.6, 0.5}}), "recall@20") == verdict::same);
}

TEST_CASE("seconds are worse when both the medians and the middle halves say so") {
  const auto before = timed({1.0, 1.02, 0.98, 1.01, 0.99});
  CHECK(outcome(before, timed({1.3, 1.28, 1.31, 1.33, 1.29}), "fit seconds") == verdict::worse);
  CHECK(outcome(before, timed({0.7, 0.71, 0.72, 0.69, 0.68}), "fit seconds") == verdict::better);
  // 4 % is below the tolerance; a wide spread hides 30 %.
  CHECK(outcome(before, timed({1.04, 1.05, 1.03, 1.04, 1.04}), "fit seconds") == verdict::within);
  CHECK(outcome(timed({0.6, 1.0, 1.9, 0.7, 1.6}), timed({0.8, 1.3, 2.1, 0.9, 1.7}),
                "fit seconds") == verdict::within);
}

TEST_CASE("seconds of fewer than three repeats have no verdict") {
  CHECK(outcome(timed({1, 1}), timed({2, 2, 2}), "fit seconds") == verdict::unknown);
}

TEST_CASE("seconds with other threads are not compared, and the reason is given") {
  const auto result = compare_reports(timed({1, 1, 1}, 2), timed({2, 2, 2}, 1), 0.05);
  for (const auto& one : result.numbers) CHECK(one.name != "fit seconds");
  REQUIRE(result.notes.size() == 1);
  CHECK_THAT(result.notes[0], ContainsSubstring("threads 2 and 1"));
}

TEST_CASE("reports of other data or other splits are refused with the member that differs") {
  const auto before = report({{0.5, 0.5}});
  auto other = nlohmann::json::parse(before);
  other["data"]["interactions"] = 7;
  CHECK_THAT(refusal(before, other.dump()), ContainsSubstring("data.interactions: 12345 and 7"));
  other = nlohmann::json::parse(before);
  other["split"]["params"]["seed"] = 7;
  CHECK_THAT(refusal(before, other.dump()), ContainsSubstring("split.params"));
}

TEST_CASE("what is no report is refused by the place where it stood") {
  const auto good = report({{0.5, 0.5}});
  CHECK_THAT(refusal("{", good), ContainsSubstring("first file is no JSON report"));
  CHECK_THAT(refusal(good, "[]"), ContainsSubstring("second file is no JSON report"));
  auto newer = nlohmann::json::parse(good);
  newer["schema_version"] = 99;
  CHECK_THAT(refusal(good, newer.dump()), ContainsSubstring("schema version 99"));
  auto hollow = nlohmann::json::parse(good);
  hollow["results"][0].erase("metrics");
  CHECK_THAT(refusal(good, hollow.dump()), ContainsSubstring("lacks what its schema promises"));
}

TEST_CASE("a model that fails now counts as worse, one that one report lacks is a note") {
  auto r = some_results();
  add_model(r, "a", {{0.5, 0.5}});
  add_model(r, "b", {{0.4, 0.4}});
  const auto before = text_of(r);
  auto now = some_results();
  add_failure(now, "a", "bad luck");
  add_model(now, "c", {{0.4, 0.4}});
  const auto result = compare_reports(before, text_of(now), 0.05);
  CHECK(result.any(verdict::worse));
  CHECK(result.notes == std::vector<std::string>{"a failed in the second report",
                                                 "b is in the first report only",
                                                 "c is in the second report only"});
}

TEST_CASE("the table ends with the sum of the verdicts") {
  const auto text = recokit_bench::comparison_text(
      compare_reports(report({{0.5, 0.5}}), report({{0.6, 0.5}}), 0.05));
  CHECK_THAT(text, ContainsSubstring("+20.00 %"));
  CHECK_THAT(text, ContainsSubstring("1 same, 1 spread unknown"));
}
