// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/rating_descent.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/ratings.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/factorization/biased_mf.hpp>

#include <Eigen/Cholesky>

#include <cmath>
#include <set>
#include <stop_token>
#include <utility>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::prediction_rmse;
using recokit_test::random_matrix;
using recokit_test::signed_ratings;

namespace {

// Values 0 and 1.
rk::csr_matrix<> two_classes(int rows, int cols, std::uint64_t seed) {
  const auto drawn = random_matrix(rows, cols, 0.4, seed, 2);
  std::vector<float> values;
  for (const float value : drawn.view().values()) values.push_back(value - 1);
  const auto view = drawn.view();
  return {rows,
          cols,
          {view.offsets().begin(), view.offsets().end()},
          {view.indices().begin(), view.indices().end()},
          std::move(values)};
}

// The first factors of a fit: those of rows with ratings.
rk::row_major_matrix<double> first_factors(std::int64_t rows, const rk::biased_mf::params& p,
                                           rk::random_purpose purpose) {
  rk::row_major_matrix<double> made(rows, p.factors);
  rk::detail::normal_factors(rk::cpu{}, made, p.factors, p.init_stddev, p.seed, purpose);
  return made;
}

void check_against_loops(const rk::csr_matrix<>& data, const rk::biased_mf::params& p) {
  const auto model = rk::biased_mf::fit_as<double>(rk::cpu{.threads = 2}, data, p);
  recokit_test::naive_descent_state naive(
      first_factors(data.rows(), p, rk::random_purpose::user_factors),
      first_factors(data.cols(), p, rk::random_purpose::item_factors));
  const rk::sgd::rating_link link(p.loss, model.scale());
  const rk::sgd::rating_blocks blocks(rk::cpu{}, data.view(),
                                      {std::min<std::int64_t>(p.bands, data.rows()), p.bands},
                                      p.seed, [&](float rating) { return link.target(rating); });
  for (int epoch = 1; epoch <= p.epochs; ++epoch) {
    for (const auto& rated : recokit_test::epoch_order(blocks, p.seed, epoch)) {
      naive.step(rated, model.mean(), p, epoch);
    }
  }
  std::set<rk::index_t> rated_items(data.view().indices().begin(), data.view().indices().end());
  for (rk::index_t u = 0; u < data.rows(); ++u) {
    if (data.row(u).size() == 0) naive.p.row(u).setZero();
  }
  for (rk::index_t i = 0; i < data.cols(); ++i) {
    if (rated_items.count(i) == 0) naive.q.row(i).setZero();
  }
  CHECK((model.user_factors() - naive.p).cwiseAbs().maxCoeff() < 1e-10);
  CHECK((model.item_factors() - naive.q).cwiseAbs().maxCoeff() < 1e-10);
  CHECK((model.user_biases() - naive.user_bias).cwiseAbs().maxCoeff() < 1e-10);
  CHECK((model.item_biases() - naive.item_bias).cwiseAbs().maxCoeff() < 1e-10);
}

}  // namespace

TEST_CASE("descent is that of a plain loop over the ratings, for every loss and rule") {
  using rk::sgd::loss;
  for (const auto rule : {rk::sgd::step_rule::decay, rk::sgd::step_rule::adaptive}) {
    for (const auto loss :
         {loss::squared, loss::absolute, loss::hinge, loss::logistic, loss::sigmoid}) {
      const bool classes = loss == loss::hinge || loss == loss::logistic;
      const auto data = classes ? two_classes(30, 20, 1) : signed_ratings(30, 20, 1);
      check_against_loops(data, {.factors = 5,
                                 .epochs = 3,
                                 .learning_rate = 0.05,
                                 .regularization = 0.04,
                                 .bias_regularization = 0.01,
                                 .loss = loss,
                                 .step_rule = rule,
                                 .bands = 3});
    }
  }
}

TEST_CASE("descent is that of a plain loop for any number of factors, bands, and with l1") {
  const auto data = random_matrix(25, 20, 0.4, 3);
  for (const int factors : {1, 8, 16, 40, 130}) {
    check_against_loops(data, {.factors = factors, .epochs = 2, .bands = 4});
    check_against_loops(data, {.factors = factors, .epochs = 2, .l1 = 0.02, .bands = 1});
  }
  check_against_loops(data,
                      {.factors = 4, .epochs = 2, .biases = false, .mean = false, .bands = 2});
}

TEST_CASE("every kernel of this machine makes the same steps") {
  const auto data = random_matrix(40, 30, 0.4, 4);
  const rk::sgd::rating_blocks blocks(rk::cpu{}, data.view(), {1, 1}, 7, [](float r) { return r; });
  for (const int factors : {7, 16, 48, 200}) {
    for (const bool adaptive : {false, true}) {
      std::vector<float> first;
      for (const auto& kernel : rk::sgd::all_kernels<float>()) {
        rk::sgd::padded_rows<float> users(40, factors), items(30, factors);
        const rk::biased_mf::params p{.factors = factors};
        const auto start = [&](auto& rows, rk::random_purpose purpose, const auto& bands) {
          rows.take(rk::cpu{}, first_factors(rows.rows(), p, purpose).template cast<float>(),
                    factors, bands.order());
        };
        start(users, rk::random_purpose::user_factors, blocks.users());
        start(items, rk::random_purpose::item_factors, blocks.items());
        rk::sgd::update<float> update;
        update.adaptive = adaptive;
        update.mean = 3;
        update.rate = update.bias_rate = 0.02f;
        update.regularization = update.bias_regularization = 0.05f;
        update.inverse_factors = 1 / static_cast<float>(factors);
        kernel.pass(update, blocks.runs(0, 0), blocks.entries(0, 0), users.block(), items.block(),
                    users.stride());
        const std::vector<float> found(items.row(0), items.row(0) + 30 * items.stride());
        if (first.empty()) first = found;
        float worst = 0;
        for (std::size_t n = 0; n < found.size(); ++n) {
          worst = std::max(worst, std::abs(found[n] - first[n]));
        }
        CHECK(worst < 1e-5f);
      }
    }
  }
}

TEST_CASE("blocks hold every rating once, and blocks of a round share no band") {
  const auto data = random_matrix(50, 35, 0.3, 5);
  const rk::sgd::rating_blocks blocks(rk::cpu{}, data.view(), {4, 6}, 9, [](float r) { return r; });
  std::set<std::pair<rk::index_t, rk::index_t>> seen;
  for (const auto& r : recokit_test::epoch_order(blocks, 9, 1)) {
    CHECK(seen.emplace(r.user, r.item).second);
    const auto row = data.row(r.user);
    const auto at = std::lower_bound(row.indices.begin(), row.indices.end(), r.item);
    REQUIRE(at != row.indices.end());
    CHECK(double{row.value(static_cast<std::size_t>(at - row.indices.begin()))} == r.target);
  }
  CHECK(std::cmp_equal(seen.size(), data.nonzeros()));
  for (std::int64_t b = 0; b < 6; ++b) {
    CHECK(blocks.items().begin(b) <= blocks.items().begin(b + 1));
    for (std::int64_t a = 0; a < 4; ++a) {
      const auto* next = blocks.entries(a, b);
      for (const auto& run : blocks.runs(a, b)) {
        CHECK(std::cmp_less_equal(blocks.users().begin(a), run.user));
        CHECK(std::cmp_less(run.user, blocks.users().begin(a + 1)));
        for (std::uint32_t n = 0; n < run.count; ++n, ++next) {
          CHECK(std::cmp_less_equal(blocks.items().begin(b), next->item));
          CHECK(std::cmp_less(next->item, blocks.items().begin(b + 1)));
        }
      }
    }
  }
}

TEST_CASE("factors and biases have the same bits for any number of threads") {
  const auto data = random_matrix(300, 200, 0.2, 2);
  for (const int bands : {0, 7}) {
    const rk::biased_mf::params p{.factors = 12, .epochs = 3, .bands = bands};
    const auto one = rk::biased_mf::fit(rk::cpu{.threads = 1}, data, p);
    for (const int threads : {2, 5}) {
      const auto many = rk::biased_mf::fit(rk::cpu{.threads = threads}, data, p);
      CHECK(many.user_rows() == one.user_rows());
      CHECK(many.item_rows() == one.item_rows());
    }
  }
}

TEST_CASE("the seed decides the factors of biased_mf") {
  const auto data = random_matrix(30, 20, 0.3, 3);
  const auto a = rk::biased_mf::fit(data, {.factors = 4, .epochs = 2, .seed = 1});
  const auto b = rk::biased_mf::fit(data, {.factors = 4, .epochs = 2, .seed = 1});
  const auto c = rk::biased_mf::fit(data, {.factors = 4, .epochs = 2, .seed = 2});
  CHECK(a.user_rows() == b.user_rows());
  CHECK(a.user_rows() != c.user_rows());
}

TEST_CASE("a resumed fit of biased_mf has the bits of one that was never interrupted") {
  const auto data = random_matrix(60, 40, 0.3, 6);
  for (const auto rule : {rk::sgd::step_rule::decay, rk::sgd::step_rule::adaptive}) {
    rk::biased_mf::params p{.factors = 6, .epochs = 5, .learning_rate = 0.05, .step_rule = rule};
    const auto whole = rk::biased_mf::fit(data, p);
    p.epochs = 2;
    const auto half = recokit_test::saved_and_loaded(rk::biased_mf::fit(data, p));
    p.epochs = 5;
    const auto resumed = rk::biased_mf::fit(data, p, rk::resume{half});
    CHECK(resumed.user_rows() == whole.user_rows());
    CHECK(resumed.item_rows() == whole.item_rows());
    CHECK(resumed.epochs_done() == 5);
    p.regularization = 0.5;
    CHECK_THAT(error_text<rk::value_error>([&] { rk::biased_mf::fit(data, p, rk::resume{half}); }),
               ContainsSubstring("params.regularization"));
    p.epochs = 1;
    const auto warm = rk::biased_mf::fit(data, p, rk::warm_start{whole});
    CHECK(warm.epochs_done() == 1);
    CHECK(warm.user_rows() != rk::biased_mf::fit(data, p).user_rows());
  }
}

TEMPLATE_TEST_CASE("biased_mf answers alike before and after a file", "", float, double) {
  const auto data = random_matrix(40, 30, 0.3, 1);
  const auto unseen = random_matrix(9, 30, 0.3, 2);
  const auto model = rk::biased_mf::fit_as<TestType>(data, {.factors = 5, .epochs = 2});
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, unseen);
  CHECK(recokit_test::all_predictions(rk::cpu{}, model) ==
        recokit_test::all_predictions(rk::cpu{}, loaded));
  CHECK(loaded.mean() == model.mean());
  const auto items = rk::detail::all_rows(30);
  CHECK(model.predict_for(recokit_test::one_row(unseen, 1), items) ==
        loaded.predict_for(recokit_test::one_row(unseen, 1), items));
}

TEST_CASE("the score is mean, biases and factors, and the prediction is clipped to the scale") {
  const auto data = random_matrix(30, 20, 0.4, 7);
  const auto model = rk::biased_mf::fit(data, {.factors = 4, .epochs = 30, .regularization = 0});
  const auto open =
      rk::biased_mf::fit(data, {.factors = 4, .epochs = 30, .regularization = 0, .clip = false});
  for (rk::index_t u = 0; u < 30; ++u) {
    for (rk::index_t i = 0; i < 20; ++i) {
      const double expected = model.mean() + double{model.user_biases()[u]} +
                              double{model.item_biases()[i]} +
                              double{model.user_factors().row(u).dot(model.item_factors().row(i))};
      CHECK(model.score(u, i) == Approx(expected).margin(1e-5));
      CHECK(model.predict(u, i) == Approx(std::clamp(expected, 1.0, 5.0)).margin(1e-5));
      CHECK(open.predict(u, i) == Approx(expected).margin(1e-5));
    }
  }
}

TEST_CASE("a user that is folded in gets the ridge solution of their ratings") {
  const auto data = random_matrix(60, 30, 0.4, 8);
  const rk::biased_mf::params p{
      .factors = 4, .epochs = 10, .regularization = 0.1, .bias_regularization = 0.05};
  const auto model = rk::biased_mf::fit_as<double>(data, p);
  const auto unseen = random_matrix(6, 30, 0.5, 9);
  const auto rows = model.fold_in(rk::cpu{}, unseen);
  for (rk::index_t u = 0; u < 6; ++u) {
    const auto row = unseen.row(u);
    const auto n = static_cast<double>(row.size());
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(5, 5);
    Eigen::VectorXd b = Eigen::VectorXd::Zero(5);
    a.diagonal().setConstant(n * 0.1);
    a(4, 4) = n * 0.05;
    for (std::size_t k = 0; k < row.size(); ++k) {
      Eigen::VectorXd x(5);
      x << model.item_factors().row(row.indices[k]).transpose(), 1;
      a += x * x.transpose();
      b += x * (double{row.value(k)} - model.mean() - model.item_biases()[row.indices[k]]);
    }
    const Eigen::VectorXd solved = row.size() == 0 ? Eigen::VectorXd(Eigen::VectorXd::Zero(5))
                                                   : Eigen::VectorXd(a.llt().solve(b));
    CHECK((rows.row(u).head(4).transpose() - solved.head(4)).cwiseAbs().maxCoeff() < 1e-9);
    CHECK(rows(u, 5) == Approx(solved[4] + model.mean()));
  }
  // A new user in a known place answers like the fold-in.
  const auto changed = model.partial_fit_users(rk::cpu{}, std::vector<rk::index_t>{60},
                                               recokit_test::one_row(unseen, 0));
  CHECK(changed.users() == 61);
  CHECK(changed.score(60, 3) == Approx(rows.row(0).dot(model.item_rows().row(3))));
  CHECK(model.fold_in_items(rk::cpu{}, random_matrix(3, 60, 0.3, 1)).allFinite());
}

TEST_CASE("folding in for losses that have no closed form lowers their loss") {
  const auto data = two_classes(80, 30, 3);
  for (const auto loss : {rk::sgd::loss::hinge, rk::sgd::loss::logistic}) {
    const auto model = rk::biased_mf::fit(
        data, {.factors = 4, .epochs = 30, .regularization = 0.02, .loss = loss});
    const auto rows = model.fold_in(rk::cpu{}, data.view());
    int right = 0;
    for (rk::index_t u = 0; u < 80; ++u) {
      const auto row = data.row(u);
      for (std::size_t n = 0; n < row.size(); ++n) {
        right += (rows.row(u).dot(model.item_rows().row(row.indices[n])) > 0) == (row.value(n) > 0);
      }
    }
    CHECK(right > 0.7 * static_cast<double>(data.nonzeros()));
  }
}

TEST_CASE("logistic predictions are probabilities, and hinge separates the classes") {
  const auto data = two_classes(60, 30, 4);
  const auto probable = rk::biased_mf::fit(
      data, {.factors = 8, .epochs = 60, .regularization = 0.01, .loss = rk::sgd::loss::logistic});
  for (rk::index_t u = 0; u < 60; ++u) {
    for (rk::index_t i = 0; i < 30; ++i) {
      const float z = probable.score(u, i);
      CHECK(probable.predict(u, i) == Approx(1 / (1 + std::exp(-z))).margin(1e-6));
    }
  }
  CHECK(prediction_rmse(probable, data) < 0.35);
  const auto margin = rk::biased_mf::fit(
      data, {.factors = 8, .epochs = 60, .regularization = 0.01, .loss = rk::sgd::loss::hinge});
  CHECK(prediction_rmse(margin, data) < 0.35);
}

TEST_CASE("rows without ratings have factors and bias 0, and more factors than rows is fine") {
  const rk::csr_matrix<> data(3, 3, {0, 2, 2, 3}, {0, 1, 1}, {1, 5, 4});
  const auto model = rk::biased_mf::fit(data, {.factors = 40, .epochs = 3});
  CHECK(model.user_factors().row(1).isZero());
  CHECK(model.item_factors().row(2).isZero());
  CHECK(model.predict(1, 2) == Approx(10.0 / 3));
  CHECK(model.user_rows().allFinite());
  const rk::csr_matrix<> ones(2, 2, {0, 1, 2}, {0, 1});
  CHECK(rk::biased_mf::fit(ones, {.factors = 2}).predict(0, 1) == 1);
}

TEST_CASE("what cannot be fitted is refused with the reason") {
  const auto data = random_matrix(30, 20, 0.4, 10);
  const auto text = [&](const rk::csr_matrix<>& from, const rk::biased_mf::params& p) {
    return error_text<rk::value_error>([&] { rk::biased_mf::fit(from, p); });
  };
  CHECK_THAT(text(data, {.factors = 0}), ContainsSubstring("params.factors"));
  CHECK_THAT(text(data, {.epochs = 0}), ContainsSubstring("params.epochs"));
  CHECK_THAT(text(data, {.learning_rate = std::nan("")}),
             ContainsSubstring("params.learning_rate"));
  CHECK_THAT(text(data, {.regularization = -1}), ContainsSubstring("params.regularization"));
  CHECK_THAT(text(data, {.loss = rk::sgd::loss::hinge}),
             ContainsSubstring("two classes") && ContainsSubstring("hinge"));
  CHECK_THAT(text(rk::csr_matrix<>(2, 2, {0, 1, 2}, {0, 1}), {.loss = rk::sgd::loss::logistic}),
             ContainsSubstring("two different values"));
  CHECK_THAT(text(rk::csr_matrix<>(2, 2, {0, 0, 0}, {}), {}), ContainsSubstring("no rating"));
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::biased_mf::fit(wide, {.factors = 65536}), rk::memory_error);
}

TEST_CASE("a fit that diverges is an error that says what to lower") {
  const auto data = random_matrix(60, 40, 0.5, 11);
  CHECK_THAT(error_text<rk::error>([&] {
               rk::biased_mf::fit(data, {.learning_rate = 10,
                                         .learning_rate_decay = 1,
                                         .step_rule = rk::sgd::step_rule::decay});
             }),
             ContainsSubstring("diverged") && ContainsSubstring("params.learning_rate"));
}

TEST_CASE("a cancelled fit of biased_mf ends with cancelled_error") {
  const auto data = random_matrix(60, 40, 0.5, 12);
  std::stop_source source;
  source.request_stop();
  CHECK_THROWS_AS(rk::biased_mf::fit(data, {}, rk::cancel_on{source.get_token()}),
                  rk::cancelled_error);
}

TEST_CASE("hogwild on one thread descends too") {
  const auto data = random_matrix(60, 40, 0.5, 13);
  const auto few = rk::biased_mf::fit(rk::cpu{.threads = 1}, data,
                                      {.epochs = 1, .schedule = rk::sgd::schedule::hogwild});
  const auto many = rk::biased_mf::fit(rk::cpu{.threads = 1}, data,
                                       {.epochs = 20, .schedule = rk::sgd::schedule::hogwild});
  CHECK(prediction_rmse(many, data) < prediction_rmse(few, data));
}

TEST_CASE("ratings that factors made are predicted better than by biases alone") {
  const auto [train, test] = recokit_test::ratings_of_factors(400, 200, 3, 0.2, 14);
  const auto error_of = [&](const rk::biased_mf::params& p) {
    const auto model = rk::biased_mf::fit(train, p);
    return prediction_rmse(model, test);
  };
  const double with_factors = error_of({.factors = 8, .epochs = 30, .regularization = 0.02});
  const double biases_alone = error_of({.factors = 1, .init_stddev = 0});
  CHECK(with_factors < 0.5 * biases_alone);
}
