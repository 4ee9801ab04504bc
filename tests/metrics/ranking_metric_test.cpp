// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/ranking.hpp>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

TEST_CASE("names read back to the same metric and show every choice off the default") {
  auto metrics = rk::all_ranking_metrics(7);
  metrics.insert(
      metrics.end(),
      {rk::precision(1), rk::precision(0), rk::precision(5, rk::metric_divisor::listed),
       rk::recall(20, rk::metric_divisor::truncated), rk::map(10, rk::metric_divisor::all),
       rk::map(0, rk::metric_divisor::hits), rk::f_beta(3, 0.1), rk::r_precision(4),
       rk::ndcg(10, rk::gain_function::exponential, rk::ideal_list::full), rk::rbp(9, 0.95),
       rk::err(20, 1.5), rk::gauc()});
  rk::ranking_metric many = rk::ndcg(3, rk::gain_function::linear, rk::ideal_list::listed);
  many.discount = rk::discount_function::log2_rank;
  many.average = rk::user_average::micro;
  metrics.push_back(many);
  for (const auto& metric : metrics) {
    INFO(metric.name());
    CHECK(rk::parse_metric(metric.name()) == metric);
    CHECK_FALSE(metric.convention().empty());
  }
  CHECK(rk::ndcg(10).name() == "ndcg@10");
  CHECK(rk::ndcg(0).name() == "ndcg@all");
  CHECK(rk::recall(20, rk::metric_divisor::truncated).name() == "recall(truncated)@20");
  CHECK(rk::map(10, rk::metric_divisor::all).name() == "map(all)@10");
  CHECK(rk::f_beta(3).name() == "f1@3");
  CHECK(rk::f_beta(3, 0.1).name() == "f_beta(beta=0.1)@3");
  CHECK(rk::r_precision().name() == "r_precision");
  CHECK(rk::gauc().name() == "gauc");
  CHECK(many.name() == "ndcg(linear,ideal_listed,log2_rank,micro)@3");
}

TEST_CASE("the convention of a metric says what is divided by what") {
  CHECK(rk::recall(20).convention() == "hits in the first 20 / |relevant|");
  CHECK(rk::recall(20, rk::metric_divisor::truncated).convention() ==
        "hits in the first 20 / min(20, |relevant|)");
  CHECK(rk::ndcg(5).convention() ==
        "binary gain, discount 1 / log2(rank + 1), ideal list of min(5, |relevant|) hits");
  CHECK(rk::average_rank().lower_is_better());
  CHECK_FALSE(rk::auc().lower_is_better());
}

TEST_CASE("spelled out defaults are the defaults") {
  CHECK(rk::parse_metric("recall(all)@20") == rk::recall(20));
  CHECK(rk::parse_metric("ndcg(binary,ideal_truncated,log2_next)@20") == rk::ndcg(20));
  CHECK(rk::parse_metric("f_beta(beta=1)@5") == rk::f_beta(5));
  CHECK(rk::parse_metric("auc(micro)") == rk::gauc());
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
  CHECK_THAT(text("ndcg(all)@5"), ContainsSubstring("no divisor"));
  CHECK_THAT(text("recall(hits)@5"), ContainsSubstring("no divisor"));
  CHECK_THAT(text("recall(some)@5"), ContainsSubstring("\"some\" is no choice"));
  CHECK_THAT(text("recall()@5"), ContainsSubstring("empty"));
  CHECK_THAT(text("recall(linear)@5"), ContainsSubstring("no choice"));
  CHECK_THAT(text("mrr(micro)@5"), ContainsSubstring("no choice"));
  CHECK_THAT(text("ndcg(linear,ideal_filled)@5"), ContainsSubstring("binary gain"));
  CHECK_THAT(text("auc@5"), ContainsSubstring("whole list"));
  CHECK_THAT(text("partial_auc@all"), ContainsSubstring("needs k"));
  CHECK_THAT(text("ndcg(p=0.3)@5"), ContainsSubstring("has no p"));
  CHECK_THAT(text("rbp(p=x)@5"), ContainsSubstring("not a number"));
  for (const auto* bad : {"rbp(p=0)@5", "rbp(p=1)@5", "rbp(p=nan)@5"}) {
    CHECK_THAT(text(bad), ContainsSubstring("in (0, 1)"));
  }
  CHECK_THAT(text("f_beta(beta=0)@5"), ContainsSubstring("above 0"));
  CHECK_THAT(text("err(max=0)@5"), ContainsSubstring("max must be"));
}

TEST_CASE("an evaluator refuses what a metric cannot be") {
  const auto text = [](const rk::ranking_metric& metric) {
    return error_text<rk::value_error>([&] { rk::ranking_evaluator({metric}, 5); });
  };
  CHECK_THAT(text({.k = -1}), ContainsSubstring("at least 1"));
  CHECK_THAT(text(rk::precision(5, rk::metric_divisor::all)), ContainsSubstring("no divisor"));
  CHECK_THAT(text({.measure = rk::ranking_measure::mrr, .k = 3, .beta = 2}),
             ContainsSubstring("no choice of mrr"));
  CHECK_THROWS_AS(rk::ranking_evaluator({rk::ndcg(3)}, 5, {.relevance_level = std::nan("")}),
                  rk::value_error);
}
