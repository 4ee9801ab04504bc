// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Inputs and numbers of other libraries' own tests.
#include "support/catch.hpp"

#include <recokit/metrics/ranking.hpp>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <map>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using enum rk::gain_function;

namespace {

struct query {
  std::vector<rk::index_t> list;
  std::map<rk::index_t, double> grades;
};

double value(const rk::ranking_metric& metric, const query& q,
             double level = -std::numeric_limits<double>::infinity()) {
  std::vector<rk::scored_item<>> list;
  for (const auto item : q.list) list.push_back({item, -static_cast<float>(list.size())});
  std::vector<rk::index_t> judged;
  std::vector<double> grades;
  for (const auto& [item, grade] : q.grades) {
    judged.push_back(item);
    grades.push_back(grade);
  }
  double result = -1;
  rk::ranking_evaluator({metric}, 1000, {.relevance_level = level})
      .evaluate({list, judged, grades}, {&result, 1});
  return result;
}

double mean(const rk::ranking_metric& metric, const std::vector<query>& queries) {
  double sum = 0;
  for (const auto& q : queries) sum += value(metric, q);
  return sum / static_cast<double>(queries.size());
}

constexpr auto all = rk::metric_divisor::all;

}  // namespace

TEST_CASE("the example of the README of ranx") {
  const std::vector<query> queries{{{12, 23, 25, 36, 32, 35}, {{12, 5}, {25, 3}}},
                                   {{12, 11, 25, 36, 22, 35}, {{11, 6}, {22, 1}}}};
  CHECK(value(rk::ndcg(5, linear), queries[0]) == Approx(0.9430).margin(5e-5));
  CHECK(value(rk::ndcg(5, linear), queries[1]) == Approx(0.6292).margin(5e-5));
  CHECK(mean(rk::ndcg(5, linear), queries) == Approx(0.7861).margin(5e-5));
  CHECK(value(rk::map(5, all), queries[0]) == Approx(0.8333).margin(5e-5));
  CHECK(value(rk::map(5, all), queries[1]) == Approx(0.45));
  CHECK(mean(rk::mrr(5), queries) == Approx(0.75));
}

TEST_CASE("the unit tests of ranx") {
  const query graded{{1, 2, 3, 4, 5}, {{2, 5}, {4, 4}, {5, 3}, {10, 2}}};
  const auto at = [](double rank) { return 1 / std::log2(rank + 1); };
  CHECK(value(rk::dcg(5, linear), graded) == Approx(5 * at(2) + 4 * at(4) + 3 * at(5)));
  CHECK(value(rk::dcg(5, exponential), graded) == Approx(31 * at(2) + 15 * at(4) + 7 * at(5)));
  const query binary{{1, 2, 3, 4, 5, 7}, {{1, 1}, {4, 1}, {5, 1}, {6, 1}}};
  CHECK(value(rk::map(6, all), binary) == Approx(0.525));
  CHECK(value(rk::precision(5), binary) * 5 == Approx(3));
  const query judged{{1, 2, 3, 4}, {{1, 0}, {2, 1}, {4, 0}, {5, 1}}};
  CHECK(value(rk::bpref(), judged, 1) == Approx(0.25));
}

TEST_CASE("the tests of ir_measures for ranx and gdeval") {
  const query first{{0, 2, 3, 1, 4}, {{0, 0}, {1, 1}, {2, 1}, {3, 2}, {4, 0}}};
  const query second{{1, 3, 2, 4}, {{0, 1}, {3, 2}, {5, 2}}};
  CHECK(value(rk::precision(5), first, 1) == Approx(0.6));
  CHECK(value(rk::precision(5), first, 2) == Approx(0.2));
  CHECK(value(rk::recall(2), first, 1) == Approx(1.0 / 3));
  CHECK(value(rk::mrr(5), first, 1) == Approx(0.5));
  CHECK(value(rk::mrr(5), first, 2) == Approx(1.0 / 3));
  CHECK(value(rk::map(0, all), first, 1) == Approx(0.6388888889).epsilon(1e-9));
  CHECK(value(rk::ndcg(20, exponential), first, 1) == Approx(0.62010).margin(5e-6));
  CHECK(value(rk::ndcg(20, exponential), second, 1) == Approx(0.35099).margin(5e-6));
  CHECK(value(rk::ndcg(2, exponential), first, 1) == Approx(0.17377).margin(5e-6));
  CHECK(value(rk::ndcg(2, exponential), second, 1) == Approx(0.38685).margin(5e-6));
  CHECK(value(rk::err(20), first, 1) == Approx(0.10175).margin(5e-6));
  CHECK(value(rk::err(20), second, 1) == Approx(0.09375).margin(5e-6));
  CHECK(value(rk::err(2), first, 1) == Approx(0.03125).margin(5e-6));
}

TEST_CASE("the users of RePlay's tests") {
  const auto ones = [](std::initializer_list<rk::index_t> items) {
    std::map<rk::index_t, double> grades;
    for (const auto item : items) grades[item] = 1;
    return grades;
  };
  const std::vector<query> users{{{3, 7, 10, 11, 2}, ones({5, 6, 7, 8, 9, 10})},
                                 {{5, 8, 11, 1, 3}, ones({6, 7, 4, 10, 11})},
                                 {{4, 9, 2}, ones({1, 2, 3, 4, 5})}};
  const auto check = [&](const auto& metric, double three, double five, double ten) {
    CHECK(mean(metric(3), users) == Approx(three).margin(1e-5));
    CHECK(mean(metric(5), users) == Approx(five).margin(1e-5));
    CHECK(mean(metric(10), users) == Approx(ten).margin(1e-5));
  };
  check([](int k) { return rk::precision(k); }, 0.55555, 0.33333, 0.16667);
  check([](int k) { return rk::mrr(k); }, 0.61111, 0.61111, 0.61111);
  check([](int k) { return rk::map(k); }, 0.35185, 0.21111, 0.198148);
  check([](int k) { return rk::ndcg(k); }, 0.48975, 0.35396, 0.34018);
}

TEST_CASE("the users of the tests of Microsoft's recommenders") {
  const std::vector<query> users{
      {{3, 10, 12}, {{3, 3}, {1, 5}, {2, 4}}},
      {{10, 3, 5, 11, 13}, {{1, 5}, {4, 5}, {5, 3}, {6, 3}, {7, 1}}},
      {{4, 10, 7, 13, 1, 3, 5, 2, 11, 14},
       {{2, 5}, {5, 5}, {6, 5}, {8, 4}, {9, 4}, {10, 3}, {11, 3}, {12, 3}, {13, 2}, {14, 1}}}};
  CHECK(mean(rk::precision(10), users) == Approx(0.26666).margin(1e-5));
  CHECK(mean(rk::recall(10), users) == Approx(0.37777).margin(1e-5));
  CHECK(mean(rk::ndcg(10), users) == Approx(0.38172).margin(1e-5));
  CHECK(mean(rk::map(10, all), users) == Approx(0.23613).margin(1e-5));
}

TEST_CASE("the docstrings of torchmetrics and the tests of TensorFlow Ranking") {
  const query ranked{{4, 3, 2, 1, 0}, {{0, 10}, {1, 0}, {2, 0}, {3, 1}, {4, 5}}};
  CHECK(value(rk::ndcg(0, linear), ranked) == Approx(0.6957).margin(5e-5));
  const query binary{{2, 1, 0}, {{0, 1}, {2, 1}}};
  CHECK(value(rk::map(3, rk::metric_divisor::hits), binary) == Approx(0.8333).margin(5e-5));
  CHECK(value(rk::precision(2), binary) == Approx(0.5));
  CHECK(value(rk::recall(2), binary) == Approx(0.5));
  const query judged{{0, 1, 2, 3}, {{0, 0}, {1, 1}, {2, 0}, {3, 1}}};
  CHECK(value(rk::bpref(), judged, 1) == Approx(0.25));
}
