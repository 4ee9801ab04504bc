// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/ranking.hpp>

#include <cmath>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

// The value of one metric for a list of `length` items with hits at the given ranks (from 1) and
// `relevant` relevant items in all.
double value(const rk::ranking_metric& metric, int length, const std::vector<int>& hits,
             int relevant) {
  std::vector<rk::scored_item<>> list;
  std::vector<rk::index_t> wanted;
  for (int rank = 1; rank <= length; ++rank) {
    list.push_back({rank, static_cast<float>(-rank)});
  }
  for (const int rank : hits) wanted.push_back(rank);
  for (int i = static_cast<int>(hits.size()); i < relevant; ++i) wanted.push_back(500 + i);
  const rk::ranking_evaluator evaluator({metric}, 1000);
  double result = -1;
  evaluator.evaluate(list, wanted, std::span(&result, 1));
  return result;
}

}  // namespace

// Four relevant items, hits at ranks 1, 4 and 6 of a list of six.
TEST_CASE("hits at ranks 1, 4, 6 of four relevant items give the values worked out by hand") {
  const std::vector<int> hits{1, 4, 6};
  const auto at = [&](const rk::ranking_metric& m) { return value(m, 6, hits, 4); };
  CHECK(at(rk::precision(5)) == Approx(0.4));
  CHECK(at(rk::recall(5)) == Approx(0.5));
  CHECK(at(rk::ndcg(5)) == Approx(0.5585075863));
  CHECK(at(rk::map(5)) == Approx(0.375));
  CHECK(at(rk::map(5, rk::relevant_divisor::all)) == Approx(0.375));
  CHECK(at(rk::recall(3)) == Approx(0.25));
  CHECK(at(rk::recall(3, rk::relevant_divisor::truncated)) == Approx(1.0 / 3));
  CHECK(at(rk::map(3)) == Approx(1.0 / 3));
  CHECK(at(rk::map(3, rk::relevant_divisor::all)) == Approx(0.25));
  CHECK(at(rk::ndcg(3)) == Approx(0.4692787260));
  CHECK(at(rk::mrr(5)) == Approx(1.0));
  CHECK(at(rk::hit_rate(5)) == Approx(1.0));
}

TEST_CASE("a list shorter than k counts the missing places as misses") {
  const std::vector<int> hits{2};
  const auto at = [&](const rk::ranking_metric& m) { return value(m, 2, hits, 3); };
  CHECK(at(rk::precision(5)) == Approx(0.2));
  CHECK(at(rk::ndcg(5)) == Approx(0.2960819110));
  CHECK(at(rk::map(5)) == Approx(1.0 / 6));
  CHECK(at(rk::mrr(5)) == Approx(0.5));
  CHECK(value(rk::precision(5), 0, {}, 3) == 0);
  CHECK(value(rk::ndcg(5), 0, {}, 3) == 0);
}

TEST_CASE("hits beyond k do not count, hits at k do") {
  CHECK(value(rk::hit_rate(3), 6, {4}, 1) == 0);
  CHECK(value(rk::hit_rate(4), 6, {4}, 1) == 1);
  CHECK(value(rk::mrr(3), 6, {4}, 1) == 0);
  CHECK(value(rk::mrr(4), 6, {4}, 1) == Approx(0.25));
  CHECK(value(rk::recall(3), 6, {4}, 2) == 0);
  CHECK(value(rk::ndcg(4), 6, {4}, 1) == Approx(1 / std::log2(5.0)));
}

TEST_CASE("a perfect list scores 1 in every measure that can") {
  const std::vector<int> hits{1, 2, 3};
  for (const auto& metric : rk::all_ranking_metrics(3)) CHECK(value(metric, 3, hits, 3) == 1);
  CHECK(value(rk::ndcg(2), 3, hits, 10) == 1);
  CHECK(value(rk::recall(2), 3, hits, 10) == Approx(0.2));
}

TEST_CASE("many metrics and depths come out of one pass as if taken alone") {
  const std::vector<rk::ranking_metric> metrics{rk::ndcg(1),      rk::ndcg(10), rk::recall(20),
                                                rk::mrr(5),       rk::map(3),   rk::hit_rate(2),
                                                rk::precision(7), rk::recall(2)};
  std::vector<rk::scored_item<>> list;
  for (int i = 0; i < 20; ++i) list.push_back({i, static_cast<float>(-i)});
  const std::vector<rk::index_t> relevant{1, 3, 4, 9, 15, 30};
  std::vector<double> together(metrics.size());
  const rk::ranking_evaluator evaluator(metrics, 100);
  CHECK(evaluator.depth() == 20);
  evaluator.evaluate(list, relevant, together);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    double alone = -1;
    rk::ranking_evaluator({metrics[m]}, 100).evaluate(list, relevant, std::span(&alone, 1));
    CHECK(together[m] == alone);
  }
}

TEST_CASE("names read back to the same metric and show every choice off the default") {
  for (const auto& metric :
       {rk::precision(1), rk::recall(20), rk::recall(20, rk::relevant_divisor::truncated),
        rk::ndcg(10), rk::mrr(100), rk::map(10), rk::map(10, rk::relevant_divisor::all),
        rk::hit_rate(3)}) {
    CHECK(rk::parse_metric(metric.name()) == metric);
    CHECK_FALSE(metric.convention().empty());
  }
  CHECK(rk::ndcg(10).name() == "ndcg@10");
  CHECK(rk::recall(20, rk::relevant_divisor::truncated).name() == "recall(truncated)@20");
  CHECK(rk::map(10, rk::relevant_divisor::all).name() == "map(all)@10");
  CHECK(rk::recall(20).convention() == "hits in the first 20 / |relevant|");
}

TEST_CASE("a metric that cannot be read is an error that says why") {
  const auto text = [](std::string_view metric) {
    return error_text<rk::value_error>([&] { rk::parse_metric(metric); });
  };
  CHECK_THAT(text("ndgc@10"), ContainsSubstring("unknown measure") && ContainsSubstring("ndcg"));
  CHECK_THAT(text("ndcg"), ContainsSubstring("measure@k"));
  for (const auto* bad : {"ndcg@", "ndcg@0", "ndcg@-3", "ndcg@1x", "ndcg@99999999999"}) {
    CHECK_THAT(text(bad), ContainsSubstring("whole number"));
  }
  CHECK_THAT(text("ndcg(all)@5"), ContainsSubstring("no choice"));
  CHECK_THAT(text("recall(some)@5"), ContainsSubstring("all or truncated"));
  CHECK_THROWS_AS(rk::ranking_evaluator({rk::ranking_metric{.k = 0}}, 5), rk::value_error);
}
