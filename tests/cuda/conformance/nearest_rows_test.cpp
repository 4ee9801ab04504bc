// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/nearest_rows.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/cuda_context.hpp>
#include <recokit/core/random.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace {

namespace rk = recokit;
using rk::index_t;
using rk::kernels::neighbor_order;
using rk::kernels::neighbor_table;

template <class Scalar>
using matrix = rk::row_major_matrix<Scalar>;

std::vector<index_t> every(Eigen::Index rows, index_t step = 1, index_t first = 0) {
  std::vector<index_t> made;
  for (index_t r = first; r < rows; r += step) made.push_back(r);
  return made;
}

/// @param at called with a row and random numbers in [0, 1)
template <class Scalar>
matrix<Scalar> made(Eigen::Index rows, Eigen::Index columns,
                    const std::function<double(Eigen::Index, rk::random_stream&)>& at) {
  matrix<Scalar> made(rows, columns);
  rk::random_stream random(17, rk::random_purpose::user);
  for (Eigen::Index r = 0; r < rows; ++r) {
    for (Eigen::Index c = 0; c < columns; ++c) made(r, c) = static_cast<Scalar>(at(r, random));
  }
  return made;
}
template <class Scalar>
matrix<Scalar> uniform(Eigen::Index rows, Eigen::Index columns, double scale = 1) {
  return made<Scalar>(rows, columns,
                      [&](auto, auto& random) { return scale * (random.uniform() - 0.5); });
}

bool same(const neighbor_table& a, const neighbor_table& b) {
  return a.rows == b.rows && a.distances == b.distances;
}

/// Both orders, on the device and on the CPU.
template <class Scalar>
void check(const matrix<Scalar>& x, const std::vector<index_t>& among,
           const std::vector<index_t>& queries, int k) {
  const rk::dense_view<Scalar> rows(x);
  for (const auto order : {neighbor_order::nearest, neighbor_order::farthest}) {
    INFO("farthest " << (order == neighbor_order::farthest) << ", k " << k);
    CHECK(same(rk::kernels::nearest_rows(rk::cuda{}, rows, among, queries, k, order),
               rk::kernels::nearest_rows(rk::cpu{.threads = 1}, rows, among, queries, k, order)));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("nearest rows on a GPU are those of the CPU for any width", "", float, double) {
  RECOKIT_REQUIRE_TARGET();
  const auto columns = GENERATE(1, 3, 32, 45);
  check(uniform<TestType>(70, columns), every(70), every(70, 6), GENERATE(1, 5, 69));
}

TEMPLATE_TEST_CASE("ties, duplicates and rows of zeros rank by row on a GPU as on the CPU", "",
                   float, double) {
  RECOKIT_REQUIRE_TARGET();
  SECTION("few different numbers in one column and in three") {
    const auto columns = GENERATE(1, 3);
    check(made<TestType>(90, columns,
                         [](auto, auto& random) { return std::floor(3 * random.uniform()); }),
          every(90), every(90, 9), 7);
  }
  SECTION("more duplicates than a window holds") {
    check(made<TestType>(90, 4,
                         [](auto r, auto& random) { return r % 8 == 0 ? random.uniform() : 0.25; }),
          every(90), every(90, 7), 5);
  }
  SECTION("nothing but zeros, and one row that differs") {
    matrix<TestType> zeros = matrix<TestType>::Zero(60, 5);
    check(zeros, every(60), {0, 30, 59}, 4);
    zeros(17, 3) = 1;
    check(zeros, every(60), {0, 17, 59}, 4);
  }
}

TEST_CASE("no magnitude moves a neighbour on a GPU") {
  RECOKIT_REQUIRE_TARGET();
  SECTION("far from 0") {
    const auto far = [](auto, auto& random) { return 1e6 + random.uniform(); };
    check(made<float>(60, 4, far), every(60), every(60, 7), 5);
    check(made<double>(60, 4, far), every(60), every(60, 7), 5);
  }
  SECTION("huge and tiny") {
    for (const double scale : {1e37, 1e-30, 1e-44}) {
      check(uniform<float>(60, 4, scale), every(60), every(60, 7), 5);
    }
    // Squares of the last two leave the range of double: all are 0 or infinite.
    for (const double scale : {1e100, 1e-100, 1e300, 1e-300}) {
      check(uniform<double>(60, 4, scale), every(60), every(60, 7), 5);
    }
  }
  SECTION("differences that single precision does not see") {
    check(made<double>(60, 4,
                       [](auto r, auto& random) {
                         return static_cast<double>(r % 3) + 1e-9 * random.uniform();
                       }),
          every(60), every(60, 7), 5);
  }
  SECTION("one row far from the rest") {
    auto x = uniform<double>(60, 4);
    x(11, 2) = 1e12;
    check(x, every(60), every(60, 7), 5);
  }
}

TEST_CASE("queries on a GPU may be candidates, others, or both, and be asked twice") {
  RECOKIT_REQUIRE_TARGET();
  const auto x = uniform<float>(80, 6);
  check(x, every(80, 2), every(80, 8, 1), 4);  // none is a candidate
  check(x, every(80, 2), every(80, 7), 4);     // some are
  check(x, every(80, 2), {40, 2, 40, 78}, 4);  // all are, in no order
  check(x, every(80, 2), {1}, 40);             // all candidates
  check(x, {5}, {1, 2}, 1);                    // one candidate
}

TEST_CASE("rows of another matrix find their neighbours on a GPU, and rows that lie apart do") {
  RECOKIT_REQUIRE_TARGET();
  const auto x = uniform<double>(70, 9);
  const auto asked = made<double>(6, 5, [](auto, auto& random) { return random.uniform() - 0.5; });
  const rk::dense_view<double> points(x.data(), 70, 5, 9);
  const rk::dense_view<double> queries(asked);
  const auto among = every(70, 3);
  CHECK(same(rk::kernels::nearest_rows_of(rk::cuda{}, points, among, queries, 4),
             rk::kernels::nearest_rows_of(rk::cpu{}, points, among, queries, 4)));
}

TEST_CASE("tiles of any size give the same neighbours, and a context serves call after call") {
  RECOKIT_REQUIRE_TARGET();
  namespace detail = rk::kernels::detail;
  const auto x = uniform<float>(30, 3);
  const rk::dense_view<float> rows(x);
  const auto among = every(30);
  const auto queries = every(30, 7);
  rk::cuda_context context;
  const detail::neighbor_problem<rk::dense_view<float>> problem{
      rows, among, rows, queries, true, 3, neighbor_order::nearest};
  const auto expected = rk::kernels::nearest_rows(rk::cpu{}, rows, among, queries, 3);
  // One pair; three queries by one candidate; tiles of 12 candidates.
  for (const std::int64_t pairs : {1, 3, 12 * 1024}) {
    CHECK(same(detail::search_neighbors(rk::cuda{.context = &context}, problem, pairs), expected));
  }
  // Bounds are in fp32 whatever the policy says.
  CHECK(same(detail::search_neighbors(rk::cuda{.precision = rk::cuda_precision::tf32}, problem),
             expected));
}

TEST_CASE("what a GPU cannot search is refused with the reason") {
  RECOKIT_REQUIRE_TARGET();
  auto x = uniform<float>(1100, 1);
  const auto all = every(1100);
  const auto text = [&](int k) {
    return recokit_test::error_text<rk::value_error>([&] {
      rk::kernels::nearest_rows(rk::cuda{}, rk::dense_view<float>(x), all, std::vector{3}, k);
    });
  };
  CHECK(text(1025) == "k = 1025: must be at most 1024 on a GPU");
  CHECK(text(1100) == "k = 1100: must be in [1, 1099]");
  x(7, 0) = std::numeric_limits<float>::quiet_NaN();
  CHECK(text(3) == "points(7, 0) = nan: must be finite");
}

TEST_CASE("the longest lists that a GPU makes are exact, and no queries give no lists") {
  RECOKIT_REQUIRE_TARGET();
  const auto x = uniform<float>(1030, 2);
  check(x, every(1030), {1000}, 1024);
  const auto none = rk::kernels::nearest_rows(rk::cuda{}, rk::dense_view<float>(x), every(1030),
                                              std::vector<index_t>{}, 3);
  CHECK(none.rows.rows() == 0);
  CHECK(none.rows.cols() == 3);
}
