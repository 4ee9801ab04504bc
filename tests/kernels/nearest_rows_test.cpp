// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/nearest_rows.hpp"

#include "support/catch.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/nearest_rows.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace rk = recokit;
using rk::index_t;
using rk::kernels::neighbor_order;

namespace {

template <class Scalar>
using matrix = rk::row_major_matrix<Scalar>;

constexpr neighbor_order orders[] = {neighbor_order::nearest, neighbor_order::farthest};

std::vector<index_t> every(Eigen::Index rows, index_t step = 1, index_t first = 0) {
  std::vector<index_t> made;
  for (index_t r = first; r < rows; r += step) made.push_back(r);
  return made;
}

/// @param at called with random numbers in [0, 1)
template <class Scalar>
matrix<Scalar> made(
    Eigen::Index rows, Eigen::Index cols,
    const std::function<double(Eigen::Index, Eigen::Index, rk::random_stream&)>& at) {
  matrix<Scalar> made(rows, cols);
  rk::random_stream random(17, rk::random_purpose::user);
  for (Eigen::Index r = 0; r < rows; ++r) {
    for (Eigen::Index c = 0; c < cols; ++c) made(r, c) = static_cast<Scalar>(at(r, c, random));
  }
  return made;
}

template <class Scalar>
matrix<Scalar> uniform(Eigen::Index rows, Eigen::Index cols) {
  return made<Scalar>(rows, cols, [](auto, auto, auto& random) { return random.uniform() - 0.5; });
}

/// The rows that are not zero of a dense matrix.
template <class Scalar>
rk::csr_matrix<Scalar> sparse(const matrix<Scalar>& dense) {
  std::vector<rk::offset_t> offsets{0};
  std::vector<index_t> indices;
  std::vector<Scalar> values;
  for (Eigen::Index r = 0; r < dense.rows(); ++r) {
    for (Eigen::Index c = 0; c < dense.cols(); ++c) {
      if (dense(r, c) == 0) continue;
      indices.push_back(static_cast<index_t>(c));
      values.push_back(dense(r, c));
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  return {dense.rows(), dense.cols(), offsets, indices, values};
}

void require_same(const rk::kernels::neighbor_table& table,
                  const recokit_test::naive_neighbors& expected) {
  REQUIRE(static_cast<std::size_t>(table.rows.rows()) == expected.rows.size());
  for (std::size_t q = 0; q < expected.rows.size(); ++q) {
    const auto row = static_cast<Eigen::Index>(q);
    const std::vector<index_t> rows(table.rows.row(row).begin(), table.rows.row(row).end());
    const std::vector<double> distances(table.distances.row(row).begin(),
                                        table.distances.row(row).end());
    INFO("query " << q);
    REQUIRE(rows == expected.rows[q]);
    REQUIRE(distances == expected.distances[q]);
  }
}

/// All ways to ask for the neighbours of some rows of x.
template <class Scalar>
void check(const matrix<Scalar>& x, const std::vector<index_t>& among,
           const std::vector<index_t>& queries, int k) {
  const auto squared = [&](index_t i, index_t j) {
    return recokit_test::naive_squared(x, i, x, j);
  };
  const auto entries = sparse(x);
  for (const auto order : orders) {
    const auto expected = recokit_test::naive_nearest(among, queries, k, true,
                                                      order == neighbor_order::farthest, squared);
    for (const int threads : {1, 3}) {
      const rk::cpu policy{.threads = threads};
      INFO("threads " << threads << ", farthest " << (order == neighbor_order::farthest));
      require_same(
          rk::kernels::nearest_rows(policy, rk::dense_view<Scalar>(x), among, queries, k, order),
          expected);
      require_same(rk::kernels::nearest_rows(policy, entries.view(), among, queries, k, order),
                   expected);
      // Whatever the processor and the costs would choose.
      namespace detail = rk::kernels::detail;
      const rk::dense_view<Scalar> rows(x);
      const detail::neighbor_problem<rk::dense_view<Scalar>> problem{
          rows, among, rows, queries, true, static_cast<std::size_t>(k), order};
      for (const bool bytes : {false, true}) {
        if (bytes && order == neighbor_order::farthest) continue;
        INFO("bytes " << bytes);
        auto table = detail::table_for(problem);
        const auto left = detail::nearest_by_products(policy, problem, detail::every_query(problem),
                                                      table, bytes);
        detail::nearest_directly(policy, problem, left, table);
        require_same(table, expected);
      }
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("neighbours are those of a brute force in double", "", float, double) {
  for (const Eigen::Index cols : {1, 2, 3, 7, 12, 16, 33, 70}) {
    for (const Eigen::Index rows : {2, 5, 40, 300, 700}) {
      const auto x = uniform<TestType>(rows, cols);
      INFO(rows << " x " << cols);
      check(x, every(rows), every(rows), static_cast<int>(std::min<Eigen::Index>(rows - 1, 5)));
    }
  }
}

TEMPLATE_TEST_CASE("queries may be few, repeated, unordered and none of the candidates", "", float,
                   double) {
  const auto x = uniform<TestType>(900, 20);
  check(x, every(900, 2), every(900, 7), 6);
  check(x, every(900, 2), {801, 3, 3, 500, 0}, 1);
  check(x, every(900, 3), every(900), 40);
  check(x, {4, 9}, {4, 9, 5}, 1);
  check(x, every(900), {}, 3);
}

TEMPLATE_TEST_CASE("queries may be some or most of the candidates", "", float, double) {
  // From two blocks of queries on their pairs are shared.
  const auto x = uniform<TestType>(900, 26);
  check(x, every(900), every(900, 1, 250), 1);
  check(x, every(900, 1, 7), every(700, 1, 100), 12);
  SECTION("with equal rows") {
    const auto few = made<TestType>(
        900, 18, [](auto, auto, auto& random) { return static_cast<double>(random.below(3)); });
    check(few, every(900), every(800, 1, 200), 5);
  }
  SECTION("one of them twice") {
    auto repeated = every(900, 1, 300);
    repeated.push_back(repeated.back());
    check(x, every(900), repeated, 3);
  }
}

TEMPLATE_TEST_CASE("products of bytes find the neighbours of a brute force", "", float, double) {
  // Blocks that pair their queries, and rows that lie close beside what rounding takes away.
  const auto clustered = made<TestType>(1300, 40, [](auto r, auto c, auto& random) {
    return static_cast<double>((r * 7 + c) % 5) + 0.01 * random.uniform();
  });
  check(clustered, every(1300), every(1300, 2), 6);
  check(uniform<TestType>(900, 33), every(900), every(900), 3);
}

TEST_CASE("as many neighbours as there are rows") {
  const auto x = uniform<float>(350, 24);
  check(x, every(350), every(350), 349);
}

TEMPLATE_TEST_CASE("rows that are equal are neighbours, lower ids first", "", float, double) {
  SECTION("all rows") {
    check(made<TestType>(600, 20, [](auto, auto, auto&) { return 0.1; }), every(600), every(600),
          5);
  }
  SECTION("groups of rows") {
    const auto x = made<TestType>(900, 20, [](auto r, auto c, auto&) {
      return std::sin(static_cast<double>((r % 30) * 20 + c));
    });
    check(x, every(900), every(900), 5);
    check(x, every(900), every(900), 45);
  }
  SECTION("few values") {
    const auto x = made<TestType>(
        900, 18, [](auto, auto, auto& random) { return static_cast<double>(random.below(2)); });
    check(x, every(900), every(900), 5);
  }
}

TEMPLATE_TEST_CASE("tiny differences beside a large offset count", "", float, double) {
  SECTION("one offset") {
    const double offset = std::is_same_v<TestType, float> ? 4096 : 1e9;
    check(made<TestType>(500, 20,
                         [&](auto, auto, auto& random) { return offset + random.uniform(); }),
          every(500), every(500), 5);
  }
  SECTION("two offsets, so that no centre helps") {
    const double offset = std::is_same_v<TestType, float> ? 1e5 : 1e12;
    const auto x = made<TestType>(700, 20, [&](auto r, auto, auto& random) {
      return (r % 2 == 0 ? offset : -offset) + 16 * random.uniform();
    });
    check(x, every(700), every(700), 5);
  }
}

TEMPLATE_TEST_CASE("norms may differ by many orders of magnitude", "", float, double) {
  SECTION("of rows") {
    check(made<TestType>(600, 20,
                         [](auto r, auto, auto& random) {
                           return std::pow(10.0, static_cast<double>(r % 25) - 12) *
                                  (random.uniform() - 0.5);
                         }),
          every(600), every(600), 5);
  }
  SECTION("of columns") {
    check(made<TestType>(600, 20,
                         [](auto, auto c, auto& random) {
                           return std::pow(10.0, static_cast<double>(c) - 10) *
                                  (random.uniform() - 0.5);
                         }),
          every(600), every(600), 5);
  }
  SECTION("at the ends of the range") {
    constexpr double largest = std::numeric_limits<TestType>::max();
    constexpr double least = std::numeric_limits<TestType>::denorm_min();
    check(made<TestType>(400, 6,
                         [&](auto r, auto, auto& random) {
                           return random.uniform() * (r % 2 == 0 ? largest : 1.0);
                         }),
          every(400), every(400), 5);
    check(made<TestType>(400, 18,
                         [&](auto r, auto, auto& random) {
                           return std::round(random.uniform() * 9) *
                                  (r % 3 == 0 ? least : 1e3 * least);
                         }),
          every(400), every(400), 5);
  }
}

TEMPLATE_TEST_CASE("few columns and many rows are searched by a tree", "", float, double) {
  check(uniform<TestType>(3500, 2), every(3500), every(3500, 3), 4);
  check(made<TestType>(
            3500, 3, [](auto, auto, auto& random) { return std::floor(6 * random.uniform()) / 7; }),
        every(3500), every(3500, 3), 4);
}

TEMPLATE_TEST_CASE("rows of few entries are not written out", "", float, double) {
  const auto entries = [](double share) {
    return made<TestType>(800, 400, [share](auto, auto, auto& random) {
      return random.uniform() < share ? random.uniform() - 0.2 : 0.0;
    });
  };
  check(entries(0.02), every(800), every(800, 3), 5);
  check(entries(0.002), every(800, 2), every(800, 3), 5);
}

TEST_CASE("the distance to a row of another matrix leaves nothing out") {
  const auto x = uniform<float>(500, 21);
  const auto asked = made<float>(130, 21, [&](auto r, auto c, auto& random) {
    return r < 50 ? static_cast<double>(x(r, c)) : random.uniform();
  });
  const auto among = every(500);
  const auto queries = every(130);
  const auto expected = recokit_test::naive_nearest(
      among, queries, 4, false, false,
      [&](index_t i, index_t j) { return recokit_test::naive_squared(asked, i, x, j); });
  const rk::cpu policy{.threads = 2};
  require_same(rk::kernels::nearest_rows_of(policy, rk::dense_view<float>(x), among,
                                            rk::dense_view<float>(asked), 4),
               expected);
  const auto entries = sparse(x);
  const auto asked_entries = sparse(asked);
  require_same(rk::kernels::nearest_rows_of(policy, entries.view(), among, asked_entries.view(), 4),
               expected);
}

TEST_CASE("rows without columns are all alike") {
  const matrix<float> x(10, 0);
  check(x, every(10), every(10), 3);
}

TEST_CASE("a search says what it was given wrong") {
  const auto x = uniform<float>(10, 3);
  const rk::dense_view<float> view(x);
  const rk::cpu policy{.threads = 1};
  const auto search = [&](const std::vector<index_t>& among, const std::vector<index_t>& queries,
                          int k) {
    return rk::kernels::nearest_rows(policy, view, among, queries, k);
  };
  REQUIRE_THROWS_WITH(search(every(10), every(10), 10), "k = 10: must be in [1, 9]");
  REQUIRE_THROWS_WITH(search({0, 1}, {5}, 3), "k = 3: must be in [1, 2]");
  REQUIRE_THROWS_WITH(search(every(10), every(10), 0), "k = 0: must be in [1, 9]");
  REQUIRE_THROWS_WITH(search({0, 10}, {0}, 1), "among[1] = 10: must be in [0, 10)");
  REQUIRE_THROWS_WITH(search({0, 1}, {-1}, 1), "queries[0] = -1: must be in [0, 10)");
  REQUIRE_THROWS_AS(search({0, 0}, {1}, 1), rk::value_error);
  REQUIRE_THROWS_AS(search({3}, {3}, 1), rk::value_error);
  REQUIRE_NOTHROW(search({0, 1}, {5}, 2));
  auto broken = x;
  broken(4, 1) = std::numeric_limits<float>::quiet_NaN();
  REQUIRE_THROWS_WITH(
      rk::kernels::nearest_rows(policy, rk::dense_view<float>(broken), every(10), every(10), 2),
      "points(4, 1) = nan: must be finite");
  const auto narrow = uniform<float>(4, 2);
  REQUIRE_THROWS_AS(
      rk::kernels::nearest_rows_of(policy, view, every(10), rk::dense_view<float>(narrow), 2),
      rk::dimension_error);
}
