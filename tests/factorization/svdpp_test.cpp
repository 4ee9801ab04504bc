// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/rating_descent.hpp"
#include "support/catch.hpp"
#include "support/data_dir.hpp"
#include "support/error_text.hpp"
#include "support/ratings.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/data/split.hpp>
#include <recokit/evaluation/rating.hpp>
#include <recokit/factorization/biased_mf.hpp>
#include <recokit/factorization/pmf.hpp>
#include <recokit/factorization/svdpp.hpp>

#include <Eigen/Cholesky>

#include <cmath>
#include <cstdint>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::prediction_rmse;
using recokit_test::random_matrix;

namespace {

Eigen::MatrixXd first_factors(std::int64_t rows, const rk::svdpp::params& p,
                              rk::random_purpose purpose) {
  rk::row_major_matrix<double> made(rows, p.factors);
  rk::detail::normal_factors(rk::cpu{}, made, p.factors, p.init_stddev, p.seed, purpose);
  return made;
}

// Koren's algorithm as published: every rating moves b, p, q and the y of all items of the user.
struct published {
  Eigen::MatrixXd p, q, y;
  Eigen::VectorXd user_bias, item_bias;

  published(const rk::csr_matrix<>& data, const rk::svdpp::params& params)
      : p(first_factors(data.rows(), params, rk::random_purpose::user_factors)),
        q(first_factors(data.cols(), params, rk::random_purpose::item_factors)),
        y(first_factors(data.cols(), params, rk::random_purpose::user_implicit_factors)),
        user_bias(Eigen::VectorXd::Zero(data.rows())),
        item_bias(Eigen::VectorXd::Zero(data.cols())) {
    for (rk::index_t u = 0; u < data.rows(); ++u) {
      if (data.row(u).size() == 0) p.row(u).setZero();
    }
    const std::set<rk::index_t> rated(data.view().indices().begin(), data.view().indices().end());
    for (rk::index_t i = 0; i < data.cols(); ++i) {
      if (rated.count(i) == 0) q.row(i).setZero();
    }
  }

  void step(const rk::csr_matrix<>& data, rk::index_t u, rk::index_t i, double rating, double mean,
            const rk::svdpp::params& params, int epoch) {
    const double rate = params.learning_rate * std::pow(params.learning_rate_decay, epoch - 1);
    const double lambda = params.regularization;
    const auto mine = data.row(u).indices;
    const double scale = 1 / std::sqrt(static_cast<double>(mine.size()));
    Eigen::RowVectorXd x = p.row(u);
    for (const auto j : mine) x += scale * y.row(j);
    const double e = rating - (mean + user_bias[u] + item_bias[i] + q.row(i).dot(x));
    const Eigen::RowVectorXd old = q.row(i);
    user_bias[u] += rate * (e - params.bias_regularization * user_bias[u]);
    item_bias[i] += rate * (e - params.bias_regularization * item_bias[i]);
    p.row(u) += rate * (e * old - lambda * p.row(u));
    q.row(i) += rate * (e * x - lambda * old);
    for (const auto j : mine) y.row(j) += rate * (e * scale * old - lambda * y.row(j));
  }
};

}  // namespace

TEST_CASE("one user a batch is the published SVD++, rating by rating") {
  for (const int factors : {3, 20}) {
    const auto data = random_matrix(30, 20, 0.4, 1);
    const rk::svdpp::params params{.factors = factors,
                                   .epochs = 3,
                                   .learning_rate = 0.03,
                                   .learning_rate_decay = 0.9,
                                   .regularization = 0.05,
                                   .batches = 30};
    const auto model = rk::svdpp::fit_as<double>(rk::cpu{.threads = 2}, data, params);
    published naive(data, params);
    // The order of users: that of the bands. A batch is one user, with all items in one band.
    const rk::sgd::rating_blocks blocks(rk::cpu{}, data.view(), {30, 1}, params.seed,
                                        [](float r) { return r; });
    for (int epoch = 1; epoch <= 3; ++epoch) {
      for (const auto u : blocks.users().order()) {
        const auto row = data.row(u);
        for (std::size_t n = 0; n < row.size(); ++n) {
          naive.step(data, u, row.indices[n], double{row.value(n)}, model.mean(), params, epoch);
        }
      }
    }
    CHECK((model.own_factors() - naive.p).cwiseAbs().maxCoeff() < 1e-9);
    CHECK((model.item_factors() - naive.q).cwiseAbs().maxCoeff() < 1e-9);
    CHECK((model.implicit_factors() - naive.y).cwiseAbs().maxCoeff() < 1e-9);
    CHECK((model.user_biases() - naive.user_bias).cwiseAbs().maxCoeff() < 1e-9);
    CHECK((model.item_biases() - naive.item_bias).cwiseAbs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("the user row of SVD++ is p and the scaled sum of y") {
  const auto data = random_matrix(30, 20, 0.4, 2);
  const auto model = rk::svdpp::fit_as<double>(data, {.factors = 4, .epochs = 3});
  for (rk::index_t u = 0; u < 30; ++u) {
    Eigen::RowVectorXd x = model.own_factors().row(u);
    for (const auto j : data.row(u).indices) {
      x += model.implicit_factors().row(j) / std::sqrt(static_cast<double>(data.row(u).size()));
    }
    CHECK((model.user_factors().row(u) - x).cwiseAbs().maxCoeff() < 1e-12);
    CHECK(model.score(u, 3) == Approx(model.mean() + model.user_biases()[u] +
                                      model.item_biases()[3] + x.dot(model.item_factors().row(3))));
  }
}

TEST_CASE("SVD++ has the same bits for any number of threads, and the seed decides them") {
  const auto data = random_matrix(400, 150, 0.3, 3);
  for (const int batches : {0, 1, 7}) {
    const rk::svdpp::params p{.factors = 12, .epochs = 3, .batches = batches};
    const auto one = rk::svdpp::fit(rk::cpu{.threads = 1}, data, p);
    for (const int threads : {2, 5}) {
      const auto many = rk::svdpp::fit(rk::cpu{.threads = threads}, data, p);
      CHECK(many.user_rows() == one.user_rows());
      CHECK(many.item_rows() == one.item_rows());
      CHECK(many.implicit_factors() == one.implicit_factors());
    }
    rk::svdpp::params other = p;
    other.seed = 1;
    CHECK(rk::svdpp::fit(data, other).user_rows() != one.user_rows());
  }
}

TEST_CASE("a resumed fit of SVD++ has the bits of one that was never interrupted") {
  const auto data = random_matrix(80, 40, 0.3, 4);
  rk::svdpp::params p{.factors = 6, .epochs = 5};
  const auto whole = rk::svdpp::fit(data, p);
  p.epochs = 2;
  const auto half = recokit_test::saved_and_loaded(rk::svdpp::fit(data, p));
  p.epochs = 5;
  const auto resumed = rk::svdpp::fit(data, p, rk::resume{half});
  CHECK(resumed.user_rows() == whole.user_rows());
  CHECK(resumed.item_rows() == whole.item_rows());
  CHECK(resumed.own_factors() == whole.own_factors());
  CHECK(resumed.implicit_factors() == whole.implicit_factors());
  p.epochs = 1;
  const auto warm = rk::svdpp::fit(data, p, rk::warm_start{whole});
  CHECK(prediction_rmse(warm, data) < prediction_rmse(rk::svdpp::fit(data, p), data));
}

TEMPLATE_TEST_CASE("SVD++ answers alike before and after a file", "", float, double) {
  const auto data = random_matrix(40, 30, 0.3, 5);
  const auto unseen = random_matrix(9, 30, 0.3, 6);
  const auto model = rk::svdpp::fit_as<TestType>(data, {.factors = 5, .epochs = 2});
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, unseen);
  CHECK(recokit_test::all_predictions(rk::cpu{}, model) ==
        recokit_test::all_predictions(rk::cpu{}, loaded));
  CHECK(model.implicit_factors() == loaded.implicit_factors());
  CHECK(model.own_factors() == loaded.own_factors());
}

TEST_CASE("a user that SVD++ folds in gets the ridge solution of what the y leave") {
  const auto data = random_matrix(60, 30, 0.4, 7);
  const rk::svdpp::params p{
      .factors = 3, .epochs = 5, .regularization = 0.1, .bias_regularization = 0.05};
  const auto model = rk::svdpp::fit_as<double>(data, p);
  const auto unseen = random_matrix(6, 30, 0.5, 8, 5, true);
  const auto rows = model.fold_in(rk::cpu{}, unseen);
  const auto row = unseen.row(0);
  const auto n = static_cast<double>(row.size());
  Eigen::VectorXd s = Eigen::VectorXd::Zero(3);
  for (const auto j : row.indices) s += model.implicit_factors().row(j).transpose() / std::sqrt(n);
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(4, 4);
  Eigen::VectorXd b = Eigen::VectorXd::Zero(4);
  a.diagonal().setConstant(n * 0.1);
  a(3, 3) = n * 0.05;
  for (std::size_t k = 0; k < row.size(); ++k) {
    Eigen::VectorXd x(4);
    x << model.item_factors().row(row.indices[k]).transpose(), 1;
    a += x * x.transpose();
    b += x * (double{row.value(k)} - model.mean() - model.item_biases()[row.indices[k]] -
              x.head(3).dot(s));
  }
  const Eigen::VectorXd solved = a.llt().solve(b);
  CHECK((rows.row(0).head(3).transpose() - solved.head(3) - s).cwiseAbs().maxCoeff() < 1e-5);
  CHECK(rows(0, 4) == Approx(solved[3] + model.mean()).epsilon(1e-5));
  const auto wider = model.partial_fit_items(rk::cpu{}, std::vector<rk::index_t>{30},
                                             random_matrix(1, 60, 0.5, 9, 5, true));
  CHECK(wider.items() == 31);
  CHECK(wider.implicit_factors().row(30).isZero());
  CHECK(wider.fold_in(rk::cpu{}, random_matrix(2, 31, 0.5, 9)).allFinite());
}

TEST_CASE("rows without ratings are no trouble for SVD++, nor are more factors than rows") {
  const rk::csr_matrix<> data(3, 3, {0, 2, 2, 3}, {0, 1, 1}, {1, 5, 4});
  const auto model = rk::svdpp::fit(data, {.factors = 40, .epochs = 3});
  CHECK(model.user_factors().row(1).isZero());
  CHECK(model.predict(1, 2) == Approx(10.0 / 3));
  CHECK(model.user_rows().allFinite());
  CHECK(rk::svdpp::fit(data, {.factors = 2, .epochs = 2, .batches = 1000}).user_rows().allFinite());
}

TEST_CASE("SVD++ refuses what it cannot fit, stops when asked, and says when it diverges") {
  const auto data = random_matrix(60, 40, 0.5, 10);
  CHECK_THAT(error_text<rk::value_error>([&] { rk::svdpp::fit(data, {.factors = 0}); }),
             ContainsSubstring("params.factors"));
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::svdpp::fit(rk::csr_matrix<>(2, 2, {0, 0, 0}, {}));
             }),
             ContainsSubstring("no rating"));
  CHECK_THAT(error_text<rk::error>([&] { rk::svdpp::fit(data, {.learning_rate = 10}); }),
             ContainsSubstring("diverged") && ContainsSubstring("params.learning_rate"));
  std::stop_source source;
  source.request_stop();
  CHECK_THROWS_AS(rk::svdpp::fit(data, {}, rk::cancel_on{source.get_token()}), rk::cancelled_error);
}

TEST_CASE("SVD++ predicts ratings that factors made better than biases do") {
  const auto [train, test] = recokit_test::ratings_of_factors(300, 150, 3, 0.2, 11);
  const double found =
      prediction_rmse(rk::svdpp::fit(train, {.factors = 8, .regularization = 0.02}), test);
  const double biases =
      prediction_rmse(rk::biased_mf::fit(train, {.factors = 1, .init_stddev = 0}), test);
  CHECK(found < 0.5 * biases);
}

TEST_CASE("on the five folds of ml-100k, SVD++ and biased_mf reach Surprise's published RMSE",
          "[data]") {
  RECOKIT_REQUIRE_DATA(first, "ml-100k/u1.base");
  double plus = 0;
  double biased = 0;
  double plain = 0;
  for (int fold = 1; fold <= 5; ++fold) {
    const auto name = first.parent_path() / ("u" + std::to_string(fold));
    const auto split = rk::split::given(name.string() + ".base", name.string() + ".test");
    plus += rk::evaluate_ratings(rk::svdpp::fit(split.train), split).rmse / 5;
    biased += rk::evaluate_ratings(rk::biased_mf::fit(split.train), split).rmse / 5;
    plain += rk::evaluate_ratings(rk::pmf::fit(split.train), split).rmse / 5;
  }
  CHECK(plus < 0.919);
  CHECK(biased < 0.934);
  CHECK(plain < 0.963);
  WARN("RMSE of SVD++ " << plus << ", biased_mf " << biased << ", pmf " << plain);
}

TEST_CASE("a svdpp model that no machine holds is refused before memory is taken") {
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::svdpp::fit(wide, {.factors = 65536}), rk::memory_error);
}
