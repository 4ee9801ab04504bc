// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/evaluation/scorer.hpp>
#include <recokit/neighbors/item_knn.hpp>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::dense;
using recokit_test::random_matrix;

TEST_CASE("similarities are cosines of the columns, shrunk") {
  const auto data = random_matrix(50, 20, 0.3, 1);
  const Eigen::MatrixXd x = dense(data.view());
  for (const double shrinkage : {0.0, 10.0}) {
    const auto model = rk::item_knn::fit(data, {.neighbors = 20, .shrinkage = shrinkage});
    const Eigen::MatrixXd found = dense(model.weights().view());
    for (int i = 0; i < 20; ++i) {
      for (int j = 0; j < 20; ++j) {
        const double dot = x.col(i).dot(x.col(j));
        const double expected =
            i == j || dot == 0 ? 0 : dot / (x.col(i).norm() * x.col(j).norm() + shrinkage);
        REQUIRE(found(i, j) == Approx(expected).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("an item is never its own neighbour and neighbours come best first") {
  const auto data = random_matrix(50, 20, 0.4, 2);
  const auto model = rk::item_knn::fit(data, {.neighbors = 7});
  for (rk::index_t i = 0; i < 20; ++i) {
    const auto similar = model.similar_items(i, 5);
    CHECK(similar.size() <= 5);
    CHECK(std::is_sorted(similar.begin(), similar.end(), rk::ranks_before<float, rk::index_t>));
    for (const auto& entry : similar) CHECK(entry.item != i);
    CHECK(model.weights().row(i).size() <= 7);
  }
  CHECK_THROWS_AS(model.similar_items(20), rk::value_error);
  CHECK_THROWS_AS(model.similar_items(0, 0), rk::value_error);
}

TEST_CASE("a score is the sum of similarities to the history, weighted with its values") {
  const auto data = random_matrix(50, 20, 0.3, 3);
  const auto model = rk::item_knn::fit(data, {.neighbors = 20});
  const Eigen::MatrixXd expected = dense(data.view()) * dense(model.weights().view());
  for (rk::index_t u = 0; u < 50; ++u) {
    for (const auto& entry : model.recommend(u, {.k = 20, .exclude_seen = false})) {
      REQUIRE(entry.score == Approx(expected(u, entry.item)).epsilon(1e-4));
    }
  }
}

TEST_CASE("a user's own history gives the same list as the user's index") {
  const auto data = random_matrix(50, 20, 0.3, 4);
  const auto model = rk::item_knn::fit(data);
  const auto lists = model.recommend_for(data, {.k = 5});
  for (rk::index_t u = 0; u < 50; ++u) {
    const auto known = model.recommend(u, {.k = 5});
    const auto list = lists[static_cast<std::size_t>(u)];
    CHECK(std::equal(known.begin(), known.end(), list.begin(), list.end()));
  }
}

TEST_CASE("interactions without values count as 1") {
  const auto data = random_matrix(50, 20, 0.3, 5, 1);
  const auto valued = rk::item_knn::fit(data);
  const auto pattern = rk::item_knn::fit(data.view().pattern());
  CHECK(dense(valued.weights().view()) == dense(pattern.weights().view()));
}

TEST_CASE("any scalar and index type gives the same neighbours") {
  const auto narrow = random_matrix<float, std::int32_t, std::int32_t>(50, 20, 0.3, 6);
  const auto wide = random_matrix<double, std::int64_t, std::int64_t>(50, 20, 0.3, 6);
  const auto a = rk::item_knn::fit(narrow.view());
  const auto b = rk::item_knn::fit(wide.view());
  CHECK(dense(a.weights().view()).isApprox(dense(b.weights().view()), 1e-6));
}

TEST_CASE("scores have the bits of those in the lists, and unreached items score 0") {
  STATIC_REQUIRE(rk::scorer<rk::item_knn::model>);
  const auto data = random_matrix(50, 20, 0.3, 7);
  const auto model = rk::item_knn::fit(data, {.neighbors = 4});
  bool unreached = false;
  for (rk::index_t u = 0; u < 50; ++u) {
    const auto list = model.recommend(u, {.k = 20, .exclude_seen = false});
    REQUIRE(list.size() == 20);
    std::vector<rk::index_t> items;
    std::vector<float> expected;
    for (const auto& entry : list) {
      items.push_back(entry.item);
      expected.push_back(entry.score);
      unreached |= entry.score == 0;
    }
    CHECK(model.score(u, items) == expected);
  }
  CHECK(unreached);
}

TEST_CASE("without its history a model cannot score by user") {
  const auto model = rk::item_knn::fit(random_matrix(5, 5, 0.5, 1), {.keep_history = false});
  CHECK_THAT(recokit_test::error_text<rk::value_error>(
                 [&] { model.score(0, std::vector<rk::index_t>{1}); }),
             recokit_test::ContainsSubstring("params.keep_history = false"));
}

TEST_CASE("params out of range are refused") {
  const auto data = random_matrix(5, 5, 0.5, 1);
  CHECK_THROWS_AS(rk::item_knn::fit(data, {.neighbors = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::item_knn::fit(data, {.shrinkage = -1}), rk::value_error);
}
