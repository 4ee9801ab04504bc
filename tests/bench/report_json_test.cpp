// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/report_json.hpp"

#include "some_results.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <limits>

using namespace recokit_test;

namespace {
nlohmann::json parsed(const recokit_bench::bench_results& r) {
  return nlohmann::json::parse(recokit_bench::json_text(r));
}
}  // namespace

TEST_CASE("metrics keep all their digits in JSON") {
  auto r = some_results(2);
  add_model(r, "a", {{0.1 + 0.2, 1}, {1.0 / 3, 1}});
  const auto report = parsed(r);
  CHECK(report["schema_version"] == 1);
  const auto& ndcg = report["results"][0]["metrics"]["ndcg@10"];
  CHECK(ndcg["folds"][0].get<double>() == 0.1 + 0.2);
  CHECK(ndcg["folds"][1].get<double>() == 1.0 / 3);
  CHECK(ndcg["stddev"].is_number());
  CHECK(report["results"][0]["params"]["factors"] == 8);
  CHECK(report["results"][0]["rank"] == 1);
  CHECK(report["metrics"][1]["convention"] == recokit::recall(20).convention());
}

TEST_CASE("what is not a number is null in JSON") {
  auto r = some_results();
  add_model(r, "a",
            {{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}});
  r.models[0].folds[0].peak_memory = {};
  r.models[0].folds[0].recommend_seconds = 0;
  const auto report = parsed(r);
  const auto& result = report["results"][0];
  CHECK(result["metrics"]["ndcg@10"]["mean"].is_null());
  CHECK(result["metrics"]["recall@20"]["mean"].is_null());
  CHECK(result["metrics"]["ndcg@10"]["stddev"].is_null());
  CHECK(result["peak_memory_bytes"].is_null());
  CHECK(result["recommend_users_per_second"].is_null());
}

TEST_CASE("a failed model has its error and no numbers in JSON") {
  auto r = some_results();
  add_failure(r, "a", "no \"luck\"\n");
  const auto report = parsed(r);
  CHECK(report["results"][0]["status"] == "failed");
  CHECK(report["results"][0]["error"] == "no \"luck\"\n");
  CHECK_FALSE(report["results"][0].contains("metrics"));
}

TEST_CASE("a file name that is not UTF-8 does not spoil the JSON") {
  auto r = some_results();
  r.data.files = {"caf\xE9.csv"};
  CHECK(parsed(r)["data"]["files"][0] == "caf\xEF\xBF\xBD.csv");
}

TEST_CASE("intervals, p values and warnings are in JSON, and null where there is none") {
  auto r = some_results();
  r.metrics = {recokit::ndcg(10)};
  add_user_values(r, "a", {{0.9, 0.8, 0.7, 0.9, 0.6, 0.8}});
  add_user_values(r, "b", {{0.5, 0.6, 0.4, 0.7, 0.5, 0.4}});
  r.warnings = {"candidates were sampled"};
  recokit_bench::infer({}, {}, r);
  const auto report = parsed(r);
  const auto& best = report["results"][0]["metrics"]["ndcg@10"];
  const auto& other = report["results"][1]["metrics"]["ndcg@10"];
  CHECK(best["interval"]["level"] == 0.95);
  CHECK(best["interval"]["method"] == "t");
  CHECK(best["interval"]["users"] == 6);
  CHECK(best["interval"]["low"].get<double>() == r.models[0].inferred(0).interval->low);
  CHECK(best["p_value"].is_null());
  CHECK(other["adjusted_p_value"].get<double>() == other["p_value"].get<double>());
  CHECK(other["significantly_worse"] == true);
  CHECK(other["difference"]["high"].get<double>() < 0);
  CHECK(report["comparison"]["best"] == "a");
  CHECK(report["warnings"][0] == "candidates were sampled");
  CHECK(report["metrics"][0]["kind"] == "ranking");
  r.models.pop_back();
  recokit_bench::infer({}, {}, r);
  CHECK(parsed(r)["comparison"].is_null());
}

TEST_CASE("predicted ratings have their kind and their speed in JSON") {
  auto r = some_results();
  r.metrics = {recokit_bench::parse_metric_word("rmse")};
  add_model(r, "a", {{0.95}});
  r.models[0].folds[0].predict_seconds = 0.5;
  r.models[0].folds[0].predicted_ratings = 1000;
  const auto report = nlohmann::json::parse(recokit_bench::json_text(r));
  CHECK(report["metrics"][0]["kind"] == "rating");
  CHECK(report["results"][0]["metrics"]["rmse"]["mean"] == 0.95);
  CHECK(report["results"][0]["metrics"]["rmse"]["interval"].is_null());
  CHECK(report["results"][0]["predict_ratings_per_second"] == 2000);
  CHECK(report["results"][0]["folds"][0]["predicted_ratings"] == 1000);
}
