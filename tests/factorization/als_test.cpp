// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/rating_prediction.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/ratings.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/evaluation/scorer.hpp>
#include <recokit/factorization/als.hpp>

#include <Eigen/LU>

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <stop_token>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::is_rated;
using recokit_test::one_row;
using recokit_test::random_matrix;
using recokit_test::rating_table;
using recokit_test::signed_ratings;

namespace {

using precise = rk::als::basic_model<double>;

struct side {
  Eigen::MatrixXd factors;
  Eigen::VectorXd bias;
};

// Each row of the table by a dense ridge regression on the factors and biases of its columns.
side naive_half_step(const Eigen::MatrixXd& table, double mean, const side& fixed,
                     const rk::als::params& p) {
  const Eigen::Index d = p.factors;
  side solved{Eigen::MatrixXd::Zero(table.rows(), d), Eigen::VectorXd::Zero(table.rows())};
  for (Eigen::Index u = 0; u < table.rows(); ++u) {
    Eigen::MatrixXd system = Eigen::MatrixXd::Zero(d + 1, d + 1);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(d + 1);
    double n = 0;
    for (Eigen::Index i = 0; i < table.cols(); ++i) {
      if (!is_rated(table(u, i))) continue;
      Eigen::VectorXd h(d + 1);
      h << fixed.factors.row(i).transpose(), p.biases ? 1.0 : 0.0;
      system += h * h.transpose();
      right += (table(u, i) - mean - fixed.bias[i]) * h;
      ++n;
    }
    if (n == 0) continue;
    const double scale = std::pow(n, p.regularization_exponent);
    for (Eigen::Index f = 0; f < d; ++f) system(f, f) += p.regularization * scale;
    system(d, d) += p.biases ? p.bias_regularization * scale : 1;
    const Eigen::VectorXd x = system.fullPivLu().solve(right);
    solved.factors.row(u) = x.head(d).transpose();
    solved.bias[u] = x[d];
  }
  return solved;
}

double loss(const Eigen::MatrixXd& table, const precise& m, const rk::als::params& p) {
  double sum = 0;
  const Eigen::MatrixXd estimates = m.user_rows() * m.item_rows().transpose();
  const auto add = [&](const auto& row, const auto& factors, double bias) {
    double n = 0;
    for (const double r : row) n += is_rated(r) ? 1 : 0;
    sum += std::pow(n, p.regularization_exponent) *
           (p.regularization * factors.squaredNorm() + p.bias_regularization * bias * bias);
  };
  const Eigen::VectorXd user_bias = m.user_biases(), item_bias = m.item_biases();
  for (Eigen::Index u = 0; u < table.rows(); ++u) {
    for (Eigen::Index i = 0; i < table.cols(); ++i) {
      if (is_rated(table(u, i))) sum += std::pow(table(u, i) - estimates(u, i), 2);
    }
    add(table.row(u), m.user_factors().row(u), user_bias[u]);
  }
  for (Eigen::Index i = 0; i < table.cols(); ++i) {
    add(table.col(i), m.item_factors().row(i), item_bias[i]);
  }
  return sum;
}

struct watch {
  std::function<void(const precise&)> see;
  rk::fit_action on_epoch(const rk::epoch_info&, const precise& model) {
    see(model);
    return rk::fit_action::proceed;
  }
};

}  // namespace

TEST_CASE("an epoch of ALS is the ridge regression of every user, then of every item") {
  const auto data = signed_ratings(40, 25, 1);
  const auto table = rating_table(data.view());
  // With 3 factors most rows have more ratings than unknowns, with 30 none has.
  for (const int factors : {3, 12, 30}) {
    for (const double exponent : {0.0, 0.5, 1.0}) {
      for (const bool biases : {true, false}) {
        const rk::als::params p{.factors = factors,
                                .epochs = 3,
                                .regularization = 0.2,
                                .bias_regularization = 0.05,
                                .regularization_exponent = exponent,
                                .biases = biases};
        std::optional<precise> before;
        int compared = 0;
        rk::als::fit_as<double>(
            data, p, watch{[&](const precise& m) {
              if (before) {
                const side items{before->item_factors(), before->item_biases()};
                const side users = naive_half_step(table, m.mean(), items, p);
                CHECK(users.factors.isApprox(m.user_factors(), 1e-9));
                CHECK((users.bias - m.user_biases()).norm() < 1e-9 * (1 + users.bias.norm()));
                const side next = naive_half_step(table.transpose(), m.mean(), users, p);
                CHECK(next.factors.isApprox(m.item_factors(), 1e-8));
                CHECK((next.bias - m.item_biases()).norm() < 1e-8 * (1 + next.bias.norm()));
                ++compared;
              }
              before = m;
            }});
        CHECK(compared == 2);
      }
    }
  }
}

TEST_CASE("rows longer than a block of the sums are solved whole") {
  const auto data = random_matrix(700, 4, 0.9, 2);
  const rk::als::params p{.factors = 2, .epochs = 1, .regularization = 0.1};
  const auto model = rk::als::fit_as<double>(data, p);
  const side users{model.user_factors(), model.user_biases()};
  const side items = naive_half_step(rating_table(data.view()).transpose(), model.mean(), users, p);
  CHECK(items.factors.isApprox(model.item_factors(), 1e-9));
}

TEST_CASE("a row of few ratings has the solution that the larger system gives") {
  // A bias without ridge has no system of the size of the ratings: it takes the other way.
  const auto data = random_matrix(30, 20, 0.2, 3);
  const rk::als::params small{
      .factors = 16, .epochs = 1, .regularization = 0.3, .bias_regularization = 1e-9};
  rk::als::params large = small;
  large.bias_regularization = 0;
  const auto a = rk::als::fit_as<double>(data, small);
  const auto b = rk::als::fit_as<double>(data, large);
  CHECK(a.user_rows().isApprox(b.user_rows(), 1e-6));
  CHECK(a.item_rows().isApprox(b.item_rows(), 1e-6));
}

TEST_CASE("no epoch of ALS raises the loss") {
  const auto data = signed_ratings(50, 30, 4);
  const auto table = rating_table(data.view());
  const rk::als::params p{.factors = 6, .epochs = 60, .regularization = 0.05};
  double last = std::numeric_limits<double>::infinity();
  rk::als::fit_as<double>(rk::cpu{}, data, p, watch{[&](const precise& m) {
                            const double now = loss(table, m, p);
                            REQUIRE(now <= last * (1 + 1e-12));
                            last = now;
                          }});
}

TEST_CASE("the float model of ALS is near the double one") {
  const auto data = random_matrix(120, 80, 0.2, 5);
  const rk::als::params p{.factors = 20, .epochs = 5};
  const auto narrow = rk::als::fit(data, p);
  const auto wide = rk::als::fit_as<double>(data, p);
  const auto a = recokit_test::all_predictions(rk::cpu{}, narrow);
  const auto b = recokit_test::all_predictions(rk::cpu{}, wide);
  CHECK((a - b).cwiseAbs().maxCoeff() < 1e-3);
}

TEST_CASE("ALS gives the same bits on any number of threads, and the seed matters") {
  const auto data = random_matrix(300, 200, 0.1, 6);
  const rk::als::params p{.factors = 12, .epochs = 4};
  const auto one = rk::als::fit(rk::cpu{.threads = 1}, data, p);
  for (const int threads : {2, 5}) {
    const auto many = rk::als::fit(rk::cpu{.threads = threads}, data, p);
    CHECK(many.user_rows() == one.user_rows());
    CHECK(many.item_rows() == one.item_rows());
  }
  rk::als::params other = p;
  other.seed = 7;
  CHECK(rk::als::fit(data, other).user_rows() != one.user_rows());
}

TEST_CASE("ALS that is interrupted and resumed has the bits of one that was not") {
  const auto data = random_matrix(60, 40, 0.2, 7);
  rk::als::params p{.factors = 5, .epochs = 6};
  const auto whole = rk::als::fit(data, p);
  p.epochs = 2;
  const auto part = recokit_test::saved_and_loaded(rk::als::fit(data, p));
  CHECK(part.epochs_done() == 2);
  p.epochs = 6;
  const auto joined = rk::als::fit(data, p, rk::resume{part});
  CHECK(joined.user_rows() == whole.user_rows());
  CHECK(joined.item_rows() == whole.item_rows());
  p.regularization = 0.5;
  CHECK_THAT(error_text<rk::value_error>([&] { rk::als::fit(data, p, rk::resume{part}); }),
             ContainsSubstring("params.regularization"));
  CHECK(rk::als::fit(data, p, rk::warm_start{part}).epochs_done() == 6);
}

TEST_CASE("a prediction of ALS is the clipped dot product of rows, a rank is by it unclipped") {
  STATIC_REQUIRE(rk::scorer<rk::als::model>);
  STATIC_REQUIRE(rk::rating_predictor<rk::als::model>);
  STATIC_REQUIRE(rk::fold_in_recommender<rk::als::model>);
  const auto data = random_matrix(40, 30, 0.4, 8, 2);
  const auto model = rk::als::fit(data, {.factors = 4, .epochs = 5, .regularization = 1e-3});
  const auto found = recokit_test::all_predictions(rk::cpu{}, model);
  const Eigen::MatrixXf raw = model.user_rows() * model.item_rows().transpose();
  bool clipped = false;
  for (rk::index_t u = 0; u < 40; ++u) {
    for (rk::index_t i = 0; i < 30; ++i) {
      const double whole = model.mean() + double{model.user_biases()[u]} +
                           double{model.item_biases()[i]} +
                           double{model.user_factors().row(u).dot(model.item_factors().row(i))};
      CHECK(double{raw(u, i)} == Approx(whole).margin(1e-4));
      CHECK(found(u, i) == Approx(std::clamp(whole, 1.0, 2.0)).margin(1e-4));
      CHECK(double{model.score(u, i)} == Approx(whole).margin(1e-4));
      clipped |= whole > 2 || whole < 1;
    }
  }
  CHECK(clipped);
}

TEST_CASE("a history folded into ALS gets the row that training would solve next") {
  const auto data = random_matrix(30, 20, 0.3, 9);
  const rk::als::params five{.factors = 4, .epochs = 5};
  const rk::als::params six{.factors = 4, .epochs = 6};
  const auto before = rk::als::fit(data, five);
  const auto after = rk::als::fit(data, six);
  CHECK(before.fold_in(rk::cpu{}, data) == after.user_rows());
  const auto by_item = rk::transpose(rk::cpu{}, data.view());
  CHECK(before.fold_in_items(rk::cpu{}, by_item) == before.item_rows());
  const std::vector<rk::index_t> items{0, 5, 19};
  const auto found = before.predict_for(one_row(data, 3), items);
  for (std::size_t n = 0; n < items.size(); ++n) {
    const float estimate = after.user_rows().row(3).dot(before.item_rows().row(items[n]));
    CHECK(found[n] == Approx(before.scale().clip(estimate)));
  }
  const std::vector<rk::index_t> who{3};
  const auto changed = before.partial_fit_users(rk::cpu{}, who, one_row(data, 4));
  CHECK(changed.user_rows().row(3) == after.user_rows().row(4));
}

TEST_CASE("users and items without ratings get the mean and the other side's bias") {
  const rk::csr_matrix<> data(3, 3, {0, 2, 2, 3}, {0, 1, 0}, {5, 3, 2});
  const auto model = rk::als::fit(data, {.factors = 2});
  CHECK(model.user_factors().row(1).isZero());
  CHECK(model.item_factors().row(2).isZero());
  CHECK(model.predict(1, 2) == Approx(10.0 / 3));
  CHECK(double{model.score(1, 0)} == Approx(10.0 / 3 + double{model.item_biases()[0]}));
}

TEST_CASE("ALS recovers hidden factors better than biases do") {
  constexpr int users = 200, items = 120, d = 3;
  Eigen::MatrixXd p(users, d), q(items, d);
  rk::random_stream random(11, rk::random_purpose::user);
  for (auto& x : p.reshaped()) x = random.normal();
  for (auto& x : q.reshaped()) x = random.normal();
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  std::vector<float> values;
  Eigen::MatrixXd held = Eigen::MatrixXd::Constant(users, items, std::nan(""));
  for (int u = 0; u < users; ++u) {
    for (int i = 0; i < items; ++i) {
      const double draw = random.uniform();
      if (draw > 0.3) continue;
      const double rating = 3 + p.row(u).dot(q.row(i));
      if (draw > 0.25) {
        held(u, i) = rating;
        continue;
      }
      indices.push_back(i);
      values.push_back(static_cast<float>(rating));
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  const rk::csr_matrix<> data(users, items, offsets, indices, values);
  const auto model = rk::als::fit(data, {.factors = 3, .epochs = 30, .regularization = 0.01});
  double error = 0, spread = 0, count = 0;
  for (int u = 0; u < users; ++u) {
    for (int i = 0; i < items; ++i) {
      if (!is_rated(held(u, i))) continue;
      error += std::pow(held(u, i) - double{model.predict(u, i)}, 2);
      spread += std::pow(held(u, i) - model.mean(), 2);
      ++count;
    }
  }
  REQUIRE(count > 500);
  CHECK(error < 0.02 * spread);
}

TEST_CASE("more factors than users or items is fine for ALS") {
  const auto data = random_matrix(6, 5, 0.6, 12);
  const auto model = rk::als::fit(data, {.factors = 300, .epochs = 3});
  CHECK(model.user_rows().allFinite());
  CHECK(model.fold_in(rk::cpu{}, data).allFinite());
}

TEST_CASE("what ALS cannot be fitted to is refused") {
  const auto data = random_matrix(10, 8, 0.5, 1);
  CHECK_THROWS_AS(rk::als::fit(data, {.factors = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::als::fit(data, {.regularization = -1}), rk::value_error);
  CHECK_THROWS_AS(rk::als::fit(data, {.regularization = std::nan("")}), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([] {
               rk::als::fit(rk::csr_matrix<>(2, 2, {0, 0, 0}, {}));
             }),
             ContainsSubstring("there is no rating"));
  CHECK_THAT(error_text<rk::error>([&] {
               rk::als::fit(data, {.factors = 20, .regularization = 0, .bias_regularization = 0});
             }),
             ContainsSubstring("raise the regularization"));
  const rk::csr_matrix<> huge(2, 2, {0, 2, 3}, {0, 1, 0}, {3e38f, -3e38f, 1e38f});
  CHECK_THAT(
      error_text<rk::error>([&] { rk::als::fit(huge, {.factors = 1, .regularization = 1e-9}); }),
      ContainsSubstring("no longer finite") || ContainsSubstring("positive definite"));
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::als::fit(wide, {.factors = 65536}), rk::memory_error);
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(rk::als::fit(data, {}, rk::cancel_on{stop.get_token()}), rk::cancelled_error);
}

TEMPLATE_TEST_CASE("ALS answers alike before and after a file", "", float, double) {
  const auto data = signed_ratings(40, 30, 13);
  const auto unseen = random_matrix(9, 30, 0.2, 2);
  const auto model = rk::als::fit_as<TestType>(data, {.factors = 5, .epochs = 2, .clip = false});
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, unseen);
  CHECK(loaded.scale() == model.scale());
  CHECK_FALSE(loaded.clips());
  CHECK(loaded.mean() == model.mean());
  CHECK(recokit_test::all_predictions(rk::cpu{}, loaded) ==
        recokit_test::all_predictions(rk::cpu{}, model));
  CHECK(loaded.fold_in(rk::cpu{}, unseen) == model.fold_in(rk::cpu{}, unseen));
}

TEST_CASE("a user between new ones that nothing is known of is estimated by the item") {
  const auto data = recokit_test::random_matrix(30, 20, 0.3, 12, 5, true);
  const auto model = rk::als::fit(data, {.factors = 3, .epochs = 5});
  const auto news = recokit_test::random_matrix(1, 20, 0.4, 13, 5, true);
  const auto grown = model.partial_fit_users(rk::cpu{}, std::vector<rk::index_t>{32}, news);
  const rk::csr_matrix<> nothing(1, 20, {0, 0}, {});
  const std::vector<rk::index_t> items{0, 7, 19};
  const auto expected = model.predict_for(nothing, items);
  for (std::size_t n = 0; n < items.size(); ++n) {
    CHECK(grown.predict(31, items[n]) == recokit_test::Approx(expected[n]));
    CHECK(grown.predict(31, items[n]) > 1);
  }
}
