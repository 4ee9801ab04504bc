// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/ease.hpp"
#include "reference/random_matrix.hpp"
#include "reference/ranking.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/linear/ease.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <stop_token>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::dense;
using recokit_test::ease_weights;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

double largest_difference(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return a.size() == 0 ? 0 : (a - b).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("weights are those of the dense closed form, with and without dropout") {
  // Empty users and items among them; more items than one block of the inverse.
  for (const int items : {1, 17, 310}) {
    const auto data = random_matrix(120, items, 0.15, 1);
    const Eigen::MatrixXd x = dense(data.view());
    for (const double lambda : {0.5, 200.0}) {
      for (const double dropout : {0.0, 0.4}) {
        const Eigen::MatrixXd expected = ease_weights(x, lambda, dropout);
        const rk::ease::params params{.regularization = lambda, .dropout = dropout};
        const auto single = rk::ease::fit(data, params);
        const auto twice = rk::ease::fit_as<double>(data, params);
        CHECK(single.users() == 120);
        CHECK(single.items() == items);
        REQUIRE(largest_difference(single.weights().cast<double>(), expected) < 2e-4);
        REQUIRE(largest_difference(twice.weights(), expected) < 1e-10);
        REQUIRE(single.weights().diagonal().isZero(0));
      }
    }
  }
}

TEST_CASE("a column of the weights solves ridge regression on all other items") {
  const auto data = random_matrix(60, 12, 0.4, 2);
  const Eigen::MatrixXd x = dense(data.view());
  const auto model = rk::ease::fit_as<double>(data, {.regularization = 3});
  for (int j = 0; j < 12; ++j) {
    // The gradient of |x_j − X b|² + 3 |b|² is 0 in all coordinates but that of j itself.
    const Eigen::VectorXd b = model.weights().col(j);
    Eigen::VectorXd gradient = x.transpose() * (x * b - x.col(j)) + 3 * b;
    gradient[j] = 0;
    REQUIRE(gradient.cwiseAbs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("users who took everything and negative values have the closed form too") {
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  std::vector<float> values;
  for (int u = 0; u < 9; ++u) {
    for (rk::index_t i = 0; i < 6; ++i) {
      indices.push_back(i);
      values.push_back(u < 5 ? 1.0f : static_cast<float>((u * 7 + i * 3) % 5 - 2));
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  const rk::csr_matrix<> data(9, 6, offsets, indices, values);
  const auto model = rk::ease::fit(data, {.regularization = 2});
  CHECK(largest_difference(model.weights().cast<double>(), ease_weights(dense(data.view()), 2, 0)) <
        1e-5);
  // All rows alike: every item says the same of every other.
  const rk::csr_matrix<> equal(5, 6, {offsets.begin(), offsets.begin() + 6},
                               {indices.begin(), indices.begin() + 30}, {});
  const auto alike = rk::ease::fit(equal, {.regularization = 2});
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 6; ++j) {
      CHECK(alike.weights()(i, j) == Approx(i == j ? 0.0 : 5.0 / 27).margin(1e-6));
    }
  }
}

TEST_CASE("no users or no items make an EASE model that knows nothing") {
  const auto no_users = rk::ease::fit(rk::csr_matrix<>(0, 3, {0}, {}));
  CHECK(no_users.weights().isZero(0));
  const auto no_items = rk::ease::fit(rk::csr_matrix<>(2, 0, {0, 0, 0}, {}));
  CHECK(no_items.items() == 0);
  CHECK(no_items.recommend(1).empty());
}

TEST_CASE("EASE gives the same bits for any number of threads") {
  const auto data = random_matrix(300, 520, 0.05, 3);
  const auto one = rk::ease::fit(rk::cpu{.threads = 1}, data, {.regularization = 20});
  const auto many = rk::ease::fit(rk::cpu{.threads = 4}, data, {.regularization = 20});
  CHECK(one.weights() == many.weights());
  const auto users = rk::detail::all_rows(300);
  const auto a = one.recommend(rk::cpu{.threads = 1}, users);
  const auto b = many.recommend(rk::cpu{.threads = 4}, users);
  for (std::size_t u = 0; u < 300; ++u) {
    REQUIRE(std::equal(a[u].begin(), a[u].end(), b[u].begin(), b[u].end()));
  }
}

TEST_CASE("lists of EASE are the sorted scores of the items not seen") {
  const auto data = random_matrix(50, 40, 0.2, 4);
  const auto model = rk::ease::fit(data, {.regularization = 5});
  const Eigen::MatrixXd scores = dense(data.view()) * model.weights().cast<double>();
  std::vector<rk::index_t> items(40);
  std::iota(items.begin(), items.end(), 0);
  for (rk::index_t u = 0; u < 50; ++u) {
    const auto found = model.score(u, items);
    for (int i = 0; i < 40; ++i) {
      REQUIRE(found[static_cast<std::size_t>(i)] == Approx(scores(u, i)).margin(1e-4));
    }
    const auto list = model.recommend(u, {.k = 40});
    const auto seen = data.row(u).indices;
    REQUIRE(list.size() == 40 - seen.size());
    REQUIRE(std::is_sorted(list.begin(), list.end(), rk::ranks_before<float, rk::index_t>));
    for (const auto& entry : list) {
      REQUIRE_FALSE(std::binary_search(seen.begin(), seen.end(), entry.item));
      REQUIRE(entry.score == found[static_cast<std::size_t>(entry.item)]);
    }
  }
}

TEST_CASE("EASE treats a known user's history as the user") {
  const auto data = random_matrix(50, 30, 0.3, 5);
  const auto model = rk::ease::fit(data, {.regularization = 5});
  const auto folded = model.recommend_for(data, {.k = 5});
  for (rk::index_t u = 0; u < 50; ++u) {
    const auto known = model.recommend(u, {.k = 5});
    const auto list = folded[static_cast<std::size_t>(u)];
    REQUIRE(std::equal(list.begin(), list.end(), known.begin(), known.end()));
  }
}

TEST_CASE("explanations of EASE sum to the score, most important first") {
  const auto data = random_matrix(40, 25, 0.4, 6);
  const auto model = rk::ease::fit(data, {.regularization = 5});
  for (rk::index_t u = 0; u < 40; ++u) {
    for (rk::index_t i = 0; i < 25; ++i) {
      const auto shares = model.explain(u, i, 100);
      REQUIRE(std::is_sorted(shares.begin(), shares.end(), rk::ranks_before<float, rk::index_t>));
      double sum = 0;
      for (const auto& share : shares) {
        CHECK(share.item != i);
        sum += share.score;
      }
      REQUIRE(sum == Approx(model.score(u, std::span(&i, 1))[0]).margin(1e-4));
    }
  }
}

TEST_CASE("similar items of EASE are the largest weights of a row") {
  const auto data = random_matrix(60, 20, 0.3, 7);
  const auto model = rk::ease::fit(data, {.regularization = 5});
  for (rk::index_t i = 0; i < 20; ++i) {
    const auto similar = model.similar_items(i, 50);
    REQUIRE(similar.size() == 19);
    for (std::size_t n = 0; n < similar.size(); ++n) {
      CHECK(similar[n].item != i);
      CHECK(similar[n].score == model.weights()(i, similar[n].item));
      if (n > 0) CHECK(similar[n].score <= similar[n - 1].score);
    }
  }
  CHECK_THROWS_AS(model.similar_items(20), rk::value_error);
  CHECK_THROWS_AS(model.similar_items(0, 0), rk::value_error);
  CHECK(model.similar_users(3, 4) == rk::row_neighbors(data.view(), 3, 4));
  CHECK_THROWS_AS(model.similar_users(-1), rk::value_error);
}

TEST_CASE("EASE refuses what it cannot fit by name") {
  const auto data = random_matrix(20, 10, 0.3, 8);
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(error_text<rk::value_error>([&] {
            rk::ease::fit(data, {.regularization = bad});
          }).find("params.regularization = ") == 0);
  }
  for (const double bad : {1.0, -0.1}) {
    CHECK(error_text<rk::value_error>([&] {
            rk::ease::fit(data, {.dropout = bad});
          }).find("params.dropout = ") == 0);
  }
  // A user with a NaN rating does not even become a matrix.
  CHECK(error_text<rk::value_error>([] {
          rk::ease::fit(
              rk::csr_matrix<>(1, 2, {0, 1}, {1}, {std::numeric_limits<float>::quiet_NaN()}));
        }).find("must be finite") != std::string::npos);
  // A penalty that vanishes beside the values: three equal columns of large numbers.
  const rk::csr_matrix<> large(1, 3, {0, 3}, {0, 1, 2}, {1e6f, 1e6f, 1e6f});
  CHECK(error_text<rk::error>([&] {
          rk::ease::fit(large, {.regularization = 1e-3});
        }).find("not positive definite") != std::string::npos);
}

TEST_CASE("EASE says how much memory it takes before it takes any") {
  const auto ratio = [](std::uint64_t bytes, double matrix) {
    return static_cast<double>(bytes) / matrix;
  };
  CHECK(ratio(rk::ease::fit_bytes(40'981), 40'981.0 * 40'981.0 * 4) < 1.02);
  CHECK(ratio(rk::ease::fit_bytes(6'000, {.threads = 2}), 6'000.0 * 6'000.0 * 4) < 1.15);
  CHECK(ratio(rk::ease::fit_bytes<double>(9'000, {.threads = 2}), 9'000.0 * 9'000.0 * 8) < 1.1);
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 0}, {});
  const auto text = error_text<rk::memory_error>([&] { rk::ease::fit(wide); });
  CHECK(text.find("ease: weights of 2000000000 x 2000000000 items") == 0);
  CHECK(text.find("sparse_ease") != std::string::npos);
}

TEST_CASE("EASE without its history still ranks histories") {
  const auto data = random_matrix(30, 20, 0.3, 9);
  const auto model = rk::ease::fit(data, {.regularization = 5, .keep_history = false});
  CHECK(model.history().rows() == 0);
  CHECK_THROWS_AS(model.recommend(0), rk::value_error);
  CHECK_THROWS_AS(model.explain(0, 0), rk::value_error);
  CHECK(model.recommend_for(data, {.k = 3}).size() == 30);
}

TEST_CASE("EASE can be cancelled") {
  const auto data = random_matrix(30, 20, 0.3, 10);
  std::stop_source source;
  source.request_stop();
  CHECK_THROWS_AS(rk::ease::fit(data, {}, rk::cancel_on{source.get_token()}), rk::cancelled_error);
}

TEST_CASE("EASE comes back from a file as it was") {
  const auto data = random_matrix(40, 30, 0.2, 11);
  const rk::ease::params params{.regularization = 5, .dropout = 0.25};
  const auto model = rk::ease::fit(data, params);
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, data);
  CHECK(loaded.weights() == model.weights());
  CHECK(loaded.settings().regularization == 5);
  CHECK(loaded.settings().dropout == 0.25);
  CHECK(loaded.similar_items(3, 4) == model.similar_items(3, 4));
  const auto twice = rk::ease::fit_as<double>(data, params);
  recokit_test::check_same_answers(twice, recokit_test::saved_and_loaded(twice), data);
  CHECK(recokit_test::saved_and_loaded(model, {.history = false}).history().rows() == 0);

  const recokit_test::temp_folder folder;
  model.save(folder / "model");
  CHECK_THROWS_AS(rk::ease::basic_model<double>::load(folder / "model"), rk::parse_error);
}

TEST_CASE("a file whose weights are not square is not EASE") {
  const recokit_test::temp_folder folder;
  {
    rk::model_writer out(folder / "model", rk::ease::model::file_kind);
    out.params(rk::ease::params{});
    out.add("users", rk::index_t{2});
    out.add("weights", rk::row_major_matrix<float>(rk::row_major_matrix<float>::Zero(2, 3)));
    out.commit();
  }
  CHECK(error_text<rk::parse_error>([&] {
          rk::ease::model::load(folder / "model");
        }).find("is 2 x 3, expected as many columns as rows") != std::string::npos);
}
