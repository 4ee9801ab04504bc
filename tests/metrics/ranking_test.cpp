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
  evaluator.evaluate({list, wanted}, std::span(&result, 1));
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
  CHECK(at(rk::map(5, rk::metric_divisor::all)) == Approx(0.375));
  CHECK(at(rk::recall(3)) == Approx(0.25));
  CHECK(at(rk::recall(3, rk::metric_divisor::truncated)) == Approx(1.0 / 3));
  CHECK(at(rk::map(3)) == Approx(1.0 / 3));
  CHECK(at(rk::map(3, rk::metric_divisor::all)) == Approx(0.25));
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
  for (const auto& metric :
       {rk::precision(3), rk::recall(3), rk::f_beta(3), rk::hit_rate(3), rk::r_precision(),
        rk::mrr(3), rk::map(3), rk::ndcg(3), rk::auc(), rk::partial_auc(3), rk::bpref()}) {
    INFO(metric.name());
    CHECK(value(metric, 3, hits, 3) == 1);
  }
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
  CHECK(evaluator.depth(6) == 20);
  evaluator.evaluate({list, relevant}, together);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    double alone = -1;
    rk::ranking_evaluator({metrics[m]}, 100).evaluate({list, relevant}, std::span(&alone, 1));
    CHECK(together[m] == alone);
  }
}

// Wikipedia's list: grades 3, 2, 3, 0, 1, 2 shown, 3 and 2 not shown.
TEST_CASE("graded lists give the values worked out by hand") {
  std::vector<rk::scored_item<>> list;
  for (int i = 0; i < 6; ++i) list.push_back({i, static_cast<float>(6 - i)});
  const std::vector<rk::index_t> judged{0, 1, 2, 3, 4, 5, 6, 7};
  const std::vector<double> grades{3, 2, 3, 0, 1, 2, 3, 2};
  const auto at = [&](const rk::ranking_metric& metric) {
    double result = -1;
    const rk::ranking_evaluator evaluator({metric}, 100, {.relevance_level = 1});
    CHECK(evaluator.evaluate({list, judged, grades}, std::span(&result, 1)));
    return result;
  };
  using enum rk::gain_function;
  CHECK(at(rk::ndcg(3, linear)) == Approx(0.9013060297).epsilon(1e-9));
  CHECK(at(rk::ndcg(5, linear)) == Approx(0.7659228626).epsilon(1e-9));
  CHECK(at(rk::ndcg(10, linear)) == Approx(0.7561640298).epsilon(1e-9));
  CHECK(at(rk::ndcg(5, exponential)) == Approx(0.7357689655).epsilon(1e-9));
  CHECK(at(rk::precision(5)) == Approx(0.8));
  CHECK(at(rk::recall(5)) == Approx(4.0 / 7));
  CHECK(at(rk::map(10, rk::metric_divisor::all)) == Approx(0.6619).epsilon(1e-4));
  CHECK(at(rk::r_precision()) == Approx(5.0 / 7));
  CHECK(at(rk::bpref()) == Approx(0.4286).epsilon(1e-4));
  rk::ranking_metric graded_rbp = rk::rbp(6, 0.8);
  graded_rbp.gain = linear;
  graded_rbp.max_grade = 3;
  CHECK(at(graded_rbp) == Approx(0.5057).epsilon(1e-4));
}

// Four relevant items at ranks 1, 4 and 6 of six.
TEST_CASE("the divisors of precision, recall and MAP are those of the libraries that use them") {
  const auto at = [](const rk::ranking_metric& m) { return value(m, 6, {1, 4, 6}, 4); };
  using enum rk::metric_divisor;
  CHECK(at(rk::map(5, rk::metric_divisor::hits)) == Approx(0.75));
  CHECK(at(rk::map(5, k)) == Approx(0.3));
  CHECK(at(rk::map(3, rk::metric_divisor::hits)) == 1);
  CHECK(at(rk::precision(8, listed)) == Approx(0.5));
  CHECK(at(rk::precision(8, truncated)) == Approx(0.75));
  CHECK(at(rk::map(8, truncated_listed)) == at(rk::map(8)));
  CHECK(value(rk::map(5, truncated_listed), 2, {2}, 3) == Approx(0.25));
  CHECK(value(rk::precision(5, listed), 2, {2}, 3) == Approx(0.5));
}

TEST_CASE("ideal lists and discounts differ as their names say") {
  const std::vector<int> hits{1, 4, 6};
  const auto with = [](int k, rk::ideal_list ideal, rk::discount_function discount) {
    rk::ranking_metric metric = rk::ndcg(k);
    metric.ideal = ideal;
    metric.discount = discount;
    return metric;
  };
  using enum rk::ideal_list;
  using enum rk::discount_function;
  CHECK(value(with(5, filled, log2_next), 6, hits, 4) == Approx(0.4852285551).epsilon(1e-9));
  CHECK(value(with(5, truncated, log2_rank), 6, hits, 4) == Approx(0.4790909149).epsilon(1e-9));
  CHECK(value(with(5, filled, log2_next), 2, {2}, 3) == Approx(0.2139862647).epsilon(1e-9));
  CHECK(value(with(5, listed, log2_next), 2, {2}, 3) == Approx(0.3868528072).epsilon(1e-9));
  // Three relevant items, the first two of them listed: k = 2 sees all there is to see.
  CHECK(value(with(2, truncated, log2_next), 2, {1, 2}, 3) == 1);
  const double two = 1 + 1 / std::log2(3.0);
  CHECK(value(with(2, full, log2_next), 2, {1, 2}, 3) == Approx(two / (two + 0.5)));
}

TEST_CASE("F-beta weighs recall by beta squared") {
  // Precision 2/5, recall 2/4.
  CHECK(value(rk::f_beta(5), 6, {1, 4, 6}, 4) == Approx(2 * 0.4 * 0.5 / 0.9));
  CHECK(value(rk::f_beta(5, 2), 6, {1, 4, 6}, 4) == Approx(5 * 0.4 * 0.5 / (4 * 0.4 + 0.5)));
  CHECK(value(rk::f_beta(5, 0.5), 6, {}, 4) == 0);
}

TEST_CASE("AUC counts pairs, and half for what a cut list leaves open") {
  // Ten candidates, relevant at ranks 1 and 4: 16 pairs, 2 of them wrong.
  std::vector<rk::scored_item<>> list;
  for (int i = 0; i < 10; ++i) list.push_back({i, static_cast<float>(-i)});
  const std::vector<rk::index_t> relevant{0, 3};
  std::vector<double> values(5);
  const rk::ranking_evaluator evaluator(
      {rk::auc(), rk::gauc(), rk::partial_auc(3), rk::average_rank(), rk::percentile_rank()}, 10);
  CHECK(evaluator.depth(2) == 10);
  std::vector<double> weights(5);
  evaluator.evaluate({list, relevant}, values, weights);
  CHECK(values[0] == Approx(14.0 / 16));
  CHECK(values[1] == values[0]);
  CHECK(weights[0] == 1);
  CHECK(weights[1] == 2);
  // Rank 4 has two of the first three others above it.
  CHECK(values[2] == Approx((3 + 1) / 6.0));
  CHECK(values[3] == Approx(2.5));
  CHECK(values[4] == Approx((0.0 / 9 + 3.0 / 9) / 2));

  // Only the first two of the ten are listed: the item at rank 4 is one of eight unlisted ones.
  evaluator.evaluate({std::span(list).first(2), relevant, {}, 10}, values);
  CHECK(values[0] == Approx(1 - (1 + 7 / 2.0) / 16));
  CHECK(values[3] == Approx((1 + 6.5) / 2));
}

TEST_CASE("partial AUC needs a list that holds k others and asks for it") {
  CHECK(rk::ranking_evaluator({rk::partial_auc(3)}, 100).depth(7) == 10);
  CHECK(rk::ranking_evaluator({rk::r_precision()}, 100).depth(7) == 7);
  CHECK(rk::ranking_evaluator({rk::r_precision(5)}, 100).depth(7) == 5);
  CHECK(rk::ranking_evaluator({rk::ndcg(0)}, 100).depth(7) == 100);
}

TEST_CASE("scores of 0 and less can count as misses") {
  const std::vector<rk::scored_item<>> list{{1, 0.5f}, {2, 0.0f}, {3, -1.0f}};
  const std::vector<rk::index_t> relevant{1, 2, 3};
  std::vector<double> values(6);
  rk::ranking_evaluator(
      {rk::parse_metric("precision(positive)@3"), rk::parse_metric("recall(positive)@3"),
       rk::parse_metric("map(hits,positive)@3"), rk::parse_metric("mrr(positive)@3"),
       rk::precision(3), rk::mrr(3)},
      10)
      .evaluate({list, relevant}, values);
  CHECK(values[0] == Approx(1.0 / 3));
  CHECK(values[1] == Approx(1.0 / 3));
  CHECK(values[2] == 1);
  CHECK(values[3] == 1);
  CHECK(values[4] == 1);
}

TEST_CASE("RecTools' partial AUC and pAp give nothing for what is not listed") {
  // Hits at ranks 2 and 5 of five, a third relevant item is not listed; k = 3.
  const auto at = [](rk::metric_divisor divisor) {
    return value(rk::partial_auc(3, divisor), 5, {2, 5}, 3);
  };
  CHECK(at(rk::metric_divisor::listed) == Approx(2 / 9.0));
  CHECK(at(rk::metric_divisor::truncated) == Approx(2 / 9.0));
  CHECK(value(rk::partial_auc(1, rk::metric_divisor::truncated), 5, {1, 2}, 2) == 1);
  CHECK(value(rk::partial_auc(1, rk::metric_divisor::listed), 5, {1, 3}, 2) == Approx(0.5));
}

// gdeval on two lists: ERR@2 .03125 and .09375 (highest grade 4), from the tests of ir_measures.
TEST_CASE("ERR stops more likely at high grades") {
  std::vector<rk::scored_item<>> list;
  for (int i = 0; i < 4; ++i) list.push_back({i, static_cast<float>(-i)});
  const std::vector<rk::index_t> judged{1, 2};
  const std::vector<double> grades{1, 4};
  std::vector<double> values(2);
  rk::ranking_evaluator({rk::err(2), rk::err(10)}, 10).evaluate({list, judged, grades}, values);
  CHECK(values[0] == Approx(1.0 / 16 / 2));
  CHECK(values[1] == Approx(1.0 / 16 / 2 + 15.0 / 16 * 15.0 / 16 / 3));
}

TEST_CASE("RBP of a published list") {
  // Hits at 1, 2, 6, 11 and 17 of 20: ranx, rank_biased_precision_test.py.
  const std::vector<int> hits{1, 2, 6, 11, 17};
  CHECK(value(rk::rbp(20, 0.5), 20, hits, 5) == Approx(0.7661).epsilon(1e-4));
  CHECK(value(rk::rbp(20, 0.8), 20, hits, 5) == Approx(0.4526).epsilon(1e-4));
  CHECK(value(rk::rbp(20, 0.95), 20, hits, 5) == Approx(0.1881).epsilon(3e-4));
}

TEST_CASE("a ranking known by ranks alone gives what its list gives") {
  std::vector<rk::scored_item<>> list;
  for (int i = 0; i < 30; ++i) list.push_back({i, static_cast<float>(-i)});
  const std::vector<rk::index_t> judged{2, 3, 11, 29, 50, 51};
  const std::vector<double> grades{1, 0, 3, 2, 2, 0};
  std::vector<rk::judged_rank> ranks{{3, 1}, {4, 0}, {12, 3}, {30, 2}};
  auto metrics = rk::all_ranking_metrics(10);
  metrics.push_back(rk::ndcg(12, rk::gain_function::exponential));
  const rk::ranking_evaluator evaluator(metrics, 60, {.relevance_level = 1});
  std::vector<double> by_list(metrics.size());
  std::vector<double> by_rank(metrics.size());
  evaluator.evaluate({list, judged, grades, 60}, by_list);
  evaluator.evaluate(ranks, 30, grades, by_rank, {}, 60);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    INFO(metrics[m].name());
    CHECK(by_list[m] == by_rank[m]);
  }
  std::swap(ranks[0], ranks[1]);
  CHECK_THROWS_AS(evaluator.evaluate(ranks, 30, grades, by_rank), rk::value_error);
  CHECK_THROWS_AS(evaluator.evaluate(std::vector<rk::judged_rank>{{31, 1}}, 30, grades, by_rank),
                  rk::value_error);
}
