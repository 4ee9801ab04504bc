// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "ranked_model.hpp"
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/evaluation/sampled.hpp>
#include <recokit/factorization/ials.hpp>

#include <cmath>
#include <limits>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::holdout_of;
using recokit_test::holdout_of_ranks;
using recokit_test::random_matrix;
using recokit_test::ranked_model;

namespace {

using correction = rk::sampled_correction;

// Krichene and Rendle, KDD 2020, tables 1 and 2: three recommenders on five instances of 10,000
// items.
const rk::index_t toy_items = 10'000;
const std::vector<std::vector<rk::index_t>> toy_ranks{
    {100, 100, 100, 100, 100}, {40, 40, 8437, 9266, 4482}, {212, 2, 743, 5342, 1548}};
const std::vector<rk::ranking_metric> toy_metrics{rk::auc(), rk::map(0), rk::ndcg(0),
                                                  rk::recall(10)};

// The metrics averaged over `times` users of each rank, each with draws of his own.
std::vector<double> mean_of_copies(const std::vector<rk::index_t>& ranks, rk::index_t items,
                                   const rk::sampled_params& params, int times,
                                   const std::vector<rk::ranking_metric>& metrics) {
  std::vector<rk::index_t> copies;
  for (int t = 0; t < times; ++t) copies.insert(copies.end(), ranks.begin(), ranks.end());
  const ranked_model model{static_cast<rk::index_t>(copies.size()), items};
  const auto report = rk::evaluate_sampled(model, holdout_of_ranks(items, copies), metrics, params);
  std::vector<double> means;
  for (const auto& value : report.values) means.push_back(value.mean);
  return means;
}

// Pearson's statistic of observed counts against expected ones; classes of less than 5 are joined.
struct chi_square {
  double statistic = 0;
  int classes = 0;
};
chi_square compare(const std::vector<double>& observed, const std::vector<double>& expected) {
  chi_square result;
  double seen = 0;
  double wanted = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    seen += observed[i];
    wanted += expected[i];
    if (wanted < 5) continue;
    result.statistic += (seen - wanted) * (seen - wanted) / wanted;
    ++result.classes;
    seen = wanted = 0;
  }
  return result;
}

double log_choose(double n, double k) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

}  // namespace

TEST_CASE("the toy recommenders have the exact metrics of the paper") {
  const std::vector<std::vector<double>> expected{
      {0.990, 0.010, 0.150, 0.000}, {0.555, 0.010, 0.122, 0.000}, {0.843, 0.101, 0.208, 0.200}};
  for (std::size_t r = 0; r < 3; ++r) {
    const auto report = rk::evaluate(ranked_model{5, toy_items},
                                     holdout_of_ranks(toy_items, toy_ranks[r]), toy_metrics);
    for (std::size_t m = 0; m < toy_metrics.size(); ++m) {
      INFO(r << " " << toy_metrics[m].name());
      CHECK(std::abs(report.values[m].mean - expected[r][m]) <= 0.0005 + 1e-9);
    }
  }
}

TEST_CASE("uncorrected sampled metrics turn the order of the toy recommenders round") {
  // Means of 1000 repetitions in the paper, with standard deviations up to 0.129.
  const std::vector<std::vector<double>> expected{
      {0.990, 0.630, 0.724, 1.000}, {0.555, 0.336, 0.444, 0.400}, {0.843, 0.325, 0.460, 0.567}};
  for (std::size_t r = 0; r < 3; ++r) {
    const auto found = mean_of_copies(
        toy_ranks[r], toy_items,
        {.negatives = 99, .replacement = true, .correction = correction::none}, 1000, toy_metrics);
    for (std::size_t m = 0; m < toy_metrics.size(); ++m) {
      INFO(r << " " << toy_metrics[m].name());
      CHECK(std::abs(found[m] - expected[r][m]) < 0.016);
    }
  }
}

TEST_CASE("every correction brings the toy metrics closer to the exact ones") {
  const std::vector<rk::ranking_metric> metrics{rk::map(0), rk::ndcg(0), rk::recall(10)};
  for (const auto& ranks : toy_ranks) {
    const auto exact =
        rk::evaluate(ranked_model{5, toy_items}, holdout_of_ranks(toy_items, ranks), metrics);
    const auto naive =
        mean_of_copies(ranks, toy_items, {.correction = correction::none}, 400, metrics);
    for (const auto how : {correction::rank_estimate, correction::monotone_least_squares,
                           correction::bias_variance}) {
      const auto corrected = mean_of_copies(ranks, toy_items, {.correction = how}, 400, metrics);
      for (std::size_t m = 0; m < metrics.size(); ++m) {
        INFO(metrics[m].name());
        CHECK(std::abs(corrected[m] - exact.values[m].mean) <
              std::abs(naive[m] - exact.values[m].mean));
      }
    }
  }
}

TEST_CASE("with many draws the least squares correction has no bias left") {
  const std::vector<rk::ranking_metric> metrics{rk::recall(3), rk::ndcg(5), rk::mrr(0)};
  const std::vector<rk::index_t> ranks{1, 2, 3, 4, 9, 17};
  const rk::index_t items = 20;
  rk::sampled_params params{
      .negatives = 400, .replacement = true, .correction = correction::least_squares};
  const auto exact = rk::evaluate(ranked_model{6, items}, holdout_of_ranks(items, ranks), metrics);
  const auto corrected = mean_of_copies(ranks, items, params, 2000, metrics);
  params.correction = correction::none;
  const auto naive = mean_of_copies(ranks, items, params, 2000, metrics);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    INFO(metrics[m].name());
    CHECK(std::abs(corrected[m] - exact.values[m].mean) < 0.01);
    CHECK(std::abs(naive[m] - exact.values[m].mean) > 0.1);
  }
}

TEST_CASE("sampled ranks are binomial with replacement and hypergeometric without") {
  const rk::index_t items = 61;
  const rk::index_t rank = 13;
  const int negatives = 15;
  const rk::index_t users = 20'000;
  const ranked_model model{users, items};
  const auto split =
      holdout_of_ranks(items, std::vector<rk::index_t>(static_cast<std::size_t>(users), rank));
  for (const bool replacement : {true, false}) {
    const auto report = rk::evaluate_sampled(
        model, split, {rk::average_rank()},
        {.negatives = negatives, .replacement = replacement, .correction = correction::none});
    std::vector<double> observed(static_cast<std::size_t>(negatives) + 1);
    for (const double r : report.per_user("average_rank")) {
      ++observed[static_cast<std::size_t>(r) - 1];
    }
    std::vector<double> expected(observed.size());
    const double better = rank - 1;
    const double others = items - 1;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const auto x = static_cast<double>(k);
      const double log_chance =
          replacement ? log_choose(negatives, x) + x * std::log(better / others) +
                            (negatives - x) * std::log1p(-better / others)
                      : log_choose(better, x) + log_choose(others - better, negatives - x) -
                            log_choose(others, negatives);
      expected[k] = x > better && !replacement ? 0.0 : users * std::exp(log_chance);
    }
    const auto [statistic, classes] = compare(observed, expected);
    CHECK(classes >= 8);
    CHECK(statistic < 30);  // chance 1e-3 at 10 degrees of freedom
  }
}

TEST_CASE("against all other items the result is that of full ranking") {
  const auto train = random_matrix(60, 40, 0.2, 1);
  const auto model = rk::popularity::fit(train);
  std::vector<std::vector<rk::index_t>> test(60);
  std::vector<std::vector<rk::index_t>> seen(60);
  for (rk::index_t u = 0; u < 60; ++u) {
    const auto row = train.row(u).indices;
    seen[static_cast<std::size_t>(u)].assign(row.begin(), row.end());
    for (rk::index_t i = u % 40;; i = (i + 1) % 40) {
      if (std::binary_search(row.begin(), row.end(), i)) continue;
      test[static_cast<std::size_t>(u)] = {i};
      break;
    }
  }
  const auto split = holdout_of(40, seen, test);
  const std::vector<rk::ranking_metric> metrics{rk::ndcg(5), rk::recall(3),      rk::map(0),
                                                rk::auc(),   rk::average_rank(), rk::precision(4),
                                                rk::mrr(10)};
  const auto full = rk::evaluate(model, split, metrics);
  for (const auto how : {correction::none, correction::bias_variance}) {
    const auto sampled =
        rk::evaluate_sampled(model, split, metrics, {.negatives = 39, .correction = how});
    CHECK(sampled.evaluated_users == 60);
    CHECK(sampled.user_values == full.user_values);
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      CHECK(sampled.values[m].mean == full.values[m].mean);
    }
    REQUIRE(sampled.warnings.size() == 2);
    CHECK_THAT(sampled.warnings[1], ContainsSubstring("60 of the users had at most 39 items"));
  }
}

TEST_CASE("sampled reports have the same bits for any number of threads, across tiles of users") {
  const auto train = random_matrix(5000, 60, 0.1, 1);
  rk::holdout split;
  split.train = rk::interactions(train);
  split.test = rk::interactions(random_matrix(5000, 60, 0.05, 2));
  const auto model = rk::ials::fit(train, {.factors = 4, .epochs = 1});
  const std::vector<rk::ranking_metric> metrics{rk::ndcg(5), rk::recall(3), rk::auc()};
  for (const auto how : {correction::none, correction::bias_variance, correction::rank_estimate}) {
    const rk::sampled_params params{.negatives = 20, .correction = how};
    const auto one = rk::evaluate_sampled(rk::cpu{.threads = 1}, model, split, metrics, params);
    const auto many = rk::evaluate_sampled(rk::cpu{.threads = 3}, model, split, metrics, params);
    CHECK(one.users == many.users);
    CHECK(one.user_values == many.user_values);
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      CHECK(one.values[m].mean == many.values[m].mean);
    }
    rk::sampled_params other = params;
    other.seed = 43;
    CHECK(rk::evaluate_sampled(model, split, metrics, other).user_values != one.user_values);
  }
}

TEST_CASE("neither train nor test items are drawn, and other test items do not count") {
  // Ranks 1 to 4 are test, 5 to 8 seen: every test item beats the four items left.
  const auto split = holdout_of(12, {{4, 5, 6, 7}}, {{0, 1, 2, 3}});
  const ranked_model model{1, 12};
  const auto ranks = [&](const rk::sampled_params& params,
                         const rk::evaluation_options& options = {}) {
    return rk::evaluate_sampled(model, split, {rk::average_rank()}, params, options).values[0].mean;
  };
  CHECK(ranks({.negatives = 3, .correction = correction::none}) == 1);
  CHECK(ranks({.negatives = 50, .replacement = true, .correction = correction::none}) == 1);
  CHECK(ranks({.negatives = 100, .correction = correction::none}) == 1);
  // Seen items lose to the test items too, so take one that would win.
  const auto turned = holdout_of(12, {{0, 1, 2, 3}}, {{4}});
  const auto seen = rk::evaluate_sampled(model, turned, {rk::average_rank()},
                                         {.negatives = 11, .correction = correction::none});
  CHECK(seen.values[0].mean == 1);
  const auto open = rk::evaluate_sampled(model, turned, {rk::average_rank()},
                                         {.negatives = 11, .correction = correction::none},
                                         {.exclude_seen = false});
  CHECK(open.values[0].mean == 5);
}

TEST_CASE("users with few items to draw from are ranked against all of them") {
  // User 0 has 3 items left of which item 0 beats his test item; user 1 has none left.
  const auto split = holdout_of(6, {{3, 4}, {0, 1, 2, 3, 4}, {}}, {{1}, {5}, {}});
  const ranked_model model{3, 6};
  for (const auto how : {correction::none, correction::bias_variance}) {
    const auto report = rk::evaluate_sampled(model, split, {rk::average_rank(), rk::auc()},
                                             {.negatives = 3, .correction = how});
    CHECK(report.evaluated_users == 2);
    CHECK(report.skipped_users == 1);
    CHECK(report.per_user("average_rank")[0] == 2);
    CHECK(report.per_user("auc")[0] == Approx(2.0 / 3));
    CHECK(report.per_user("average_rank")[1] == 1);
    CHECK_THAT(report.warnings.at(1), ContainsSubstring("2 of the users had at most 3 items"));
  }
  const auto drawn =
      rk::evaluate_sampled(model, split, {rk::average_rank()},
                           {.negatives = 30, .replacement = true, .correction = correction::none});
  CHECK(drawn.per_user("average_rank")[0] > 2);
  CHECK(drawn.per_user("average_rank")[1] == 1);
  CHECK_THAT(drawn.warnings.at(1), ContainsSubstring("1 of the users had at most 0 items"));
}

namespace {

// The same score for everything, or NaN.
struct constant_model {
  float value;
  rk::index_t users() const { return 1; }
  rk::index_t items() const { return 21; }
  void score(rk::index_t, std::span<const rk::index_t>, std::span<float> scores) const {
    for (auto& s : scores) s = value;
  }
};

}  // namespace

TEST_CASE("ties of the positive are resolved as the options say") {
  const auto split = holdout_of(21, {{}}, {{5}});
  const auto rank = [&](rk::tie_policy ties) {
    return rk::evaluate_sampled(constant_model{1}, split, {rk::average_rank(), rk::mrr(0)},
                                {.negatives = 20, .correction = correction::none},
                                {.ranking = {.ties = ties}});
  };
  CHECK(rank(rk::tie_policy::as_listed)["average_rank"] == 6);
  CHECK(rank(rk::tie_policy::index_ascending)["average_rank"] == 6);
  CHECK(rank(rk::tie_policy::index_descending)["average_rank"] == 16);
  CHECK(rank(rk::tie_policy::optimistic)["average_rank"] == 1);
  CHECK(rank(rk::tie_policy::pessimistic)["average_rank"] == 21);
  const auto average = rank(rk::tie_policy::average);
  CHECK(average["average_rank"] == 11);
  double harmonic = 0;
  for (int r = 1; r <= 21; ++r) harmonic += 1.0 / r;
  CHECK(average["mrr@all"] == Approx(harmonic / 21));
}

TEST_CASE("NaN scores are refused unless they may rank last") {
  const auto split = holdout_of(21, {{}}, {{5}});
  const constant_model model{std::numeric_limits<float>::quiet_NaN()};
  const rk::sampled_params params{.negatives = 20, .correction = correction::none};
  CHECK_THROWS_AS(rk::evaluate_sampled(model, split, {rk::mrr(0)}, params), rk::value_error);
  const auto report = rk::evaluate_sampled(
      model, split, {rk::average_rank()}, params,
      {.ranking = {.ties = rk::tie_policy::pessimistic, .nan_scores = rk::nan_policy::last}});
  CHECK(report.values[0].mean == 21);
}

TEST_CASE("a user counts once, or with micro averages once a test item") {
  const auto split = holdout_of(50, {{}, {}}, {{0, 1, 2}, {49}});
  const auto report = rk::evaluate_sampled(ranked_model{2, 50}, split,
                                           {rk::recall(1), rk::parse_metric("recall(micro)@1")},
                                           {.negatives = 46, .correction = correction::none});
  CHECK(report["recall@1"] == Approx(0.5));
  CHECK(report["recall(micro)@1"] == Approx(0.75));
}

TEST_CASE("ratings below the level are neither positives nor drawn") {
  rk::holdout split;
  split.train = rk::interactions(rk::csr_matrix<>(1, 5, {0, 0}, {}, {}));
  split.test = rk::interactions(rk::csr_matrix<>(1, 5, {0, 2}, {0, 2}, {1, 5}));
  const auto report = rk::evaluate_sampled(ranked_model{1, 5}, split, {rk::average_rank()},
                                           {.negatives = 4, .correction = correction::none},
                                           {.ranking = {.relevance_level = 4}});
  CHECK(report.values[0].mean == 2);  // behind item 1, item 0 was judged
  const auto none = rk::evaluate_sampled(
      ranked_model{1, 5}, split, {rk::mrr(0)}, {.negatives = 4, .correction = correction::none},
      {.ranking = {.relevance_level = 6, .empty_users = rk::empty_user_policy::zero}});
  CHECK(none.evaluated_users == 1);
  CHECK(none.values[0].mean == 0);
}

TEST_CASE("draws by popularity take what is popular") {
  // Item 0 beats the test item and has 9 of 10 interactions of others, item 2 the rest.
  std::vector<std::vector<rk::index_t>> train(11);
  for (std::size_t u = 1; u < 10; ++u) train[u] = {0};
  train[10] = {2};
  std::vector<std::vector<rk::index_t>> test(11);
  test[0] = {1};
  const auto split = holdout_of(4, train, test);
  rk::sampled_params params{.negatives = 10'000,
                            .distribution = rk::sampling_distribution::popularity,
                            .replacement = true,
                            .correction = correction::none};
  const auto share = [&] {
    const auto report =
        rk::evaluate_sampled(ranked_model{11, 4}, split, {rk::average_rank()}, params);
    return (report.values[0].mean - 1) / params.negatives;
  };
  CHECK(share() == Approx(0.9).margin(0.015));
  params.alpha = 0.5;
  CHECK(share() == Approx(0.75).margin(0.02));
  params.alpha = 0;
  CHECK(share() == Approx(0.5).margin(0.025));
}

TEST_CASE("the report names the protocol and warns of it") {
  const auto split = holdout_of_ranks(400, {3, 17});
  const auto report = rk::evaluate_sampled(ranked_model{2, 400}, split, {rk::ndcg(10)});
  CHECK(report.protocol == "by hand; 1 positive + 100 sampled negatives, seed 42");
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0] ==
        "sampled metrics (1 positive + 100 negatives (uniform, without replacement), corrected by "
        "bias_variance with gamma 0.1 for 400 candidates a user): an estimate, not comparable with "
        "full ranking; Krichene and Rendle, KDD 2020");
  const auto naive = rk::evaluate_sampled(ranked_model{2, 400}, split, {rk::ndcg(10)},
                                          {.correction = correction::none});
  CHECK_THAT(naive.warnings.at(0), ContainsSubstring("not corrected"));
}

TEST_CASE("sampled evaluation refuses what it has no meaning for") {
  const auto split = holdout_of_ranks(400, {3, 17});
  const ranked_model model{2, 400};
  const std::vector<rk::ranking_metric> metrics{rk::ndcg(10)};
  const auto text = [&](const rk::sampled_params& params,
                        const rk::evaluation_options& options = {}) {
    return error_text<rk::value_error>(
        [&] { rk::evaluate_sampled(model, split, metrics, params, options); });
  };
  CHECK_THAT(text({.negatives = 0}), ContainsSubstring("params.negatives = 0"));
  CHECK_THAT(text({.alpha = -1}), ContainsSubstring("params.alpha"));
  CHECK_THAT(text({.gamma = 0}), ContainsSubstring("params.gamma"));
  CHECK_THAT(text({.distribution = rk::sampling_distribution::popularity}),
             ContainsSubstring("holds for uniform draws"));
  CHECK_THAT(text({}, {.min_depth = 3}), ContainsSubstring("makes no lists"));
  CHECK_THAT(text({.prior = [](double) { return -1.0; }}), ContainsSubstring("prior"));
  CHECK_THROWS_AS(rk::evaluate_sampled(model, split, {}), rk::value_error);
  for (const auto& metric : {rk::ndcg(10, rk::gain_function::linear), rk::err(10), rk::bpref()}) {
    CHECK_THROWS_AS(rk::evaluate_sampled(model, split, {metric}), rk::value_error);
  }
  CHECK_THROWS_AS(rk::evaluate_sampled(ranked_model{3, 400}, split, metrics), rk::dimension_error);
  CHECK_THROWS_AS(rk::evaluate_sampled(ranked_model{2, 401}, split, metrics), rk::dimension_error);
  auto strong = split;
  strong.fold_in = split.train;
  CHECK_THROWS_AS(rk::evaluate_sampled(model, strong, metrics), rk::value_error);
}
