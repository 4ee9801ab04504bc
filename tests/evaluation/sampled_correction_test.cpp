// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/evaluation/sampled_correction.hpp>

#include <cmath>
#include <numeric>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using correction = rk::sampled_correction;

namespace {

const std::vector<rk::ranking_metric> metrics{rk::recall(10), rk::ndcg(10), rk::map(0), rk::auc()};

// Σ chance of a sampled rank · its value: what the estimate is on average at a rank.
double expected_value(const rk::row_major_matrix<double>& values, Eigen::Index metric,
                      const rk::sampled_design& design, std::int64_t rank) {
  const auto chances = rk::sampled_rank_chances(design, rank);
  double sum = 0;
  for (std::size_t s = 0; s < chances.size(); ++s) {
    sum += chances[s] * values(static_cast<Eigen::Index>(s), metric);
  }
  return sum;
}

}  // namespace

TEST_CASE("chances of sampled ranks are those of counting draws by hand") {
  // Rank 3 of 5: two of the four others are better; three draws.
  const auto with = rk::sampled_rank_chances({5, 3, true}, 3);
  const std::vector<double> binomial{0.125, 0.375, 0.375, 0.125};
  const auto without = rk::sampled_rank_chances({5, 3, false}, 3);
  const std::vector<double> hypergeometric{0, 0.5, 0.5, 0};
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(with[k] == Approx(binomial[k]).margin(1e-15));
    CHECK(without[k] == Approx(hypergeometric[k]).margin(1e-15));
  }
  CHECK(rk::sampled_rank_chances({5, 3, true}, 1) == std::vector<double>{1, 0, 0, 0});
  CHECK(rk::sampled_rank_chances({5, 3, true}, 5) == std::vector<double>{0, 0, 0, 1});
  CHECK(rk::sampled_rank_chances({5, 4, false}, 3) == std::vector<double>{0, 0, 1, 0, 0});
}

TEST_CASE("chances of sampled ranks sum to 1 and have the right mean for large designs") {
  for (const bool replacement : {true, false}) {
    for (const std::int64_t rank : {1, 2, 77, 50'000, 99'999, 100'000}) {
      const rk::sampled_design design{100'000, 1000, replacement};
      const auto chances = rk::sampled_rank_chances(design, rank);
      double mean = 0;
      for (std::size_t k = 0; k < chances.size(); ++k) {
        CHECK(chances[k] >= 0);
        mean += chances[k] * static_cast<double>(k);
      }
      CHECK(std::accumulate(chances.begin(), chances.end(), 0.0) == Approx(1).epsilon(1e-12));
      const auto better = static_cast<double>(rank - 1);
      CHECK(mean == Approx(1000 * better / 99'999).epsilon(1e-10).margin(1e-12));
    }
  }
}

TEST_CASE("without correction the value is the metric of the sampled rank") {
  const auto values = rk::sampled_metric_values(metrics, {5000, 20, true}, correction::none);
  REQUIRE(values.rows() == 21);
  CHECK(values(9, 0) == 1);
  CHECK(values(10, 0) == 0);
  CHECK(values(2, 1) == Approx(0.5));
  CHECK(values(4, 2) == Approx(0.2));
  CHECK(values(5, 3) == Approx(0.75));
}

TEST_CASE("a rank estimate is rounded down") {
  // 1 + 4999 (s − 1) / 20: 1, 250.95, 500.9, …
  const auto values =
      rk::sampled_metric_values({rk::average_rank()}, {5000, 20, true}, correction::rank_estimate);
  CHECK(values(0, 0) == 1);
  CHECK(values(1, 0) == 250);
  CHECK(values(2, 0) == 500);
  CHECK(values(20, 0) == 5000);
}

// Expected values of the next two: numpy 2 and scipy 1.16 on the full n × (m + 1) matrix
// (scipy.stats.binom, numpy.linalg.solve, scipy.optimize.nnls), n = 3706, m = 100.
TEST_CASE("the bias-variance correction solves the equations of the paper") {
  const auto values =
      rk::sampled_metric_values(metrics, {3706, 100, true}, correction::bias_variance, 0.1);
  const std::vector<std::vector<double>> expected{
      {5.46213894e-01, -2.67444298e-01, -7.97327877e-02, 2.20043751e-02, 3.35288632e-02},
      {2.61627146e-01, -1.44228034e-01, -3.10865991e-02, 1.41553614e-02, 1.65187208e-02},
      {0.2074303, -0.0724439, -0.00855447, 0.01398214, 0.01447149},
      {9.99035987e-01, 9.88997038e-01, 9.79040815e-01, 9.69065018e-01, 9.59084105e-01}};
  for (Eigen::Index m = 0; m < 4; ++m) {
    for (Eigen::Index s = 0; s < 5; ++s) {
      CHECK(
          values(s, m) ==
          Approx(expected[static_cast<std::size_t>(m)][static_cast<std::size_t>(s)]).epsilon(1e-6));
    }
  }
}

TEST_CASE("monotone least squares finds the optimum and never rises") {
  const auto values =
      rk::sampled_metric_values(metrics, {3706, 100, true}, correction::monotone_least_squares);
  const std::vector<std::vector<double>> expected{{0.47099764, -0.00204814, -0.00204814},
                                                  {0.22048406, -0.0009963, -0.0009963},
                                                  {0.19600156, 0.00045547, 0.00045547}};
  for (Eigen::Index m = 0; m < 3; ++m) {
    for (Eigen::Index s = 0; s < 3; ++s) {
      CHECK(
          values(s, m) ==
          Approx(expected[static_cast<std::size_t>(m)][static_cast<std::size_t>(s)]).epsilon(1e-4));
    }
    for (Eigen::Index s = 1; s < values.rows(); ++s) CHECK(values(s, m) <= values(s - 1, m));
  }
  // AUC is linear in the rank: its sampled value is unbiased and falls.
  for (const std::int64_t rank : {1, 2, 10, 500, 3000, 3706}) {
    CHECK(expected_value(values, 3, {3706, 100, true}, rank) ==
          Approx(static_cast<double>(3706 - rank) / 3705).margin(1e-4));
  }
  const auto ranks = rk::sampled_metric_values({rk::average_rank()}, {200, 20, false},
                                               correction::monotone_least_squares);
  for (Eigen::Index s = 1; s < ranks.rows(); ++s) CHECK(ranks(s, 0) >= ranks(s - 1, 0));
}

TEST_CASE("less weight of the variance means less bias over all ranks") {
  const rk::sampled_design design{500, 50, false};
  const auto bias = [&](correction how, double gamma) {
    const auto values = rk::sampled_metric_values({rk::ndcg(10)}, design, how, gamma);
    double sum = 0;
    for (std::int64_t rank = 1; rank <= 500; ++rank) {
      const double exact = rank <= 10 ? 1 / std::log2(static_cast<double>(rank) + 1) : 0;
      sum += std::pow(expected_value(values, 0, design, rank) - exact, 2);
    }
    return sum;
  };
  const double least = bias(correction::least_squares, 0.1);
  double last = least;
  for (const double gamma : {1e-3, 1e-2, 0.1, 1.0}) {
    const double now = bias(correction::bias_variance, gamma);
    CHECK(now > last);
    last = now;
  }
  CHECK(bias(correction::monotone_least_squares, 0.1) > least);
  CHECK(bias(correction::none, 0.1) > last);
}

TEST_CASE("drawing all others leaves nothing to correct") {
  const rk::sampled_design design{40, 39, false};
  const auto exact = rk::sampled_metric_values(metrics, design, correction::none);
  for (const auto how : {correction::rank_estimate, correction::least_squares,
                         correction::monotone_least_squares, correction::bias_variance}) {
    const auto values = rk::sampled_metric_values(metrics, design, how, 0.3);
    CHECK((values - exact).cwiseAbs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("a prior moves the fit to the ranks that it weighs") {
  const rk::sampled_design design{1000, 30, true};
  const std::vector<rk::ranking_metric> one{rk::recall(10)};
  const auto top = rk::sampled_metric_values(one, design, correction::bias_variance, 0.1,
                                             [](double p) { return p < 0.05 ? 1.0 : 0.01; });
  const auto flat = rk::sampled_metric_values(one, design, correction::bias_variance, 0.1);
  const auto bias = [&](const auto& values) {
    return std::abs(expected_value(values, 0, design, 1) - 1);
  };
  CHECK(bias(top) < bias(flat));
  const auto ones = rk::sampled_metric_values(one, design, correction::bias_variance, 0.1,
                                              [](double) { return 7.0; });
  CHECK((ones - flat).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("designs and choices without a meaning are refused") {
  const auto text = [&](const rk::sampled_design& design, double gamma = 0.1,
                        const std::function<double(double)>& prior = {}) {
    return error_text<rk::value_error>([&] {
      rk::sampled_metric_values(metrics, design, correction::bias_variance, gamma, prior);
    });
  };
  CHECK_THAT(text({1, 1, true}), ContainsSubstring("design.candidates = 1"));
  CHECK_THAT(text({10, 0, true}), ContainsSubstring("design.negatives = 0"));
  CHECK_THAT(text({10, 10, false}), ContainsSubstring("at most candidates - 1 = 9"));
  CHECK_THAT(text({10, 5, true}, 0), ContainsSubstring("gamma = 0"));
  CHECK_THAT(text({10, 5, true}, 1.5), ContainsSubstring("gamma = 1.5"));
  CHECK_THAT(text({10, 5, true}, 0.1, [](double) { return 0.0; }),
             ContainsSubstring("0 at every rank"));
  CHECK_THAT(text({10, 5, true}, 0.1, [](double) { return std::nan(""); }),
             ContainsSubstring("finite weight"));
  CHECK_THROWS_AS(rk::sampled_rank_chances({10, 5, true}, 0), rk::value_error);
  CHECK_THROWS_AS(rk::sampled_rank_chances({10, 5, true}, 11), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([] {
               rk::sampled_metric_values({rk::err(10)}, {10, 5, true}, correction::none);
             }),
             ContainsSubstring("err"));
}
