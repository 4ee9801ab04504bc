// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/metrics/binary_ranking.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

const double not_a_number = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

Approx exactly(double value) { return Approx(value).epsilon(1e-13).margin(1e-15); }

void check_close(const Eigen::VectorXd& actual, const std::vector<double>& expected) {
  REQUIRE(actual.size() == static_cast<Eigen::Index>(expected.size()));
  for (Eigen::Index i = 0; i < actual.size(); ++i) {
    INFO("entry " << i);
    const double wanted = expected[static_cast<std::size_t>(i)];
    if (std::isinf(wanted)) {
      CHECK(actual[i] == wanted);
    } else {
      CHECK(actual[i] == exactly(wanted));
    }
  }
}

// The share of pairs in the right order, ties as half, by weight: O(n²), from the definition.
double area_by_pairs(const std::vector<int>& truth, const std::vector<double>& scores,
                     const std::vector<double>& weights) {
  double right = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    for (std::size_t j = 0; j < truth.size(); ++j) {
      if (truth[i] != 1 || truth[j] == 1) continue;
      const double weight = weights[i] * weights[j];
      pairs += weight;
      right += weight * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0);
    }
  }
  return right / pairs;
}

// Σ precision × recall gained, looking at each distinct score from the best down.
double average_precision_by_thresholds(const std::vector<int>& truth,
                                       const std::vector<double>& scores,
                                       const std::vector<double>& weights) {
  std::vector<double> thresholds = scores;
  std::sort(thresholds.begin(), thresholds.end(), std::greater<>());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  double positives = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) positives += truth[i] == 1 ? weights[i] : 0;
  double sum = 0;
  double recall_before = 0;
  for (const double threshold : thresholds) {
    double tp = 0;
    double all = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if (scores[i] < threshold) continue;
      all += weights[i];
      tp += truth[i] == 1 ? weights[i] : 0;
    }
    if (all > 0) sum += (tp / positives - recall_before) * (tp / all);
    recall_before = tp / positives;
  }
  return sum;
}

double trapezoid(const Eigen::VectorXd& x, const Eigen::VectorXd& y) {
  double area = 0;
  for (Eigen::Index i = 1; i < x.size(); ++i) {
    area += std::abs(x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
  }
  return area;
}

struct sample {
  std::vector<int> truth;
  std::vector<double> scores;
  std::vector<double> weights;
};

// Scores on `levels` steps, so that ties are many; weights are 0 now and then.
sample random_sample(std::mt19937_64& engine, std::size_t n, std::uint64_t levels) {
  sample result;
  for (std::size_t i = 0; i < n; ++i) {
    result.truth.push_back(static_cast<int>(engine() % 3 == 0));
    result.scores.push_back(static_cast<double>(engine() % levels) -
                            static_cast<double>(levels) / 3);
    result.weights.push_back(static_cast<double>(engine() % 8) / 4);
  }
  result.truth[0] = 1;
  result.truth[1] = 0;
  result.weights[0] = result.weights[1] = 1;
  return result;
}

}  // namespace

// scikit-learn's documentation example; values of scikit-learn 1.9.1.
TEST_CASE("four scores give scikit-learn's areas and curves") {
  const std::vector<int> truth{0, 0, 1, 1};
  const std::vector<double> scores{0.1, 0.4, 0.35, 0.8};
  const rk::binary_ranking ranking(truth, scores);
  CHECK(ranking.positives() == 2);
  CHECK(ranking.negatives() == 2);
  CHECK(ranking.thresholds() == 4);
  CHECK(ranking.roc_auc() == 0.75);
  CHECK(ranking.average_precision() == exactly(0.8333333333333333));
  CHECK(ranking.interpolated_pr_auc() == exactly(0.7916666666666666));
  CHECK(ranking.partial_roc_auc(0.1) == exactly(0.7368421052631579));
  CHECK(ranking.partial_roc_auc(0.25) == exactly(0.7142857142857143));
  CHECK(ranking.partial_roc_auc(0.5) == exactly(0.6666666666666666));
  CHECK(ranking.partial_roc_auc(0.75) == exactly(0.7333333333333334));
  CHECK(ranking.partial_roc_auc(1) == 0.75);
  const auto roc = ranking.roc();
  check_close(roc.false_positive_rate, {0, 0, 0.5, 0.5, 1});
  check_close(roc.true_positive_rate, {0, 0.5, 0.5, 1, 1});
  check_close(roc.thresholds, {infinity, 0.8, 0.4, 0.35, 0.1});
  const auto pr = ranking.precision_recall();
  check_close(pr.precision, {0.5, 2.0 / 3, 0.5, 1, 1});
  check_close(pr.recall, {1, 1, 0.5, 0.5, 0});
  check_close(pr.thresholds, {0.1, 0.35, 0.4, 0.8});
}

// scikit-learn 1.9.1.
TEST_CASE("thresholds that add nothing to a curve can be left out") {
  const std::vector<int> truth{0, 0, 0, 0, 1, 1, 1, 0, 1, 1};
  const std::vector<double> scores{.1, .2, .3, .4, .4, .5, .6, .6, .7, .8};
  const rk::binary_ranking ranking(truth, scores);
  CHECK(ranking.roc_auc() == exactly(0.88));
  CHECK(ranking.average_precision() == exactly(0.8528571428571429));
  // Both cut a slanted piece of the curve, the first where its left end is not a threshold.
  CHECK(ranking.partial_roc_auc(0.1) == exactly(0.7105263157894737));
  CHECK(ranking.partial_roc_auc(0.3) == exactly(0.7745098039215687));
  const auto roc = ranking.roc();
  check_close(roc.thresholds, {infinity, .8, .7, .6, .5, .4, .1});
  check_close(roc.false_positive_rate, {0, 0, 0, .2, .2, .4, 1});
  check_close(roc.true_positive_rate, {0, .2, .4, .6, .8, 1, 1});
  check_close(ranking.roc(false).thresholds, {infinity, .8, .7, .6, .5, .4, .3, .2, .1});
  const auto pr = ranking.precision_recall(true);
  check_close(pr.thresholds, {.1, .4, .5, .6, .7, .8});
  check_close(pr.precision, {.5, 5.0 / 7, .8, .75, 1, 1, 1});
  check_close(pr.recall, {1, 1, .8, .6, .4, .2, 0});
  CHECK(ranking.precision_recall().thresholds.size() == 8);
}

// scikit-learn 1.9.1. The score 0.7 has no weight and so no threshold.
TEST_CASE("weights enter the areas and samples of weight 0 leave the curves") {
  const std::vector<int> truth{0, 0, 0, 0, 1, 1, 1, 0, 1, 1};
  const std::vector<float> scores{.1f, .2f, .3f, .4f, .4f, .5f, .6f, .6f, .7f, .8f};
  const std::vector<double> weights{1, 2, 0, 1, .5, 3, 1, 1, 0, 2};
  const rk::binary_ranking ranking(truth, scores, {.weights = weights});
  CHECK(ranking.positives() == 6.5);
  CHECK(ranking.negatives() == 5);
  CHECK(ranking.roc_auc() == exactly(0.8692307692307693));
  CHECK(ranking.average_precision() == exactly(0.8775048480930834));
  const auto roc = ranking.roc();
  check_close(roc.false_positive_rate, {0, 0, .2, .2, .4, .8, 1});
  check_close(roc.thresholds, {infinity, .8f, .6f, .5f, .4f, .2f, .1f});
}

// The torchmetrics docstrings: AUROC 0.5, average precision 0.8333 of the scores .2 .3 .5.
TEST_CASE("the torchmetrics docstring example comes out") {
  const std::array<bool, 3> truth{true, false, true};
  const Eigen::Vector3f scores(0.2f, 0.3f, 0.5f);
  const rk::binary_ranking ranking(truth, scores);
  CHECK(ranking.roc_auc() == 0.5);
  CHECK(ranking.average_precision() == exactly(5.0 / 6));
}

// The recommenders library's binary fixture: ratings of at least 3 are positive, predictions scaled
// to [0, 1]; its test expects an AUC of 0.75.
TEST_CASE("the recommenders fixture gives the area of its test") {
  const std::vector<int> truth{1, 1, 1, 1, 1, 1, 0, 0};
  const std::vector<double> scores{9.0 / 9, 7.0 / 9, 2.0 / 9, 3.0 / 9,
                                   8.0 / 9, 1.0 / 9, 6.0 / 9, 0};
  CHECK(rk::binary_ranking(truth, scores).roc_auc() == 0.75);
}

TEST_CASE("the ROC area is the share of pairs in the right order, whatever the ties") {
  std::mt19937_64 engine(11);
  for (int round = 0; round < 60; ++round) {
    const auto n = static_cast<std::size_t>(2 + engine() % 300);
    const auto s = random_sample(engine, n, 1 + engine() % 60);
    const std::vector<double> ones(n, 1.0);
    const rk::binary_ranking plain(s.truth, s.scores);
    CHECK(plain.roc_auc() == exactly(area_by_pairs(s.truth, s.scores, ones)));
    CHECK(plain.average_precision() ==
          exactly(average_precision_by_thresholds(s.truth, s.scores, ones)));
    const rk::binary_ranking weighted(s.truth, s.scores, {.weights = s.weights});
    CHECK(weighted.roc_auc() == exactly(area_by_pairs(s.truth, s.scores, s.weights)));
    CHECK(weighted.average_precision() ==
          exactly(average_precision_by_thresholds(s.truth, s.scores, s.weights)));
    // The scores are small integers and thirds: floats order them alike.
    const std::vector<float> floats(s.scores.begin(), s.scores.end());
    CHECK(rk::binary_ranking(s.truth, floats).roc_auc() == plain.roc_auc());
  }
}

TEST_CASE("the trapezoids under the curves are the areas, with and without the dropped points") {
  std::mt19937_64 engine(12);
  for (int round = 0; round < 30; ++round) {
    const auto s = random_sample(engine, 2 + engine() % 3000, 1 + engine() % 4000);
    const rk::binary_ranking ranking(s.truth, s.scores, {.weights = s.weights});
    for (const bool drop : {false, true}) {
      const auto roc = ranking.roc(drop);
      CHECK(trapezoid(roc.false_positive_rate, roc.true_positive_rate) ==
            exactly(ranking.roc_auc()));
      const auto pr = ranking.precision_recall(drop);
      if (!drop)
        CHECK(trapezoid(pr.recall, pr.precision) == exactly(ranking.interpolated_pr_auc()));
      CHECK(pr.recall[0] == 1);
      CHECK(pr.recall[pr.recall.size() - 1] == 0);
    }
    CHECK(ranking.roc(false).thresholds.size() == ranking.thresholds() + 1);
  }
}

TEST_CASE("the areas of many scores are those of the definition and of one thread") {
  // Large enough for the parallel radix sort and for many pieces of the walk.
  std::mt19937_64 engine(13);
  const Eigen::Index n = 700001;
  Eigen::VectorXf scores(n);
  std::vector<std::uint8_t> truth(static_cast<std::size_t>(n));
  Eigen::VectorXd weights(n);
  std::uint64_t positives = 0;
  std::vector<std::uint64_t> positive_at(20000);
  std::vector<std::uint64_t> negative_at(20000);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto level = engine() % 20000;
    const bool yes = engine() % 20000 < level;
    scores[i] = static_cast<float>(level) - 10000;
    truth[static_cast<std::size_t>(i)] = yes;
    weights[i] = static_cast<double>(engine() % 1000) / 999;
    ++(yes ? positive_at : negative_at)[level];
    positives += yes;
  }
  std::uint64_t twice = 0;
  std::uint64_t below = 0;
  for (std::size_t level = 0; level < positive_at.size(); ++level) {
    twice += positive_at[level] * (2 * below + negative_at[level]);
    below += negative_at[level];
  }
  const rk::binary_ranking one(rk::cpu{1}, truth, scores);
  CHECK(one.thresholds() == 20000);
  CHECK(one.roc_auc() == exactly(static_cast<double>(twice) / 2 / static_cast<double>(positives) /
                                 static_cast<double>(below)));
  const Eigen::VectorXd wide = scores.cast<double>();
  for (const int threads : {2, 3}) {
    const rk::binary_ranking more(rk::cpu{threads}, truth, scores);
    CHECK(more.roc_auc() == one.roc_auc());
    CHECK(more.average_precision() == one.average_precision());
    CHECK(more.interpolated_pr_auc() == one.interpolated_pr_auc());
    CHECK(rk::binary_ranking(rk::cpu{threads}, truth, wide).average_precision() ==
          one.average_precision());
    const rk::binary_ranking one_weighted(rk::cpu{1}, truth, scores, {.weights = weights});
    const rk::binary_ranking weighted(rk::cpu{threads}, truth, scores, {.weights = weights});
    CHECK(weighted.roc_auc() == one_weighted.roc_auc());
    CHECK(weighted.average_precision() == one_weighted.average_precision());
    CHECK(weighted.roc(false).true_positive_rate == one_weighted.roc(false).true_positive_rate);
  }
}

TEST_CASE("scores of either sign and any size are ordered, and 0 ties with -0") {
  const double tiny = std::numeric_limits<double>::denorm_min();
  const std::vector<int> truth{1, 0, 1, 0, 1, 0};
  const std::vector<double> scores{0.0, -0.0, 1e300, -1e300, tiny, -tiny};
  const rk::binary_ranking ranking(truth, scores);
  CHECK(ranking.thresholds() == 5);
  CHECK(ranking.roc_auc() == exactly((2 * 3 + 2.5) / 9));
  check_close(ranking.roc(false).thresholds, {infinity, 1e300, tiny, 0, -tiny, -1e300});
}

TEST_CASE("equal scores give one threshold and an area of a half") {
  const std::vector<int> truth{1, 0, 1};
  const std::vector<double> scores{2, 2, 2};
  const rk::binary_ranking ranking(truth, scores);
  CHECK(ranking.thresholds() == 1);
  CHECK(ranking.roc_auc() == 0.5);
  CHECK(ranking.average_precision() == exactly(2.0 / 3));
}

TEST_CASE("one class alone has no ROC area") {
  const std::vector<double> scores{0.1, 0.2};
  const std::vector<int> zeros{0, 0};
  const rk::binary_ranking none(zeros, scores);
  CHECK(std::isnan(none.roc_auc()));
  CHECK(std::isnan(none.partial_roc_auc(0.5)));
  CHECK(none.average_precision() == 0);
  CHECK(none.interpolated_pr_auc() == 0);
  CHECK(std::isnan(none.roc().true_positive_rate[1]));
  CHECK(none.roc().false_positive_rate[2] == 1);
  CHECK(none.precision_recall().recall[0] == 1);
  const std::vector<int> all{1, 1};
  CHECK(std::isnan(rk::binary_ranking(all, scores).roc_auc()));
  CHECK(rk::binary_ranking(all, scores).average_precision() == 1);
}

TEST_CASE("any label can be the positive one") {
  const std::vector<int> truth{3, 7, 5};
  const std::vector<double> scores{1, 2, 3};
  CHECK(rk::binary_ranking(truth, scores, {.positive = 7}).roc_auc() == 0.5);
  CHECK(rk::binary_ranking(truth, scores, {.positive = 3}).roc_auc() == 0);
  const std::vector<int> signs{-1, 1, -1};
  CHECK(rk::binary_ranking(signs, scores).roc_auc() == 0.5);
}

TEST_CASE("labels and scores that cannot be ranked are refused") {
  const std::vector<int> truth{0, 1, 1};
  const std::vector<double> scores{1, 2, 3};
  const std::vector<double> two{1, 2};
  const std::vector<double> no_number{1, not_a_number, infinity};
  const std::vector<float> endless{1, 2, -std::numeric_limits<float>::infinity()};
  const std::vector<int> three_labels{0, 1, 2};
  const std::vector<int> no_labels;
  const std::vector<double> no_scores;
  const std::vector<double> zero{0, 0, 0};
  CHECK_THAT(error_text<rk::dimension_error>([&] { rk::binary_ranking(truth, two); }),
             ContainsSubstring("scores.size() is 2 but truth.size() is 3"));
  CHECK_THAT(
      error_text<rk::dimension_error>([&] { rk::binary_ranking(truth, scores, {.weights = two}); }),
      ContainsSubstring("weights.size() is 2 but truth.size() is 3"));
  CHECK_THAT(error_text<rk::value_error>([&] { rk::binary_ranking(no_labels, no_scores); }),
             ContainsSubstring("truth.size() = 0"));
  CHECK(error_text<rk::value_error>([&] { rk::binary_ranking(truth, no_number); }) ==
        "scores[1] = nan: must be finite");
  CHECK(error_text<rk::value_error>([&] { rk::binary_ranking(truth, endless); }) ==
        "scores[2] = -inf: must be finite");
  CHECK_THAT(error_text<rk::value_error>([&] { rk::binary_ranking(three_labels, scores); }),
             ContainsSubstring("truth[2] = 2: must be 1 for positive, 0 or -1 for negative"));
  CHECK_THAT(error_text<rk::value_error>(
                 [&] { rk::binary_ranking(truth, scores, {.weights = no_number}); }),
             ContainsSubstring("weights[1] = nan"));
  CHECK_THAT(
      error_text<rk::value_error>([&] { rk::binary_ranking(truth, scores, {.weights = zero}); }),
      ContainsSubstring("at least one must be above 0"));
  const rk::binary_ranking ranking(truth, scores);
  for (const double wrong : {0.0, -0.1, 1.1, not_a_number}) {
    CHECK_THROWS_AS(ranking.partial_roc_auc(wrong), rk::value_error);
  }
}
