// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/ranking.hpp"
#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/item_similarity.hpp>

#include <algorithm>

namespace rk = recokit;
using recokit_test::dense;
using recokit_test::random_matrix;

namespace {

using rk::kernels::pair_count;
using rk::kernels::pair_dot;
using rk::kernels::pair_moments;
using rk::kernels::pair_symmetry;

constexpr auto product = [](std::int64_t, std::int64_t, const pair_dot& sums) { return sums.xy; };
constexpr auto common = [](std::int64_t, std::int64_t, const pair_count& sums) {
  return static_cast<double>(sums.common);
};

template <class Sums, class Measure>
rk::csr_matrix<> neighbors(const rk::csr_view<>& matrix, std::size_t k, const Measure& measure,
                           pair_symmetry symmetry = pair_symmetry::symmetric, int minimum = 1,
                           int threads = 2) {
  const auto flipped = rk::transpose(rk::cpu{}, matrix);
  return rk::kernels::item_similarity<Sums>(rk::cpu{.threads = threads}, matrix, flipped.view(), k,
                                            measure, symmetry, minimum);
}

void check_neighbors(const rk::csr_matrix<>& found, const Eigen::MatrixXd& scores,
                     const Eigen::MatrixXd& shared, std::size_t k, double minimum = 1) {
  for (int i = 0; i < scores.rows(); ++i) {
    auto expected =
        recokit_test::rank_all(scores.row(i).transpose(), static_cast<int>(k),
                               [&](int j) { return j != i && shared(i, j) >= minimum; });
    std::sort(expected.begin(), expected.end(),
              [](const auto& a, const auto& b) { return a.item < b.item; });
    const auto row = found.row(i);
    REQUIRE(row.size() == expected.size());
    for (std::size_t n = 0; n < expected.size(); ++n) {
      REQUIRE(row.indices[n] == expected[n].item);
      REQUIRE(row.values[n] == expected[n].score);
    }
  }
}

bool same_bits(const rk::csr_matrix<>& a, const rk::csr_matrix<>& b) {
  return std::ranges::equal(a.view().offsets(), b.view().offsets()) &&
         std::ranges::equal(a.view().indices(), b.view().indices()) &&
         std::ranges::equal(a.view().values(), b.view().values());
}

}  // namespace

TEST_CASE("the kept neighbours are those of the dense product") {
  // From many neighbours of few items, where pairs are added up twice, to few of many, where once.
  for (const auto& [users, items, density, k] :
       {std::tuple{60, 40, 0.2, 5}, std::tuple{10, 200, 0.1, 3}, std::tuple{200, 10, 0.5, 100},
        std::tuple{5, 1, 1.0, 2}, std::tuple{80, 300, 0.4, 2}, std::tuple{300, 700, 0.05, 1}}) {
    const auto matrix = random_matrix(users, items, density, 5);
    const auto kept = static_cast<std::size_t>(k);
    const Eigen::MatrixXd x = dense(matrix.view());
    const Eigen::MatrixXd ones = dense(matrix.view().pattern());
    const Eigen::MatrixXd shared = ones.transpose() * ones;
    check_neighbors(neighbors<pair_dot>(matrix.view(), kept, product), x.transpose() * x, shared,
                    kept);
    check_neighbors(neighbors<pair_count>(matrix.view(), kept, common), shared, shared, kept);
  }
}

TEST_CASE("popular items are counted as bits and give the neighbours that scattering gives") {
  // 1,100 items, the first 600 of them with most users: more than one strip and a part of one.
  rk::random_stream random(1, rk::random_purpose::user, 9);
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  for (int u = 0; u < 700; ++u) {
    for (int i = 0; i < 1100; ++i) {
      if (random.uniform() < (i < 600 ? 0.3 : 0.004)) indices.push_back(i);
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  const rk::csr_matrix<> matrix(700, 1100, offsets, indices);
  const auto counted = neighbors<pair_count>(matrix.view(), 5, common);
  const auto scattered = neighbors<pair_dot>(matrix.view(), 5, product);
  CHECK(same_bits(counted, scattered));
  const Eigen::MatrixXd ones = dense(matrix.view());
  const Eigen::MatrixXd shared = ones.transpose() * ones;
  check_neighbors(counted, shared, shared, 5);
}

TEST_CASE("an asymmetric measure is asked from both sides with the sums turned round") {
  // Few neighbours of many items, so that a pair is added up once.
  const auto matrix = random_matrix(60, 150, 0.5, 7);
  const auto first_mean = [](std::int64_t, std::int64_t, const pair_moments& sums) {
    return sums.x / static_cast<double>(sums.common);
  };
  const auto found = neighbors<pair_moments>(matrix.view(), 1, first_mean, pair_symmetry::none);
  const Eigen::MatrixXd x = dense(matrix.view());
  const Eigen::MatrixXd ones = dense(matrix.view().pattern());
  const Eigen::MatrixXd shared = ones.transpose() * ones;
  const Eigen::MatrixXd sums = x.transpose() * ones;
  const Eigen::MatrixXd means =
      (shared.array() > 0).select(sums.cwiseQuotient(shared.cwiseMax(1)), 0);
  check_neighbors(found, means, shared, 1);
}

TEST_CASE("pairs that share too few users are no neighbours") {
  const auto matrix = random_matrix(60, 40, 0.2, 8);
  const Eigen::MatrixXd ones = dense(matrix.view().pattern());
  const Eigen::MatrixXd shared = ones.transpose() * ones;
  for (const int minimum : {2, 3, 60}) {
    check_neighbors(
        neighbors<pair_count>(matrix.view(), 5, common, pair_symmetry::symmetric, minimum), shared,
        shared, 5, minimum);
  }
}

TEST_CASE("similarities have the same bits for any number of threads") {
  const auto matrix = random_matrix(400, 300, 0.1, 6);
  for (const std::size_t k : {std::size_t{1}, std::size_t{20}}) {
    const auto one = neighbors<pair_dot>(matrix.view(), k, product, pair_symmetry::symmetric, 1, 1);
    for (const int threads : {2, 5}) {
      CHECK(same_bits(
          neighbors<pair_dot>(matrix.view(), k, product, pair_symmetry::symmetric, 1, threads),
          one));
    }
  }
}

TEST_CASE("similar_rows finds the bits of item_similarity, and of other matrices") {
  const auto matrix = random_matrix(90, 50, 0.2, 10);
  const auto by_item = rk::transpose(rk::cpu{}, matrix.view());
  const auto all = neighbors<pair_dot>(matrix.view(), 6, product);
  std::vector<rk::index_t> self;
  for (rk::index_t i = 0; i < 50; ++i) self.push_back(i);
  CHECK(same_bits(rk::kernels::similar_rows<pair_dot>(rk::cpu{.threads = 3}, by_item.view(),
                                                      matrix.view(), 6, product, 1, self),
                  all));
  const auto queries = random_matrix(7, 90, 0.3, 11);
  const auto found =
      rk::kernels::similar_rows<pair_dot>(rk::cpu{}, queries.view(), matrix.view(), 4, product);
  const Eigen::MatrixXd scores = dense(queries.view()) * dense(matrix.view());
  REQUIRE(found.rows() == 7);
  for (int q = 0; q < 7; ++q) {
    const auto expected = recokit_test::rank_all(scores.row(q).transpose(), 4,
                                                 [&](int j) { return scores(q, j) > 0; });
    const auto row = found.row(q);
    REQUIRE(row.size() == expected.size());
    for (const auto& entry : expected) {
      CHECK(std::find(row.indices.begin(), row.indices.end(), entry.item) != row.indices.end());
    }
  }
}

TEST_CASE("a cancelled computation leaves rows empty") {
  const auto matrix = random_matrix(60, 40, 0.2, 5);
  const auto flipped = rk::transpose(rk::cpu{}, matrix.view());
  const auto found =
      rk::kernels::item_similarity<pair_dot>(rk::cpu{}, matrix.view(), flipped.view(), 5, product,
                                             pair_symmetry::symmetric, 1, [] { return true; });
  CHECK(found.rows() == 40);
  CHECK(found.nonzeros() == 0);
}
