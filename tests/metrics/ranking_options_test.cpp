// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/ranking.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

using list_type = std::vector<rk::scored_item<>>;

double value(const rk::ranking_metric& metric, const list_type& list,
             const std::map<rk::index_t, double>& judged, const rk::ranking_options& options) {
  std::vector<rk::index_t> items;
  std::vector<double> grades;
  for (const auto& [item, grade] : judged) {
    items.push_back(item);
    grades.push_back(grade);
  }
  double result = -1;
  rk::ranking_evaluator({metric}, 100, options).evaluate({list, items, grades}, {&result, 1});
  return result;
}

// Three entries of one score, the relevant item 4 in the middle.
const list_type tied{{7, 1.0f}, {4, 1.0f}, {9, 1.0f}};

}  // namespace

TEST_CASE("each tie policy puts a tied relevant item where it says") {
  const auto rank = [](rk::tie_policy ties) {
    return 1 / value(rk::mrr(3), tied, {{4, 1}}, {.ties = ties});
  };
  CHECK(rank(rk::tie_policy::as_listed) == Approx(2));
  CHECK(rank(rk::tie_policy::index_ascending) == Approx(1));
  CHECK(rank(rk::tie_policy::index_descending) == Approx(3));
  CHECK(rank(rk::tie_policy::optimistic) == Approx(1));
  CHECK(rank(rk::tie_policy::pessimistic) == Approx(3));
}

TEST_CASE("a tie policy sorts a list that came unsorted, as_listed takes it as it is") {
  const list_type shuffled{{1, 0.5f}, {2, 3.0f}, {3, 1.0f}};
  CHECK(value(rk::mrr(3), shuffled, {{2, 1}}, {}) == Approx(0.5));
  CHECK(value(rk::mrr(3), shuffled, {{2, 1}}, {.ties = rk::tie_policy::index_ascending}) == 1);
}

TEST_CASE("optimistic and pessimistic order tied entries by grade") {
  const std::map<rk::index_t, double> judged{{4, 1}, {9, 3}};
  const auto dcg = [&](rk::tie_policy ties) {
    return value(rk::dcg(3, rk::gain_function::linear), tied, judged, {.ties = ties});
  };
  const double second = 1 / std::log2(3.0);
  CHECK(dcg(rk::tie_policy::optimistic) == Approx(3 + second));
  CHECK(dcg(rk::tie_policy::pessimistic) == Approx(second + 3 * 0.5));
}

// The mean over all orders of a tie block, taken one by one.
TEST_CASE("averaged ties are the mean over all orders") {
  list_type list{{0, 9.0f}, {1, 2.0f}, {2, 2.0f}, {3, 2.0f}, {4, 2.0f}, {5, 1.0f}, {6, 0.5f}};
  const std::map<rk::index_t, double> judged{{0, 2}, {2, 1}, {4, 3}, {5, 0}, {6, 1}, {20, 2}};
  for (const auto& metric :
       {rk::precision(3), rk::recall(3), rk::f_beta(3, 2), rk::r_precision(), rk::dcg(3),
        rk::ndcg(3, rk::gain_function::linear), rk::ndcg(0, rk::gain_function::exponential),
        rk::rbp(4), rk::auc(), rk::average_rank(), rk::percentile_rank()}) {
    INFO(metric.name());
    const double mean =
        value(metric, list, judged, {.relevance_level = 1, .ties = rk::tie_policy::average});
    double sum = 0;
    int orders = 0;
    list_type order = list;
    do {
      sum += value(metric, order, judged, {.relevance_level = 1});
      ++orders;
    } while (std::next_permutation(order.begin() + 1, order.begin() + 5,
                                   [](const auto& a, const auto& b) { return a.item < b.item; }));
    CHECK(orders == 24);
    CHECK(mean == Approx(sum / orders).epsilon(1e-12));
  }
}

TEST_CASE("ties are not averaged where no closed form exists") {
  for (const auto& metric :
       {rk::mrr(5), rk::map(5), rk::hit_rate(5), rk::err(5), rk::bpref(), rk::partial_auc(5)}) {
    CHECK_THAT(error_text<rk::value_error>(
                   [&] { rk::ranking_evaluator({metric}, 10, {.ties = rk::tie_policy::average}); }),
               ContainsSubstring("no closed form for " + metric.name()));
  }
}

TEST_CASE("a user without a relevant item is skipped, 0, 1, NaN or an error") {
  std::vector<double> values(2);
  const std::vector<rk::ranking_metric> metrics{rk::recall(3), rk::ndcg(3)};
  const std::vector<rk::index_t> judged{4};
  const std::vector<double> grades{0};
  const auto evaluate = [&](rk::empty_user_policy policy) {
    return rk::ranking_evaluator(metrics, 10, {.relevance_level = 1, .empty_users = policy})
        .evaluate({tied, judged, grades}, values);
  };
  CHECK_FALSE(evaluate(rk::empty_user_policy::skip));
  CHECK(std::isnan(values[1]));
  CHECK(evaluate(rk::empty_user_policy::zero));
  CHECK(values == std::vector<double>{0, 0});
  CHECK(evaluate(rk::empty_user_policy::one));
  CHECK(values == std::vector<double>{1, 1});
  CHECK(evaluate(rk::empty_user_policy::nan));
  CHECK(std::isnan(values[0]));
  CHECK_THROWS_AS(evaluate(rk::empty_user_policy::error), rk::value_error);
}

TEST_CASE(
    "the relevance level decides what is a hit, and gains below it count only when asked for") {
  const list_type list{{1, 3.0f}, {2, 2.0f}, {3, 1.0f}};
  const std::map<rk::index_t, double> judged{{1, 1}, {3, 2}};
  const rk::ranking_options two{.relevance_level = 2};
  CHECK(value(rk::mrr(3), list, judged, two) == Approx(1.0 / 3));
  CHECK(value(rk::recall(1), list, judged, two) == 0);
  const auto linear = rk::ndcg(3, rk::gain_function::linear);
  CHECK(value(linear, list, judged, two) == Approx(0.5));
  const rk::ranking_options kept{.relevance_level = 2, .gain_below_level = true};
  CHECK(value(linear, list, judged, kept) == Approx((1 + 2 * 0.5) / (2 + 1 / std::log2(3.0))));
  CHECK(value(rk::mrr(3), list, judged, kept) == Approx(1.0 / 3));
  // Nothing reaches the level: hits are 0, gains are not.
  const rk::ranking_options high{
      .relevance_level = 9, .gain_below_level = true, .empty_users = rk::empty_user_policy::zero};
  CHECK(value(linear, list, judged, high) > 0);
  CHECK(value(rk::mrr(3), list, judged, high) == 0);
}

TEST_CASE("every stored item is relevant unless a level is given") {
  const list_type list{{1, 3.0f}, {2, 2.0f}};
  CHECK(value(rk::recall(2), list, {{1, 0}, {2, -1}}, {}) == 1);
  CHECK(value(rk::recall(2), list, {{1, 0}, {2, 1}}, {.relevance_level = 1}) == 1);
}

TEST_CASE("an item listed twice is an error, or a miss the second time") {
  const list_type twice{{1, 3.0f}, {1, 2.0f}, {2, 1.0f}};
  CHECK_THAT(error_text<rk::value_error>([&] {
               value(rk::map(3), twice, {{1, 1}}, {});
             }),
             ContainsSubstring("item 1") && ContainsSubstring("twice"));
  const rk::ranking_options miss{.duplicates = rk::duplicate_policy::miss};
  CHECK(value(rk::map(3), twice, {{1, 1}, {2, 1}}, miss) == Approx((1 + 2.0 / 3) / 2));
  CHECK(value(rk::precision(3), twice, {{1, 1}}, miss) == Approx(1.0 / 3));
  // Also one that is not relevant, and far down.
  list_type deep;
  for (int i = 0; i < 90; ++i) deep.push_back({i, static_cast<float>(-i)});
  deep.push_back({40, -100.0f});
  CHECK_THROWS_AS(value(rk::mrr(5), deep, {{1, 1}}, {}), rk::value_error);
}

TEST_CASE("NaN scores are an error, or rank last where a list is sorted") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const list_type list{{1, nan}, {2, 1.0f}, {3, nan}};
  CHECK_THROWS_AS(value(rk::mrr(3), list, {{2, 1}}, {}), rk::value_error);
  rk::ranking_options last{.nan_scores = rk::nan_policy::last};
  CHECK(value(rk::mrr(3), list, {{1, 1}}, last) == 1);
  last.ties = rk::tie_policy::index_descending;
  CHECK(value(rk::mrr(3), list, {{2, 1}}, last) == 1);
  CHECK(value(rk::mrr(3), list, {{1, 1}}, last) == Approx(1.0 / 3));
  const float inf = std::numeric_limits<float>::infinity();
  CHECK(value(rk::mrr(2), {{1, -inf}, {2, inf}}, {{2, 1}},
              {.ties = rk::tie_policy::index_ascending}) == 1);
}

TEST_CASE("negative grades gain nothing or are an error, NaN grades are always one") {
  const list_type list{{1, 3.0f}, {2, 2.0f}};
  const auto linear = rk::dcg(2, rk::gain_function::linear);
  CHECK(value(linear, list, {{1, -2}, {2, 1}}, {}) == Approx(1 / std::log2(3.0)));
  CHECK_THROWS_AS(
      value(linear, list, {{1, -2}}, {.negative_grades = rk::negative_grade_policy::error}),
      rk::value_error);
  CHECK_THROWS_AS(value(linear, list, {{1, std::nan("")}}, {}), rk::value_error);
}

TEST_CASE("a negative grade can stand for an item that nobody judged") {
  const list_type list{{1, 3.0f}, {2, 2.0f}, {3, 1.0f}};
  const std::map<rk::index_t, double> judged{{1, -1}, {2, 1}, {3, 0}};
  rk::ranking_options options{.relevance_level = 1};
  CHECK(value(rk::bpref(), list, judged, options) == 0);
  options.negative_grades = rk::negative_grade_policy::unjudged;
  CHECK(value(rk::bpref(), list, judged, options) == 1);
  // Also where every stored item is relevant.
  CHECK(value(rk::recall(3), list, {{1, -1}, {2, 1}, {9, 1}},
              {.negative_grades = rk::negative_grade_policy::unjudged}) == Approx(0.5));
}

TEST_CASE("relevant items can be those of the list alone") {
  const list_type list{{1, 3.0f}, {2, 2.0f}};
  const std::map<rk::index_t, double> judged{{2, 1}, {7, 5}};
  CHECK(value(rk::recall(2), list, judged, {}) == Approx(0.5));
  const rk::ranking_options listed{.scope = rk::relevant_scope::listed};
  CHECK(value(rk::recall(2), list, judged, listed) == 1);
  CHECK(value(rk::ndcg(2, rk::gain_function::linear), list, judged, listed) ==
        Approx(1 / std::log2(3.0)));
  CHECK(std::isnan(value(rk::recall(2), list, {{7, 5}}, listed)));
}

TEST_CASE("grades that do not match the judged items are refused") {
  const std::vector<rk::index_t> judged{1, 2};
  const std::vector<double> grades{1};
  double result = 0;
  CHECK_THROWS_AS(
      rk::ranking_evaluator({rk::ndcg(2)}, 5).evaluate({tied, judged, grades}, {&result, 1}),
      rk::dimension_error);
}
