// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/pairwise.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/factorization/logistic.hpp>

namespace rk = recokit;
using recokit_test::block_data;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

TEST_CASE("an epoch of logistic factorization is an Adagrad step of users, then of items") {
  // Without negatives nothing is drawn, and the reference can be exact.
  const auto data = random_matrix(20, 15, 0.3, 1);
  rk::logistic::params p{.factors = 3,
                         .epochs = 1,
                         .confidence = 0.5,
                         .neg_ratio = 0,
                         .learning_rate = 0.2,
                         .regularization = 0.3};
  const auto found = rk::logistic::fit(data, p);
  p.learning_rate = 1e-9;
  const auto first = rk::logistic::fit(data, p);
  Eigen::MatrixXd users = first.user_rows().cast<double>();
  Eigen::MatrixXd items = first.item_rows().cast<double>();
  const Eigen::MatrixXd values = recokit_test::dense(data.view());
  const auto step = [&](Eigen::MatrixXd& moving, const Eigen::MatrixXd& fixed,
                        const Eigen::MatrixXd& x, int one) {
    for (int r = 0; r < moving.rows(); ++r) {
      Eigen::RowVectorXd gradient = -0.3 * moving.row(r);
      for (int c = 0; c < fixed.rows(); ++c) {
        if (x(r, c) == 0) continue;
        gradient += 0.5 * x(r, c) * sigmoid(-moving.row(r).dot(fixed.row(c))) * fixed.row(c);
      }
      if (one == 4 && (x.row(r).array() != 0).count() == 0) continue;  // users without items
      gradient[one] = 0;
      moving.row(r).array() += 0.2 * gradient.array() / (1 + gradient.array().square()).sqrt();
    }
  };
  step(users, items, values, 4);
  step(items, users, values.transpose(), 3);
  CHECK(found.user_rows().cast<double>().isApprox(users, 1e-5));
  CHECK(found.item_rows().cast<double>().isApprox(items, 1e-5));
  CHECK(found.user_rows().col(4).isOnes());
  CHECK(found.item_rows().col(3).isOnes());
}

TEST_CASE("negatives pull the scores of unseen items down, to the odds of a draw") {
  // All users have the same items: the model can only learn how often they are drawn.
  std::vector<std::vector<rk::index_t>> rows(200, {0, 1, 2, 3});
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  for (const auto& row : rows) {
    indices.insert(indices.end(), row.begin(), row.end());
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  const rk::csr_matrix<> data(200, 24, std::move(offsets), std::move(indices));
  const auto model = rk::logistic::fit(
      data, {.factors = 2, .epochs = 200, .neg_ratio = 5, .regularization = 0.01});
  for (rk::index_t u = 0; u < 200; u += 20) {
    CHECK(model.score(u, 2) > 1.5f);
    CHECK(model.score(u, 12) < -1.5f);
  }
}

TEST_CASE(
    "logistic factors have the same bits for any number of threads, and the seed decides them") {
  const auto data = random_matrix(400, 300, 0.1, 2);
  rk::logistic::params p{.factors = 12, .epochs = 3};
  const auto one = rk::logistic::fit(rk::cpu{.threads = 1}, data, p);
  for (const int threads : {2, 5}) {
    const auto many = rk::logistic::fit(rk::cpu{.threads = threads}, data, p);
    CHECK(many.user_rows() == one.user_rows());
    CHECK(many.item_rows() == one.item_rows());
    CHECK(many.user_squares() == one.user_squares());
  }
  p.seed = 5;
  CHECK(rk::logistic::fit(data, p).user_rows() != one.user_rows());
}

TEST_CASE("a resumed logistic fit has the bits of one never interrupted, through a file too") {
  const auto data = random_matrix(100, 80, 0.1, 5);
  rk::logistic::params p{.factors = 9, .epochs = 6};
  const auto whole = rk::logistic::fit(data, p);
  p.epochs = 2;
  const auto half = recokit_test::saved_and_loaded(rk::logistic::fit(data, p));
  p.epochs = 6;
  const auto resumed = rk::logistic::fit(rk::cpu{.threads = 2}, data, p, rk::resume{half});
  CHECK(resumed.user_rows() == whole.user_rows());
  CHECK(resumed.item_rows() == whole.item_rows());
  CHECK(resumed.item_squares() == whole.item_squares());
}

TEST_CASE("logistic factorization ranks the items of a user's group first, folded in too") {
  const auto [train, test] = block_data(300, 120, 4);
  const double popular = recokit_test::hits(rk::popularity::fit(train), test, 10);
  for (const bool biases : {true, false}) {
    const auto model = rk::logistic::fit(train, {.factors = 8, .epochs = 60, .biases = biases});
    const double trained = recokit_test::hits(model, test, 10);
    CHECK(trained > 2 * popular);
    CHECK(recokit_test::hits(recokit_test::histories_of(model, train), test, 10) > 0.8 * trained);
    CHECK(model.user_biases().isZero() == !biases);
    CHECK(model.item_biases().isZero() == !biases);
    const auto folded = model.fold_in(rk::cpu{}, train);
    const std::vector<rk::index_t> one{17};
    CHECK(model.fold_in(rk::cpu{}, rk::gather_rows(train.view(), one)).row(0) == folded.row(17));
    const auto by_item = rk::transpose(rk::cpu{}, train.view());
    const std::vector<rk::index_t> some{3, 50, 99};
    const auto changed =
        model.partial_fit_items(rk::cpu{}, some, rk::gather_rows(by_item.view(), some));
    CHECK(recokit_test::hits(changed, test, 10) > 0.8 * trained);
  }
}

TEST_CASE("logistic factorization copes with empty rows, full rows and no data") {
  const rk::csr_matrix<> data(4, 3, {0, 1, 1, 4, 5}, {0, 0, 1, 2, 2}, {1, 1, 1, 1, 1});
  const auto model = rk::logistic::fit(data, {.factors = 40, .epochs = 3, .keep_history = false});
  CHECK(model.user_rows().allFinite());
  CHECK(model.fold_in(rk::cpu{}, data).row(1).head(41).isZero());
  CHECK(model.fold_in_items(rk::cpu{}, rk::transpose(rk::cpu{}, data.view())).allFinite());
  const rk::csr_matrix<> none(2, 2, {0, 0, 0}, {}, {});
  CHECK(rk::logistic::fit(none, {.factors = 2, .epochs = 2}).user_rows().allFinite());
}

TEST_CASE("logistic factorization refuses bad input and says what to do") {
  const auto data = random_matrix(60, 40, 0.2, 7);
  const rk::csr_matrix<> negative(1, 2, {0, 2}, {0, 1}, {1, -3});
  CHECK_THAT(error_text<rk::value_error>([&] { rk::logistic::fit(negative); }),
             ContainsSubstring("-3") && ContainsSubstring("as a positive"));
  CHECK_THROWS_AS(rk::logistic::fit(data, {.neg_ratio = -1}), rk::value_error);
  const rk::csr_matrix<> huge(2, 2, {0, 1, 2}, {0, 1}, {1e30f, 1});
  CHECK_THAT(error_text<rk::error>([&] { rk::logistic::fit(huge, {.epochs = 3}); }),
             ContainsSubstring("diverged") && ContainsSubstring("learning_rate"));
}

TEST_CASE("logistic factorization answers alike before and after a file") {
  const auto data = random_matrix(40, 30, 0.2, 1);
  const auto unseen = random_matrix(9, 30, 0.2, 2);
  const auto model = rk::logistic::fit(data, {.factors = 5, .epochs = 2});
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, unseen);
  CHECK(model.user_squares() == loaded.user_squares());
}

TEST_CASE("a logistic model that no machine holds is refused before memory is taken") {
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::logistic::fit(wide, {.factors = 65536}), rk::memory_error);
}
