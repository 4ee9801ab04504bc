// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/evaluation/evaluate.hpp>

#include "both_backends.hpp"
#include "support/error_text.hpp"

#include <recokit/core/random.hpp>
#include <recokit/data/split.hpp>
#include <recokit/data/synthetic.hpp>
#include <recokit/factorization/als.hpp>
#include <recokit/factorization/ials.hpp>

#include <cmath>
#include <limits>
#include <vector>

namespace {

namespace rk = recokit;
using recokit_test::error_text;
using recokit_test::random_matrix;

constexpr rk::cpu one_thread{.threads = 1};

/// All measures, shallow and deep, in every convention that changes the arithmetic.
std::vector<rk::ranking_metric> many_metrics() {
  std::vector<rk::ranking_metric> all;
  for (const int k : {1, 10, 45}) {
    for (const auto& metric : rk::all_ranking_metrics(k)) all.push_back(metric);
  }
  using enum rk::gain_function;
  for (const auto gain : {linear, exponential}) {
    // The longer ideal list first, and the same once more.
    for (const auto ideal : {rk::ideal_list::full, rk::ideal_list::truncated,
                             rk::ideal_list::listed, rk::ideal_list::full}) {
      all.push_back(rk::ndcg(5, gain, ideal));
    }
    all.push_back(rk::dcg(7, gain));
  }
  for (const char* const name :
       {"precision(micro)@10", "recall(truncated)@20", "map(all)@all", "f_beta(beta=2)@5",
        "rbp(p=0.95)@30", "err(max=3)@20", "gauc", "ndcg(ideal_filled)@10"}) {
    all.push_back(rk::parse_metric(name));
  }
  return all;
}

/// Lists of 0 to 70 items of 90, some of them with a score of 0 or less.
rk::ranked_lists lists_of(rk::index_t users, std::uint64_t seed) {
  rk::random_stream random(seed, rk::random_purpose::user);
  rk::ranked_lists lists(static_cast<std::size_t>(users), 70);
  for (std::size_t u = 0; u < lists.size(); ++u) {
    std::vector<rk::scored_item<>> list;
    const auto length = static_cast<std::size_t>(u % 3 == 0 ? 70 : random.below(71));
    auto item = static_cast<rk::index_t>(random.below(90));
    for (std::size_t n = 0; n < length; ++n) {
      list.push_back({item, 0.5f - static_cast<float>(n) / 40});
      item = (item + 7) % 90;  // 7 and 90 have no common divisor, so all differ
    }
    lists.assign(u, list);
  }
  return lists;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// Equal but for rounding: a GPU may contract a product and a sum.
void require_same_report(const rk::evaluation_report& gpu, const rk::evaluation_report& cpu,
                         double allowed) {
  REQUIRE(gpu.evaluated_users == cpu.evaluated_users);
  REQUIRE(gpu.skipped_users == cpu.skipped_users);
  REQUIRE(gpu.users == cpu.users);
  REQUIRE(gpu.values.size() == cpu.values.size());
  for (std::size_t m = 0; m < cpu.values.size(); ++m) {
    CAPTURE(cpu.values[m].metric.name(), gpu.values[m].mean, cpu.values[m].mean);
    CHECK((same(gpu.values[m].mean, cpu.values[m].mean) ||
           std::abs(gpu.values[m].mean - cpu.values[m].mean) <=
               allowed * std::max(1.0, std::abs(cpu.values[m].mean))));
  }
  REQUIRE(gpu.user_values.rows() == cpu.user_values.rows());
  for (Eigen::Index i = 0; i < cpu.user_values.size(); ++i) {
    const double a = gpu.user_values.data()[i];
    const double b = cpu.user_values.data()[i];
    if (!same(a, b) && !(std::abs(a - b) <= allowed * std::max(1.0, std::abs(b)))) {
      CAPTURE(i, a, b);
      FAIL_CHECK("a user's value differs from that of the CPU");
    }
  }
}

}  // namespace

TEST_CASE("metrics of ready lists are those of the CPU in every convention") {
  RECOKIT_REQUIRE_TARGET();
  const auto lists = lists_of(60, 3);
  auto test = random_matrix(60, 90, 0.15, 4, 5);
  const bool graded = GENERATE(false, true);
  rk::evaluation_options options;
  if (graded) {
    options.ranking.relevance_level = 2;
    options.ranking.gain_below_level = GENERATE(false, true);
    options.ranking.negative_grades =
        GENERATE(rk::negative_grade_policy::clip, rk::negative_grade_policy::unjudged);
    options.ranking.scope = GENERATE(rk::relevant_scope::judged, rk::relevant_scope::listed);
    options.ranking.empty_users = GENERATE(rk::empty_user_policy::skip, rk::empty_user_policy::zero,
                                           rk::empty_user_policy::one, rk::empty_user_policy::nan);
    std::vector<float> values(test.view().values().begin(), test.view().values().end());
    for (std::size_t n = 0; n < values.size(); ++n) values[n] = static_cast<float>(n % 6) - 1.0f;
    test = rk::csr_matrix<>(
        test.rows(), test.cols(), {test.view().offsets().begin(), test.view().offsets().end()},
        {test.view().indices().begin(), test.view().indices().end()}, std::move(values));
  }
  require_same_report(rk::evaluate_lists(rk::cuda{}, lists, test, many_metrics(), options),
                      rk::evaluate_lists(one_thread, lists, test, many_metrics(), options), 1e-13);
}

TEST_CASE("what is wrong with a list is said as on the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const auto test = random_matrix(3, 90, 0.5, 5);
  const std::vector<rk::scored_item<>> sound = {{4, 2.0f}, {1, 1.0f}};
  const auto both = [&](const std::vector<rk::scored_item<>>& list,
                        const rk::evaluation_options& options) {
    rk::ranked_lists lists(3, 2);
    lists.assign(0, sound);
    lists.assign(1, list);
    lists.assign(2, list);
    const auto text_on = [&](const auto& policy) {
      return error_text<rk::value_error>(
          [&] { rk::evaluate_lists(policy, lists, test, {rk::ndcg(2)}, options); });
    };
    const std::string text = text_on(one_thread);
    CHECK(text_on(rk::cuda{}) == text);
    return text;
  };
  CHECK(both({{7, 2.0f}, {7, 1.0f}}, {}).find("item 7") != std::string::npos);
  CHECK(both({{7, std::numeric_limits<float>::quiet_NaN()}}, {}).find("nan") != std::string::npos);
  CHECK_FALSE(both(sound, {.ranking = {.relevance_level = 100,
                                       .empty_users = rk::empty_user_policy::error}})
                  .empty());
  rk::ranked_lists repeated(3, 2);
  for (std::size_t u = 0; u < 3; ++u) {
    repeated.assign(u, std::vector<rk::scored_item<>>{{7, 2.0f}, {7, 1.0f}});
  }
  const rk::evaluation_options misses{.ranking = {.duplicates = rk::duplicate_policy::miss}};
  require_same_report(
      rk::evaluate_lists(rk::cuda{}, repeated, test, {rk::ndcg(2), rk::recall(2)}, misses),
      rk::evaluate_lists(one_thread, repeated, test, {rk::ndcg(2), rk::recall(2)}, misses), 0);
  CHECK(error_text<rk::value_error>([&] {
          rk::evaluate_lists(rk::cuda{}, repeated, test, {rk::ndcg(2)},
                             {.ranking = {.ties = rk::tie_policy::average}});
        }) == "options.ranking.ties = not as_listed: must be as_listed on a GPU");
}

TEST_CASE("a model fitted and evaluated on a GPU has the metrics of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const auto split = rk::split::random(
      rk::synthetic::generate({.users = 40, .items = 30, .mean_interactions = 9}));
  const std::vector<rk::ranking_metric> metrics = {rk::ndcg(10), rk::recall(5), rk::mrr(10),
                                                   rk::map(10), rk::auc()};
  const auto compare = [&](const auto& fit, const auto& params) {
    const auto gpu = rk::evaluate(rk::cuda{}, fit(rk::cuda{}, split.train, params), split, metrics);
    const auto cpu = rk::evaluate(one_thread, fit(one_thread, split.train, params), split, metrics);
    CHECK(cpu.values[0].mean > 0);
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      CAPTURE(metrics[m].name(), gpu.values[m].mean, cpu.values[m].mean);
      CHECK(std::abs(gpu.values[m].mean - cpu.values[m].mean) <= 1e-3);
    }
  };
  using rk::ials::solver_kind;
  for (const auto solver :
       {solver_kind::exact, solver_kind::cg, solver_kind::block, solver_kind::coordinate}) {
    compare(rk::ials::fit,
            rk::ials::params{.factors = 8, .epochs = 3, .solver = solver, .block_size = 4});
  }
  compare(rk::als::fit, rk::als::params{.factors = 6, .epochs = 3});
}

TEST_CASE("strong generalisation is evaluated on a GPU too") {
  RECOKIT_REQUIRE_TARGET();
  const auto split = rk::split::user_fold(
      rk::synthetic::generate({.users = 40, .items = 30, .mean_interactions = 9}),
      {.test_users = 0.3});
  REQUIRE(split.fold_in.has_value());
  const auto model = rk::ials::fit(one_thread, split.train, {.factors = 6, .epochs = 2});
  const auto gpu = rk::evaluate(rk::cuda{}, model, split, {rk::ndcg(10)});
  const auto cpu = rk::evaluate(one_thread, model, split, {rk::ndcg(10)});
  CHECK(std::abs(gpu.values[0].mean - cpu.values[0].mean) <= 1e-3);
}
