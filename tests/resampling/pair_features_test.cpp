// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/resampling/pair_features.hpp>

#include <cmath>
#include <vector>

namespace rk = recokit;
using recokit_test::ContainsSubstring;

namespace {

using rows = rk::row_major_matrix<double>;

rows matrix_of(int columns, const std::vector<double>& values) {
  return Eigen::Map<const rows>(values.data(), std::ssize(values) / columns, columns);
}
rows user_factors() { return matrix_of(2, {1, 2, 3, 4}); }
rows item_factors() { return matrix_of(2, {5, 6, 7, 8, 9, 10}); }

}  // namespace

TEST_CASE("features of pairs are factors, products and side columns, and no ids") {
  const rows users = user_factors();
  const rows items = item_factors();
  const rows ages = matrix_of(1, {33, 44});
  const rows genres = matrix_of(2, {0, 1, 1, 0, 1, 1});
  const std::vector<rk::index_t> user_ids{1, 0, 1};
  const std::vector<rk::index_t> item_ids{0, 2, 2};
  const rk::pair_parts<double> parts{
      .user_factors = users, .item_factors = items, .user_columns = ages, .item_columns = genres};
  const rows features = rk::pair_features(rk::cpu{}, user_ids, item_ids, parts);
  const rows wanted = matrix_of(9, {3, 4, 5, 6,  15, 24, 44, 0, 1,  //
                                    1, 2, 9, 10, 9,  20, 33, 1, 1,  //
                                    3, 4, 9, 10, 27, 40, 44, 1, 1});
  CHECK(features == wanted);
  CHECK(rk::pair_features(user_ids, item_ids, parts) == wanted);

  auto no_products = parts;
  no_products.products = false;
  rows short_rows(3, 7);
  short_rows << wanted.leftCols(4), wanted.rightCols(3);
  CHECK(rk::pair_features(rk::cpu{}, user_ids, item_ids, no_products) == short_rows);
  CHECK(rk::pair_features<double>(rk::cpu{}, user_ids, item_ids, {.item_columns = genres}) ==
        wanted.rightCols(2));
}

TEST_CASE("features of pairs have the same bits for any number of threads") {
  const rows users = rows::Random(700, 5);
  const rows items = rows::Random(300, 5);
  std::vector<rk::index_t> user_ids;
  std::vector<rk::index_t> item_ids;
  for (int p = 0; p < 5000; ++p) {
    user_ids.push_back(p * 7 % 700);
    item_ids.push_back(p * 11 % 300);
  }
  const rk::pair_parts<double> parts{.user_factors = users, .item_factors = items};
  const rows one = rk::pair_features(rk::cpu{.threads = 1}, user_ids, item_ids, parts);
  CHECK(one == rk::pair_features(rk::cpu{.threads = 2}, user_ids, item_ids, parts));
  for (const Eigen::Index p : {0, 1234, 4999}) {
    const double score = users.row(user_ids[static_cast<std::size_t>(p)])
                             .dot(items.row(item_ids[static_cast<std::size_t>(p)]));
    CHECK(std::abs(one.row(p).tail(5).sum() - score) < 1e-12);
  }
}

TEST_CASE("features refuse half pairs, unknown ids and factors that do not go together") {
  const rows users = user_factors();
  const rows items = item_factors();
  const rows wide = rows::Ones(3, 4);
  const auto refused = [&](std::vector<rk::index_t> u, std::vector<rk::index_t> i,
                           const rows& item_rows) {
    return recokit_test::error_text<rk::error>([&] {
      rk::pair_features<double>(rk::cpu{}, u, i,
                                {.user_factors = users, .item_factors = item_rows});
    });
  };
  CHECK_THAT(refused({0, 1}, {0}, items), ContainsSubstring("users.size() is 2"));
  CHECK_THAT(refused({2}, {0}, items), ContainsSubstring("user = 2: must be in [0, 2)"));
  CHECK_THAT(refused({0}, {-1}, items), ContainsSubstring("item = -1"));
  CHECK_THAT(refused({0}, {0}, wide), ContainsSubstring("products need both of one model"));
}
