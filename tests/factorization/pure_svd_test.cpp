// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/thin_svd.hpp"
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/evaluation/scorer.hpp>
#include <recokit/factorization/pure_svd.hpp>

#include <cmath>
#include <numeric>
#include <stop_token>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::dense;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

// X V Vᵀ with the leading right vectors of X whose columns and rows are divided as params say.
Eigen::MatrixXd naive_scores(const Eigen::MatrixXd& x, const rk::pure_svd::params& p) {
  Eigen::MatrixXd scaled = x;
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    if (x.col(i).norm() > 0) scaled.col(i) *= std::pow(x.col(i).norm(), p.item_scaling - 1);
  }
  for (Eigen::Index u = 0; u < x.rows(); ++u) {
    if (x.row(u).norm() > 0) scaled.row(u) *= std::pow(x.row(u).norm(), p.user_scaling - 1);
  }
  const auto svd = rk::kernels::thin_svd(scaled);
  const Eigen::MatrixXd v = svd.v.leftCols(p.factors);
  return x * v * v.transpose();
}

// Three groups of items; a user takes items of one group.
rk::csr_matrix<> grouped(int users, int items, double density) {
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  for (int u = 0; u < users; ++u) {
    rk::random_stream random(5, rk::random_purpose::user, static_cast<std::uint64_t>(u));
    for (int i = u % 3; i < items; i += 3) {
      if (random.uniform() < density) indices.push_back(i);
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  return {users, items, std::move(offsets), std::move(indices)};
}

}  // namespace

TEST_CASE("scores of PureSVD are those of Jacobi's decomposition, scaled or not") {
  STATIC_REQUIRE(rk::scorer<rk::pure_svd::model>);
  STATIC_REQUIRE(rk::fold_in_recommender<rk::pure_svd::model>);
  const auto data = random_matrix(50, 30, 0.3, 1);
  const Eigen::MatrixXd x = dense(data.view());
  for (const auto& [item, user] : {std::pair{1.0, 1.0}, std::pair{0.4, 1.0}, std::pair{0.0, 0.5}}) {
    const rk::pure_svd::params p{.factors = 6,
                                 .item_scaling = item,
                                 .user_scaling = user,
                                 .oversampling = 15,
                                 .power_iterations = 40};
    const auto model = rk::pure_svd::fit(data, p);
    const Eigen::MatrixXf scores = model.user_rows() * model.item_rows().transpose();
    CHECK((scores.cast<double>() - naive_scores(x, p)).cwiseAbs().maxCoeff() < 2e-3);
    CHECK(model.singular_values().size() == 6);
  }
}

TEST_CASE("all factors rebuild the interactions, and further ones are zeros") {
  const auto data = random_matrix(12, 9, 0.5, 2);
  for (const int factors : {9, 40}) {
    const auto model = rk::pure_svd::fit(data, {.factors = factors});
    const Eigen::MatrixXf scores = model.user_rows() * model.item_rows().transpose();
    CHECK((scores.cast<double>() - dense(data.view())).cwiseAbs().maxCoeff() < 1e-4);
    CHECK(model.factors() == factors);
    if (factors == 40) {
      CHECK(model.item_rows().rightCols(31).isZero());
    }
  }
}

TEST_CASE("folding in gives the very rows of training, of items up to rounding") {
  const auto data = random_matrix(60, 40, 0.2, 3);
  const auto model = rk::pure_svd::fit(data, {.factors = 5, .power_iterations = 30});
  CHECK(model.fold_in(rk::cpu{}, data) == model.user_rows());
  const auto by_item = rk::transpose(rk::cpu{}, data.view());
  CHECK(model.fold_in_items(rk::cpu{}, by_item).isApprox(model.item_rows(), 1e-3f));
  const auto known = model.recommend(7, {.k = 5});
  const std::vector<rk::index_t> one{7};
  const auto lists = model.recommend_for(rk::gather_rows(data.view(), one), {.k = 5});
  REQUIRE(lists[0].size() == known.size());
  for (std::size_t n = 0; n < known.size(); ++n) CHECK(lists[0][n].item == known[n].item);
}

TEST_CASE("what interactions add to a score of PureSVD sums to it") {
  const auto data = random_matrix(30, 20, 0.4, 4);
  const auto model = rk::pure_svd::fit(data, {.factors = 5});
  for (rk::index_t u = 0; u < 30; ++u) {
    float sum = 0;
    for (const auto& share : model.explain(u, 3, 20)) sum += share.score;
    CHECK(sum == Approx(model.score(u, 3)).margin(1e-4));
  }
}

TEST_CASE("PureSVD finds the items of a user's group before popular ones") {
  const auto data = grouped(90, 60, 0.3);
  const auto model = rk::pure_svd::fit(data, {.factors = 3});
  for (rk::index_t u = 0; u < 90; ++u) {
    for (const auto& entry : model.recommend(u, {.k = 5})) CHECK(entry.item % 3 == u % 3);
  }
}

TEST_CASE("PureSVD has the same bits on any number of threads, and the seed matters") {
  const auto data = random_matrix(900, 300, 0.05, 5);
  const rk::pure_svd::params p{.factors = 8, .power_iterations = 1};
  const auto one = rk::pure_svd::fit(rk::cpu{.threads = 1}, data, p);
  for (const int threads : {2, 5}) {
    const auto many = rk::pure_svd::fit(rk::cpu{.threads = threads}, data, p);
    CHECK(many.user_rows() == one.user_rows());
    CHECK(many.item_rows() == one.item_rows());
  }
  rk::pure_svd::params other = p;
  other.seed = 7;
  CHECK(rk::pure_svd::fit(data, other).item_rows() != one.item_rows());
}

TEST_CASE("users and items without interactions get rows of zeros") {
  const rk::csr_matrix<> data(3, 3, {0, 1, 1, 2}, {0, 0}, {1, 1});
  const auto model = rk::pure_svd::fit(data, {.factors = 2, .item_scaling = 0});
  CHECK(model.user_rows().row(1).isZero());
  CHECK(std::abs(model.score(0, 2)) < 1e-6f);
  CHECK(model.score(0, 0) == Approx(1));
  const auto none = rk::pure_svd::fit(rk::csr_matrix<>(0, 3, {0}, {}));
  CHECK(none.items() == 3);
  const auto empty = rk::pure_svd::fit(rk::csr_matrix<>(2, 3, {0, 0, 0}, {}), {.factors = 2});
  CHECK(empty.user_rows().isZero());
}

TEST_CASE("what PureSVD cannot be fitted with is refused") {
  const auto data = random_matrix(10, 8, 0.5, 1);
  CHECK_THROWS_AS(rk::pure_svd::fit(data, {.factors = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::pure_svd::fit(data, {.item_scaling = std::nan("")}), rk::value_error);
  const auto model = rk::pure_svd::fit(data, {.factors = 3});
  CHECK_THAT(error_text<rk::value_error>(
                 [&] { rk::pure_svd::fit(data, {.factors = 3}, rk::warm_start{model}); }),
             ContainsSubstring("knows no epochs"));
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::pure_svd::fit(wide, {.factors = 65536}), rk::memory_error);
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(rk::pure_svd::fit(data, {}, rk::cancel_on{stop.get_token()}),
                  rk::cancelled_error);
  CHECK_THROWS_AS(model.fold_in(rk::cpu{}, random_matrix(3, 9, 0.5, 1)), rk::dimension_error);
}

TEST_CASE("PureSVD answers alike before and after a file") {
  const auto data = random_matrix(40, 30, 0.2, 6);
  const auto unseen = random_matrix(9, 30, 0.2, 2);
  const auto model = rk::pure_svd::fit(data, {.factors = 5, .item_scaling = 0.5});
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, unseen);
  CHECK(std::equal(loaded.singular_values().begin(), loaded.singular_values().end(),
                   model.singular_values().begin(), model.singular_values().end()));
  const auto by_item = rk::transpose(rk::cpu{}, data.view());
  CHECK(loaded.fold_in_items(rk::cpu{}, by_item) == model.fold_in_items(rk::cpu{}, by_item));
}
