// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/elastic_net.hpp"
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/linear/slim.hpp>

#include <Eigen/Cholesky>

#include <stop_token>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::dense;
using recokit_test::elastic_net_objective;
using recokit_test::naive_elastic_net;
using recokit_test::random_matrix;

namespace {

constexpr auto both_solvers = {rk::slim::solver::gram, rk::slim::solver::residual};
constexpr auto all = [](Eigen::Index) { return true; };

// The matrix with every second value made negative.
rk::csr_matrix<> with_negatives(const rk::csr_matrix<>& from) {
  std::vector<float> values(from.view().values().begin(), from.view().values().end());
  for (std::size_t n = 0; n < values.size(); n += 2) values[n] = -values[n];
  return {from.rows(),
          from.cols(),
          {from.view().offsets().begin(), from.view().offsets().end()},
          {from.view().indices().begin(), from.view().indices().end()},
          values};
}

void check_against_naive(const rk::csr_matrix<>& data, const rk::slim::params& params) {
  const Eigen::MatrixXd x = dense(data.view());
  const Eigen::MatrixXd found = dense(rk::slim::fit(data, params).weights().view());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const recokit_test::elastic_net net{params.l1, params.l2, params.non_negative};
    const Eigen::VectorXd expected = naive_elastic_net(x, j, net, all);
    REQUIRE(found(j, j) == 0);
    REQUIRE((found.col(j) - expected).lpNorm<Eigen::Infinity>() < 2e-5);
    REQUIRE(elastic_net_objective(x, j, found.col(j), net) <=
            elastic_net_objective(x, j, expected, net) + 1e-7 * (1 + x.col(j).squaredNorm()));
  }
}

}  // namespace

TEST_CASE("the weights of slim minimise the elastic net of every item") {
  const auto binary = random_matrix(60, 30, 0.3, 1, 1);
  const auto graded = random_matrix(60, 30, 0.3, 2);
  for (const auto solver : both_solvers) {
    for (const auto& data : {binary, graded, with_negatives(graded)}) {
      for (const bool non_negative : {true, false}) {
        for (const auto& [l1, l2] :
             {std::pair{0.5, 3.0}, std::pair{4.0, 0.5}, std::pair{0.0, 2.0}}) {
          check_against_naive(data, {.l1 = l1,
                                     .l2 = l2,
                                     .non_negative = non_negative,
                                     .tolerance = 1e-11,
                                     .solver = solver});
        }
      }
    }
  }
}

TEST_CASE("a lasso without a ridge reaches the minimum too") {
  const auto data = random_matrix(80, 12, 0.4, 3);
  for (const auto solver : both_solvers) {
    check_against_naive(data, {.l1 = 2, .l2 = 0, .tolerance = 1e-9, .solver = solver});
    check_against_naive(
        data, {.l1 = 2, .l2 = 0, .non_negative = false, .tolerance = 1e-9, .solver = solver});
  }
}

TEST_CASE("the conditions of the minimum hold at the weights of slim") {
  const auto data = random_matrix(400, 300, 0.1, 4);
  const Eigen::MatrixXd x = dense(data.view());
  for (const auto solver : both_solvers) {
    const rk::slim::params params{.l1 = 3, .l2 = 10, .tolerance = 1e-10, .solver = solver};
    const Eigen::MatrixXd w = dense(rk::slim::fit(data, params).weights().view());
    const Eigen::MatrixXd gradient = x.transpose() * (x - x * w) - params.l2 * w;
    int used = 0;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const double slack = 2e-3 * (1 + x.col(j).norm());
      for (Eigen::Index k = 0; k < x.cols(); ++k) {
        if (k == j) continue;
        REQUIRE(w(k, j) >= 0);
        REQUIRE(gradient(k, j) <= params.l1 + slack);
        if (w(k, j) > 0) REQUIRE(gradient(k, j) >= params.l1 - slack);
        used += w(k, j) > 0 ? 1 : 0;
      }
    }
    CHECK(used > 1000);
  }
}

TEST_CASE("a tolerance bounds what the objective is above its minimum") {
  const auto data = random_matrix(200, 80, 0.2, 5, 1);
  const Eigen::MatrixXd x = dense(data.view());
  const recokit_test::elastic_net net{1, 5, true};
  for (const auto solver : both_solvers) {
    for (const double tolerance : {1e-2, 1e-4}) {
      const Eigen::MatrixXd found =
          dense(rk::slim::fit(data, {.l1 = 1, .l2 = 5, .tolerance = tolerance, .solver = solver})
                    .weights()
                    .view());
      for (Eigen::Index j = 0; j < x.cols(); j += 7) {
        const double least = elastic_net_objective(x, j, naive_elastic_net(x, j, net, all), net);
        REQUIRE(elastic_net_objective(x, j, found.col(j), net) <=
                least + tolerance * x.col(j).squaredNorm() + 1e-9);
      }
    }
  }
}

TEST_CASE("without l1 and signs slim is ridge regression on the other items") {
  const auto data = random_matrix(60, 15, 0.4, 6);
  const Eigen::MatrixXd x = dense(data.view());
  for (const auto solver : both_solvers) {
    const Eigen::MatrixXd found = dense(
        rk::slim::fit(
            data, {.l1 = 0, .l2 = 4, .non_negative = false, .tolerance = 1e-12, .solver = solver})
            .weights()
            .view());
    for (Eigen::Index j = 0; j < 15; ++j) {
      Eigen::MatrixXd others = x;
      others.col(j).setZero();
      const Eigen::VectorXd expected =
          (others.transpose() * others + 4 * Eigen::MatrixXd::Identity(15, 15))
              .llt()
              .solve(others.transpose() * x.col(j));
      CHECK((found.col(j) - expected).lpNorm<Eigen::Infinity>() < 1e-5);
    }
  }
}

TEST_CASE("an item that shares no user with another can still weigh on it when signs are free") {
  // Items 0 and 2 never meet; 1 meets both, so 2 corrects what 1 gives to 0.
  const rk::csr_matrix<> data(4, 3, {0, 2, 4, 5, 6}, {0, 1, 1, 2, 0, 2});
  for (const auto solver : both_solvers) {
    const auto free = rk::slim::fit(
        data, {.l1 = 0.01, .l2 = 0.1, .non_negative = false, .tolerance = 1e-9, .solver = solver});
    CHECK(dense(free.weights().view())(2, 0) < -0.01);
    const auto positive = rk::slim::fit(data, {.l1 = 0.01, .l2 = 0.1, .solver = solver});
    CHECK(dense(positive.weights().view())(2, 0) == 0);
  }
}

TEST_CASE("a large l1 leaves no weights") {
  const auto data = random_matrix(50, 20, 0.3, 7);
  for (const auto solver : both_solvers) {
    for (const bool non_negative : {true, false}) {
      const auto model =
          rk::slim::fit(data, {.l1 = 1e6, .non_negative = non_negative, .solver = solver});
      CHECK(model.weights().nonzeros() == 0);
      CHECK(model.items() == 20);
    }
  }
}

TEST_CASE("slim takes matrices of nothing, of one item and of equal rows") {
  for (const auto solver : both_solvers) {
    const rk::slim::params params{.l1 = 0.1, .l2 = 1, .tolerance = 1e-10, .solver = solver};
    CHECK(rk::slim::fit(rk::csr_matrix<>(0, 0, {0}, {}), params).items() == 0);
    CHECK(rk::slim::fit(rk::csr_matrix<>(3, 4, {0, 0, 0, 0}, {}), params).weights().nonzeros() ==
          0);
    CHECK(rk::slim::fit(rk::csr_matrix<>(2, 1, {0, 1, 2}, {0, 0}), params).weights().nonzeros() ==
          0);
    check_against_naive(rk::csr_matrix<>(3, 3, {0, 3, 6, 9}, {0, 1, 2, 0, 1, 2, 0, 1, 2},
                                         std::vector<float>(9, 2.0F)),
                        params);
    // Stored zeros are no interactions.
    check_against_naive(rk::csr_matrix<>(2, 3, {0, 3, 5}, {0, 1, 2, 0, 1}, {0, 1, 1, 2, 0}),
                        params);
    const rk::slim::params no_penalty{.l1 = 0, .l2 = 0, .epochs = 50, .solver = solver};
    CHECK(rk::slim::fit(random_matrix(20, 8, 0.5, 1), no_penalty).items() == 8);
  }
}

TEST_CASE("values count, and interactions without values count as 1") {
  const auto data = random_matrix(50, 20, 0.3, 8, 1);
  const auto pattern = data.view().pattern();
  for (const auto solver : both_solvers) {
    const rk::slim::params params{.l1 = 0.5, .l2 = 3, .solver = solver};
    CHECK(dense(rk::slim::fit(data, params).weights().view()) ==
          dense(rk::slim::fit(pattern, params).weights().view()));
  }
}

TEST_CASE("fs-slim lets only the nearest items by cosine explain one") {
  const auto data = random_matrix(60, 25, 0.3, 9);
  const Eigen::MatrixXd x = dense(data.view());
  const recokit_test::elastic_net net{0.5, 3, true};
  for (const auto solver : both_solvers) {
    const rk::slim::params params{
        .l1 = 0.5, .l2 = 3, .neighbors = 6, .tolerance = 1e-11, .solver = solver};
    const Eigen::MatrixXd found = dense(rk::slim::fit(data, params).weights().view());
    for (Eigen::Index j = 0; j < 25; ++j) {
      std::vector<std::pair<double, Eigen::Index>> order;
      for (Eigen::Index k = 0; k < 25; ++k) {
        const double below = x.col(j).norm() * x.col(k).norm();
        if (k != j && below > 0) order.push_back({-x.col(j).dot(x.col(k)) / below, k});
      }
      std::sort(order.begin(), order.end());
      order.resize(std::min<std::size_t>(order.size(), 6));
      const auto near = [&](Eigen::Index k) {
        return std::any_of(order.begin(), order.end(),
                           [&](const auto& o) { return o.second == k; });
      };
      const Eigen::VectorXd expected = naive_elastic_net(x, j, net, near);
      CHECK((found.col(j) - expected).lpNorm<Eigen::Infinity>() < 2e-5);
    }
  }
}

TEST_CASE("fs-slim with all other items as neighbours is slim") {
  for (const bool non_negative : {true, false}) {
    const auto data = random_matrix(60, 25, 0.1, 10);
    const rk::slim::params params{.l1 = 0.2, .l2 = 1, .non_negative = non_negative};
    auto selecting = params;
    selecting.neighbors = 24;
    CHECK(dense(rk::slim::fit(data, params).weights().view()) ==
          dense(rk::slim::fit(data, selecting).weights().view()));
  }
}

TEST_CASE("top_k keeps the largest weights of every item") {
  const auto data = with_negatives(random_matrix(60, 25, 0.3, 11));
  const rk::slim::params params{.l1 = 0.5, .l2 = 3, .non_negative = false};
  auto few = params;
  few.top_k = 4;
  const Eigen::MatrixXd full = dense(rk::slim::fit(data, params).weights().view());
  const Eigen::MatrixXd kept = dense(rk::slim::fit(data, few).weights().view());
  for (Eigen::Index j = 0; j < 25; ++j) {
    std::vector<double> sizes;
    for (Eigen::Index k = 0; k < 25; ++k) sizes.push_back(std::abs(full(k, j)));
    std::sort(sizes.begin(), sizes.end(), std::greater<>{});
    for (Eigen::Index k = 0; k < 25; ++k) {
      CHECK(kept(k, j) == (std::abs(full(k, j)) >= sizes[3] ? full(k, j) : 0.0));
    }
  }
}

TEST_CASE("slim has the same bits for any number of threads") {
  const auto data = random_matrix(300, 200, 0.1, 12);
  for (const auto solver : both_solvers) {
    const rk::slim::params params{.l1 = 1, .l2 = 5, .solver = solver};
    const auto one = rk::slim::fit(rk::cpu{.threads = 1}, data, params);
    const auto many = rk::slim::fit(rk::cpu{.threads = 5}, data, params);
    CHECK(dense(one.weights().view()) == dense(many.weights().view()));
  }
}

TEST_CASE("the solver is chosen by how many users an item has") {
  using rk::kernels::detail_elastic_net::best_method;
  const auto many_users = random_matrix(500, 20, 0.5, 13);
  const auto many_items = random_matrix(20, 500, 0.02, 13);
  CHECK(best_method(rk::transpose(rk::cpu{}, many_users.view()).view()) == rk::slim::solver::gram);
  CHECK(best_method(rk::transpose(rk::cpu{}, many_items.view()).view()) ==
        rk::slim::solver::residual);
}

TEST_CASE("an item that runs out of epochs keeps weights better than none") {
  const auto data = random_matrix(200, 80, 0.2, 14, 1);
  const Eigen::MatrixXd x = dense(data.view());
  const recokit_test::elastic_net net{1, 5, true};
  const auto rough = rk::slim::fit(data, {.l1 = 1, .l2 = 5, .epochs = 1, .tolerance = 1e-9});
  const auto fine = rk::slim::fit(data, {.l1 = 1, .l2 = 5, .tolerance = 1e-9});
  const Eigen::MatrixXd w = dense(rough.weights().view());
  CHECK(w != dense(fine.weights().view()));
  for (Eigen::Index j = 0; j < 80; ++j) {
    CHECK(elastic_net_objective(x, j, w.col(j), net) <= x.col(j).squaredNorm() / 2);
  }
}

TEST_CASE("scores of slim are the history times the weights, and explained by it") {
  const auto data = random_matrix(50, 20, 0.3, 15);
  const auto model = rk::slim::fit(data, {.l1 = 0.5, .l2 = 3});
  const Eigen::MatrixXd expected = dense(data.view()) * dense(model.weights().view());
  for (rk::index_t u = 0; u < 50; ++u) {
    for (const auto& entry : model.recommend(u, {.k = 5, .exclude_seen = false})) {
      REQUIRE(entry.score == Approx(expected(u, entry.item)).epsilon(1e-4));
      double sum = 0;
      for (const auto& share : model.explain(u, entry.item, 20)) {
        sum += static_cast<double>(share.score);
      }
      REQUIRE(sum == Approx(static_cast<double>(entry.score)).epsilon(1e-4));
    }
  }
}

TEST_CASE("slim answers alike before and after a file") {
  const auto data = random_matrix(50, 20, 0.3, 16);
  const auto model = rk::slim::fit(data, {.l1 = 0.5, .l2 = 3});
  recokit_test::check_same_answers(model, recokit_test::saved_and_loaded(model),
                                   random_matrix(9, 20, 0.3, 17));
}

TEST_CASE("a fit of slim can be cancelled") {
  std::stop_source stop;
  stop.request_stop();
  for (const auto solver : both_solvers) {
    CHECK_THROWS_AS(rk::slim::fit(random_matrix(50, 20, 0.3, 18), {.solver = solver},
                                  rk::cancel_on{stop.get_token()}),
                    rk::cancelled_error);
  }
}

TEST_CASE("params of slim out of range are refused by name") {
  const auto data = random_matrix(5, 5, 0.5, 1);
  const auto text = [&](const rk::slim::params& params) {
    return recokit_test::error_text<rk::value_error>([&] { rk::slim::fit(data, params); });
  };
  CHECK_THAT(text({.l1 = -1}), recokit_test::ContainsSubstring("params.l1 = -1"));
  CHECK_THAT(text({.l2 = -1}), recokit_test::ContainsSubstring("params.l2 = -1"));
  CHECK_THAT(text({.epochs = 0}), recokit_test::ContainsSubstring("params.epochs = 0"));
  CHECK_THAT(text({.tolerance = 0}), recokit_test::ContainsSubstring("params.tolerance = 0"));
}
