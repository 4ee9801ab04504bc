// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/similarity.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/saved.hpp"

#include <recokit/evaluation/scorer.hpp>
#include <recokit/neighbors/user_knn.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::dense;
using recokit_test::random_matrix;

namespace {

double below_of(const Eigen::MatrixXd& similarity, const Eigen::MatrixXd& x, int user, int item) {
  return (x.col(item).array() != 0).select(similarity.row(user).transpose().cwiseAbs(), 0).sum();
}

}  // namespace

TEST_CASE("every measure between users is what a loop over the dense rows gives") {
  for (const auto& data : recokit_test::odd_matrices()) {
    const auto flipped = rk::transpose(rk::cpu{}, data.view());
    const recokit_test::dense_entries x(flipped.view());
    for (const auto& options : recokit_test::all_similarities()) {
      INFO(static_cast<int>(options.measure) << " on " << data.rows() << " x " << data.cols());
      const auto model =
          rk::user_knn::fit(data, recokit_test::with_similarity<rk::user_knn::params>(options));
      const recokit_test::dense_entries found(model.similarity().view());
      for (int u = 0; u < data.rows(); ++u) {
        for (int v = 0; v < data.rows(); ++v) {
          const double expected = recokit_test::naive_similarity(x, options, u, v);
          REQUIRE(found.stored(u, v) == (u != v && !std::isnan(expected) ? 1 : 0));
          if (found.stored(u, v) != 0) {
            REQUIRE(found.value(u, v) == Approx(expected).epsilon(1e-5).margin(1e-6));
          }
        }
      }
    }
  }
}

TEST_CASE("a score sums what the neighbours took, or is its mean") {
  STATIC_REQUIRE(rk::scorer<rk::user_knn::model>);
  const auto data = random_matrix(40, 25, 0.25, 21);
  const Eigen::MatrixXd x = dense(data.view());
  for (const bool normalize : {false, true}) {
    const auto model = rk::user_knn::fit(data, {.neighbors = 7, .normalize_scores = normalize});
    const Eigen::MatrixXd s = dense(model.similarity().view());
    const Eigen::MatrixXd sums = s * x;
    for (rk::index_t u = 0; u < 40; ++u) {
      std::vector<rk::index_t> items;
      std::vector<float> listed;
      for (const auto& entry : model.recommend(u, {.k = 25, .exclude_seen = false})) {
        const double below = normalize ? below_of(s, x, u, entry.item) : 1;
        REQUIRE(entry.score ==
                Approx(below > 0 ? sums(u, entry.item) / below : 0).epsilon(1e-4).margin(1e-6));
        items.push_back(entry.item);
        listed.push_back(entry.score);
      }
      CHECK(model.score(u, items) == listed);
    }
  }
}

TEST_CASE(
    "an unknown history finds its neighbours by the same measure, itself among them if known") {
  const auto data = random_matrix(40, 25, 0.25, 22);
  for (const auto& options : recokit_test::all_similarities()) {
    INFO(static_cast<int>(options.measure) << ", shrinkage " << options.shrinkage);
    const auto model = rk::user_knn::fit(
        data, recokit_test::with_similarity<rk::user_knn::params>(options, {.neighbors = 40}));
    const recokit_test::dense_entries known(model.similarity().view());
    const recokit_test::dense_entries found(model.neighbors_for(rk::cpu{}, data.view()).view());
    for (int u = 0; u < 40; ++u) {
      CHECK(found.stored(u, u) ==
            (static_cast<int>(data.row(u).size()) >= options.minimum_support ? 1 : 0));
      for (int v = 0; v < 40; ++v) {
        if (u == v) continue;
        REQUIRE(found.stored(u, v) == known.stored(u, v));
        REQUIRE(found.value(u, v) == known.value(u, v));
      }
    }
  }
}

TEST_CASE("a pattern meets values of an unknown history") {
  const auto data = random_matrix(40, 25, 0.25, 23, 1);
  const auto model = rk::user_knn::fit(data);
  const rk::csr_matrix<> history(1, 25, {0, 2}, {3, 8}, {1, 3});
  const Eigen::MatrixXd x = dense(data.view());
  const Eigen::VectorXd h = dense(history.view()).row(0).transpose();
  const auto row = model.neighbors_for(rk::cpu{}, history.view());
  REQUIRE(row.nonzeros() > 0);
  for (std::size_t n = 0; n < row.row(0).size(); ++n) {
    const auto v = row.row(0).indices[n];
    CHECK(row.row(0).values[n] == Approx(x.row(v).dot(h) / (x.row(v).norm() * h.norm())));
  }
  const auto lists = model.recommend_for(history, {.k = 25});
  for (const auto& entry : lists[0]) {
    CHECK(entry.item != 3);
    CHECK(entry.item != 8);
  }
}

TEST_CASE("neighbours and the user's own items explain a score") {
  const auto data = random_matrix(40, 25, 0.3, 24);
  for (const bool normalize : {false, true}) {
    const auto model = rk::user_knn::fit(data, {.neighbors = 9, .normalize_scores = normalize});
    for (rk::index_t u = 0; u < 10; ++u) {
      for (const auto& entry : model.recommend(u, {.k = 4})) {
        double by_users = 0, by_items = 0;
        for (const auto& each : model.supporting_users(u, entry.item, 40)) {
          const auto row = data.row(each.item).indices;
          CHECK(std::binary_search(row.begin(), row.end(), entry.item));
          by_users += static_cast<double>(each.score);
        }
        for (const auto& each : model.explain(u, entry.item, 25)) {
          const auto row = data.row(u).indices;
          CHECK(std::binary_search(row.begin(), row.end(), each.item));
          by_items += static_cast<double>(each.score);
        }
        CHECK(by_users == Approx(entry.score).epsilon(1e-5));
        CHECK(by_items == Approx(entry.score).epsilon(1e-5));
      }
    }
    CHECK_THROWS_AS(model.explain(40, 0), rk::value_error);
    CHECK_THROWS_AS(model.supporting_users(0, 25), rk::value_error);
    CHECK_THROWS_AS(model.explain(0, 0, 0), rk::value_error);
  }
  const auto model = rk::user_knn::fit(data);
  const rk::index_t one[] = {5};
  const auto history = rk::gather_rows(data.view(), one);
  const auto best = model.recommend_for(history, {.k = 1})[0][0];
  double sum = 0;
  for (const auto& each : model.explain_for(history, best.item, 25)) {
    sum += static_cast<double>(each.score);
  }
  CHECK(sum == Approx(best.score).epsilon(1e-5));
}

TEST_CASE("a saved user_knn comes back with its bits, fold-in included") {
  const auto data = random_matrix(40, 25, 0.25, 25);
  for (const auto weighting : {rk::similarity_weighting::none, rk::similarity_weighting::tf_idf,
                               rk::similarity_weighting::bm25}) {
    for (const auto measure :
         {rk::similarity_measure::cosine, rk::similarity_measure::adjusted_cosine}) {
      const auto model = rk::user_knn::fit(data, {.measure = measure, .weighting = weighting});
      const auto again = recokit_test::saved_and_loaded(model);
      CHECK(again.settings() == model.settings());
      CHECK(again.recommend(2) == model.recommend(2));
      const auto a = again.neighbors_for(rk::cpu{}, data.view());
      const auto b = model.neighbors_for(rk::cpu{}, data.view());
      CHECK(std::ranges::equal(a.view().values(), b.view().values()));
      CHECK(std::ranges::equal(a.view().indices(), b.view().indices()));
    }
  }
  const auto model = rk::user_knn::fit(data);
  CHECK_THROWS_AS(recokit_test::saved_and_loaded(model, {.history = false}), rk::value_error);
}

TEST_CASE("like users and items are listed best first") {
  const auto data = random_matrix(40, 25, 0.25, 26);
  const auto model = rk::user_knn::fit(data);
  const Eigen::MatrixXd x = dense(data.view());
  const auto users = model.similar_users(1, 5);
  CHECK(std::is_sorted(users.begin(), users.end(), rk::by_rank{}));
  for (const auto& entry : model.similar_items(2, 25)) {
    CHECK(entry.item != 2);
    CHECK(entry.score ==
          Approx(x.col(2).dot(x.col(entry.item)) / (x.col(2).norm() * x.col(entry.item).norm())));
  }
  CHECK_THROWS_AS(model.similar_users(40), rk::value_error);
  CHECK_THROWS_AS(model.similar_items(25), rk::value_error);
  CHECK_THROWS_AS(model.similar_items(0, 0), rk::value_error);
}
