// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/nearest_rows.hpp"

#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/nearest_mixed_rows.hpp>

#include <limits>
#include <numeric>
#include <vector>

namespace rk = recokit;
using rk::index_t;

namespace {

struct mixed_rows {
  rk::row_major_matrix<float> numeric;
  rk::kernels::category_codes codes;
};

mixed_rows random_rows(Eigen::Index rows, Eigen::Index numbers, Eigen::Index categories) {
  mixed_rows made{{rows, numbers}, {rows, categories}};
  rk::random_stream random(5, rk::random_purpose::user);
  for (Eigen::Index r = 0; r < rows; ++r) {
    for (Eigen::Index c = 0; c < numbers; ++c) {
      made.numeric(r, c) = static_cast<float>(random.below(4)) / 3;
    }
    for (Eigen::Index c = 0; c < categories; ++c) {
      made.codes(r, c) = static_cast<index_t>(random.below(static_cast<std::uint64_t>(c) + 2));
    }
  }
  return made;
}

std::vector<index_t> every(Eigen::Index rows, index_t step = 1) {
  std::vector<index_t> made;
  for (index_t r = 0; r < rows; r += step) made.push_back(r);
  return made;
}

void require_same(const rk::kernels::neighbor_table& table,
                  const recokit_test::naive_neighbors& expected, bool roots = true) {
  REQUIRE(static_cast<std::size_t>(table.rows.rows()) == expected.rows.size());
  for (std::size_t q = 0; q < expected.rows.size(); ++q) {
    const auto row = static_cast<Eigen::Index>(q);
    INFO("query " << q);
    for (Eigen::Index n = 0; n < table.rows.cols(); ++n) {
      const auto at = static_cast<std::size_t>(n);
      REQUIRE(table.rows(row, n) == expected.rows[q][at]);
      const double found = table.distances(row, n);
      REQUIRE((roots ? found : std::sqrt(found)) == expected.distances[q][at]);
    }
  }
}

}  // namespace

TEST_CASE("a differing category adds its square to the distance of the numbers") {
  for (const Eigen::Index numbers : {0, 1, 6}) {
    for (const Eigen::Index categories : {0, 1, 8}) {
      const auto x = random_rows(700, numbers, categories);
      const auto among = every(700, 2);
      const auto queries = every(700, 3);
      const double mismatch = 0.37;
      const auto expected =
          recokit_test::naive_nearest(among, queries, 6, true, false, [&](index_t i, index_t j) {
            int others = 0;
            for (Eigen::Index c = 0; c < categories; ++c) {
              others += x.codes(i, c) != x.codes(j, c) ? 1 : 0;
            }
            const volatile double added = mismatch * others;
            return recokit_test::naive_squared(x.numeric, i, x.numeric, j) + added;
          });
      for (const int threads : {1, 3}) {
        require_same(rk::kernels::nearest_mixed_rows(rk::cpu{.threads = threads},
                                                     rk::dense_view<float>(x.numeric), x.codes,
                                                     mismatch, among, queries, 6),
                     expected);
      }
    }
  }
}

TEST_CASE("tables say how far categories lie apart") {
  const auto x = random_rows(600, 0, 4);
  std::vector<rk::row_major_matrix<double>> tables;
  rk::random_stream random(9, rk::random_purpose::user);
  for (Eigen::Index c = 0; c < 4; ++c) {
    rk::row_major_matrix<double> table(c + 2, c + 2);
    for (Eigen::Index i = 0; i < table.size(); ++i) table.data()[i] = random.uniform();
    tables.push_back(table);
  }
  const auto among = every(600);
  const auto queries = every(600, 5);
  for (const bool with_self : {false, true}) {
    const auto expected = recokit_test::naive_nearest(
        among, queries, 7, !with_self, false, [&](index_t i, index_t j) {
          double sum = 0;
          for (Eigen::Index c = 0; c < 4; ++c) {
            sum += tables[static_cast<std::size_t>(c)](x.codes(i, c), x.codes(j, c));
          }
          return sum;
        });
    require_same(rk::kernels::nearest_categorical_rows(rk::cpu{.threads = 2}, x.codes, tables,
                                                       among, queries, 7, with_self),
                 expected, false);
  }
}

TEST_CASE("a search of mixed rows says what it was given wrong") {
  const auto x = random_rows(10, 2, 1);
  const rk::cpu policy{.threads = 1};
  const auto all = every(10);
  const rk::dense_view<float> numeric(x.numeric);
  const rk::kernels::category_codes few(9, 1);
  REQUIRE_THROWS_AS(rk::kernels::nearest_mixed_rows(policy, numeric, few, 1, all, all, 1),
                    rk::dimension_error);
  REQUIRE_THROWS_WITH(rk::kernels::nearest_mixed_rows(policy, numeric, x.codes, -1, all, all, 1),
                      "mismatch_square = -1.000000: must be finite and at least 0");
  REQUIRE_THROWS_WITH(rk::kernels::nearest_mixed_rows(policy, numeric, x.codes, 1, all, all, 10),
                      "k = 10: must be in [1, 9]");
  std::vector<rk::row_major_matrix<double>> tables{rk::row_major_matrix<double>::Zero(1, 1)};
  REQUIRE_THROWS_AS(
      rk::kernels::nearest_categorical_rows(policy, x.codes, tables, all, all, 1, true),
      rk::value_error);
  tables[0] = rk::row_major_matrix<double>::Constant(2, 2, -1);
  REQUIRE_THROWS_AS(
      rk::kernels::nearest_categorical_rows(policy, x.codes, tables, all, all, 1, true),
      rk::value_error);
  REQUIRE_THROWS_AS(rk::kernels::nearest_categorical_rows(policy, x.codes, {}, all, all, 1, true),
                    rk::dimension_error);
}
