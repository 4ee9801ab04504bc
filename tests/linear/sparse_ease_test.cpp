// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/ease.hpp"
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/linear/sparse_ease.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stop_token>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::dense;
using recokit_test::ease_column;
using recokit_test::ease_weights;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

/// The other items with the largest |cosine| to j that share a user with it, ascending.
std::vector<int> nearest(const rk::csr_view<>& data, int j, int most) {
  const Eigen::MatrixXd x = dense(data);
  std::vector<int> others;
  std::vector<double> cosine(static_cast<std::size_t>(x.cols()));
  for (int i = 0; i < x.cols(); ++i) {
    const bool share = (x.col(i).array() * x.col(j).array() != 0).any();
    if (i == j || !share) continue;
    others.push_back(i);
    cosine[static_cast<std::size_t>(i)] =
        static_cast<float>(std::abs(x.col(i).dot(x.col(j))) / (x.col(i).norm() * x.col(j).norm()));
  }
  std::stable_sort(others.begin(), others.end(), [&](int a, int b) {
    return cosine[static_cast<std::size_t>(a)] > cosine[static_cast<std::size_t>(b)];
  });
  if (others.size() > static_cast<std::size_t>(most)) others.resize(static_cast<std::size_t>(most));
  std::sort(others.begin(), others.end());
  return others;
}

}  // namespace

TEST_CASE("sparse EASE solves ridge regression on the nearest items of each item") {
  const auto valued = random_matrix(90, 40, 0.2, 1);
  const rk::csr_matrix<> counted(valued.view().pattern(), valued.owner());
  for (const auto& data : {valued, counted}) {
    const Eigen::MatrixXd x = dense(data.view());
    for (const int neighbors : {1, 7, 20}) {
      for (const double dropout : {0.0, 0.3}) {
        const auto model = rk::sparse_ease::fit(
            data, {.regularization = 4, .neighbors = neighbors, .dropout = dropout});
        const Eigen::MatrixXd found = dense(model.weights().view());
        for (int j = 0; j < 40; ++j) {
          const auto support = nearest(data.view(), j, neighbors);
          Eigen::VectorXd expected = Eigen::VectorXd::Zero(40);
          if (!support.empty()) {
            const Eigen::VectorXd column = ease_column(x, 4, dropout, j, support);
            for (std::size_t n = 0; n < support.size(); ++n) {
              expected[support[n]] = column[static_cast<Eigen::Index>(n)];
            }
          }
          REQUIRE((found.col(j) - expected).cwiseAbs().maxCoeff() < 2e-5);
        }
      }
    }
  }
}

TEST_CASE("sparse EASE with all neighbours is EASE") {
  for (const int items : {1, 2, 60}) {
    const auto data = random_matrix(80, items, 0.2, 2);
    for (const double dropout : {0.0, 0.5}) {
      const Eigen::MatrixXd expected = ease_weights(dense(data.view()), 10, dropout);
      const auto model = rk::sparse_ease::fit_as<double>(
          data, {.regularization = 10, .neighbors = std::max(items - 1, 1), .dropout = dropout});
      REQUIRE(model.items() == items);
      REQUIRE((dense(model.weights().view()) - expected).cwiseAbs().maxCoeff() < 1e-6);
    }
  }
}

TEST_CASE("negative values count by their size among the neighbours of sparse EASE") {
  // Item 1 is the opposite of item 0, item 2 loosely like it.
  const rk::csr_matrix<> data(3, 3, {0, 3, 6, 8}, {0, 1, 2, 0, 1, 2, 0, 1},
                              {2, -2, 1, 1, -1, -0.5f, 1, -1});
  const auto model = rk::sparse_ease::fit(data, {.regularization = 1, .neighbors = 1});
  const auto row = model.weights().row(1);
  REQUIRE(row.size() >= 1);
  CHECK(row.indices[0] == 0);
  CHECK(row.values[0] == Approx(-6.0 / 7));
}

TEST_CASE("sparse EASE gives the same bits for any number of threads") {
  const auto data = random_matrix(400, 300, 0.08, 3);
  const rk::sparse_ease::params params{.regularization = 20, .neighbors = 50};
  const auto one = rk::sparse_ease::fit(rk::cpu{.threads = 1}, data, params);
  const auto many = rk::sparse_ease::fit(rk::cpu{.threads = 4}, data, params);
  const auto a = one.weights().view();
  const auto b = many.weights().view();
  CHECK(std::equal(a.indices().begin(), a.indices().end(), b.indices().begin(), b.indices().end()));
  CHECK(std::equal(a.values().begin(), a.values().end(), b.values().begin(), b.values().end()));
}

TEST_CASE("sparse EASE folds in, explains and ranks as item models do") {
  const auto data = random_matrix(50, 30, 0.3, 4);
  const auto model = rk::sparse_ease::fit(data, {.regularization = 5, .neighbors = 8});
  const auto folded = model.recommend_for(data, {.k = 5});
  for (rk::index_t u = 0; u < 50; ++u) {
    const auto known = model.recommend(u, {.k = 5});
    const auto list = folded[static_cast<std::size_t>(u)];
    REQUIRE(std::equal(list.begin(), list.end(), known.begin(), known.end()));
    for (rk::index_t i = 0; i < 30; ++i) {
      double sum = 0;
      for (const auto& share : model.explain(u, i, 100)) sum += share.score;
      REQUIRE(sum == Approx(model.score(u, std::span(&i, 1))[0]).margin(1e-4));
    }
  }
}

TEST_CASE("sparse EASE refuses what it cannot fit by name") {
  const auto data = random_matrix(20, 10, 0.3, 5);
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(error_text<rk::value_error>([&] {
            rk::sparse_ease::fit(data, {.regularization = bad});
          }).find("params.regularization = ") == 0);
  }
  CHECK(error_text<rk::value_error>([&] {
          rk::sparse_ease::fit(data, {.neighbors = 0});
        }).find("params.neighbors = 0") == 0);
  const rk::csr_matrix<> large(1, 3, {0, 3}, {0, 1, 2}, {1e6f, 1e6f, 1e6f});
  CHECK(error_text<rk::error>([&] {
          rk::sparse_ease::fit(large, {.regularization = 1e-3});
        }).find("not positive definite") != std::string::npos);
  std::stop_source source;
  source.request_stop();
  CHECK_THROWS_AS(rk::sparse_ease::fit(data, {}, rk::cancel_on{source.get_token()}),
                  rk::cancelled_error);
}

TEST_CASE("no users or no items make a sparse EASE model that knows nothing") {
  const auto no_users = rk::sparse_ease::fit(rk::csr_matrix<>(0, 3, {0}, {}), {.neighbors = 1});
  CHECK(no_users.weights().nonzeros() == 0);
  const auto no_items = rk::sparse_ease::fit(rk::csr_matrix<>(2, 0, {0, 0, 0}, {}));
  CHECK(no_items.items() == 0);
}

TEST_CASE("sparse EASE comes back from a file as it was") {
  const auto data = random_matrix(40, 30, 0.2, 6);
  const auto model = rk::sparse_ease::fit(data, {.regularization = 5, .neighbors = 8});
  recokit_test::check_same_answers(model, recokit_test::saved_and_loaded(model), data);
}
