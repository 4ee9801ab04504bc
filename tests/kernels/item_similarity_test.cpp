// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/ranking.hpp"
#include "support/catch.hpp"

#include <recokit/kernels/item_similarity.hpp>

namespace rk = recokit;
using recokit_test::dense;
using recokit_test::random_matrix;

namespace {

constexpr auto plain = [](std::int64_t, std::int64_t, auto dot) { return dot; };

}  // namespace

TEST_CASE("the kept neighbours are those of the dense product") {
  for (const auto& [users, items, density, k] :
       {std::tuple{60, 40, 0.2, 5}, std::tuple{10, 200, 0.1, 3}, std::tuple{200, 10, 0.5, 100},
        std::tuple{5, 1, 1.0, 2}}) {
    const auto matrix = random_matrix(users, items, density, 5);
    const auto flipped = rk::transpose(rk::cpu{}, matrix.view());
    const auto found = rk::kernels::item_similarity(
        rk::cpu{.threads = 2}, matrix.view(), flipped.view(), static_cast<std::size_t>(k), plain);
    const Eigen::MatrixXd product = dense(flipped.view()) * dense(matrix.view());
    for (int i = 0; i < items; ++i) {
      // Values are positive, so a common user is a product above 0.
      auto expected = recokit_test::rank_all(product.row(i).transpose(), k,
                                             [&](int j) { return j != i && product(i, j) > 0; });
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
}

TEST_CASE("similarities have the same bits for any number of threads") {
  const auto matrix = random_matrix(400, 300, 0.1, 6);
  const auto flipped = rk::transpose(rk::cpu{}, matrix.view());
  const auto at = [&](int threads) {
    return rk::kernels::item_similarity(rk::cpu{.threads = threads}, matrix.view(), flipped.view(),
                                        20, plain);
  };
  const auto one = at(1);
  for (const int threads : {2, 5}) {
    const auto many = at(threads);
    CHECK(std::ranges::equal(many.view().indices(), one.view().indices()));
    CHECK(std::ranges::equal(many.view().values(), one.view().values()));
  }
}
